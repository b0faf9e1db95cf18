// Sends `time-changed` to the body when something of this person's was changed elsewhere, so that what shows it asks anew.
// A signal names transactions, and what was drawn says in `data-seen` which ones it has seen: what this page did itself,
// or has asked for since, is no news to it.
import { liveSource } from "./live-source.js";

const requests = new Set();
const waiting = new Set();

function told({ is, changes }) {
  if (is) document.documentElement.dataset.live = is;
  if (!changes) return;
  for (const change of changes.split(" ")) waiting.add(change);
  look();
}

// An answer on its way may bring the change along.
function look() {
  if (requests.size || !waiting.size) return;
  const isNews = [...waiting].some(isNew);
  waiting.clear();
  if (isNews) document.body.dispatchEvent(new CustomEvent("time-changed"));
}

function isNew(change) {
  const drawn = [...document.querySelectorAll("[data-seen]")];
  return !drawn.length || drawn.some(({ dataset }) => !saw(dataset.seen, change));
}

// `from:until:open,…`, as PostgreSQL writes a snapshot: all transactions before `from`, none from `until` on, and those
// between but for the open ones.
function saw(snapshot, change) {
  const [from, until, open] = snapshot.split(":");
  const number = Number(change);
  return number < Number(from) || (number < Number(until) && !open.split(",").includes(change));
}

function listenInTab() {
  const source = liveSource("/live", told);
  const follow = () => (document.visibilityState === "visible" ? source.open() : source.close());
  document.addEventListener("visibilitychange", follow);
  follow();
}

// A phone's browser may have no shared workers. It shows one tab at a time, so only that one listens.
function listen() {
  try {
    new BroadcastChannel("sundial-live").addEventListener("message", ({ data }) => told(data));
    const worker = new SharedWorker(new URL("live-worker.js", import.meta.url), { type: "module" });
    worker.port.addEventListener("message", ({ data }) => told(data));
    worker.port.start();
    worker.addEventListener("error", listenInTab, { once: true });
  } catch {
    listenInTab();
  }
}

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => requests.add(ctx));
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  requests.delete(ctx);
  look();
});
if (document.body.hasAttribute("data-live")) listen();
