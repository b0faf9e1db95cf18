// form[data-week-grid]: what is typed into a field is saved when it is left, alone, and the answer brings the totals. Until
// it is saved it is kept from the page's refreshes (`hx-morph-skip`).
const FIELD = '[name^="hours."], [name^="note."]';

export const isField = (element) => Boolean(element?.matches?.(`[data-week-grid] :is(${FIELD})`));
const shown = (input) => input.dataset.shown ?? input.defaultValue;
const isChanged = (input) => input.value !== shown(input);
const holder = (input) => input.closest(".week-cell, .week-panel__entry");
const isRefused = (input) => input.matches("[aria-invalid]");
const hold = (input) => holder(input).toggleAttribute("hx-morph-skip", isChanged(input) || isRefused(input));

// Fields on their way, each with what was sent: a field that is changed again goes once more when its answer is there.
const underway = new Map();

function unsaved(form) {
  return [...form.querySelectorAll(FIELD)].filter((input) => isChanged(input) && !underway.has(input));
}

// What was refused is not asked again before it is changed.
export function save(input) {
  if (input.value !== input.defaultValue && unsaved(input.form).length) input.form.requestSubmit();
}

document.addEventListener("input", ({ target }) => isField(target) && hold(target));
document.addEventListener("focusout", ({ target }) => isField(target) && save(target));

document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = event.detail;
  if (!ctx.sourceElement.matches("[data-week-grid]")) return;
  const sent = unsaved(ctx.sourceElement);
  if (!sent.length) event.preventDefault();
  const names = new Set(sent.map((input) => input.name));
  for (const name of [...ctx.request.body.keys()]) {
    if (/^(hours|note)\./.test(name) && !names.has(name)) ctx.request.body.delete(name);
  }
  ctx.sent = new Map(sent.map((input) => [input, input.value]));
  for (const [input, value] of ctx.sent) underway.set(input, value);
  // Whoever types and goes to another page has saved all the same.
  ctx.request.keepalive = true;
});

// It may have waited for another: by now another cell may be open.
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (ctx.sent) ctx.request.body.set("open", ctx.sourceElement.elements.open.value);
});

document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
  if (!ctx.sent) return;
  ctx.retyped = new Map([...ctx.sent].filter(([input, value]) => input.value !== value).map(([input]) => [input, input.value]));
  for (const input of ctx.sent.keys()) underway.delete(input);
  // Of what was refused before, only what is still unsaved stays as it is.
  for (const input of ctx.sourceElement.querySelectorAll(`[hx-morph-skip] :is(${FIELD})`)) {
    if (ctx.sent.has(input) || !isChanged(input)) holder(input).removeAttribute("hx-morph-skip");
  }
});

document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (!ctx.sent) return;
  for (const input of ctx.sent.keys()) settle(input, ctx.retyped.get(input));
  const isLeft = (input) => !isRefused(input) && input !== document.activeElement;
  if (unsaved(ctx.sourceElement).some(isLeft)) ctx.sourceElement.requestSubmit();
});

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  for (const input of ctx.sent?.keys() ?? []) underway.delete(input);
});

// A morph leaves the value of the field that has the focus: `90m` becomes what it was read as.
function settle(input, retyped) {
  if (!input.isConnected) return;
  input.value = retyped ?? input.defaultValue;
  hold(input);
  if (input.matches('[name^="hours."]:focus') && retyped === undefined) input.select();
}

export function takeBack(input) {
  if (!isChanged(input) && !isRefused(input)) return false;
  input.value = shown(input);
  input.removeAttribute("aria-invalid");
  holder(input).querySelector("[role=alert]")?.remove();
  hold(input);
  return true;
}
