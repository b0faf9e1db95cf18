// What time it is at the server, for pages that count. Its word is believed, and this computer only for how long ago it
// came: the clock here may be hours off, or be set while the page is open.
//
// Two clocks run here. `performance.now()` is never set, but may stand still while a laptop sleeps; `Date.now()` goes on
// then, and jumps when somebody sets it. A jump ahead is most likely sleep and is followed, a jump back never is. Either
// way the server is asked at once, and its answer settles it.
import { lookedAt } from "./looked-at.js";

const JUMP = 2_000;
const LATE = 5_000;
let difference = Date.now() - performance.now();
let offset;

export function serverNow() {
  if (noticeJump()) queueMicrotask(() => lookedAt(0));
  return performance.now() + offset;
}

// An answer comes late and never early, so of words that nearly agree the one that says it is later is the better.
export function hear(now) {
  noticeJump();
  const word = Date.parse(now) - performance.now();
  if (!(word <= offset && offset - word < LATE)) offset = word;
}

function noticeJump() {
  const start = performance.now();
  const jump = Date.now() - start - difference;
  // A busy computer may hold this up between its looks at the two clocks, which then says nothing.
  if (performance.now() - start > JUMP / 20) return false;
  difference += jump;
  if (jump > JUMP) offset += jump;
  return Math.abs(jump) > JUMP;
}
