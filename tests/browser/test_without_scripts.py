"""The main flow with scripts off: every step is a form or a link."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.stack import Stack
from tests.browser.steps import BOB, SHARED_TASK, YESTERDAY, sign_in
from tests.chromium import OpenPage


@pytest.fixture
def bobs(open_page: OpenPage, connected: Stack) -> Page:
    page = open_page(java_script_enabled=False)
    sign_in(page, connected.url, BOB)
    return page


def timer(page: Page) -> Locator:
    return page.get_by_role("region", name="The timer is running")


def entries(page: Page) -> Locator:
    return page.get_by_role("list", name=re.compile("Entries"))


def test_a_day_is_tracked_without_scripts(bobs: Page, connected: Stack) -> None:
    bobs.get_by_role("combobox", name="Task").fill("sign-in")
    bobs.get_by_role("button", name="Start", exact=True).click()
    expect(bobs.get_by_role("heading", level=1, name="Choose a task")).to_be_visible()
    bobs.get_by_role("button", name=f"Start {SHARED_TASK}").first.click()
    expect(timer(bobs)).to_contain_text(SHARED_TASK)

    note = timer(bobs).get_by_label("Note")
    note.fill("Two screens, one way in")
    note.press("Enter")
    expect(entries(bobs)).to_contain_text("Two screens, one way in")
    bobs.get_by_role("button", name="Stop").click()
    expect(timer(bobs)).to_have_count(0)

    bobs.goto(f"{connected.url}/timesheet/{YESTERDAY}")
    bobs.get_by_role("link", name="Add manually").click()
    form = bobs.get_by_role("form", name="Add time")
    form.get_by_label("Start", exact=True).fill("9:00")
    form.get_by_label("Duration").fill("1h 30m")
    form.get_by_role("button", name="Add", exact=True).click()
    expect(entries(bobs)).to_contain_text("9:00 – 10:30")

    bobs.get_by_role("link", name="No task").click()
    form = bobs.get_by_role("form", name="Edit the entry")
    form.get_by_label("End").fill("11")
    form.get_by_role("button", name="Save").click()
    expect(entries(bobs)).to_contain_text("9:00 – 11:00")

    bobs.get_by_role("link", name="No task").click()
    bobs.get_by_role("button", name="Delete").click()
    expect(bobs.get_by_role("main")).not_to_contain_text("9:00 – 11:00")
    bobs.get_by_role("button", name="Undo").click()
    expect(entries(bobs)).to_contain_text("9:00 – 11:00")

    bobs.get_by_role("link", name="Week", exact=True).click()
    expect(bobs.get_by_role("table")).to_contain_text("2:00")

    bobs.goto(f"{connected.url}/timesheet")
    bobs.get_by_role("link", name="Week", exact=True).click()
    expect(bobs.get_by_role("heading", level=1, name="This week")).to_be_visible()


def test_help_and_keys_are_read_without_scripts(bobs: Page, connected: Stack) -> None:
    bobs.get_by_role("link", name="Help", exact=True).first.click()
    expect(bobs.get_by_role("heading", level=1, name="Timesheet")).to_be_visible()
    bobs.locator("summary").filter(has_text="Account of").click()
    bobs.get_by_role("link", name="Keyboard shortcuts").click()
    expect(bobs.get_by_role("heading", level=1, name="Keyboard")).to_be_visible()
    expect(bobs.get_by_role("main")).to_contain_text("Stop the timer")


def test_asana_is_read_without_scripts(bobs: Page) -> None:
    bobs.get_by_role("button", name="Force synchronization").click()
    expect(bobs.get_by_role("button", name="Force synchronization")).to_be_visible()
