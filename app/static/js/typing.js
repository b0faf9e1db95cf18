// What somebody is typing outlives whatever is drawn anew around it.
// <form data-typing="start">: as long as it is in use, the form of that name in an answer leaves it as it is.
// <form id data-kept>: what was typed into it is sent before an answer takes it away.
import { tell } from "./network.js";

const isTyped = (field) =>
  field.type === "checkbox" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
const fieldsOf = (form) => [...form.elements].filter((one) => one.matches("input:not([type=hidden]), textarea"));
const isInUse = (form) => form.contains(document.activeElement) || fieldsOf(form).some(isTyped);

function keep(form, fragments) {
  for (const fragment of fragments) {
    const next = fragment.querySelector(`form[data-typing="${form.dataset.typing}"]`);
    if (next) next.id = form.id;
  }
}

async function send(form) {
  const body = new URLSearchParams(new FormData(form));
  const options = { method: "POST", body, headers: { "HX-Request": "true" }, keepalive: true };
  const answer = await fetch(form.action, options).catch(() => null);
  if (!answer?.ok) tell("What you were typing could not be saved.");
}

document.addEventListener("htmx:before:swap", ({ detail: { ctx, tasks } }) => {
  const fragments = tasks.map(({ fragment }) => fragment);
  const isAround = (form) => form !== ctx.sourceElement && ctx.target?.contains?.(form);
  for (const form of document.querySelectorAll("form[data-typing]")) {
    if (isAround(form) && isInUse(form)) keep(form, fragments);
  }
  for (const form of document.querySelectorAll("form[data-kept]")) {
    const goes = !fragments.some((fragment) => fragment.querySelector(`#${form.id}`));
    if (isAround(form) && goes && fieldsOf(form).some(isTyped)) send(form);
  }
});
