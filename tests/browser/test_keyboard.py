"""The keys: each does what the list says, none while somebody types, and all can be turned off."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.stack import Stack
from tests.browser.steps import BOB, sign_in
from tests.chromium import OpenPage

# Where a key lies differs between keyboards; what it means does not.
PRESS = """init => document.activeElement.dispatchEvent(
    new KeyboardEvent("keydown", {bubbles: true, cancelable: true, ...init}))"""
N = {"key": "n", "code": "KeyN"}
NOT_A_KEY = ({"ctrlKey": True}, {"metaKey": True}, {"altKey": True}, {"shiftKey": True}, {"isComposing": True})
ON_OTHER_KEYBOARDS = (
    {"key": "N", "code": "KeyN", "modifierCapsLock": True},
    {"key": "т", "code": "KeyN"},
    {"key": "/", "code": "Digit7", "shiftKey": True},
    {"key": "/", "code": "KeyQ", "ctrlKey": True, "altKey": True, "modifierAltGraph": True},
)


@pytest.fixture
def bobs(page: Page, fresh: Stack) -> Page:
    fresh.make_people()
    sign_in(page, fresh.url, BOB)
    expect(page.get_by_role("heading", level=1, name="Today")).to_be_visible()
    return page


def timer(page: Page) -> Locator:
    return page.get_by_role("region", name="The timer is running")


def task(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Task").last


def keys(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Keyboard shortcuts")


def row(page: Page, text: str) -> Locator:
    return keys(page).locator(".keys__row:visible").filter(has_text=text)


def leave_the_field(page: Page) -> None:
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")


def test_n_and_slash_go_to_the_search_for_a_task_on_any_keyboard(bobs: Page) -> None:
    for key in ("n", "/"):
        bobs.keyboard.press(key)
        expect(task(bobs)).to_be_focused()
        expect(task(bobs)).to_have_value("")
        leave_the_field(bobs)
    for pressed in ON_OTHER_KEYBOARDS:
        bobs.evaluate(PRESS, pressed)
        expect(task(bobs)).to_be_focused()
        leave_the_field(bobs)
    for chord in (*NOT_A_KEY, {"repeat": True}, {"key": "ñ", "modifierAltGraph": True}):
        bobs.evaluate(PRESS, N | chord)
        expect(task(bobs)).not_to_be_focused()


def test_s_stops_and_goes_on_and_both_are_told(bobs: Page, fresh: Stack) -> None:
    live = bobs.locator("#live")
    bobs.keyboard.press("s")
    expect(task(bobs)).to_be_focused()
    leave_the_field(bobs)

    bobs.get_by_role("button", name="Start", exact=True).click()
    expect(bobs.get_by_role("button", name="Stop")).to_have_attribute("aria-keyshortcuts", "s")
    expect(live).to_have_text("Timer started: No task")
    bobs.keyboard.press("s")
    expect(timer(bobs)).to_have_count(0)
    expect(live).to_have_text("Timer stopped, 0:00")

    bobs.keyboard.press("s")
    expect(timer(bobs)).to_be_visible()
    for _ in range(3):
        bobs.keyboard.down("s")
    expect(timer(bobs)).to_have_count(0)
    bobs.keyboard.down("s")
    bobs.keyboard.up("s")
    bobs.reload()
    expect(task(bobs)).to_be_visible()
    expect(timer(bobs)).to_have_count(0)
    assert fresh.query("SELECT count(*) FROM time_entry") == [(2,)]


def test_arrows_go_from_day_to_day_and_t_comes_back(bobs: Page) -> None:
    heading = bobs.get_by_role("heading", level=1)
    bobs.keyboard.press("ArrowLeft")
    expect(bobs.get_by_role("link", name="Today", exact=True)).to_be_visible()
    expect(heading).not_to_have_text("Today")
    bobs.keyboard.press("t")
    expect(heading).to_have_text("Today")
    bobs.keyboard.press("ArrowRight")
    expect(bobs).to_have_url(re.compile(r"/timesheet/\d{4}-\d\d-\d\d$"))
    expect(bobs.get_by_role("link", name="Today", exact=True)).to_be_visible()

    address = bobs.url
    bobs.evaluate("document.getElementById('main').append(document.createElement('pre'))")
    bobs.evaluate("document.querySelector('pre').textContent = 'wide '.repeat(900)")
    bobs.evaluate("document.querySelector('pre').style.whiteSpace = 'pre'")
    bobs.keyboard.press("ArrowRight")
    bobs.wait_for_function("scrollX > 0")
    assert bobs.url == address


def test_a_opens_a_form_in_which_keys_are_only_typed(bobs: Page) -> None:
    bobs.keyboard.press("a")
    form = bobs.get_by_role("form", name="Add time")
    expect(form.locator(":focus")).to_be_visible()
    start = form.get_by_label("Start", exact=True)
    start.click()
    bobs.keyboard.type("nst/ad?w")
    expect(start).to_have_value("nst/ad?w")
    bobs.keyboard.press("ArrowLeft")
    form.get_by_label("Day").focus()
    bobs.keyboard.press("ArrowRight")
    expect(keys(bobs)).to_be_hidden()
    expect(start).to_have_value("nst/ad?w")


def open_account_menu(page: Page) -> None:
    page.locator("summary").filter(has_text="Account of").click()


def from_the_menu(page: Page) -> Locator:
    open_account_menu(page)
    page.get_by_role("link", name="Keyboard shortcuts").click()
    return page.locator("summary").filter(has_text="Account of")


def by_its_key(page: Page) -> Locator:
    link = page.get_by_role("link", name="Timesheet")
    link.focus()
    page.keyboard.press("?")
    return link


@pytest.mark.parametrize("ask", [from_the_menu, by_its_key])
def test_it_shows_the_keys_of_this_page(bobs: Page, fresh: Stack, ask: Callable[[Page], Locator]) -> None:
    before = ask(bobs)
    expect(row(bobs, "Choose a task")).to_have_count(1)
    expect(row(bobs, "The day or week before")).to_have_count(1)
    bobs.keyboard.press("n")
    expect(keys(bobs)).to_be_visible()
    bobs.keyboard.press("Escape")
    expect(keys(bobs)).to_be_hidden()
    expect(before).to_be_focused()

    bobs.goto(f"{fresh.url}/profile")
    expect(bobs.get_by_role("heading", name="Profile")).to_be_visible()
    ask(bobs)
    expect(row(bobs, "Go to today")).to_have_count(1)
    expect(row(bobs, "Choose a task")).to_have_count(0)
    keys(bobs).get_by_role("link", name="More about keys").click()
    expect(bobs.get_by_role("heading", level=1, name="Keyboard")).to_be_visible()


def test_they_can_be_turned_off(bobs: Page, fresh: Stack) -> None:
    expect(bobs.locator("kbd:visible").first).to_have_text("n")
    bobs.goto(f"{fresh.url}/profile")
    bobs.get_by_role("checkbox", name="Single-key shortcuts").uncheck()
    bobs.get_by_role("button", name="Save").click()
    expect(bobs.get_by_text("Saved.")).to_be_visible()
    bobs.goto(f"{fresh.url}/timesheet")
    expect(task(bobs)).to_be_visible()
    for key in ("n", "?", "ArrowLeft"):
        bobs.keyboard.press(key)
    expect(task(bobs)).not_to_be_focused()
    expect(bobs.locator("kbd:visible, [aria-keyshortcuts]")).to_have_count(0)
    from_the_menu(bobs)
    expect(keys(bobs)).to_contain_text("You have turned single-key shortcuts off.")


def test_they_are_not_drawn_where_there_is_no_keyboard(open_page: OpenPage, fresh: Stack) -> None:
    fresh.make_people()
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    sign_in(page, fresh.url, BOB)
    expect(task(page)).to_be_visible()
    expect(page.locator("kbd:visible")).to_have_count(0)


def test_a_field_that_the_browser_fills_in_by_itself_is_no_key(bobs: Page) -> None:
    """Then it sends an event of a key, of which it says nothing."""
    task(bobs).evaluate("field => field.dispatchEvent(new Event('keydown', {bubbles: true}))")
    bobs.get_by_role("heading", level=1, name="Today").evaluate(
        "heading => heading.dispatchEvent(new Event('keydown', {bubbles: true}))"
    )
    bobs.keyboard.press("n")
    expect(task(bobs)).to_be_focused()
