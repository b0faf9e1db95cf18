// <input data-filter="#list">: shows only the [data-filter-row] of the list that contain every word typed. What is
// ticked in a hidden row stays ticked. Without scripts the form around it asks the server.
import { reflectAll } from "./check-all.js";

function apply(input) {
  const words = input.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  for (const row of document.querySelectorAll(`${input.dataset.filter} [data-filter-row]`)) {
    const text = row.textContent.toLocaleLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
  }
  reflectAll();
}

document.addEventListener("input", ({ target }) => target.matches?.("[data-filter]") && apply(target));
document.addEventListener("submit", (event) => {
  if (event.target.querySelector("[data-filter]")) event.preventDefault();
});
document.addEventListener("htmx:after:swap", () => document.querySelectorAll("[data-filter]").forEach(apply));
