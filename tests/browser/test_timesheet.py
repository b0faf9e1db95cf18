"""A day in the timesheet: added, filled, edited, deleted and brought back, at the desk and on the phone."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.stack import Stack
from tests.browser.steps import BOB, SHARED_TASK, YESTERDAY, pick, sign_in
from tests.chromium import Noise, OpenPage

RUNNING = "The timer is running"
REFRESH = "document.body.dispatchEvent(new CustomEvent('sync-finished'))"


def entries(page: Page) -> Locator:
    return page.get_by_role("list", name=re.compile("Entries"))


def add(page: Page, times: str) -> None:
    page.get_by_role("link", name="Add manually").click()
    form = page.get_by_role("form", name="Add time")
    form.get_by_label("Start", exact=True).fill(times)
    form.get_by_role("button", name="Add").click()
    expect(form).to_have_count(0)


@pytest.fixture
def bobs(page: Page, connected: Stack) -> Page:
    """Bob's yesterday, with two entries and a gap between them."""
    sign_in(page, connected.url, BOB)
    page.goto(f"{connected.url}/timesheet/{YESTERDAY}")
    add(page, "9-10")
    add(page, "10:30-11")
    return page


def test_it_fills_a_gap(bobs: Page) -> None:
    bobs.get_by_role("link", name="Fill 10:00 – 10:30").click()
    form = bobs.get_by_role("form", name="Add time")
    expect(form.get_by_role("combobox", name="Task")).to_be_focused()
    pick(form, "Task", "sign-in", SHARED_TASK)  # type: ignore[arg-type]
    form.get_by_role("button", name="Add").click()
    expect(bobs.get_by_role("listitem").filter(has_text=SHARED_TASK)).to_contain_text("10:00 – 10:30")
    expect(bobs.get_by_role("link", name=re.compile("Fill"))).to_have_count(0)


def test_it_keeps_what_is_typed_when_the_page_refreshes_itself(bobs: Page) -> None:
    bobs.get_by_role("link", name="No task").first.click()
    note = bobs.get_by_role("form", name="Edit the entry").get_by_label("Note")
    expect(note).to_be_focused()
    note.fill("half a sent")
    with bobs.expect_response(re.compile(f"/timesheet/{YESTERDAY}")):
        bobs.evaluate(REFRESH)
    expect(note).to_be_focused()
    note.press_sequentially("ence")
    note.press("Enter")
    expect(entries(bobs).get_by_role("listitem").first).to_contain_text("half a sentence")
    expect(bobs.get_by_role("link", name="No task").first).to_be_focused()


def test_it_says_what_is_wrong_at_the_field(bobs: Page, noise: Noise) -> None:
    noise.expect("422")
    bobs.get_by_role("link", name="No task").first.click()
    form = bobs.get_by_role("form", name="Edit the entry")
    form.get_by_label("Note").fill("not lost")
    form.get_by_label("End").fill("later")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_label("End")).to_have_accessible_description("Write a time such as 9:30, 930 or 14:30.")
    expect(form.get_by_label("End")).to_be_focused()
    expect(form.get_by_label("Note")).to_have_value("not lost")
    form.get_by_role("link", name="Cancel").click()
    expect(entries(bobs)).to_contain_text("10:30 – 11:00")


def test_escape_closes_the_list_of_tasks_and_then_the_form(bobs: Page) -> None:
    bobs.get_by_role("link", name="No task").first.click()
    form = bobs.get_by_role("form", name="Edit the entry")
    task = form.get_by_role("combobox", name="Task")
    task.click()
    expect(form.locator(".picker__panel")).to_be_visible()
    task.press("Escape")
    expect(form.locator(".picker__panel")).to_be_hidden()
    expect(form).to_be_visible()
    task.press("Escape")
    expect(form).to_have_count(0)
    expect(bobs.get_by_role("link", name="No task").first).to_be_focused()


def test_it_deletes_and_brings_back(bobs: Page) -> None:
    bobs.get_by_role("link", name="No task").first.click()
    bobs.get_by_role("button", name="Delete").click()
    expect(entries(bobs)).not_to_contain_text("10:30 – 11:00")
    expect(bobs.get_by_role("heading", level=1)).to_be_focused()
    undo = bobs.get_by_role("button", name="Undo")
    undo.click()
    expect(entries(bobs)).to_contain_text("10:30 – 11:00")
    # Before that the two entries were added: one may go on going back.
    expect(undo).to_be_focused()
    undo.press("Enter")
    expect(entries(bobs)).not_to_contain_text("10:30 – 11:00")
    undo.press("Enter")
    expect(undo).to_have_count(0)
    expect(bobs.get_by_role("heading", level=1)).to_be_focused()


def test_it_shows_undo_and_forms_where_one_looks(bobs: Page) -> None:
    bobs.set_viewport_size({"width": 390, "height": 560})
    bobs.get_by_role("link", name="No task").last.click()
    expect(bobs.get_by_role("button", name="Save")).to_be_in_viewport(ratio=1)
    bobs.get_by_role("button", name="Delete").click()
    expect(bobs.get_by_role("button", name="Undo")).to_be_in_viewport(ratio=1)


def test_it_looks_for_news_while_it_stays_in_sight(page: Page, connected: Stack) -> None:
    page.clock.install()
    sign_in(page, connected.url, BOB)
    with page.expect_response(re.compile("/timesheet")):
        # In two steps: a question that is under way would seem to have waited for a minute, and be given up.
        page.clock.fast_forward("00:31")
        expect(page.locator("#timesheet.htmx-request")).to_have_count(0)
        page.clock.fast_forward("00:30")


def test_it_takes_the_first_hit_when_enter_is_faster_than_the_answer(page: Page, connected: Stack) -> None:
    sign_in(page, connected.url, BOB)
    page.keyboard.press("n")
    page.keyboard.type("one sign-in")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name=RUNNING)).to_contain_text(SHARED_TASK)


def test_it_is_used_with_a_thumb(open_page: OpenPage, connected: Stack) -> None:
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    sign_in(page, connected.url, BOB)
    page.get_by_role("combobox", name="Task").tap()
    page.get_by_role("combobox", name="Task").press_sequentially("one sign")
    page.get_by_role("option", name=re.compile(re.escape(SHARED_TASK))).first.tap()
    region = page.get_by_role("region", name=RUNNING)
    expect(region).to_contain_text(SHARED_TASK)
    assert region.get_by_role("button", name="Stop").bounding_box()["height"] >= 44  # type: ignore[index]
    region.get_by_role("button", name="Stop").tap()
    expect(region).to_have_count(0)
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
