"""Tags and billable by mouse, keyboard and thumb, and without scripts; and the page of tags."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import findings
from tests.browser.stack import Stack
from tests.browser.steps import ALICE, BOB, SHARED_TASK, pick, sign_in
from tests.chromium import Noise, OpenPage

RUNNING = "The timer is running"
REFRESH = "document.body.dispatchEvent(new CustomEvent('sync-finished'))"
LONG = "A name of a tag as long as it can be: all of sixty letters.."


def make(stack: Stack, *names: str) -> None:
    for name in names:
        stack.query("INSERT INTO tag (account, name) SELECT id, %s FROM account RETURNING id", name)


def running(page: Page) -> Locator:
    return page.get_by_role("region", name=RUNNING)


def chips(place: Page | Locator) -> Locator:
    return place.get_by_role("list", name="Chosen tags").get_by_role("listitem")


def box(place: Page | Locator) -> Locator:
    return place.get_by_role("combobox", name="Tags")


def marked(stack: Stack) -> list[str]:
    rows = stack.query(
        """SELECT name FROM time_entry JOIN tag ON tag.id = ANY (tags) WHERE stopped_at IS NULL ORDER BY lower(name)"""
    )
    return [name for (name,) in rows]


def open_tags(page: Page) -> Locator:
    """The start bar's field of tags, in sight."""
    form = page.get_by_role("form", name="Start a timer")
    form.locator("summary", has_text="Tags").click()
    expect(box(form)).to_be_visible()
    return form


@pytest.fixture
def bobs(page: Page, connected: Stack) -> Page:
    make(connected, "Meeting", "On site", "Website")
    sign_in(page, connected.url, BOB)
    return page


def test_it_starts_with_tags_chosen_before_the_task(bobs: Page, connected: Stack) -> None:
    form = open_tags(bobs)
    box(form).press_sequentially("mee", delay=20)
    expect(bobs.get_by_role("option", name="Meeting")).to_have_attribute("aria-selected", "true")
    box(form).press("Enter")
    expect(chips(form)).to_have_text(["Meeting×"])
    box(form).press_sequentially("Travel", delay=20)
    bobs.get_by_role("option", name="Make tag “Travel”").click()
    expect(chips(form)).to_have_count(2)
    expect(bobs.locator("#live")).to_have_text("Travel added")
    form.get_by_role("checkbox", name="Billable").check()
    form.get_by_label("Note").fill("with the client")
    pick(bobs, "Task", "sign-in", SHARED_TASK)
    expect(running(bobs)).to_contain_text(SHARED_TASK)
    expect(chips(running(bobs))).to_have_text(["Meeting×", "Travel×"])
    assert connected.query("SELECT note, billable FROM time_entry") == [("with the client", True)]


def test_it_takes_a_comma_and_what_is_still_typed(bobs: Page, connected: Stack) -> None:
    form = open_tags(bobs)
    box(form).press_sequentially("MEETING, new one, unfinished", delay=5)
    expect(chips(form)).to_have_count(2)
    form.get_by_role("button", name="Start", exact=True).click()
    expect(running(bobs)).to_be_visible()
    assert marked(connected) == ["Meeting", "new one", "unfinished"]


def test_it_removes_by_keyboard_and_by_button(bobs: Page) -> None:
    form = open_tags(bobs)
    box(form).fill("one, two, three,")
    expect(chips(form)).to_have_count(3)
    box(form).press("Backspace")
    expect(chips(form)).to_have_text(["one×", "two×"])
    form.get_by_role("button", name="Remove one").click()
    expect(chips(form)).to_have_text(["two×"])
    expect(bobs.locator("#live")).to_have_text("one removed")
    expect(box(form)).to_be_focused()


def test_it_changes_tags_while_the_timer_runs(bobs: Page, connected: Stack) -> None:
    bobs.get_by_role("button", name="Start", exact=True).click()
    tags = box(running(bobs))
    tags.click()
    expect(bobs.get_by_role("option")).to_have_text(["Meeting", "On site", "Website"])
    with bobs.expect_response(re.compile("/tags$")):
        bobs.get_by_role("option", name="On site").click()
    expect(bobs.get_by_role("list", name=re.compile("Entries"))).to_contain_text("On site")
    tags.press_sequentially("half a wo")
    with bobs.expect_response(re.compile("/timesheet$")):
        bobs.evaluate(REFRESH)
    expect(tags).to_be_focused()
    expect(tags).to_have_value("half a wo")
    tags.fill("")
    with bobs.expect_response(re.compile("/tags$")):
        tags.press("Backspace")
    expect(chips(running(bobs))).to_have_count(0)
    assert marked(connected) == []


