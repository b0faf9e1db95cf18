// <input type="checkbox" data-check-all="gid">: ticks every enabled box of that name in its form, and shows when only
// some are ticked. Without scripts it is hidden by its `hidden` attribute, which this removes.
function boxesOf(all) {
  return [...all.form.elements].filter(
    (box) => box.type === "checkbox" && box.name === all.dataset.checkAll && !box.disabled && !box.closest("[hidden]"),
  );
}

function reflect(all) {
  const boxes = boxesOf(all);
  const ticked = boxes.filter((box) => box.checked).length;
  all.checked = boxes.length > 0 && ticked === boxes.length;
  all.indeterminate = ticked > 0 && ticked < boxes.length;
}

export function reflectAll() {
  for (const all of document.querySelectorAll("[data-check-all]")) {
    all.closest("[hidden]")?.removeAttribute("hidden");
    reflect(all);
  }
}

document.addEventListener("change", ({ target }) => {
  if (target.matches?.("[data-check-all]")) {
    for (const box of boxesOf(target)) box.checked = target.checked;
    target.indeterminate = false;
  } else if (target.form && target.type === "checkbox") {
    target.form.querySelectorAll(`[data-check-all="${target.name}"]`).forEach(reflect);
  }
});
document.addEventListener("htmx:after:swap", () => reflectAll());
reflectAll();
