// The server's signals, held open for as long as anybody wants them. The browser comes again by itself when the network
// fails; this does where it would not: a proxy answers with an error while the server restarts, and a computer that
// slept may hold on to a connection that is dead. After sign-out the pages are told to ask, and so are led to sign in.
const SILENCE = 50_000;
const FIRST_DELAY = 1000;
const LONGEST_DELAY = 60_000;

// `tell` gets `{ is: "on" | "off" }` as the connection comes and goes, and `{ changes: "…" }` with each signal.
export function liveSource(url, tell) {
  let source, silence, next;
  let delay = FIRST_DELAY;
  let missed = false;

  function open() {
    if (source && source.readyState !== EventSource.CLOSED) return;
    clearTimeout(next);
    source = new EventSource(url);
    source.addEventListener("open", opened);
    source.addEventListener("error", failed);
    source.addEventListener("alive", heard);
    source.addEventListener("time-changed", ({ data }) => (heard(), tell({ changes: data })));
    source.addEventListener("signed-out", () => (close(), tell({ changes: "all" })));
    heard();
  }

  function close() {
    clearTimeout(silence);
    clearTimeout(next);
    source?.close();
    missed = true;
    tell({ is: "off" });
  }

  function heard() {
    clearTimeout(silence);
    silence = setTimeout(() => (close(), open()), SILENCE);
  }

  function opened() {
    delay = FIRST_DELAY;
    tell({ is: "on" });
    if (missed) tell({ changes: "all" });
    missed = false;
    heard();
  }

  function failed() {
    missed = true;
    tell({ is: "off" });
    if (source.readyState !== EventSource.CLOSED) return;
    clearTimeout(silence);
    clearTimeout(next);
    next = setTimeout(open, delay * (0.5 + Math.random()));
    delay = Math.min(delay * 2, LONGEST_DELAY);
  }

  return { open, close, state: () => ({ is: source?.readyState === EventSource.OPEN ? "on" : "off" }) };
}