def test_it_shows_tags_saved_elsewhere(bobs: Page, connected: Stack) -> None:
    bobs.get_by_role("button", name="Start", exact=True).click()
    expect(running(bobs)).to_be_visible()
    connected.query("UPDATE time_entry SET tags = ARRAY(SELECT id FROM tag WHERE name = 'Website') RETURNING id")
    bobs.evaluate(REFRESH)
    expect(chips(running(bobs))).to_have_text(["Website×"])


def test_it_keeps_what_was_chosen_when_a_timer_starts_elsewhere(bobs: Page, connected: Stack) -> None:
    form = open_tags(bobs)
    box(form).fill("Meeting,")
    expect(chips(form)).to_have_count(1)
    second = bobs.context.new_page()
    second.goto(f"{connected.url}/timesheet")
    second.get_by_role("button", name="Start", exact=True).click()
    expect(running(second)).to_be_visible()
    expect(running(bobs)).to_be_visible()
    expect(chips(form)).to_have_text(["Meeting×"])


def test_it_bills_by_one_press(bobs: Page, connected: Stack) -> None:
    bobs.get_by_role("button", name="Start", exact=True).click()
    line = bobs.get_by_role("list", name=re.compile("Entries")).get_by_role("listitem").first
    line.get_by_role("button", name="Billable: No task").click()
    expect(running(bobs).get_by_role("button", name="Billable: No task")).to_have_attribute("aria-pressed", "true")
    expect(line.get_by_role("button", name="Billable: No task")).to_have_attribute("aria-pressed", "true")
    running(bobs).get_by_role("button", name="Billable: No task").click()
    expect(line.get_by_role("button", name="Billable: No task")).to_have_attribute("aria-pressed", "false")
    assert connected.query("SELECT billable FROM time_entry") == [(False,)]


def test_it_edits_tags_in_the_form_and_continues_with_them(bobs: Page, connected: Stack) -> None:
    bobs.get_by_role("button", name="Start", exact=True).click()
    bobs.get_by_role("button", name="Stop").click()
    bobs.get_by_role("link", name="No task").click()
    form = bobs.get_by_role("form", name="Edit the entry")
    box(form).fill("website")
    expect(bobs.get_by_role("option", name="Website")).to_have_attribute("aria-selected", "true")
    box(form).press("Tab")
    expect(chips(form)).to_have_text(["Website×"])
    form.get_by_role("checkbox", name="Billable").check()
    form.get_by_role("button", name="Save").click()
    expect(form).to_have_count(0)
    bobs.get_by_role("button", name="Continue No task").click()
    expect(chips(running(bobs))).to_have_text(["Website×"])
    assert connected.query("SELECT billable FROM time_entry") == [(True,), (True,)]


def test_escape_closes_the_suggestions_and_then_the_form(bobs: Page) -> None:
    bobs.get_by_role("link", name="Add manually").click()
    form = bobs.get_by_role("form", name="Add time")
    box(form).click()
    expect(bobs.get_by_role("option", name="Meeting")).to_be_visible()
    box(form).press("Escape")
    expect(bobs.get_by_role("option")).to_have_count(0)
    expect(form).to_be_visible()
    box(form).press("Escape")
    expect(form).to_have_count(0)


def test_it_says_what_cannot_be_a_tag(bobs: Page, connected: Stack, noise: Noise) -> None:
    noise.expect("422")
    connected.query("UPDATE tag SET archived_at = now() WHERE name = 'Website' RETURNING id")
    bobs.get_by_role("link", name="Add manually").click()
    form = bobs.get_by_role("form", name="Add time")
    box(form).press_sequentially("website", delay=20)
    expect(form).to_contain_text("The tag “Website” is archived. Choose another, or ask an administrator")
    box(form).press("Enter")
    expect(chips(form)).to_have_count(0)
    expect(box(form)).to_have_value("website")
    form.get_by_label("Start", exact=True).fill("0-0:01")
    form.get_by_role("button", name="Add").click()
    expect(box(form)).to_have_accessible_description(re.compile("is archived"))
    expect(chips(form)).to_have_text(["website×"])


def test_a_refused_form_has_one_box_and_keeps_its_tags(bobs: Page, noise: Noise) -> None:
    noise.expect("422")
    bobs.get_by_role("link", name="Add manually").click()
    form = bobs.get_by_role("form", name="Add time")
    box(form).fill("Meeting")
    box(form).press("Enter")
    form.get_by_label("Start").fill("9-25")
    bobs.evaluate("() => { window.settled = new Promise(done => addEventListener('htmx:after:settle', done)) }")
    form.get_by_role("button", name="Add", exact=True).click()
    expect(form.get_by_label("End")).to_have_attribute("aria-invalid", "true")
    # When htmx has put everything into its place, there is still no second box, nor a second element of its id.
    bobs.evaluate("window.settled")
    expect(form.locator("[name=tags]")).to_be_hidden()
    expect(form.locator("#new_entry_tags")).to_have_count(1)
    expect(chips(form)).to_contain_text(["Meeting"])


