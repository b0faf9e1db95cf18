// One stream for all tabs of the browser: each of their own would soon use up the six connections that a browser makes
// to one server. Signing in again in any tab opens it anew.
import { liveSource } from "./live-source.js";

const tabs = new BroadcastChannel("sundial-live");
const source = liveSource("/live", (told) => tabs.postMessage(told));

addEventListener("connect", ({ ports: [tab] }) => {
  source.open();
  tab.postMessage(source.state());
});
