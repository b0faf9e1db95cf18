// The list reaches no further than what is seen of the page: on a phone the keyboard covers half of it. One that opens
// above its field has all the room there is.
const MARGIN = 8;
const LEAST = 160;

export function fitIntoView(panel, input) {
  if (panel.getBoundingClientRect().bottom <= input.getBoundingClientRect().top) return () => {};
  const view = window.visualViewport;
  const fit = () => {
    const room = view.offsetTop + view.height - input.getBoundingClientRect().bottom - MARGIN - covered();
    panel.style.setProperty("--picker-room", `${Math.max(room, LEAST)}px`);
  };
  const makeRoom = () => {
    if (view.height - input.getBoundingClientRect().bottom - covered() < 2 * LEAST) input.scrollIntoView({ block: "start" });
    fit();
  };
  makeRoom();
  view.addEventListener("resize", makeRoom);
  view.addEventListener("scroll", fit);
  return () => {
    view.removeEventListener("resize", makeRoom);
    view.removeEventListener("scroll", fit);
    // htmx would write it down in the next form of the same name, which the page's policy forbids.
    panel.removeAttribute("style");
  };
}

// The phone's navigation lies over the bottom of the page.
function covered() {
  const bar = document.querySelector(".top .nav");
  return bar && getComputedStyle(bar).position === "fixed" ? bar.offsetHeight : 0;
}
