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
// What opens at the edge of the window comes into sight, upwards where there is less room below. The root says so: there
// no morph takes it back, and one menu is open at a time.
function comeIntoSight({ target }) {
  const panel = target.open && target.matches("[data-menu]") && target.querySelector(".menu__panel");
  if (!panel) return;
  const root = document.documentElement;
  root.removeAttribute("data-menus-upwards");
  const lowest = innerHeight - (parseFloat(getComputedStyle(root).scrollPaddingBlockEnd) || 0);
  const { top, bottom } = target.getBoundingClientRect();
  root.toggleAttribute("data-menus-upwards", panel.getBoundingClientRect().bottom > lowest && top > lowest - bottom);
  panel.scrollIntoView({ block: "nearest" });
}
document.addEventListener("toggle", comeIntoSight, { capture: true });
