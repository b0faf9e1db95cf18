// The dialog that tells the keys: of all there are it shows those that do something on this page, now.
import { actedOnBy, areOff } from "./shortcuts.js";

const dialog = document.getElementById("keys");

function show() {
  for (const row of dialog.querySelectorAll("[data-keys]")) {
    row.hidden = areOff() || !row.dataset.keys.split(" ").some(actedOnBy);
  }
}

// [data-shows-keys] is a link to the page that tells the same. An open menu around it closes, and has the focus
// afterwards.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-shows-keys]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const menu = link.closest("details[data-menu][open]");
  menu?.querySelector("summary").focus();
  if (menu) menu.open = false;
  show();
  dialog.showModal();
});

dialog?.addEventListener("click", ({ target }) => target === dialog && dialog.close());
