"""The tree in a browser: opened by mouse and by keys, searched while typing, own tasks changed in place."""

import re

from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.axe import findings
from tests.browser.stack import Stack
from tests.browser.steps import ALICE, BOB, SHARED_TASK, sign_in
from tests.chromium import OpenPage


def name_in_tree(page: Page, name: str) -> Locator:
    return page.locator("#projects_list").get_by_role("link", name=name, exact=True)


def test_it_opens_branches_when_they_are_asked_for(open_page: OpenPage, connected: Stack) -> None:
    page = open_page()
    sign_in(page, connected.url, ALICE)
    page.goto(f"{connected.url}/projects")
    lists = page.locator("details[open] > .tree__below > .tree > .tree__item")
    expect(lists).to_have_count(0)
    page.get_by_label("What is in Website relaunch").click()
    expect(lists.first).to_be_visible()
    a_list = lists.filter(has=page.locator("summary")).first
    a_list.locator("summary").click()
    expect(a_list.locator(".tree__below .tree__name").first).to_be_visible()
    assert findings(page) == []
    page.get_by_label("What is in Website relaunch").click()
    expect(lists.first).to_be_hidden()


def test_it_fills_a_branch_opened_before_the_scripts_came(open_page: OpenPage, connected: Stack) -> None:
    page = open_page()
    sign_in(page, connected.url, ALICE)
    scripts: list[Route] = []
    page.route("**/htmx.js", lambda route: scripts.append(route))
    page.goto(f"{connected.url}/projects", wait_until="commit")
    page.get_by_label("What is in Website relaunch").click()
    expect(page.get_by_role("link", name="Show what is in Website relaunch")).to_be_visible()
    scripts[0].continue_()
    expect(page.locator("details[open] > .tree__below > .tree > .tree__item").first).to_be_visible()


def test_it_leads_to_the_item_from_all_of_the_line_on_a_phone(open_page: OpenPage, connected: Stack) -> None:
    page = open_page(viewport={"width": 390, "height": 844})
    sign_in(page, connected.url, ALICE)
    page.goto(f"{connected.url}/projects")
    line = page.locator(".tree__row", has=page.get_by_role("link", name="Empty shelf"))
    line.click(position={"x": 220, "y": 4})
    expect(page.get_by_role("heading", name="Empty shelf", level=1)).to_be_visible()


def test_it_goes_through_the_tree_by_arrow_keys(open_page: OpenPage, connected: Stack) -> None:
    page = open_page()
    sign_in(page, connected.url, ALICE)
    page.goto(f"{connected.url}/projects")
    project = name_in_tree(page, "Website relaunch")
    project.focus()
    page.keyboard.press("ArrowRight")
    below = page.locator("details.tree__branch[open] > .tree__below .tree__name")
    expect(below.first).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(below.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(below.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(project).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(below.first).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(project).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(below.first).to_be_hidden()


def test_it_finds_while_one_types(open_page: OpenPage, connected: Stack) -> None:
    page = open_page()
    sign_in(page, connected.url, BOB)
    page.goto(f"{connected.url}/projects")
    box = page.get_by_role("searchbox")
    box.press_sequentially("agree on one", delay=20)
    expect(name_in_tree(page, SHARED_TASK)).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?q=agree\+on\+one$"))
    expect(box).to_be_focused()
    page.reload()
    expect(name_in_tree(page, SHARED_TASK)).to_be_visible()
    page.get_by_role("button", name=f"Start timer: {SHARED_TASK}").click()
    expect(page.get_by_role("region", name="The timer is running")).to_contain_text(SHARED_TASK)


def test_it_changes_own_tasks_in_place(open_page: OpenPage, connected: Stack) -> None:
    page = open_page()
    sign_in(page, connected.url, ALICE)
    page.goto(f"{connected.url}/projects")
    first = page.get_by_role("region", name="Own tasks")
    first.get_by_label("Name").fill("Lunch")
    first.get_by_role("button", name="Add").click()
    page.get_by_role("link", name="Own tasks").click()
    page.get_by_label("Kind").select_option("task")
    page.get_by_label("Name").fill("Book club")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("link", name="Book club")).to_be_visible()
    expect(page.get_by_label("Name")).to_have_value("")
    page.get_by_role("link", name="Book club").click()
    page.get_by_role("link", name="Rename").click()
    page.get_by_label("Name", exact=True).fill("Reading circle")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Reading circle")).to_be_visible()
    page.get_by_label("Assign by hand").select_option(label="Bob Okafor (bob@meridian.example)")
    page.get_by_role("button", name="Assign", exact=True).click()
    expect(page.locator("#people")).to_contain_text("By hand by Alice Hartmann")
    assert findings(page) == []


def test_it_needs_no_scripts(open_page: OpenPage, connected: Stack) -> None:
    page = open_page(java_script_enabled=False)
    sign_in(page, connected.url, BOB)
    page.goto(f"{connected.url}/projects")
    page.get_by_label("What is in Website relaunch").click()
    page.get_by_role("link", name="Show what is in Website relaunch").click()
    expect(page.locator("details[open] details, details[open] .tree__name").first).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?open="))
    page.get_by_role("searchbox").fill("agree on one")
    page.get_by_role("button", name="Search").click()
    name_in_tree(page, SHARED_TASK).click()
    page.get_by_role("button", name="Start timer").first.click()
    expect(page).to_have_url(f"{connected.url}/timesheet")
    expect(page.get_by_role("region", name="The timer is running")).to_contain_text(SHARED_TASK)
