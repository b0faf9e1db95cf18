// [data-tree-keys]: in the trees inside, arrow keys go from line to line, open a branch and close it.
const lineOf = (element) => element.closest(".tree__item");
const nameOf = (line) => line?.querySelector(":scope > .tree__row .tree__name");
const branchOf = (line) => line.querySelector(":scope > .tree__branch");

function step(line, by) {
  const names = [...line.closest("[data-tree-keys]").querySelectorAll(".tree__name")].filter((one) => one.checkVisibility());
  return names[names.indexOf(nameOf(line)) + by];
}

const KEYS = {
  ArrowDown: (line) => step(line, 1),
  ArrowUp: (line) => step(line, -1),
  ArrowRight(line) {
    const branch = branchOf(line);
    if (!branch) return null;
    if (branch.open) return branch.querySelector(".tree__name");
    branch.open = true;
    return nameOf(line);
  },
  ArrowLeft(line) {
    const branch = branchOf(line);
    if (!branch?.open) return nameOf(lineOf(line.parentElement));
    branch.open = false;
    return nameOf(line);
  },
};

document.addEventListener("keydown", (event) => {
  const line = event.target.closest("[data-tree-keys] .tree__item");
  if (!line || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const next = KEYS[event.key]?.(line);
  if (!next) return;
  event.preventDefault();
  next.focus();
});
