// One question at a time to the server: a later one takes the place of an earlier one, whose answer is never shown.
// `show` is told when an answer is slow and when there is none.
const PAUSE = 40;
const SLOW = 250;
const LONGEST = 15_000;

export class Asking {
  constructor(show) {
    this.show = show;
  }

  get isAsking() {
    return this.controller !== undefined;
  }

  // The answer's HTML; null where another question overtook it, or there was no answer.
  async ask(address, pause = PAUSE) {
    this.stop();
    const controller = (this.controller = new AbortController());
    const slow = setTimeout(() => this.show({ isSlow: true }), SLOW);
    try {
      // Whoever types fast asks once.
      await new Promise((resolve) => setTimeout(resolve, pause));
      const html = controller.signal.aborted ? null : await answerTo(address, controller.signal);
      if (controller.signal.aborted) return null;
      this.end();
      return html;
    } catch (error) {
      if (!controller.signal.aborted) this.end(error.message);
      return null;
    } finally {
      clearTimeout(slow);
    }
  }

  stop() {
    this.controller?.abort();
    this.end();
  }

  end(failure = "") {
    this.controller = undefined;
    this.failed = failure !== "";
    this.show({ isSlow: false, failure });
  }
}

async function answerTo(address, signal) {
  const options = { headers: { "HX-Request": "true" }, signal: AbortSignal.any([signal, AbortSignal.timeout(LONGEST)]) };
  const answer = await fetch(address, options).catch(noAnswer);
  // The session has ended: sign in, and come back.
  if (answer.headers.has("HX-Redirect")) location.assign(answer.headers.get("HX-Redirect"));
  if (!answer.ok) throw new Error(answer.status === 429 ? "That was too often." : "The server failed at this.");
  return answer.text().catch(noAnswer);
}

function noAnswer() {
  throw new Error("No answer from the server.");
}
