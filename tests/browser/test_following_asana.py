"""What changes in Asana changes here: after Force synchronization, in the page that is open."""

import re

from playwright.sync_api import Page, expect

from tests.browser.stack import Stack
from tests.browser.steps import (
    ALICE,
    BOB,
    SHARED_TASK,
    decide,
    force_synchronization,
    go_to_consent,
    sign_in,
    start_on,
    wait_for_import,
)

RUNNING = "The timer is running"
NEW_NAME = "Agree on one sign-in for everything"


def test_it_shows_a_new_name_in_the_open_page(page: Page, in_step: Stack) -> None:
    sign_in(page, in_step.url, BOB)
    start_on(page, "sign-in", SHARED_TASK)
    page.get_by_role("textbox", name="Note").last.fill("still typing this")

    in_step.sandbox.rename_task(in_step.sandbox.find(SHARED_TASK, "task"), NEW_NAME)
    force_synchronization(page)

    expect(page.get_by_role("region", name=RUNNING)).to_contain_text(NEW_NAME)
    expect(page.locator("#sync")).to_contain_text("1 renamed")
    page.locator("#sync summary").click()
    expect(page.locator("#sync .changes__names")).to_contain_text(NEW_NAME)
    expect(page.get_by_role("textbox", name="Note").last).to_have_value("still typing this")


def test_it_follows_what_somebody_does_on_the_sandboxs_own_page(page: Page, in_step: Stack) -> None:
    gid = in_step.sandbox.find(SHARED_TASK, "task")
    page.goto(f"{in_step.sandbox_url}/0/0/{gid}")
    title = page.locator(f'.TaskPane[data-task-id="{gid}"] .TaskPaneTitle textarea')
    title.fill(NEW_NAME)
    title.blur()
    expect(page.locator(f'.TaskPane[data-task-id="{gid}"] .TaskPaneTitle textarea')).to_have_value(NEW_NAME)

    sign_in(page, in_step.url, ALICE)
    force_synchronization(page)
    expect(page.locator("#sync")).to_contain_text("1 renamed")
    page.goto(f"{in_step.url}/projects?q=everything")
    expect(page.get_by_role("main")).to_contain_text(NEW_NAME)


def test_it_keeps_the_timer_of_a_task_that_is_archived_and_takes_no_new_time(page: Page, in_step: Stack) -> None:
    sign_in(page, in_step.url, BOB)
    start_on(page, "sign-in", SHARED_TASK)
    in_step.sandbox.complete_task(in_step.sandbox.find(SHARED_TASK, "task"))
    force_synchronization(page)
    expect(page.get_by_role("region", name=RUNNING)).to_contain_text("archived")

    page.get_by_role("button", name="Stop").click()
    box = page.get_by_role("combobox", name="Task").first
    box.click()
    box.press_sequentially("one sign-in", delay=20)
    expect(page.get_by_text(re.compile("Nothing you may track on"))).to_be_visible()


def test_it_unlinks_and_comes_back_without_a_loss_or_a_duplicate(page: Page, in_step: Stack) -> None:
    sign_in(page, in_step.url, ALICE)
    start_on(page, "sign-in", SHARED_TASK)
    page.get_by_role("button", name="Stop").click()
    items = in_step.query("SELECT id, foreign_id, name FROM work_item ORDER BY id")
    open_items = in_step.query("SELECT count(*) FROM work_item WHERE archived_at IS NULL")

    page.goto(f"{in_step.url}/integrations/asana")
    page.get_by_role("link", name="Unlink integration").click()
    expect(page.get_by_text("All tracked time stays")).to_be_visible()
    page.get_by_role("button", name="Unlink integration").click()
    expect(page.get_by_text("Connected as")).to_have_count(0)
    page.goto(f"{in_step.url}/timesheet")
    expect(page.get_by_role("list", name=re.compile("Entries"))).to_contain_text(SHARED_TASK)

    go_to_consent(page, in_step)
    decide(page, "Allow")
    page.get_by_role("checkbox", name="All").check()
    page.get_by_role("button", name="Save").click()
    page.goto(f"{in_step.url}/integrations/asana/done")
    wait_for_import(page)

    assert in_step.query("SELECT id, foreign_id, name FROM work_item ORDER BY id") == items
    assert in_step.query("SELECT count(*) FROM work_item WHERE archived_at IS NULL") == open_items
    page.goto(f"{in_step.url}/timesheet")
    start_on(page, "sign-in", SHARED_TASK)
    assert in_step.query("SELECT count(*), count(DISTINCT item) FROM time_entry") == [(2, 1)]


def test_it_asks_administrators_to_reconnect_when_asana_revokes(page: Page, in_step: Stack) -> None:
    in_step.sandbox.revoke_tokens(in_step.sandbox.find("Alice Hartmann", "user"))
    sign_in(page, in_step.url, ALICE)
    page.get_by_role("button", name="Force synchronization").click()
    expect(page.locator("#sync")).to_contain_text("needs to be reconnected", timeout=30_000)
    page.reload()
    expect(page.get_by_role("link", name=re.compile("Re-enable")).first).to_be_visible()
    assert in_step.query("SELECT count(*) FROM work_item WHERE archived_reason IN ('hidden', 'deleted')") == [(0,)]
