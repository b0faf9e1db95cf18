"""Something on every page, so that it can be looked at."""

from playwright.sync_api import Page, expect

from tests.browser.stack import Stack
from tests.browser.steps import ALICE, SHARED_TASK, sign_in, start_on


def furnish(page: Page, stack: Stack) -> dict[str, object]:
    """Time, a task of Sundial's own and a tag, for Alice; the ids of one of each."""
    sign_in(page, stack.url, ALICE)
    start_on(page, "sign-in", SHARED_TASK)
    page.get_by_role("button", name="Stop").click()
    start_on(page, "sign-in", SHARED_TASK)
    page.goto(f"{stack.url}/projects")
    page.get_by_label("Name").fill("Internal meetings")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("Internal meetings")
    stack.query("INSERT INTO tag (account, name) SELECT account, 'Support' FROM person LIMIT 1 RETURNING id")
    return {
        "item": one(stack, "SELECT id FROM work_item WHERE source = 'own' AND kind = 'task'"),
        "entry": one(stack, "SELECT id FROM time_entry WHERE stopped_at IS NOT NULL"),
        "tag": one(stack, "SELECT id FROM tag"),
        "day": "2026-11-23",
        "area": "timesheet",
        "shared": one(stack, "SELECT id FROM work_item WHERE name = %s", SHARED_TASK),
    }


def one(stack: Stack, sql: str, *parameters: object) -> object:
    return stack.query(sql, *parameters)[0][0]
