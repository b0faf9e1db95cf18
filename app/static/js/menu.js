// <details data-menu>: closes when something in it is chosen, when something else is clicked or focused, and by Escape.
// `data-menu=".other"` names what else belongs to it.
function closeOthers(target) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    const belongs = menu.dataset.menu && target.closest?.(menu.dataset.menu);
    if (!menu.contains(target) && !belongs) menu.open = false;
  }
}

document.addEventListener("click", ({ target }) => {
  if (target.closest(".menu__item")) closeOthers(document.body);
  // What was pressed and is gone by now was part of something that closed itself.
  else if (target.isConnected) closeOthers(target);
});
// A press on plain text gives the focus to the page around it, which is not yet something else.
document.addEventListener("focusin", ({ target }) => target.tabIndex < 0 || closeOthers(target));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details[data-menu][open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});
// What opens at the edge of the window comes into sight.
document.addEventListener(
  "toggle",
  ({ target }) =>
    target.open && target.matches("[data-menu]") && target.querySelector(".menu__panel")?.scrollIntoView({ block: "nearest" }),
  { capture: true },
);
