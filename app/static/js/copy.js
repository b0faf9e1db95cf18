// <button type="button" data-copy="#field">: copies the field's value, and says so.
import { say } from "./announce.js";

const DONE = "Copied";

document.addEventListener("click", async ({ target }) => {
  const button = target.closest?.("[data-copy]");
  if (!button) return;
  const source = document.querySelector(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(source.value);
  } catch {
    source.select();
    return;
  }
  say(DONE);
  const label = button.lastChild;
  const before = label.textContent;
  if (before === DONE) return;
  label.textContent = DONE;
  setTimeout(() => (label.textContent = before), 1500);
});
