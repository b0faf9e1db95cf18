"""The counting clock, where this computer's clock is wrong, is set, or stood still while it slept."""

import re
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from playwright.sync_api import Page, expect

from app.web import filters
from tests.browser.stack import Stack
from tests.browser.steps import BOB, sign_in
from tests.chromium import Noise, OpenPage

# `ahead` is how far this computer's clock is off. What sleeps is `performance.now()`, which nothing here touches.
OWN_CLOCK = """
window.ahead = AHEAD;
const RealDate = Date;
window.Date = class extends RealDate {
  constructor(...given) { given.length ? super(...given) : super(RealDate.now() + window.ahead); }
  static now() { return RealDate.now() + window.ahead; }
};
"""
HOUR = 3_600_000
NOTE_ASKING = "() => document.body.addEventListener('looked-at', () => (document.documentElement.dataset.asked = ''))"
STARTED = (
    "UPDATE time_entry SET started_at = now() - interval '10 minutes' WHERE stopped_at IS NULL RETURNING started_at"
)


def with_a_timer(page: Page, stack: Stack, ahead: int = 0) -> datetime:
    """Bob's timer runs since ten minutes, and his computer's clock is off by so many milliseconds."""
    page.add_init_script(OWN_CLOCK.replace("AHEAD", str(ahead)))
    sign_in(page, stack.url, BOB)
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("timer")).to_be_visible()
    ((started_at,),) = stack.query(STARTED)
    page.goto(f"{stack.url}/timesheet")
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"^0:10:"))
    return started_at


def expect_time_since(page: Page, started_at: datetime, more: timedelta = timedelta()) -> None:
    """To the second, but for those that looking at it takes."""
    before = datetime.now(UTC) - started_at + more
    text = page.get_by_role("timer").inner_text()
    after = datetime.now(UTC) - started_at + more
    hours, minutes, seconds = map(int, text.split(":"))
    shown = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    assert before - timedelta(seconds=3) <= shown <= after, text


@pytest.mark.parametrize("ahead", [5 * HOUR, -5 * HOUR])
def test_it_counts_right_by_a_wrong_clock(page: Page, connected: Stack, ahead: int) -> None:
    started_at = with_a_timer(page, connected, ahead)
    expect_time_since(page, started_at)
    expect(page).to_have_title(re.compile(r"^0:10:\d\d · "))


def test_it_goes_on_counting_when_the_clock_is_set_back(page: Page, connected: Stack) -> None:
    started_at = with_a_timer(page, connected)
    page.evaluate(NOTE_ASKING)
    page.evaluate(f"window.ahead = {-3 * HOUR}")
    expect(page.locator("html[data-asked]")).to_be_attached()
    expect_time_since(page, started_at)


def test_it_is_right_at_once_after_sleep_and_asks_whether_it_was_sleep(
    page: Page, connected: Stack, noise: Noise
) -> None:
    """While the network is not there yet, it goes by how long the computer's own clock says it slept."""
    noise.expect("Failed to load resource")
    noise.expect("htmx:error")
    noise.expect("/live")
    started_at = with_a_timer(page, connected)
    page.route("**/timesheet", lambda route: route.abort())
    page.route("**/timer", lambda route: route.abort())
    page.evaluate(f"window.ahead = {2 * HOUR}")
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"^2:1\d:"))
    expect_time_since(page, started_at, timedelta(hours=2))

    # It was no sleep: somebody had set the clock. The next look says so.
    page.unroute_all()
    page.evaluate("document.body.dispatchEvent(new CustomEvent('looked-at'))")
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"^0:1\d:"))
    expect_time_since(page, started_at)


def test_it_stops_at_the_end_of_the_day_and_asks_for_the_new_one(page: Page, connected: Stack) -> None:
    with_a_timer(page, connected)
    page.evaluate(NOTE_ASKING)
    page.evaluate(
        """() => {
            for (const clock of document.querySelectorAll("running-clock[until]"))
                clock.setAttribute("until", new Date(clock.since + 9 * 60_000).toISOString());
        }"""
    )
    expect(page.locator("html[data-asked]")).to_be_attached()
    expect(page.locator(".day-bar__total")).to_contain_text(re.compile("1[01] m"))


CLOCKS = """
(ends) => ends.map(([since, until]) =>
  ["short", "words", "seconds"].map(form => {
    const clock = document.createElement("running-clock");
    clock.setAttribute("since", since);
    clock.setAttribute("until", until);
    clock.setAttribute("now", "2026-11-24T12:00:00Z");
    clock.setAttribute(form, "");
    document.body.append(clock);
  }))
"""


def test_it_rounds_as_the_server_does(open_page: OpenPage, connected: Stack) -> None:
    """Around every half minute, for lengths up to days."""
    page = open_page()
    page.goto(f"{connected.url}/sign-in")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    random = Random(7)
    around = [60 * random.randrange(1, 6_000) + 30 + off for off in (-0.001, 0, 0.001) for _ in range(40)]
    lengths = [timedelta(seconds=seconds) for seconds in [*around, 30, 59.999, 60, 3_569.999, 86_399.5]]
    since = datetime(2026, 11, 1, 9, 30, 15, 123_000, tzinfo=UTC)
    page.evaluate(CLOCKS, [[since.isoformat(), (since + length).isoformat()] for length in lengths])
    expect(page.locator("running-clock").last).not_to_be_empty()
    shown = page.locator("running-clock").all_inner_texts()
    forms = (filters.duration, filters.duration_words, filters.stopwatch)
    assert shown == [form(length.total_seconds()) for length in lengths for form in forms]
