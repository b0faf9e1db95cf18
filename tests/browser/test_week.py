"""The week: hours typed into a grid, at the desk and on the phone."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import findings
from tests.browser.stack import Stack
from tests.browser.steps import BOB, SHARED_TASK, pick, sign_in
from tests.chromium import Noise, OpenPage

TODAY = datetime.now(UTC).date()
MONDAY = TODAY - timedelta(days=TODAY.weekday(), weeks=1)
DAYS = [MONDAY + timedelta(days=ahead) for ahead in range(7)]
LAST_WEEK = f"/timesheet/week/{MONDAY}"
WEEK_BEFORE = f"/timesheet/week/{MONDAY - timedelta(weeks=1)}"
NO_TASK = "No task"


def open_week(page: Page, stack: Stack, path: str = LAST_WEEK) -> None:
    page.goto(stack.url + path)
    expect(page.get_by_role("form", name="Add a row")).to_be_visible()


def add_row(page: Page, letters: str = "sign-in", name: str = SHARED_TASK) -> None:
    pick(page.get_by_role("form", name="Add a row"), "Task", letters, name)  # type: ignore[arg-type]
    expect(row(page, name)).to_be_visible()


def row(page: Page, name: str = SHARED_TASK) -> Locator:
    return page.get_by_role("row", name=re.compile(re.escape(name)))


def cell(page: Page, day: int, name: str = SHARED_TASK) -> Locator:
    """The field of a day, the first of the week being 0."""
    return row(page, name).get_by_role("textbox").nth(day)


def totals(page: Page) -> Locator:
    return page.get_by_role("row", name=re.compile("^Total")).last


def add_by_hand(page: Page, stack: Stack, times: str, day: int = 0) -> None:
    """An entry without a task."""
    page.goto(f"{stack.url}/timesheet/{DAYS[day]}")
    page.get_by_role("link", name="Add manually").click()
    form = page.get_by_role("form", name="Add time")
    form.get_by_label("Start", exact=True).fill(times)
    form.get_by_role("button", name="Add").click()
    expect(form).to_have_count(0)


@pytest.fixture
def bobs(page: Page, connected: Stack) -> Page:
    """Bob at last week, all of which is over, with one row."""
    sign_in(page, connected.url, BOB)
    open_week(page, connected)
    add_row(page)
    return page


def test_it_is_filled_in_with_the_keyboard_alone(page: Page, connected: Stack) -> None:
    sign_in(page, connected.url, BOB)
    open_week(page, connected)
    page.keyboard.press("n")
    page.keyboard.type("one sign-in")
    page.keyboard.press("Enter")
    expect(cell(page, 0)).to_be_focused()
    page.keyboard.type("90m")
    page.keyboard.press("Tab")
    expect(cell(page, 1)).to_be_focused()
    page.keyboard.type("1,25")
    page.keyboard.press("ArrowRight")
    expect(cell(page, 2)).to_be_focused()
    page.keyboard.type("9-11")
    page.keyboard.press("Enter")
    expect(cell(page, 0)).to_have_value("1:30")
    expect(cell(page, 1)).to_have_value("1:15")
    expect(cell(page, 2)).to_have_value("2:00")
    expect(totals(page).get_by_role("cell")).to_have_text(["1:30", "1:15", "2:00", "–", "–", "–", "–", "4:45"])
    expect(row(page).get_by_role("cell").last).to_have_text("4:45")
    page.keyboard.press("ArrowLeft")
    expect(cell(page, 1)).to_be_focused()
    page.keyboard.type("9")
    page.keyboard.press("Escape")
    expect(cell(page, 1)).to_have_value("1:15")
    page.keyboard.press("Enter")
    page.reload()
    expect(totals(page).get_by_role("cell").last).to_have_text("4:45")


def test_enter_goes_down(bobs: Page) -> None:
    bobs.get_by_role("button", name="Add row").click()
    rows = bobs.get_by_role("row").filter(has=bobs.get_by_role("textbox"))
    expect(rows).to_have_count(2)
    rows.nth(0).get_by_role("textbox").nth(3).click()
    bobs.keyboard.type("1")
    bobs.keyboard.press("Enter")
    expect(rows.nth(1).get_by_role("textbox").nth(3)).to_be_focused()
    bobs.keyboard.type("2")
    bobs.keyboard.press("ArrowUp")
    expect(rows.nth(0).get_by_role("textbox").nth(3)).to_be_focused()
    expect(totals(bobs).get_by_role("cell").nth(3)).to_have_text("3:00")


def test_what_is_refused_stays_with_its_sentence(bobs: Page, noise: Noise) -> None:
    noise.expect("422")
    cell(bobs, 0).click()
    bobs.keyboard.type("soon")
    bobs.keyboard.press("Tab")
    expect(cell(bobs, 0)).to_have_accessible_description("Write a duration such as 1:30, 1h 30m, 90m or 1.5.")
    expect(cell(bobs, 0)).to_have_value("soon")
    bobs.keyboard.type("2")
    bobs.keyboard.press("Tab")
    expect(cell(bobs, 1)).to_have_value("2:00")
    expect(cell(bobs, 0)).to_have_value("soon")
    with bobs.expect_response(re.compile(LAST_WEEK)):
        bobs.evaluate("document.body.dispatchEvent(new CustomEvent('time-changed'))")
    expect(cell(bobs, 0)).to_have_value("soon")
    cell(bobs, 0).press("Escape")
    expect(cell(bobs, 0)).to_have_value("")
    expect(bobs.get_by_role("alert").filter(has_text="Write a duration")).to_have_count(0)


def test_what_is_being_typed_outlives_a_refresh(bobs: Page) -> None:
    cell(bobs, 4).click()
    bobs.keyboard.type("1:1")
    with bobs.expect_response(re.compile(LAST_WEEK)):
        bobs.evaluate("document.body.dispatchEvent(new CustomEvent('time-changed'))")
    expect(cell(bobs, 4)).to_be_focused()
    bobs.keyboard.type("5")
    bobs.keyboard.press("Enter")
    expect(totals(bobs).get_by_role("cell").nth(4)).to_have_text("1:15")


def test_it_deletes_and_brings_back(bobs: Page) -> None:
    cell(bobs, 0).fill("1:30")
    cell(bobs, 0).press("Tab")
    expect(totals(bobs).get_by_role("cell").last).to_have_text("1:30")
    cell(bobs, 0).fill("")
    cell(bobs, 0).press("Tab")
    expect(totals(bobs).get_by_role("cell").last).to_have_text("0:00")
    bobs.get_by_role("button", name="Undo").click()
    expect(cell(bobs, 0)).to_have_value("1:30")


def test_hours_are_undone_cell_by_cell_and_nothing_moves_while_one_types(bobs: Page) -> None:
    place = cell(bobs, 1).bounding_box()
    for hours in ("1:30", "2:00"):
        cell(bobs, 0).fill(hours)
        cell(bobs, 0).press("Enter")
        expect(totals(bobs).get_by_role("cell").last).to_have_text(hours)
    message = bobs.get_by_role("status").filter(has=bobs.get_by_role("button", name="Undo"))
    expect(message).to_contain_text("The entry was changed.")
    expect(message).to_be_in_viewport(ratio=1)
    assert cell(bobs, 1).bounding_box() == place
    assert findings(bobs) == []
    message.get_by_role("button", name="Undo").click()
    expect(cell(bobs, 0)).to_have_value("1:30")
    expect(message).to_contain_text("Undone. Before that, the entry was added.")
    message.get_by_role("button", name="Undo").click()
    expect(cell(bobs, 0)).to_have_value("")


def test_a_cell_with_several_entries_opens_them(page: Page, connected: Stack) -> None:
    sign_in(page, connected.url, BOB)
    add_by_hand(page, connected, "9-10")
    add_by_hand(page, connected, "13-13:30")
    open_week(page, connected)
    several = row(page, NO_TASK).get_by_role("link", name=re.compile("2 entries"))
    several.focus()
    page.keyboard.press("7")
    panel = page.get_by_role("region", name=re.compile(f"^{NO_TASK}, "))
    assert findings(page) == []
    expect(panel.get_by_role("textbox", name="Note for 9:00")).to_be_focused()
    page.keyboard.type("Before lunch")
    page.keyboard.press("Enter")
    panel.get_by_role("textbox", name="Hours from 13:00").fill("45m")
    panel.get_by_role("textbox", name="Hours from 13:00").press("Enter")
    expect(totals(page).get_by_role("cell").first).to_have_text("1:45")
    expect(panel.get_by_role("textbox", name="Hours from 13:00")).to_have_value("0:45")
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(several).to_be_focused()
    page.keyboard.press("Enter")
    expect(panel.get_by_role("textbox", name="Note for 9:00")).to_have_value("Before lunch")
    panel.get_by_role("link", name="Edit").first.click()
    expect(page.get_by_role("form", name="Edit the entry")).to_be_visible()


def test_a_note_is_written_where_the_hours_are(bobs: Page) -> None:
    cell(bobs, 0).click()
    bobs.keyboard.type("90m")
    bobs.keyboard.press("Shift+Enter")
    note = bobs.get_by_role("textbox", name="Note for 9:00")
    expect(note).to_be_focused()
    bobs.keyboard.type("Walked through it with Alice")
    bobs.keyboard.press("Enter")
    expect(row(bobs).get_by_role("link", name="Note: Walked through it with Alice")).to_be_visible()
    expect(note).to_have_value("Walked through it with Alice")


def test_it_copies_the_week_before(bobs: Page, connected: Stack) -> None:
    open_week(bobs, connected, WEEK_BEFORE)
    add_row(bobs)
    cell(bobs, 0).fill("1:30")
    cell(bobs, 0).press("Tab")
    cell(bobs, 1).fill("2")
    cell(bobs, 1).press("Tab")
    expect(totals(bobs).get_by_role("cell").last).to_have_text("3:30")
    bobs.get_by_role("link", name="The week after").click()
    expect(cell(bobs, 0)).to_have_value("")
    copy = bobs.get_by_text("Copy the week before")
    for said in ("2 entries copied from the week before.", "Nothing copied from the week before; 2 here already."):
        copy.click()
        bobs.get_by_role("button", name="Rows with hours").click()
        expect(bobs.get_by_role("status").filter(has_text=said)).to_be_visible()
        expect(totals(bobs).get_by_role("cell").last).to_have_text("3:30")


def test_copying_is_undone(bobs: Page, connected: Stack) -> None:
    open_week(bobs, connected, WEEK_BEFORE)
    add_row(bobs)
    cell(bobs, 0).fill("1:30")
    cell(bobs, 0).press("Tab")
    expect(totals(bobs).get_by_role("cell").last).to_have_text("1:30")
    open_week(bobs, connected)
    bobs.get_by_text("Copy the week before").click()
    bobs.get_by_role("button", name="Rows with hours").click()
    expect(cell(bobs, 0)).to_have_value("1:30")
    bobs.get_by_role("button", name="Undo").click()
    expect(cell(bobs, 0)).to_have_value("")


def test_the_running_timer_is_stopped_in_its_cell(page: Page, connected: Stack) -> None:
    sign_in(page, connected.url, BOB)
    pick(page, "Task", "sign-in", SHARED_TASK)
    expect(page.get_by_role("region", name="The timer is running")).to_be_visible()
    open_week(page, connected, "/timesheet/week")
    running = row(page).get_by_role("link", name=re.compile("running"))
    running.press("1")
    panel = page.get_by_role("region", name=re.compile(f"^{re.escape(SHARED_TASK)}, "))
    expect(panel).to_contain_text("The timer runs here.")
    panel.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("timer")).to_have_count(0)
    expect(row(page).get_by_role("textbox", name=re.compile(re.escape(SHARED_TASK))).last).to_have_value("0:01")


def test_two_tabs_write_over_nothing(bobs: Page, open_page: OpenPage, connected: Stack, noise: Noise) -> None:
    noise.expect("422")
    other = open_page()
    sign_in(other, connected.url, BOB)
    open_week(other, connected)
    cell(other, 0).click()
    other.keyboard.type("3")
    cell(bobs, 0).fill("1:30")
    cell(bobs, 0).press("Tab")
    expect(cell(bobs, 0)).to_have_value("1:30")
    expect(totals(other).get_by_role("cell").first).to_have_text("1:30")
    expect(cell(other, 0)).to_have_value("3")
    other.keyboard.press("Tab")
    expect(other.get_by_role("alert").filter(has_text="This was changed meanwhile. It is 1:30 now")).to_be_visible()
    expect(cell(other, 0)).to_have_value("1:30")


def test_it_is_used_with_a_thumb(open_page: OpenPage, connected: Stack) -> None:
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    sign_in(page, connected.url, BOB)
    page.get_by_role("link", name="Week", exact=True).tap()
    expect(page.get_by_role("heading", name="This week")).to_be_visible()
    page.get_by_role("link", name="The week before").tap()
    expect(page.get_by_role("heading", name="This week")).to_have_count(0)
    add_row(page)
    for day, typed in enumerate(["1:30", "10:30", "2"]):
        cell(page, day).tap()
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
    expect(totals(page).get_by_role("cell").last).to_have_text("14:00")
    cell(page, 1).tap()
    note = row(page).get_by_role("link", name="Note and times").nth(1)
    expect(note).to_be_in_viewport()
    note.tap()
    expect(page.get_by_role("textbox", name="Note for 9:00")).to_be_focused()
    page.keyboard.type("Long day")
    page.keyboard.press("Enter")
    expect(row(page).get_by_role("link", name="Note: Long day")).to_have_count(1)
    box = cell(page, 1).bounding_box()
    assert box
    assert box["height"] >= 44
    assert cell(page, 1).evaluate("input => input.scrollWidth <= input.clientWidth")
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_it_works_without_scripts(open_page: OpenPage, connected: Stack, noise: Noise) -> None:
    noise.expect("422")
    page = open_page(java_script_enabled=False)
    sign_in(page, connected.url, BOB)
    open_week(page, connected)
    form = page.get_by_role("form", name="Add a row")
    form.get_by_role("combobox").fill(SHARED_TASK)
    form.get_by_role("button", name="Add row").click()
    # It is in two projects.
    form.get_by_role("radio").first.check()
    form.get_by_role("button", name="Add row").click()
    cell(page, 0).fill("1:30")
    cell(page, 1).fill("45m")
    page.get_by_role("button", name="Save").click()
    expect(totals(page).get_by_role("cell").last).to_have_text("2:15")
    cell(page, 1).fill("0")
    cell(page, 1).press("Enter")
    expect(totals(page).get_by_role("cell").last).to_have_text("1:30")
    page.get_by_role("button", name="Undo").click()
    expect(cell(page, 1)).to_have_value("0:45")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_has_no_findings(open_page: OpenPage, connected: Stack, noise: Noise, theme: str) -> None:
    noise.expect("422")
    page = open_page(color_scheme=theme, reduced_motion="reduce")
    sign_in(page, connected.url, BOB)
    open_week(page, connected)
    assert findings(page) == []
    add_row(page)
    cell(page, 0).fill("1:30")
    cell(page, 0).press("Tab")
    cell(page, 1).fill("soon")
    cell(page, 1).press("Tab")
    expect(page.get_by_role("alert").filter(has_text="Write a duration")).to_be_visible()
    cell(page, 0).press("Shift+Enter")
    expect(page.get_by_role("textbox", name="Note for 9:00")).to_be_focused()
    expect(cell(page, 1)).to_have_value("soon")
    for width in (1440, 768, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert findings(page) == []
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_hours_open_nothing_by_an_earlier_key_that_had_nothing_to_open(bobs: Page) -> None:
    cell(bobs, 0).press("Shift+Enter")
    cell(bobs, 0).press_sequentially("1")
    cell(bobs, 0).press("Enter")
    expect(totals(bobs)).to_contain_text("1:00")
    expect(bobs.get_by_role("textbox", name=re.compile("^Note for"))).to_have_count(0)
    expect(cell(bobs, 0)).to_be_focused()
