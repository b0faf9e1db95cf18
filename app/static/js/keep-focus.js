// When htmx has replaced what had the focus, or opened what was asked for, the focus goes on there: to a form that was
// not there before, to `data-focus` in the new content, or else to the first thing that can be pressed. A form comes into
// sight as a whole; of a large one it is the part with `data-sight`. An element that only refreshes itself moves nothing,
// nor does a search box in which somebody types.
const fields = () => [...document.querySelectorAll("form [data-focus]")];

function first(place, selector) {
  return [...(place?.querySelectorAll(selector) ?? [])].find((one) => one.checkVisibility());
}

function isFree({ focused, sourceElement, target }) {
  const active = document.activeElement;
  const isLost = active === document.body && focused && focused !== document.body;
  const isOpened = [document.body, sourceElement].includes(active) && sourceElement !== target;
  return isLost || (isOpened && !active.matches("input"));
}

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  ctx.focused = document.activeElement;
  ctx.fields = fields();
});
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (!isFree(ctx)) return;
  // The server may have said another place than the page did.
  const place = typeof ctx.target === "string" ? document.querySelector(ctx.target) : document.getElementById(ctx.target?.id);
  const opened = fields().find((field) => !ctx.fields?.includes(field) && field.checkVisibility());
  const next = opened ?? first(place, "[data-focus]") ?? first(place, "a, button") ?? first(document, "[data-focus]");
  next?.focus({ preventScroll: true });
  if (next?.matches("[data-focus]")) next.closest("[data-sight], form")?.scrollIntoView({ block: "nearest" });
});
