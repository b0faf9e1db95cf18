// Sends `looked-at` to the body when the page is looked at again after a while, so that it can ask what is new. A page
// that stays in sight is looked at once a minute, and twice where no signals come (live.js): then what is done in another
// tab of this browser is told at once as well.
const PAUSE = 1000;
const MINUTE = 60_000;
const tabs = new BroadcastChannel("sundial");
let last = performance.now();
let missed = false;

const isVisible = () => document.visibilityState === "visible";
const isLive = () => document.documentElement.dataset.live === "on";

function ask() {
  last = performance.now();
  missed = false;
  document.body.dispatchEvent(new CustomEvent("looked-at"));
}

export function lookedAt(pause = PAUSE) {
  if (isVisible() && (missed || performance.now() - last > pause)) ask();
}

setInterval(() => lookedAt((isLive() ? MINUTE : MINUTE / 2) - PAUSE), MINUTE / 2);
addEventListener("focus", () => lookedAt());
addEventListener("pageshow", ({ persisted }) => persisted && lookedAt());
document.addEventListener("visibilitychange", () => lookedAt());

tabs.addEventListener("message", () => {
  missed = true;
  if (!isLive()) lookedAt();
});
document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  if (ctx.request.method !== "GET") tabs.postMessage("changed");
});
