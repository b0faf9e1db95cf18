"""The timer over reloads, tabs and double clicks, by keyboard, and without scripts."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import findings
from tests.browser.stack import Stack
from tests.browser.steps import BOB, SHARED_TASK, sign_in, start_on
from tests.chromium import Noise, OpenPage

RUNNING = "The timer is running"


def test_it_runs_on_over_a_reload_and_in_a_second_tab(page: Page, connected: Stack) -> None:
    sign_in(page, connected.url, BOB)
    start_on(page, "sign-in", SHARED_TASK)
    page.reload()
    expect(page.get_by_role("region", name=RUNNING)).to_contain_text(SHARED_TASK)

    second = page.context.new_page()
    second.goto(f"{connected.url}/timesheet")
    expect(second.get_by_role("region", name=RUNNING)).to_contain_text(SHARED_TASK)
    second.get_by_role("button", name="Stop").click()
    expect(second.get_by_role("region", name=RUNNING)).to_have_count(0)

    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.get_by_role("region", name=RUNNING)).to_have_count(0)
    expect(page).not_to_have_title(re.compile("^0:"))


def test_it_starts_with_one_key_and_three_letters(page: Page, connected: Stack) -> None:
    sign_in(page, connected.url, BOB)
    page.keyboard.press("n")
    page.keyboard.type("sig", delay=30)
    expect(page.get_by_role("option").first).to_contain_text(re.compile("sig", re.IGNORECASE))
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name=RUNNING)).to_be_visible()
    page.locator("body").click(position={"x": 5, "y": 500})
    page.keyboard.press("s")
    expect(page.get_by_role("region", name=RUNNING)).to_have_count(0)


def test_it_never_runs_twice_when_two_tabs_start_at_once(page: Page, connected: Stack) -> None:
    sign_in(page, connected.url, BOB)
    second = page.context.new_page()
    second.goto(f"{connected.url}/timesheet")
    for tab in (page, second):
        tab.get_by_role("button", name="Start", exact=True).dblclick()
    expect(page.get_by_role("region", name=RUNNING)).to_be_visible()
    expect(second.get_by_role("region", name=RUNNING)).to_be_visible()
    assert connected.query("SELECT count(*) FROM time_entry WHERE stopped_at IS NULL") == [(1,)]


LONG_NAME = "Überarbeitung " + "x" * 285
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def left_running(page: Page, stack: Stack, hours: int = 14) -> None:
    """The page shows a timer that Bob forgot."""
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("region", name=RUNNING)).to_be_visible()
    stack.query("UPDATE time_entry SET started_at = now() - %s * interval '1 hour' RETURNING id", hours)


def question(page: Page) -> Locator:
    return page.get_by_role("region", name="Is this timer right?")


def test_a_long_timer_asks_on_the_open_page_and_ends_when_it_should_have(
    page: Page, connected: Stack, noise: Noise
) -> None:
    noise.expect("422")
    sign_in(page, connected.url, BOB)
    left_running(page, connected)
    expect(question(page)).to_contain_text("14 h 00 m")
    end = question(page).get_by_label("It ended at")
    proposed = end.input_value()
    end.fill("at noon sharp")
    question(page).get_by_role("button", name="End it then").click()
    expect(end).to_have_accessible_description(re.compile("Write a time such as"))
    expect(end).to_have_value("at noon sharp")
    expect(end).to_be_focused()
    end.fill(proposed)
    end.press("Enter")
    expect(question(page)).to_have_count(0)
    expect(page.get_by_role("region", name=RUNNING)).to_have_count(0)
    ((length,),) = connected.query("SELECT extract(epoch FROM stopped_at - started_at)::int / 60 FROM time_entry")
    assert 599 <= length <= 600


def test_a_long_timer_that_is_right_runs_on(page: Page, connected: Stack) -> None:
    sign_in(page, connected.url, BOB)
    left_running(page, connected)
    question(page).get_by_role("button", name="Keep it running").click()
    expect(question(page)).to_have_count(0)
    expect(page.get_by_role("region", name=RUNNING)).to_be_visible()
    page.reload()
    expect(page.get_by_role("region", name=RUNNING)).to_be_visible()
    expect(question(page)).to_have_count(0)


def test_what_is_typed_about_a_long_timer_stays_while_the_page_refreshes_itself(page: Page, connected: Stack) -> None:
    sign_in(page, connected.url, BOB)
    left_running(page, connected)
    end = question(page).get_by_label("It ended at")
    end.fill("17:")
    connected.query("UPDATE time_entry SET note = 'from elsewhere' RETURNING id")
    expect(page.get_by_role("list", name=re.compile("Entries"))).to_contain_text("from elsewhere")
    expect(end).to_have_value("17:")
    expect(end).to_be_focused()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_long_timer_asks_on_a_phone_whatever_the_task_is_called(
    open_page: OpenPage, connected: Stack, theme: str
) -> None:
    page = open_page(**PHONE, color_scheme=theme, reduced_motion="reduce")
    sign_in(page, connected.url, BOB)
    left_running(page, connected, hours=30)
    connected.query(
        "WITH named AS (UPDATE work_item SET name = %s WHERE name = %s RETURNING id) "
        "UPDATE time_entry SET item = (SELECT id FROM named) RETURNING id",
        LONG_NAME,
        SHARED_TASK,
    )
    expect(page.get_by_role("region", name=RUNNING)).to_contain_text("Überarbeitung")
    for button in ("End it then", "Keep it running"):
        assert question(page).get_by_role("button", name=button).bounding_box()["height"] >= 40  # type: ignore[index]
    page.get_by_text(re.compile("^since")).tap()
    expect(page.get_by_label("Started at")).to_be_visible()
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert findings(page) == []
    page.goto(f"{connected.url}/projects")
    expect(page.get_by_role("link", name=re.compile("Timer running"))).to_be_visible()
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert findings(page) == []


def test_a_long_timer_asks_without_scripts(open_page: OpenPage, connected: Stack, noise: Noise) -> None:
    noise.expect("422")
    page = open_page(java_script_enabled=False)
    sign_in(page, connected.url, BOB)
    left_running(page, connected)
    page.reload()
    question(page).get_by_label("It ended at").fill("never")
    question(page).get_by_role("button", name="End it then").click()
    expect(question(page)).to_contain_text("Write a time such as")
    expect(question(page).get_by_label("It ended at")).to_have_value("never")
    question(page).get_by_role("button", name="Keep it running").click()
    expect(page).to_have_url(f"{connected.url}/timesheet")
    expect(question(page)).to_have_count(0)
    expect(page.get_by_role("region", name=RUNNING)).to_be_visible()


def test_the_start_is_corrected_while_the_timer_runs(page: Page, connected: Stack, noise: Noise) -> None:
    noise.expect("422")
    sign_in(page, connected.url, BOB)
    left_running(page, connected, hours=2)
    running = page.get_by_role("region", name=RUNNING)
    expect(running).to_contain_text("2:00:0")
    running.get_by_text(re.compile("^since")).click()
    start = running.get_by_label("Started at")
    was = start.input_value()
    start.fill("soon")
    start.press("Enter")
    expect(start).to_have_accessible_description(re.compile("Write a time such as"))
    expect(start).to_be_focused()
    hour, minute = map(int, was.split(":"))
    earlier = f"{(hour - 1) % 24}:{minute:02d}"
    start.fill(earlier)
    start.press("Enter")
    expect(running.get_by_text(f"since {earlier}")).to_be_visible()
    expect(running.get_by_role("timer")).to_have_text(re.compile("^3:0"))
