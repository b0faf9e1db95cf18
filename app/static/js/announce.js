// [data-timer="id"][data-timer-name="…"] is the timer that runs. Says in #live when one starts or stops, wherever that was
// done. Its clock counts in silence.
const live = document.getElementById("live");
let known = running();

function running() {
  const timer = document.querySelector("[data-timer]");
  return timer && { id: timer.dataset.timer, name: timer.dataset.timerName, clock: timer.querySelector("[role=timer]") };
}

export function say(text) {
  // A sentence that is said again has to come anew.
  live.replaceChildren();
  setTimeout(() => (live.textContent = text), 100);
}

function compare() {
  const before = known;
  known = running();
  if (known && known.id !== before?.id) say(`Timer started: ${known.name}`);
  else if (before && !known) say(`Timer stopped, ${before.clock.textContent.replace(/:\d\d$/, "")}`);
}

if (live) document.addEventListener("htmx:after:swap", compare);
