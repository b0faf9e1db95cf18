// <running-clock since="…" [now="…"] [until="…"] [titled] [short] [words]>: counts up from `since`, by the server's clock,
// whose time was `now`: the timer itself says that, for all that count with it. `titled` counts in the page's title and
// icon too; `short` shows whole minutes, rounded as the server rounds them, `words` writes them `6 h 52 m`. At `until`,
// when the day is over, it stops and the page is asked for anew.
import { hoursAndMinutes, two, words } from "./durations.js";
import { lookedAt } from "./looked-at.js";
import { hear, serverNow } from "./server-clock.js";

const SECOND = 1_000;
const MINUTE = 60_000;
const TITLE_CLOCK = /^\d+:\d\d:\d\d · /;
const clocks = new Set();
let timer;

const roundedMinutes = (elapsed) => Math.floor((elapsed + MINUTE / 2) / MINUTE);

const short = (hours, minutes) => `${hours}:${two(minutes)}`;

// All clocks of a page are shown at the same moment. They began whole minutes apart, so they change together, and at
// their full second none is skipped or shown for two.
function tick() {
  clearTimeout(timer);
  if (!clocks.size) return;
  const now = serverNow();
  const shown = [...clocks].map((clock) => clock.show(now));
  timer = setTimeout(tick, Math.min(...shown.map(({ wait }) => wait)) + 5);
  if (shown.some(({ isNewDay }) => isNewDay)) lookedAt(0);
}

class RunningClock extends HTMLElement {
  static observedAttributes = ["since", "until", "now"];

  connectedCallback() {
    clocks.add(this);
    this.read();
    if (this.hasAttribute("titled")) setIcon(true);
  }

  disconnectedCallback() {
    clocks.delete(this);
    if (this.hasAttribute("titled")) {
      document.title = document.title.replace(TITLE_CLOCK, "");
      setIcon(false);
    }
  }

  attributeChangedCallback() {
    if (this.isConnected) this.read();
  }

  read() {
    // When the element only moves in the page its word says nothing new.
    const now = this.getAttribute("now");
    if (now && now !== this.heard) hear(now);
    this.heard = now;
    this.since = Date.parse(this.getAttribute("since"));
    this.until = Date.parse(this.getAttribute("until") ?? "9999-12-31");
    this.isOver = false;
    clearTimeout(timer);
    timer = setTimeout(tick);
  }

  show(now) {
    const elapsed = Math.max(0, Math.min(now, this.until) - this.since);
    const text = this.text(elapsed);
    if (this.textContent !== text) this.textContent = text;
    if (this.hasAttribute("titled")) document.title = `${text} · ${document.title.replace(TITLE_CLOCK, "")}`;
    const isNewDay = now >= this.until && !this.isOver;
    this.isOver = now >= this.until;
    return { wait: SECOND - ((((now - this.since) % SECOND) + SECOND) % SECOND), isNewDay };
  }

  text(elapsed) {
    if (this.hasAttribute("words")) return words(roundedMinutes(elapsed));
    if (this.hasAttribute("short")) return short(...hoursAndMinutes(roundedMinutes(elapsed)));
    const seconds = Math.floor(elapsed / SECOND);
    return `${short(...hoursAndMinutes(Math.floor(seconds / 60)))}:${two(seconds % 60)}`;
  }
}

function setIcon(running) {
  const icon = document.querySelector("link[data-running-icon]");
  if (!icon) return;
  icon.dataset.idleIcon ??= icon.href;
  icon.href = running ? icon.dataset.runningIcon : icon.dataset.idleIcon;
}

customElements.define("running-clock", RunningClock);
