"""What small scripts do on any page: say what became of a request, ask first, copy."""

from playwright.sync_api import Page, expect

from tests.browser.stack import Stack
from tests.browser.steps import BOB, sign_in
from tests.chromium import Noise


def test_what_was_answered_is_not_said_to_be_unsaved(page: Page, connected: Stack, noise: Noise) -> None:
    noise.expect("htmx:error")
    sign_in(page, connected.url, BOB)
    page.evaluate("() => { htmx.swap = () => undefined.nothing; }")
    page.get_by_role("form", name="Start a timer").get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Something on this page went wrong.")
    assert connected.query("SELECT count(*) FROM time_entry") == [(1,)]
