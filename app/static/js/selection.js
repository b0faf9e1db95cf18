// .entry__choose: the checkboxes of a list whose form is the bar below it. Shift takes all between two; the bar says how
// many there are and how long they are together. Enter on one goes on to the bar, Escape chooses none.
import { words } from "./durations.js";

let last = null;

const boxes = () => [...document.querySelectorAll(".entry__choose")];

function count() {
  const chosen = boxes().filter((box) => box.checked);
  const minutes = chosen.reduce((sum, box) => sum + Number(box.dataset.minutes), 0);
  const line = document.getElementById("several_count");
  if (!line || !chosen.length) return;
  line.textContent = `${chosen.length} ${chosen.length === 1 ? "entry" : "entries"} · ${words(minutes)}`;
}

// Those that were changed, from the first of them on so that the bar and "all of the day" hear of it.
function set(changed, checked) {
  for (const box of changed) box.checked = checked;
  changed[0]?.dispatchEvent(new Event("change", { bubbles: true }));
}

function reach(box) {
  const all = boxes();
  const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((one, other) => one - other);
  if (from >= 0) set(all.slice(from, to + 1), box.checked);
}

document.addEventListener("click", ({ target, shiftKey }) => {
  if (target.matches?.(".entry__choose")) {
    if (shiftKey) reach(target);
    last = target;
  } else if (target.closest?.("[data-choose]")) {
    last = document.getElementById(target.closest("[data-choose]").dataset.choose);
    set([last], true);
    last.focus();
  } else if (target.closest?.("[data-choose-none]")) {
    set(boxes(), false);
  }
});
document.addEventListener("change", ({ target }) => {
  if (target.matches?.(".entry__choose, [data-check-all=entry]")) count();
});
document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.(".entry__choose") || !["Enter", "Escape"].includes(event.key)) return;
  event.preventDefault();
  if (event.key === "Escape") set(boxes(), false);
  else if (boxes().some((box) => box.checked)) document.querySelector("#several summary").focus();
});

// Enter in a part of the bar means that part: by itself a form would press its first button.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.defaultPrevented || !event.target.matches?.("#several input")) return;
  event.preventDefault();
  event.target.closest(".several__panel")?.querySelector(".btn--primary").click();
});
document.addEventListener("toggle", ({ target }) => target.open && target.closest("#several") && goInto(target), {
  capture: true,
});

function goInto(part) {
  [...part.querySelectorAll("input")].find((input) => input.checkVisibility())?.focus();
}

// What was done with them is done: none is chosen any more. A refresh leaves them, but its rows may be others.
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (ctx.target?.id === "several" && ctx.response?.raw.status === 200) set(boxes(), false);
  reveal();
  count();
});

// What needs this script is hidden without it.
function reveal() {
  for (const one of document.querySelectorAll("[data-choose], [data-choose-none]")) one.hidden = false;
}
reveal();
count();
