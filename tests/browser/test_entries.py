"""A day put right: entries divided, merged, copied, changed several at once, undone, and what became of them."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import findings
from tests.browser.stack import Stack
from tests.browser.steps import BOB, SHARED_TASK, YESTERDAY, pick, sign_in
from tests.chromium import Noise, OpenPage

REFRESH = "document.body.dispatchEvent(new CustomEvent('sync-finished'))"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
ENTRY = """
    INSERT INTO time_entry (account, "user", note, started_at, stopped_at)
    SELECT account, id, %s, %s::timestamptz, %s::timestamptz FROM person WHERE email = %s RETURNING id
"""


def make(stack: Stack, note: str, start: str, end: str) -> None:
    stack.query(ENTRY, note, f"{YESTERDAY} {start}+00", f"{YESTERDAY} {end}+00", BOB)


def line(page: Page, text: str) -> Locator:
    return page.get_by_role("list", name=re.compile("Entries")).locator("> li").filter(has_text=text).first


def open_menu(page: Page, text: str) -> Locator:
    """The menu of the line with this text."""
    menu = line(page, text).locator("details")
    menu.locator("summary").click()
    expect(menu.get_by_role("link", name="Edit")).to_be_visible()
    return menu


def see(page: Page, *texts: str) -> None:
    for text in texts:
        expect(line(page, text)).to_be_visible()


@pytest.fixture
def day(connected: Stack) -> Stack:
    """Bob's yesterday: two touching entries, a gap, and a third."""
    make(connected, "calls", "09:00", "10:00")
    make(connected, "mails", "10:00", "11:00")
    make(connected, "papers", "11:30", "12:00")
    return connected


@pytest.fixture
def bobs(page: Page, day: Stack) -> Page:
    return go(page, day)


def go(page: Page, stack: Stack) -> Page:
    sign_in(page, stack.url, BOB)
    page.goto(f"{stack.url}/timesheet/{YESTERDAY}")
    see(page, "papers")
    return page


def test_it_divides_and_merges_and_goes_back_both_steps(bobs: Page) -> None:
    open_menu(bobs, "calls").get_by_role("link", name="Split").click()
    form = bobs.get_by_role("form", name="Split the entry")
    expect(form.get_by_label("Split at")).to_be_focused()
    expect(form.get_by_label("Split at")).to_have_value("9:30")
    form.get_by_label("Split at").fill("9:15")
    form.get_by_label("Split at").press("Enter")
    see(bobs, "9:00 – 9:15", "9:15 – 10:00")

    open_menu(bobs, "mails").get_by_role("link", name="Merge with the one before").click()
    form = bobs.get_by_role("form", name="Merge with the entry before")
    expect(form).to_contain_text("Together with 9:15 – 10:00 it becomes one entry, 9:15 – 11:00; both notes are kept.")
    form.get_by_role("button", name="Merge").click()
    see(bobs, "calls; mails")

    message = bobs.get_by_role("status").filter(has=bobs.get_by_role("button", name="Undo"))
    expect(message).to_contain_text("Two entries were merged into one.")
    message.get_by_role("button", name="Undo").click()
    expect(message).to_contain_text("Undone. Before that, the entry was split in two.")
    see(bobs, "10:00 – 11:00")
    message.get_by_role("button", name="Undo").click()
    see(bobs, "9:00 – 10:00")
    expect(bobs.get_by_role("button", name="Undo")).to_have_count(0)


def test_it_says_where_it_cannot_be_divided(bobs: Page, noise: Noise) -> None:
    noise.expect("422")
    open_menu(bobs, "calls").get_by_role("link", name="Split").click()
    at = bobs.get_by_label("Split at")
    at.fill("12")
    at.press("Enter")
    expect(at).to_have_accessible_description("That is not within the entry, which goes from 9:00 to 10:00.")
    expect(at).to_have_value("12")
    at.press("Escape")
    expect(bobs.get_by_role("form", name="Split the entry")).to_have_count(0)
    see(bobs, "9:00 – 10:00")


def test_it_duplicates_into_the_form(bobs: Page) -> None:
    open_menu(bobs, "papers").get_by_role("button", name="Duplicate").click()
    form = bobs.get_by_role("form", name="Edit the entry")
    expect(form.get_by_label("Note")).to_be_focused()
    form.get_by_label("Note").fill("papers again")
    form.get_by_label("Note").press("Enter")
    expect(form).to_have_count(0)
    see(bobs, "papers again")


