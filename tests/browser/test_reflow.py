"""Pages fit: on the narrowest screen, with text spaced as wide as people may set it, and what opens lies in sight."""

from playwright.sync_api import expect

from tests.browser.axe import sticks_out
from tests.browser.furnished import furnish
from tests.browser.opened import copying_of_the_week, entry, picker_with_hits
from tests.browser.pages import addresses, pages_at
from tests.browser.stack import Stack
from tests.browser.steps import ALICE, SHARED_TASK, sign_in, start_on
from tests.chromium import Noise, OpenPage

# https://www.w3.org/WAI/WCAG22/Understanding/text-spacing
SPACED = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
SPACE_TEXT = """style => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  document.adoptedStyleSheets = [sheet];
}"""
# Lines of text that lie over each other. What scrolls or floats lies over the page on purpose, and what is cut with
# an ellipsis ends before its box does.
OVER_EACH_OTHER = """() => {
  const shown = element => element.checkVisibility({visibilityProperty: true, opacityProperty: true})
      && !element.closest(".top .nav, .skip, .visually-hidden, [class*=__words], .start__word, .week-cell__note, svg")
      && getComputedStyle(element).clipPath === "none";
  const seen = ({left, right, top, bottom}, element) => {
    for (let above = element; above; above = above.parentElement) {
      if (getComputedStyle(above).overflowX === "visible") continue;
      const edge = above.getBoundingClientRect();
      [left, right] = [Math.max(left, edge.left), Math.min(right, edge.right)];
      [top, bottom] = [Math.max(top, edge.top), Math.min(bottom, edge.bottom)];
    }
    return {left, right, top, bottom};
  };
  const things = [];
  const add = (what, element, box) => things.push({what: what.trim().slice(0, 50), element, ...seen(box, element)});
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode, element = text.parentElement, range = new Range();
    range.selectNodeContents(text);
    if (text.data.trim() && shown(element)) for (const box of range.getClientRects()) add(text.data, element, box);
  }
  for (const control of document.querySelectorAll("main :is(.btn:not(.picker__open), input, select)"))
    if (shown(control)) add(control.outerHTML, control, control.getBoundingClientRect());
  const apart = (a, b) => a.element.contains(b.element) || b.element.contains(a.element)
      || Math.min(a.right, b.right) - Math.max(a.left, b.left) < 3
      || Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) < 5;
  return things.flatMap((a, at) => things.slice(at + 1).filter(b => !apart(a, b)).map(b => `${a.what} | ${b.what}`));
}"""

MENU_ABOVE_THE_BAR = """() => {
  const panel = document.querySelector(".entry__menu[open] .menu__panel")?.getBoundingClientRect();
  return panel && panel.top >= 0 && panel.bottom <= document.querySelector(".top .nav").getBoundingClientRect().top;
}"""
# A fill of the page's own colour is none.
LOOK = """element => {
  const {outlineStyle, borderTopWidth, borderTopStyle, backgroundColor} = getComputedStyle(element);
  const isNone = backgroundColor === "rgb(255, 255, 255)" || backgroundColor.endsWith(", 0)");
  return [outlineStyle, borderTopWidth, borderTopStyle, isNone ? "" : backgroundColor].join();
}"""
# A page, what is chosen on it, and its like that is not.
CHOSEN = [
    ("/timesheet", ".week__day[aria-current]", ".week__day:not([aria-current])"),
    ("/timesheet", ".views__one[aria-current]", ".views__one:not([aria-current])"),
    ("/timesheet", ".picker__option[aria-selected=true]", ".picker__option:not([aria-selected=true])"),
    ("/timesheet/week", ".week-grid__day--today", ".week-grid__day:not(.week-grid__day--today)"),
    ("/timesheet/week", ".week-cell--running .week-cell__main", ".week-cell--single .week-cell__main"),
    ("/projects", ".tabs__tab[aria-current]", ".tabs__tab:not([aria-current])"),
    ("/integrations/asana/enable", ".steps__step--now .steps__mark", ".steps__step--next .steps__mark"),
    ("/help/timesheet", ".help__nav a[aria-current]", ".help__nav a:not([aria-current])"),
]
TRANSITIONS = """() => [...document.querySelectorAll("*")]
    .filter(element => getComputedStyle(element).transitionDuration.split(", ").some(one => one !== "0s"))
    .map(element => element.outerHTML.slice(0, 80))"""


