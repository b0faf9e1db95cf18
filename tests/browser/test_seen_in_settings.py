"""What a pass did is told in the settings as it ends, without loading the page again; also without scripts."""

from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import findings
from tests.browser.stack import Stack
from tests.browser.steps import ALICE, SHARED_TASK, force_synchronization, sign_in

NEW_NAME = "Agree on one sign-in for everything"
SETTINGS = "/integrations/asana"


def test_it_adds_a_pass_to_the_log_and_names_what_it_changed(page: Page, in_step: Stack) -> None:
    sign_in(page, in_step.url, ALICE)
    page.goto(in_step.url + SETTINGS)
    log = page.get_by_role("region", name="Last synchronizations")
    expect(log.get_by_role("listitem").first).to_contain_text("First import by Alice Hartmann")
    in_step.sandbox.rename_task(in_step.sandbox.find(SHARED_TASK, "task"), NEW_NAME)

    force_synchronization(page)

    newest = log.locator(".log__run").first
    expect(newest).to_contain_text("Forced by Alice Hartmann")
    newest.get_by_text("1 renamed").first.click()
    expect(newest.locator(".changes__list")).to_contain_text(f"{SHARED_TASK} is now→ {NEW_NAME}")
    expect(page.get_by_role("region", name="How Asana is read")).to_contain_text("Read just now")
    assert findings(page) == []


def test_it_leaves_open_what_was_unfolded_while_it_reads_itself_again(page: Page, in_step: Stack) -> None:
    sign_in(page, in_step.url, ALICE)
    page.goto(in_step.url + SETTINGS)
    names = page.locator("#log .changes__names").first
    page.locator("#log summary").first.click()
    expect(names).to_be_visible()
    with page.expect_response(f"**{SETTINGS}/standing"):
        page.evaluate("document.body.dispatchEvent(new CustomEvent('looked-at'))")
    expect(page.locator("#standing.htmx-request")).to_have_count(0)
    expect(names).to_be_visible()


def test_it_tells_all_of_it_without_scripts(browser: Browser, page: Page, in_step: Stack) -> None:
    sign_in(page, in_step.url, ALICE)
    context = browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state())
    try:
        plain = context.new_page()
        plain.goto(in_step.url + SETTINGS)
        in_step.sandbox.rename_task(in_step.sandbox.find(SHARED_TASK, "task"), NEW_NAME)
        plain.get_by_role("button", name="Force synchronization").click()
        in_step.wait_for_quiet()
        plain.goto(in_step.url + SETTINGS)
        expect(plain.locator("#sync .changes__line")).to_contain_text("1 renamed")
        plain.locator("#sync summary").click()
        expect(plain.locator("#sync .changes__list")).to_contain_text(NEW_NAME)
    finally:
        context.close()
