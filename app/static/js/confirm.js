// <form data-confirm="Sentence" data-confirm-action="Delete">: asks in a dialog before it is sent, by htmx or plainly.
let confirmed = null;

function dialogFor({ confirm, confirmAction }) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.setAttribute("aria-labelledby", "confirm_text");
  dialog.innerHTML = `<p class="dialog__text" id="confirm_text"></p><form method="dialog" class="dialog__actions">
    <button class="btn btn--quiet" value="no" autofocus>Cancel</button>
    <button class="btn btn--danger" value="yes"></button></form>`;
  dialog.querySelector("p").textContent = confirm;
  dialog.querySelector("[value=yes]").textContent = confirmAction;
  return dialog;
}

function ask(form, submitter) {
  const dialog = dialogFor(form.dataset);
  document.body.append(dialog);
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close("no"));
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (dialog.returnValue !== "yes" || !form.isConnected) return;
    send(form, submitter);
  });
  dialog.showModal();
}

// A refresh may have drawn the button anew while the dialog was open.
function send(form, submitter) {
  confirmed = form;
  form.requestSubmit(submitter?.form === form ? submitter : null);
  confirmed = null;
}

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!form.dataset.confirm || form === confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(form, event.submitter);
  },
  { capture: true },
);