def test_pages_fit_on_the_narrowest_screen(open_page: OpenPage, connected: Stack, noise: Noise) -> None:
    noise.expect("404")
    page = open_page(viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True, reduced_motion="reduce")
    ids = furnish(page, connected)
    found = []
    for url in pages_at(page, connected, addresses(ids)):
        found += [f"{url}: {pair}" for pair in page.evaluate(OVER_EACH_OTHER)]
        page.evaluate(SPACE_TEXT, SPACED)
        found += [f"{url}, spaced: {pair}" for pair in page.evaluate(OVER_EACH_OTHER)]
        if sticks_out(page, 320):
            found.append(f"{url} scrolls sideways")
    assert not found, "\n".join(found)


def test_the_menu_of_the_last_entry_opens_above_the_bar(open_page: OpenPage, connected: Stack) -> None:
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    furnish(page, connected)
    page.goto(f"{connected.url}/timesheet")
    more = entry(page).locator("summary")
    more.tap()
    page.wait_for_function(MENU_ABOVE_THE_BAR)
    page.keyboard.press("Escape")
    expect(entry(page).get_by_role("button", name="Delete")).to_be_hidden()
    expect(more).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_function(MENU_ABOVE_THE_BAR)
    # A refresh, as another browser's start brings it, leaves it where it is.
    with page.expect_response("**/timesheet*"):
        page.evaluate("document.body.dispatchEvent(new CustomEvent('time-changed'))")
    expect(page.locator(".htmx-request")).to_have_count(0)
    assert page.evaluate(MENU_ABOVE_THE_BAR)


def test_the_bar_of_the_week_is_one_line_on_a_tablet(open_page: OpenPage, connected: Stack) -> None:
    page = open_page(viewport={"width": 768, "height": 1024})
    sign_in(page, connected.url, ALICE)
    page.goto(f"{connected.url}/timesheet/week")
    copying_of_the_week(page)
    bar = page.locator(".week-bar").bounding_box()
    menu = page.locator(".week-copy .menu__panel").bounding_box()
    assert bar
    assert menu
    assert bar["height"] < 50
    assert bar["x"] <= menu["x"] <= bar["x"] + bar["width"] - menu["width"] + 1


def test_what_is_chosen_is_seen_where_the_system_sets_the_colours(open_page: OpenPage, connected: Stack) -> None:
    page = open_page(forced_colors="active")
    sign_in(page, connected.url, ALICE)
    # One entry beside the timer, on the only day of the week that has certainly begun.
    start_on(page, "logo", "Finish logo")
    start_on(page, "sign-in", SHARED_TASK)
    for path, chosen, other in CHOSEN:
        page.goto(connected.url + path)
        if "option" in chosen:
            picker_with_hits(page)
            page.keyboard.press("ArrowDown")
        expect(page.locator(chosen).first).to_be_visible()
        assert page.locator(chosen).first.evaluate(LOOK) != page.locator(other).first.evaluate(LOOK), chosen


def test_nothing_moves_for_those_who_want_no_motion(open_page: OpenPage, connected: Stack) -> None:
    page = open_page(reduced_motion="reduce")
    sign_in(page, connected.url, ALICE)
    start_on(page, "sign-in", SHARED_TASK)
    entry(page).locator("summary").click()
    page.wait_for_function("document.getAnimations().length === 0")
    assert page.evaluate(TRANSITIONS) == []
