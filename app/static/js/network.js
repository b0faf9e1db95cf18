// One line for a request that got no answer, and for one that the server refused or failed at: such answers are whole
// pages, which htmx is told not to put into this one (`noSwap`).
const line = document.getElementById("network");

const REFUSALS = {
  403: "You may not do this, or the page was open for too long.",
  404: "This is no longer there.",
  429: "That was too often. Wait a moment.",
};

export function tell(text, reloads = false) {
  if (!line) return;
  line.querySelector("[data-network-text]").textContent = text;
  line.querySelector("[data-network-reload]").hidden = !reloads;
  line.hidden = false;
}

function hide() {
  if (line) line.hidden = true;
}

document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
  // What has been answered is done at the server, whatever became of the answer here.
  const isAnswered = !ctx || ctx.text !== undefined;
  if (isAnswered) tell("Something on this page went wrong.", true);
  else if (ctx.request.method === "GET") tell("No answer from the server. Try again in a moment.");
  else tell("No answer from the server. Nothing was saved; try again in a moment.");
});
document.addEventListener("htmx:after:request", ({ detail }) => detail.ctx.response.status < 400 && hide());
document.addEventListener("htmx:response:error", ({ detail }) => {
  const status = detail.ctx.response.status;
  if (status === 422) return;
  if (status >= 500) tell("The server failed at this, and has written it to its log. Try again in a moment.");
  else tell(REFUSALS[status] ?? "The server did not understand this.", true);
});
document.addEventListener("click", ({ target }) => {
  if (target.matches?.("[data-network-dismiss]")) hide();
  if (target.matches?.("[data-network-reload]")) location.reload();
});
addEventListener("offline", () => tell("You are offline. What you change now is not saved."));
addEventListener("online", hide);
