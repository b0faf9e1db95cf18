"""The Back button shows the present, and a second click changes nothing."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.stack import Stack
from tests.browser.steps import BOB, YESTERDAY, sign_in


@pytest.fixture
def bobs(page: Page, fresh: Stack) -> Page:
    fresh.make_people()
    sign_in(page, fresh.url, BOB)
    page.get_by_role("button", name="Start", exact=True).click()
    expect(timer(page)).to_be_visible()
    return page


def timer(page: Page) -> Locator:
    return page.get_by_role("region", name="The timer is running")


def test_back_shows_the_timer_as_it_is_now(bobs: Page, fresh: Stack) -> None:
    bobs.get_by_role("link", name="Projects").click()
    expect(bobs.get_by_role("heading", level=1, name="Projects")).to_be_visible()
    elsewhere = bobs.context.new_page()
    elsewhere.goto(f"{fresh.url}/timesheet")
    elsewhere.get_by_role("button", name="Stop").click()
    expect(timer(elsewhere)).to_have_count(0)

    bobs.go_back()
    expect(bobs.get_by_role("heading", level=1, name="Today")).to_be_visible()
    expect(timer(bobs)).to_have_count(0)
    bobs.get_by_role("button", name="Continue No task").first.click()
    expect(timer(bobs)).to_be_visible()
    bobs.go_forward()
    expect(bobs.get_by_role("heading", level=1, name="Projects")).to_be_visible()
    bobs.go_back()
    expect(timer(bobs)).to_be_visible()


def test_a_second_click_does_nothing_more(bobs: Page, fresh: Stack) -> None:
    bobs.get_by_role("button", name="Stop").dblclick()
    expect(timer(bobs)).to_have_count(0)
    bobs.get_by_role("link", name="Add manually").click()
    form = bobs.get_by_role("form", name="Add time")
    form.get_by_label("Day").fill(YESTERDAY)
    form.get_by_label("Start", exact=True).fill("9-10")
    form.get_by_role("button", name="Add", exact=True).dblclick()
    expect(form).to_have_count(0)
    bobs.reload()
    expect(bobs.get_by_role("heading", level=1, name="Today")).to_be_visible()
    expect(timer(bobs)).to_have_count(0)
    assert fresh.query("SELECT count(*) FROM time_entry") == [(2,)]
