// form[data-week-grid]: a sheet of hours, used as one. Enter saves and goes down, Escape takes back what was typed, arrows
// go from cell to cell, Shift and Enter open a cell's entries.
import { isField, save, takeBack } from "./week-save.js";

const MAIN = ".week-cell__main";

function goTo(place) {
  if (!place) return false;
  place.focus();
  place.select?.();
  place.scrollIntoView({ block: "nearest" });
  return true;
}

function sideways(cell, by) {
  for (let next = cell; (next = by > 0 ? next.nextElementSibling : next.previousElementSibling); ) {
    const place = next.querySelector(MAIN);
    if (place) return place;
  }
  return null;
}

function upOrDown(cell, by) {
  const rows = [...cell.closest("tbody").querySelectorAll(".week-row")];
  for (let at = rows.indexOf(cell.parentElement) + by; rows[at]; at += by) {
    const place = rows[at].cells[cell.cellIndex].querySelector(MAIN);
    if (place) return place;
  }
  return null;
}

// The caret moves within what is typed, and out of it at its ends.
function isAtEnd(place, by) {
  if (!place.matches("input")) return true;
  const { selectionStart: start, selectionEnd: end, value } = place;
  const isAll = start === 0 && end === value.length;
  return isAll || (start === end && start === (by > 0 ? value.length : 0));
}

// The focus goes with it, so that it goes on into what opens. Hours just typed have entries as soon as they are saved.
let opening = null;

function open(cell) {
  const link = cell.querySelector("[data-opens]");
  const hours = cell.querySelector(`input${MAIN}`);
  opening = !link && hours && hours.value !== hours.defaultValue ? cell.id : null;
  link?.focus();
  link?.click();
}

const KEYS = {
  ArrowUp: (place, cell) => goTo(upOrDown(cell, -1)),
  ArrowDown: (place, cell) => goTo(upOrDown(cell, 1)),
  ArrowLeft: (place, cell) => isAtEnd(place, -1) && goTo(sideways(cell, -1)),
  ArrowRight: (place, cell) => isAtEnd(place, 1) && goTo(sideways(cell, 1)),
};

function entered(isShift, place, cell) {
  const opens = isShift || place.matches("a");
  if (opens) open(cell);
  else goTo(upOrDown(cell, 1));
  if (isField(place)) save(place);
}

function pressedInCell(event, place, cell) {
  if (event.key === "Enter") entered(event.shiftKey, place, cell);
  else if (event.key === "Escape") return isField(place) && takeBack(place) && goTo(place);
  else if (place.matches("a") && /^[\d.,:]$/.test(event.key)) open(cell);
  else return !event.shiftKey && KEYS[event.key]?.(place, cell);
  return true;
}

function pressedInPanel(event, place) {
  if (event.key === "Enter") save(place);
  else if (event.key !== "Escape") return false;
  else if (!takeBack(place)) place.closest(".week-panel").querySelector("[data-closes]").click();
  return true;
}

document.addEventListener("keydown", (event) => {
  const { target, altKey, ctrlKey, metaKey } = event;
  if (altKey || ctrlKey || metaKey || event.isComposing || !target.closest?.("[data-week-grid]")) return;
  const cell = target.closest(".week-cell");
  const isInCell = cell && target.matches(MAIN);
  const done = isInCell ? pressedInCell(event, target, cell) : isField(target) && pressedInPanel(event, target);
  if (done) event.preventDefault();
});

// Who comes to a cell writes it anew; a second click places the caret.
let isNew = null;
document.addEventListener("focusin", ({ target }) => (isNew = target.matches?.(`input${MAIN}`) ? target : null));
document.addEventListener("click", ({ target }) => {
  if (target === isNew) target.select();
  isNew = null;
});

// Where a refresh put a link in the place of the field that had the focus, the focus stays in its cell; a new row gets it.
document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
  if (ctx.target?.id !== "week") return;
  ctx.active = document.activeElement;
  ctx.cell = ctx.active.closest(".week-cell")?.id;
  ctx.addsRow = ctx.sourceElement.matches("[data-week-add]");
});
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (ctx.target?.id !== "week") return;
  if (ctx.cell && !ctx.active.isConnected) goTo(document.getElementById(ctx.cell)?.querySelector(MAIN));
  if (ctx.addsRow) goTo(document.querySelector("#week [data-focus]"));
  if (!ctx.sent || !opening) return;
  open(document.getElementById(opening));
});

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  if (ctx.sent) opening = null;
});

// The menu was used: it closes.
document.addEventListener("submit", ({ target }) => {
  const menu = target.closest(".week-copy");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
