// [data-flash]: one sentence about what was just done. It can be closed, and good news leaves by itself, but not while
// somebody reads it with the pointer or the keyboard on it.
const PATIENCE = 6000;

function close(flash) {
  flash.classList.add("flash--leaving");
  setTimeout(() => flash.remove(), 160);
}

function leave(flash) {
  if (flash.matches(":hover, :focus-within")) setTimeout(() => leave(flash), 1000);
  else close(flash);
}

for (const flash of document.querySelectorAll("[data-flash]")) {
  flash.querySelector("[data-flash-close]").hidden = false;
  if (flash.dataset.flash === "done") setTimeout(() => leave(flash), PATIENCE);
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-flash-close]");
  if (button) close(button.closest("[data-flash]"));
});
