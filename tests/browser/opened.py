"""What opens on the pages, one function each: menus, lists, forms and questions as people open them."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.steps import SHARED_TASK


def account_menu(page: Page) -> None:
    page.locator("summary").filter(has_text="Account of").click()
    expect(page.get_by_role("link", name="Profile")).to_be_visible()


def keys(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()


def picker_with_tree(page: Page) -> None:
    page.get_by_role("combobox", name="Task").last.click()
    expect(page.get_by_role("option").first).to_be_visible()
    expect(page.locator(".picker__tree button:visible").first).to_be_visible()


def picker_with_hits(page: Page) -> None:
    page.get_by_role("combobox", name="Task").last.click()
    page.keyboard.type("sign")
    expect(page.get_by_role("option", name=SHARED_TASK).first).to_be_visible()


def change_of_task(page: Page) -> None:
    page.get_by_text("Change task").click()
    expect(page.get_by_role("button", name="Set", exact=True)).to_be_visible()


def tags_of_the_next(page: Page) -> None:
    page.get_by_role("form", name="Start a timer").locator("summary").click()
    page.get_by_role("form", name="Start a timer").get_by_role("combobox", name="Tags").press_sequentially("Sup")
    expect(page.get_by_role("option", name="Support").first).to_be_visible()


def entry(page: Page) -> Locator:
    """The stopped one, below the one that runs."""
    return page.get_by_role("list", name="Entries").get_by_role("listitem").last


def entry_menu(page: Page) -> None:
    entry(page).locator("summary").click()
    expect(page.get_by_role("link", name="Split")).to_be_visible()


def splitting(page: Page) -> None:
    entry_menu(page)
    page.get_by_role("link", name="Split").click()
    expect(page.get_by_role("form", name="Split the entry")).to_be_visible()


def history(page: Page) -> None:
    entry_menu(page)
    page.get_by_role("link", name="History").click()
    expect(page.locator(".history__who").first).to_be_visible()


def editing(page: Page) -> None:
    entry(page).get_by_role("link", name=SHARED_TASK).click()
    form = page.get_by_role("form", name="Edit the entry")
    form.get_by_label("End").fill("later")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_text("Write a time")).to_be_visible()


def several(page: Page) -> None:
    entry(page).get_by_role("checkbox", name="Choose").check()
    form = page.get_by_role("form", name="Change the chosen entries")
    form.get_by_text("Billable", exact=True).first.click()
    expect(form.get_by_role("button", name="Not billable")).to_be_visible()


def undo(page: Page) -> None:
    entry_menu(page)
    page.get_by_role("button", name="Delete").first.click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()


def cell_of_the_week(page: Page) -> None:
    page.locator("td [data-opens]:visible").first.click()
    expect(page.get_by_role("link", name="Close")).to_be_visible()


def copying_of_the_week(page: Page) -> None:
    page.get_by_text("Copy last week").click()
    expect(page.get_by_role("button", name="Rows only")).to_be_visible()


def question_before_deactivating(page: Page) -> None:
    page.get_by_role("main").locator("details[data-menu] > summary").last.click()
    page.get_by_role("button", name="Deactivate").click()
    expect(page.get_by_role("dialog")).to_be_visible()


OPENED: list[tuple[str, Callable[[Page], None]]] = [
    ("/timesheet", account_menu),
    ("/timesheet", keys),
    ("/timesheet", picker_with_tree),
    ("/timesheet", picker_with_hits),
    ("/timesheet", change_of_task),
    ("/timesheet", tags_of_the_next),
    ("/timesheet", entry_menu),
    ("/timesheet", splitting),
    ("/timesheet", history),
    ("/timesheet", editing),
    ("/timesheet", several),
    ("/timesheet/week", cell_of_the_week),
    ("/timesheet/week", copying_of_the_week),
    ("/people", question_before_deactivating),
    ("/timesheet", undo),
]
