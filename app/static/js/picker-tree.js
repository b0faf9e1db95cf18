// The tree in the drop-down of a picker: a branch is fetched when it is opened, and walked through with the arrow keys.
import { Asking } from "./asking.js";

export function growTree(tree) {
  tree.addEventListener("toggle", ({ target }) => target.open && fill(target), { capture: true });
  tree.addEventListener("click", ({ target }) => {
    if (target.closest("[data-again]")) fillAgain(target.closest("details"));
    else if (target.closest(".picker__more")) goOn(target.closest(".picker__more"));
    // What only leads on to something of theirs is opened by its name too.
    else if (target.closest(".picker__pick--way")) detailsAt(target)?.querySelector("summary").click();
  });
}

async function fill(details) {
  const below = details.querySelector(".picker__below");
  if (below.querySelector(".picker__branch")) return;
  const asking = new Asking(({ isSlow, failure }) => tell(below, isSlow, failure));
  const html = await asking.ask(details.dataset.branch, 0);
  if (html !== null) below.innerHTML = html;
}

// Its button goes, and where the focus went with it the whole list would close.
function fillAgain(details) {
  details.querySelector("summary").focus();
  fill(details);
}

function tell(below, isSlow, failure) {
  const line = document.createElement("p");
  line.className = "picker__none";
  line.append(isSlow ? "Opening …" : failure);
  if (failure) line.append(" ", again());
  below.replaceChildren(...(isSlow || failure ? [line] : []));
}

function again() {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "link", textContent: "Try again" });
  button.dataset.again = "";
  return button;
}

// The next piece takes the place of its button, and the focus goes to its first line.
async function goOn(button) {
  const words = button.textContent;
  const asking = new Asking(({ isSlow, failure }) => (button.textContent = isSlow ? "Opening …" : failure ? `${failure} Try again` : words));
  const html = await asking.ask(button.dataset.branch, 0);
  if (html === null) return;
  const piece = document.createElement("template");
  piece.innerHTML = html;
  const lines = [...piece.content.querySelector(".picker__branch").children];
  const line = button.closest("li");
  const hadFocus = button === document.activeElement;
  line.before(...lines);
  if (hadFocus) lines.map((each) => each.querySelector("summary, button")).find(Boolean)?.focus();
  line.remove();
}

const isLetter = (event) => event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
const detailsAt = (element) => element.closest(".picker__node")?.querySelector(":scope > details");

const STEPS = {
  ArrowDown: (at, stops) => stops[stops.indexOf(at) + 1],
  ArrowUp: (at, stops, input) => stops[stops.indexOf(at) - 1] ?? input,
  Home: (at, stops) => stops[0],
  End: (at, stops) => stops[stops.length - 1],
  Escape: (at, stops, input) => input,
  ArrowRight(at, stops) {
    const details = detailsAt(at);
    if (!details) return at;
    if (details.open) return stops[stops.indexOf(details.querySelector("summary")) + 2] ?? at;
    details.open = true;
    return at;
  },
  ArrowLeft(at) {
    const details = detailsAt(at);
    if (!details?.open) return at.closest(".picker__below")?.closest("details")?.querySelector("summary") ?? at;
    details.open = false;
    return details.querySelector("summary");
  },
};

// Up and down through what is visible, right and left to open and close. What is typed goes on in the search box.
export function walkTree(event, picker) {
  if (event.key === "Tab" || isLetter(event)) {
    picker.input.focus();
    if (event.key === "Tab") picker.close();
    return;
  }
  const step = STEPS[event.key];
  if (!step) return;
  const stops = [...picker.tree.querySelectorAll("summary, button")].filter((one) => one.checkVisibility());
  event.preventDefault();
  event.stopPropagation();
  step(document.activeElement, stops, picker.input)?.focus();
}
