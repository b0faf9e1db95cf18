"""What people do on the pages, step by step, found by role and label as they find it."""

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from app.demo_cast import PASSWORD
from tests.browser.stack import Stack

ALICE = "alice@meridian.example"
BOB = "bob@meridian.example"
# In two projects of the sandbox, with Bob as its assignee.
SHARED_TASK = "Agree on one sign-in for site and app"
# All of its hours are over, at whatever hour of the night these tests run. Everybody in them lives in UTC.
YESTERDAY = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()


def set_up_account(page: Page, stack: Stack) -> None:
    page.goto(stack.url)
    expect(page).to_have_url(f"{stack.url}/setup")
    page.get_by_label("Company or team").fill("Meridian Works")
    page.get_by_label("Your name").fill("Alice Hartmann")
    page.get_by_label("E-mail address").fill(ALICE)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Set up and continue").click()
    expect(page).to_have_url(f"{stack.url}/integrations")


def sign_in(page: Page, url: str, email: str) -> None:
    page.goto(f"{url}/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{url}/timesheet")
    # The address changes before the page is there; a key pressed earlier goes nowhere.
    page.wait_for_load_state()


def go_to_consent(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.url}/integrations/asana/enable")
    page.get_by_role("button", name="Enable integration").click()
    expect(page.get_by_role("heading", name="to use your account?")).to_be_visible()


def decide(page: Page, answer: str, person: str = "Alice Hartmann") -> None:
    page.get_by_role("radio", name=person).check()
    page.get_by_role("button", name=answer, exact=True).click()


def wait_for_import(page: Page) -> None:
    expect(page.get_by_role("region", name="Import")).to_contain_text("read in", timeout=30_000)


def force_synchronization(page: Page) -> None:
    sync = page.locator("#sync")
    run_before = sync.get_attribute("data-run") or ""
    page.get_by_role("button", name="Force synchronization").click()
    expect(sync).not_to_have_attribute("data-run", run_before)
    # It is over when its outcome stands there: what changed, or that nothing did, and how long it took.
    expect(sync.locator(".changes__line")).to_have_text(re.compile(r"\d s$"), timeout=30_000)


def pick(page: Page, label: str, letters: str, name: str) -> None:
    """Types into the picker and takes the hit of that name."""
    box = page.get_by_role("combobox", name=label).first
    box.click()
    box.press_sequentially(letters, delay=20)
    page.get_by_role("option").filter(has_text=name).first.click()


def running_timer(page: Page) -> object:
    return page.get_by_role("timer").first


def start_on(page: Page, letters: str, name: str) -> None:
    pick(page, "Task", letters, name)
    expect(page.get_by_role("region", name="The timer is running")).to_contain_text(name)