def test_an_edit_is_undone(bobs: Page) -> None:
    for end in ("12:30", "12:45"):
        open_menu(bobs, "papers").get_by_role("link", name="Edit").click()
        form = bobs.get_by_role("form", name="Edit the entry")
        form.get_by_label("End").fill(end)
        form.get_by_label("End").press("Enter")
        see(bobs, f"11:30 – {end}")
    message = bobs.get_by_role("status").filter(has=bobs.get_by_role("button", name="Undo"))
    expect(message).to_contain_text("The entry was changed.")
    message.get_by_role("button", name="Undo").click()
    see(bobs, "11:30 – 12:30")
    expect(message).to_contain_text("Undone. Before that, the entry was changed.")
    message.get_by_role("button", name="Undo").press("Enter")
    see(bobs, "11:30 – 12:00")
    expect(bobs.get_by_role("button", name="Undo")).to_have_count(0)


def test_it_tells_what_became_of_an_entry(bobs: Page) -> None:
    open_menu(bobs, "papers").get_by_role("link", name="History").click()
    expect(bobs.get_by_text("Nothing was changed since it was made on the web timesheet")).to_be_visible()
    bobs.get_by_role("link", name="Close").click()
    open_menu(bobs, "papers").get_by_role("link", name="Edit").click()
    form = bobs.get_by_role("form", name="Edit the entry")
    form.get_by_label("End").fill("12:30")
    form.get_by_role("button", name="Save").click()
    open_menu(bobs, "papers").get_by_role("link", name="History").click()
    history = bobs.locator(".history")
    expect(history).to_contain_text("Bob Okafor changed it")
    expect(history).to_contain_text(re.compile(r"End\s*12:00\s*→\s*12:30"))
    bobs.keyboard.press("Escape")
    expect(history).to_have_count(0)


def test_it_ends_one_where_the_next_begins(page: Page, day: Stack) -> None:
    make(day, "visit", "11:45", "13:00")
    go(page, day)
    expect(line(page, "visit")).to_contain_text("15 m at the same time as")
    page.get_by_role("button", name="End that one at 11:45").click()
    see(page, "11:30 – 11:45")
    page.get_by_role("button", name="Undo").click()
    see(page, "11:30 – 12:00")


def box(page: Page, text: str) -> Locator:
    return line(page, text).get_by_role("checkbox")


def test_it_changes_those_that_are_ticked(bobs: Page) -> None:
    box(bobs, "papers").check()
    box(bobs, "calls").click(modifiers=["Shift"])
    bar = bobs.get_by_role("form", name="Change the chosen entries")
    expect(bar).to_contain_text("3 entries · 2 h 30 m")
    box(bobs, "papers").uncheck()
    expect(bar).to_contain_text("2 entries · 2 h 00 m")

    bar.locator("summary").filter(has_text="Task").click()
    pick(bar, "Task", "sign-in", SHARED_TASK)  # type: ignore[arg-type]
    bar.get_by_role("button", name="Set the task").click()
    expect(bobs.get_by_text("2 entries were changed.")).to_be_visible()
    expect(line(bobs, "calls")).to_contain_text(SHARED_TASK)
    expect(line(bobs, "mails")).to_contain_text(SHARED_TASK)
    expect(line(bobs, "papers")).to_contain_text("No task")
    expect(bar).to_be_hidden()

    box(bobs, "mails").check()
    bar.locator("summary").filter(has_text="Task").click()
    assert findings(bobs) == []
    bar.get_by_role("button", name="No task").focus()
    bobs.keyboard.press("Enter")
    expect(bobs.get_by_text("The entry was changed.")).to_be_visible()
    expect(line(bobs, "mails")).to_contain_text("No task")
    expect(line(bobs, "calls")).to_contain_text(SHARED_TASK)
    expect(bar).to_be_hidden()

    bobs.get_by_role("button", name="Undo").click()
    expect(line(bobs, "mails")).to_contain_text(SHARED_TASK)
    bobs.get_by_role("button", name="Undo").click()
    expect(bobs.get_by_role("list", name=re.compile("Entries"))).not_to_contain_text(SHARED_TASK)


def test_it_tags_all_of_the_day(bobs: Page) -> None:
    box(bobs, "papers").check()
    bar = bobs.get_by_role("form", name="Change the chosen entries")
    bar.get_by_role("checkbox", name="All of the day").check()
    expect(bar).to_contain_text("3 entries")
    bar.locator("summary").filter(has_text="Tags").click()
    tags = bar.get_by_role("combobox", name="Tags")
    expect(tags).to_be_focused()
    tags.fill("Meeting")
    # Once for the word, once for the form.
    tags.press("Enter")
    expect(bar.get_by_role("list", name="Chosen tags")).to_contain_text("Meeting")
    tags.press("Enter")
    for text in ("calls", "mails", "papers"):
        expect(line(bobs, text).get_by_role("list", name="Tags")).to_contain_text("Meeting")


