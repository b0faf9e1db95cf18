"""The sandbox's page as somebody trying the demo uses it, with and without scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from app.asana_sandbox.testing import RunningSandbox
from tests.browser.axe import findings
from tests.chromium import OpenPage


@pytest.fixture
def open_page(open_page: OpenPage, sandbox: RunningSandbox) -> OpenPage:
    def opened(path: str, **options: object) -> Page:
        page = open_page(base_url=sandbox.url, **options)
        page.goto(path)
        return page

    return opened


def save(page: Page, label: str, has_script: bool) -> None:
    """Without scripts a changed field has a button of its own."""
    if not has_script:
        page.get_by_role("button", name=label, exact=True).locator("visible=true").first.click()


@pytest.mark.parametrize("has_script", [True, False], ids=["with-script", "without-script"])
def test_a_task_is_added_renamed_completed_moved_deleted_and_restored(open_page, sandbox, has_script):
    page = open_page("/", java_script_enabled=has_script)
    page.get_by_role("link", name="Q4 planning").click()
    add = page.get_by_role("textbox", name="Add task to To do")
    add.fill("Count heads")
    add.press("Enter")
    expect(page.get_by_role("link", name="Details of Count heads")).to_be_visible()
    task = sandbox.control.find("Count heads")

    name = page.locator(f"textarea.SpreadsheetTaskName-input[id$='_{task}']")
    name.fill("Count every head")
    if has_script:
        name.press("Enter")
    save(page, "Save", has_script)
    page.get_by_role("button", name="Complete Count every head").click()
    expect(page.get_by_role("button", name="Reopen Count every head")).to_be_visible()

    page.get_by_role("link", name="Details of Count every head").click()
    pane = page.locator(".TaskPane")
    expect(pane).to_have_attribute("data-task-id", task)
    expect(page).to_have_url(re.compile(rf"/project/\d+/task/{task}$"))
    pane.get_by_label("Section in Q4 planning").select_option(label="Done")
    save(page, "Move", has_script)
    expect(pane.get_by_label("Section in Q4 planning").locator("option:checked")).to_have_text("Done")
    expect(
        page.get_by_role("region", name="Done").get_by_role("button", name="Reopen Count every head")
    ).to_be_visible()

    pane.get_by_role("button", name="Delete task").click()
    expect(page.get_by_role("link", name="Details of Count every head")).to_have_count(0)
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_role("link", name="Details of Count every head")).to_be_visible()
    assert sandbox.world.task(task).name == "Count every head"


def test_a_project_is_archived_and_taken_out_again(open_page, sandbox):
    page = open_page("/")
    page.get_by_role("link", name="Newsletter").click()
    page.get_by_role("button", name="Archive project").click()
    expect(page.get_by_text("Archived", exact=True)).to_be_visible()
    assert sandbox.world.project(sandbox.control.find("Newsletter")).archived
    page.get_by_role("button", name="Unarchive project").click()
    expect(page.get_by_role("button", name="Archive project")).to_be_visible()


def test_panes_open_without_a_page_load_and_going_back_closes_them(open_page, sandbox):
    page = open_page(f"/0/{sandbox.control.find('Q4 planning')}/list")
    page.evaluate("window.stayed = true")
    page.get_by_role("link", name=re.compile("^Details of")).first.click()
    expect(page.locator(".TaskPane")).to_be_visible()
    page.go_back()
    expect(page.locator(".TaskPane")).to_have_count(0)
    assert page.evaluate("window.stayed")


def test_somebody_else_can_be_acted_as(open_page, sandbox):
    page = open_page("/")
    page.get_by_label("Acting as").select_option(label="Bob Okafor")
    expect(page.get_by_role("heading", name="Bob Okafor’s tasks")).to_be_visible()
    expect(page.get_by_role("heading", name="Hartmann Garden")).to_have_count(0)


def test_allowing_on_the_consent_page_leads_back_to_the_application(open_page, sandbox):
    back = f"{sandbox.url}/"
    asked = f"client_id=1200000000000001&redirect_uri={back}&response_type=code&state=s"
    page = open_page(f"/-/oauth_authorize?{asked}")
    page.get_by_role("radio", name=re.compile("Bob Okafor")).check()
    with page.expect_navigation(url=re.compile(r"code=.*state=s")):
        page.get_by_role("button", name="Allow").click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_page, sandbox, scheme):
    task, board = sandbox.control.find("Move to the new server"), sandbox.control.find("Mobile app 2.0")
    asked = "client_id=1200000000000001&redirect_uri=http://127.0.0.1:9/&response_type=code&state=s"
    page = open_page("/", color_scheme=scheme)
    for path in ("/", f"/0/0/{task}", f"/0/{board}/board", f"/-/oauth_authorize?{asked}"):
        page.goto(path)
        assert findings(page) == [], path


@pytest.mark.parametrize("width", [390, 768, 1440])
def test_nothing_sticks_out_to_the_side(open_page, sandbox, width):
    odd = sandbox.control.find("  Ideas & <b>odds</b> 🌻 ")
    task = sandbox.control.find("x" * 300)
    page = open_page("/", viewport={"width": width, "height": 900})
    for path in (f"/0/{odd}/list", f"/0/{odd}/board", f"/0/0/{task}"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