def test_it_is_done_with_a_thumb(open_page: OpenPage, connected: Stack) -> None:
    make(connected, "Meeting", LONG, *(f"Tag {number}" for number in range(15)))
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    sign_in(page, connected.url, BOB)
    form = page.get_by_role("form", name="Start a timer")
    expect(form.get_by_role("checkbox", name="Billable")).to_be_hidden()
    form.locator("summary", has_text="Tags").tap()
    for number in range(15):
        box(form).fill(f"tag {number},")
    box(form).fill(f"{LONG},")
    expect(chips(form)).to_have_count(16)
    remove = form.get_by_role("button", name=re.compile("^remove tag 3$", re.IGNORECASE))
    remove.tap()
    expect(chips(form)).to_have_count(15)
    form.get_by_role("checkbox", name="Billable").tap()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert findings(page) == []
    form.get_by_role("button", name="Start", exact=True).tap()
    expect(chips(running(page))).to_have_count(15)
    assert connected.query("SELECT billable FROM time_entry") == [(True,)]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert findings(page) == []


def test_it_works_without_scripts(open_page: OpenPage, connected: Stack, noise: Noise) -> None:
    noise.expect("422")
    page = open_page(java_script_enabled=False)
    make(connected, "Meeting")
    sign_in(page, connected.url, BOB)
    form = page.get_by_role("form", name="Start a timer")
    form.locator("summary", has_text="Tags").click()
    form.get_by_label("Tags").fill("meeting, Travel")
    form.get_by_role("checkbox", name="Billable").check()
    form.get_by_role("button", name="Start", exact=True).click()
    expect(running(page).get_by_label("Tags")).to_have_value("Meeting, Travel")
    running(page).get_by_label("Tags").fill("Meeting, " + "x" * 70)
    running(page).get_by_label("Tags").press("Enter")
    expect(page.get_by_role("main")).to_contain_text("60 characters at the most")
    expect(running(page).get_by_label("Tags")).to_have_value("Meeting, " + "x" * 70)
    running(page).get_by_label("Tags").fill("Meeting")
    running(page).get_by_label("Tags").press("Enter")
    expect(running(page).get_by_label("Tags")).to_have_value("Meeting")
    running(page).get_by_role("button", name="Billable: No task").click()
    expect(running(page).get_by_role("button", name="Billable: No task")).to_have_attribute("aria-pressed", "false")
    assert marked(connected) == ["Meeting"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_administrators_keep_the_tags(open_page: OpenPage, connected: Stack, noise: Noise, theme: str) -> None:
    noise.expect("422")
    make(connected, "Meeting", "Meetings", "Old", LONG)
    page = open_page(color_scheme=theme, reduced_motion="reduce")
    sign_in(page, connected.url, ALICE)
    page.locator("summary").filter(has_text="Account of").click()
    page.get_by_role("link", name="Tags", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Tags")).to_be_visible()

    page.get_by_role("button", name="Archive Old").click()
    expect(page.get_by_role("button", name="Bring back Old")).to_be_visible()
    page.get_by_role("link", name="Rename Meetings").click()
    name = page.get_by_role("form", name="Rename Meetings").get_by_label("Name")
    expect(name).to_be_focused()
    name.fill("Call")
    name.press("Enter")
    expect(page.get_by_role("link", name="Rename Call")).to_be_focused()
    page.get_by_role("link", name="Rename Call").click()
    page.get_by_role("form", name="Rename Call").get_by_label("Name").fill("meeting")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("main")).to_contain_text("There is a tag “Meeting” already.")
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert findings(page) == []
    page.get_by_role("button", name="Merge into “Meeting”").click()
    page.get_by_role("button", name="Merge", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="is marked “Meeting” now")).to_be_visible()

    page.get_by_role("searchbox", name="Search tags").fill("old")
    expect(page.get_by_role("link", name=re.compile("Rename"))).to_have_count(1)
    page.get_by_role("button", name="Bring back Old").click()
    expect(page.get_by_role("button", name="Archive Old")).to_be_visible()


def test_a_tag_is_taken_without_suggestions_where_there_is_no_network(bobs: Page, noise: Noise) -> None:
    noise.expect("ERR_FAILED")
    form = open_tags(bobs)
    bobs.route("**/tags/options*", lambda route: route.abort())
    box(form).press_sequentially("Travel", delay=20)
    box(form).press("Enter")
    expect(chips(form)).to_have_text(["Travel×"])


def test_escape_takes_back_an_enter_that_still_waits(bobs: Page) -> None:
    form = open_tags(bobs)
    options = "**/tags/options?q=mee*"
    bobs.route(options, lambda route: None)
    box(form).fill("mee")
    box(form).press("Enter")
    box(form).press("Escape")
    bobs.unroute(options)
    box(form).fill("")
    expect(form.get_by_role("option", name="Meeting")).to_be_visible()
    expect(chips(form)).to_have_count(0)
