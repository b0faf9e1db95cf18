"""What small scripts do on any page: say what became of a request, ask first, copy."""

import re

from playwright.sync_api import Page, expect

from tests.browser.stack import Stack
from tests.browser.steps import ALICE, BOB, sign_in
from tests.chromium import Noise

ADDRESS = '<input id="address" value="the address"><button type="button" data-copy="#address">Copy</button>'


def test_what_was_answered_is_not_said_to_be_unsaved(page: Page, connected: Stack, noise: Noise) -> None:
    noise.expect("htmx:error")
    sign_in(page, connected.url, BOB)
    page.evaluate("() => { htmx.swap = () => undefined.nothing; }")
    page.get_by_role("form", name="Start a timer").get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Something on this page went wrong.")
    assert connected.query("SELECT count(*) FROM time_entry") == [(1,)]


def test_a_look_without_an_answer_is_not_said_to_have_saved_nothing(page: Page, connected: Stack, noise: Noise) -> None:
    noise.expect("htmx:error")
    noise.expect("ERR_FAILED")
    sign_in(page, connected.url, BOB)
    page.route("**/entries/new*", lambda route: route.abort())
    page.get_by_role("link", name="Add manually").click()
    expect(page.get_by_role("alert")).to_contain_text("No answer from the server. Try again in a moment.")


def test_it_is_sent_though_the_page_was_drawn_anew_while_it_asked(page: Page, connected: Stack) -> None:
    sign_in(page, connected.url, ALICE)
    page.goto(f"{connected.url}/people")
    bobs = page.get_by_role("row", name=re.compile("Bob Okafor"))
    menu = bobs.locator("details")
    menu.locator("summary").click()
    menu.get_by_role("button", name="Deactivate").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    drawn = bobs.locator("form[data-confirm] button")
    drawn.evaluate("button => button.replaceWith(button.cloneNode(true))")
    dialog.get_by_role("button", name="Deactivate").click()
    expect(bobs).to_contain_text("Deactivated")


def test_it_says_that_it_copied_as_often_as_it_does(page: Page, connected: Stack) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.clock.install()
    sign_in(page, connected.url, BOB)
    page.get_by_role("main").evaluate("(main, html) => main.insertAdjacentHTML('beforeend', html)", ADDRESS)
    page.get_by_role("button", name="Copy", exact=True).click()
    page.get_by_role("button", name="Copied").click()
    page.clock.run_for(5_000)
    expect(page.get_by_role("button", name="Copy", exact=True)).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "the address"