def test_it_deletes_them_by_keyboard_alone(bobs: Page) -> None:
    box(bobs, "mails").focus()
    bobs.keyboard.press("Space")
    expect(box(bobs, "mails")).to_be_checked()
    bobs.keyboard.press("Escape")
    expect(box(bobs, "mails")).not_to_be_checked()
    bobs.keyboard.press("Space")
    bobs.keyboard.press("Enter")
    bar = bobs.get_by_role("form", name="Change the chosen entries")
    expect(bar.locator("summary").first).to_be_focused()
    bar.get_by_role("button", name="Delete").focus()
    bobs.keyboard.press("Enter")
    expect(bobs.get_by_text("The entry was deleted.")).to_be_visible()
    expect(bobs.get_by_role("list", name=re.compile("Entries"))).not_to_contain_text("mails")
    expect(bobs.get_by_role("heading", level=1)).to_be_focused()


def test_it_opens_the_menu_by_keyboard(bobs: Page) -> None:
    menu = line(bobs, "calls").locator("details")
    menu.locator("summary").focus()
    bobs.keyboard.press("Enter")
    expect(menu.get_by_role("link", name="Edit")).to_be_visible()
    bobs.keyboard.press("Escape")
    expect(menu.get_by_role("link", name="Edit")).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()


def test_a_refresh_leaves_what_is_ticked(bobs: Page) -> None:
    box(bobs, "mails").check()
    with bobs.expect_response(re.compile(f"/timesheet/{YESTERDAY}")):
        bobs.evaluate(REFRESH)
    expect(box(bobs, "mails")).to_be_checked()
    expect(bobs.get_by_role("form", name="Change the chosen entries")).to_contain_text("1 entry · 1 h 00 m")


def test_it_says_what_is_missing_and_keeps_what_is_ticked(bobs: Page, noise: Noise) -> None:
    noise.expect("422")
    box(bobs, "mails").check()
    bar = bobs.get_by_role("form", name="Change the chosen entries")
    bar.locator("summary").filter(has_text="Task").click()
    bar.get_by_role("button", name="Set the task").click()
    expect(bar).to_contain_text("Choose a task.")
    expect(box(bobs, "mails")).to_be_checked()
    expect(bar).to_contain_text("1 entry · 1 h 00 m")


def test_it_is_done_with_a_thumb(open_page: OpenPage, day: Stack) -> None:
    page = go(open_page(**PHONE), day)
    line(page, "mails").locator("summary").tap()
    line(page, "mails").get_by_role("button", name="Select").tap()
    bar = page.get_by_role("form", name="Change the chosen entries")
    expect(bar).to_contain_text("1 entry · 1 h 00 m")
    box(page, "papers").tap()
    expect(bar).to_contain_text("2 entries · 1 h 30 m")
    expect(bar).to_be_in_viewport(ratio=1)
    bar.locator("summary").filter(has_text="Billable").tap()
    bar.get_by_role("button", name="Billable", exact=True).tap()
    expect(page.get_by_text("2 entries were changed.")).to_be_visible()
    line(page, "mails").locator("summary").tap()
    line(page, "mails").get_by_role("link", name="Split").tap()
    page.get_by_role("form", name="Split the entry").get_by_role("button", name="Split").tap()
    see(page, "10:30 – 11:00")
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_it_works_without_scripts(open_page: OpenPage, day: Stack) -> None:
    page = go(open_page(java_script_enabled=False), day)
    open_menu(page, "calls").get_by_role("link", name="Split").click()
    page.get_by_role("button", name="Split", exact=True).click()
    see(page, "9:00 – 9:30", "9:30 – 10:00")
    page.get_by_role("button", name="Undo").click()
    see(page, "9:00 – 10:00")
    box(page, "mails").check()
    box(page, "papers").check()
    page.get_by_role("form", name="Change the chosen entries").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("2 entries were deleted.")).to_be_visible()
    open_menu(page, "calls").get_by_role("link", name="Edit").click()
    page.get_by_role("form", name="Edit the entry").get_by_label("End").fill("10:30")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The entry was changed.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    see(page, "9:00 – 10:00")
    open_menu(page, "calls").get_by_role("link", name="History").click()
    expect(page.get_by_role("heading", name="History", level=1)).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_it_has_no_findings(open_page: OpenPage, day: Stack, theme: str, width: int) -> None:
    """With a menu, the bar, and each panel open, also with a name that has no end."""
    day.query("UPDATE time_entry SET note = repeat('w', 300) WHERE note = 'papers' RETURNING id")
    page = open_page(color_scheme=theme, reduced_motion="reduce", viewport={"width": width, "height": 900})
    sign_in(page, day.url, BOB)
    page.goto(f"{day.url}/timesheet/{YESTERDAY}")
    open_menu(page, "calls")
    found = findings(page)
    page.keyboard.press("Escape")
    box(page, "mails").check()
    found += findings(page)
    ids = [entry for (entry,) in day.query("SELECT id FROM time_entry ORDER BY id")]
    for address in [f"{ids[0]}/split", f"{ids[1]}/merge", f"{ids[0]}/merge", f"{ids[2]}/history"]:
        page.goto(f"{day.url}/entries/{address}")
        found += findings(page)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), address
    assert found == []
