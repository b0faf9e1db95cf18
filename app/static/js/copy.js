// <button type="button" data-copy="#field">: copies the field's value or the element's text, and says so.
document.addEventListener("click", async ({ target }) => {
  const button = target.closest?.("[data-copy]");
  if (!button) return;
  const source = document.querySelector(button.dataset.copy);
  const text = source.value ?? source.textContent.trim();
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    source.select?.();
    return;
  }
  const label = button.lastChild;
  const before = label.textContent;
  label.textContent = "Copied";
  document.getElementById("live")?.replaceChildren("Copied");
  setTimeout(() => (label.textContent = before), 1500);
});
