"""From an empty server to a running timer: every step of the wizard, its refusals, and a co-worker who joins."""

import re

from playwright.sync_api import Page, expect

from app.demo_cast import PASSWORD
from tests.browser.stack import Stack
from tests.browser.steps import (
    ALICE,
    BOB,
    SHARED_TASK,
    decide,
    go_to_consent,
    set_up_account,
    sign_in,
    start_on,
    wait_for_import,
)
from tests.chromium import Noise, OpenPage


def test_it_leads_from_an_empty_server_to_a_running_timer(page: Page, fresh: Stack) -> None:
    set_up_account(page, fresh)
    page.get_by_role("link", name="Enable").click()
    expect(page.get_by_role("heading", name="What will happen")).to_be_visible()
    page.get_by_role("button", name="Enable integration").click()
    decide(page, "Allow")

    expect(page.get_by_text("Connected to Asana as Alice Hartmann").first).to_be_visible()
    page.get_by_role("checkbox", name="All").check()
    expect(page.get_by_role("checkbox", name="Meridian Works")).to_be_checked()
    expect(page.get_by_role("checkbox", name="Hartmann Garden")).to_be_checked()
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("heading", name="Invite co-workers")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Alice Hartmann")).to_be_disabled(timeout=20_000)
    expect(page.get_by_role("checkbox", name="Yuki Tanaka")).to_be_disabled()
    page.get_by_role("link", name="Skip", exact=True).click()

    expect(page.get_by_text("Do you want to synchronize tags from Asana as Task Keywords?")).to_be_visible()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("heading", name="Asana is connected", exact=True)).to_be_visible()
    wait_for_import(page)
    page.get_by_role("link", name="Go to the timesheet").click()

    start_on(page, "sign-in", SHARED_TASK)
    expect(page).to_have_title(title_with(SHARED_TASK))


def title_with(task: str) -> re.Pattern[str]:
    return re.compile(rf"^0:00:\d\d · {task}")


def test_it_comes_back_from_a_refused_consent_and_tries_again(page: Page, fresh: Stack) -> None:
    set_up_account(page, fresh)
    go_to_consent(page, fresh)
    decide(page, "Deny")
    expect(page.get_by_role("alert")).to_contain_text("not allowed to share anything")

    page.get_by_role("button", name="Enable integration").click()
    decide(page, "Allow")
    expect(page.get_by_text("Connected to Asana as Alice Hartmann").first).to_be_visible()


def test_it_refuses_an_answer_that_was_tampered_with(page: Page, fresh: Stack) -> None:
    set_up_account(page, fresh)
    go_to_consent(page, fresh)
    page.goto(f"{fresh.url}/integrations/asana/authorization/return?code=stolen&state=guessed")
    expect(page.get_by_role("alert")).to_contain_text("does not belong to the authorization")


def test_it_refuses_to_read_no_workspace_at_all(page: Page, fresh: Stack, noise: Noise) -> None:
    noise.expect("422")
    set_up_account(page, fresh)
    go_to_consent(page, fresh)
    decide(page, "Allow")
    for workspace in ("Meridian Works", "Hartmann Garden"):
        page.get_by_role("checkbox", name=workspace).uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Tick at least one workspace")


def test_it_invites_a_co_worker_who_joins_and_tracks(
    page: Page, open_page: OpenPage, fresh: Stack, noise: Noise
) -> None:
    noise.expect("410")
    set_up_account(page, fresh)
    go_to_consent(page, fresh)
    decide(page, "Allow")
    page.get_by_role("checkbox", name="Meridian Works").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("checkbox", name="Bob Okafor").check(timeout=20_000)
    page.get_by_role("button", name="Invite", exact=True).click()
    link = fresh.mailbox.link_for(BOB)
    page.goto(f"{fresh.url}/integrations/asana/done")
    wait_for_import(page)

    bobs = open_page()
    bobs.goto(link)
    expect(bobs.get_by_role("heading", name="Join Meridian Works")).to_be_visible()
    bobs.get_by_label("Your name").fill("Bob Okafor")
    bobs.get_by_label("Password").fill(PASSWORD)
    bobs.get_by_role("button", name="Join").click()
    expect(bobs).to_have_url(f"{fresh.url}/timesheet")
    start_on(bobs, "sign-in", SHARED_TASK)

    again = open_page()
    again.goto(link)
    expect(again.get_by_role("button", name="Join")).to_have_count(0)
    expect(again.get_by_role("main")).to_contain_text("used")


def test_it_leads_to_a_running_timer_without_scripts(open_page: OpenPage, fresh: Stack) -> None:
    page = open_page(java_script_enabled=False)
    set_up_account(page, fresh)
    page.get_by_role("link", name="Enable").click()
    page.get_by_role("button", name="Enable integration").click()
    decide(page, "Allow")
    page.get_by_role("checkbox", name="Meridian Works").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Skip", exact=True).click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Asana is connected", exact=True)).to_be_visible()
    fresh.wait_for_quiet()
    page.reload()
    wait_for_import(page)

    page.get_by_role("link", name="Go to the timesheet").click()
    page.get_by_role("combobox", name="Task").fill("one sign-in for site")
    page.get_by_role("button", name="Start", exact=True).click()
    page.get_by_role("button", name=re.compile("Start")).first.click()
    expect(page.get_by_role("region", name="The timer is running")).to_contain_text(SHARED_TASK)


def test_all_means_all_that_are_shown(page: Page, connected: Stack) -> None:
    sign_in(page, connected.url, ALICE)
    page.goto(f"{connected.url}/integrations/asana/people")
    everyone = page.get_by_role("checkbox", name="All who can be invited")
    page.get_by_role("checkbox", name="Priya Raman").check()
    expect(everyone).not_to_be_checked()
    page.get_by_role("searchbox", name="Filter").fill("priya")
    expect(everyone).to_be_checked()
    page.get_by_role("searchbox", name="Filter").fill("")
    expect(everyone).not_to_be_checked()
