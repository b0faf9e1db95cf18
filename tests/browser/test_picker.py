"""Choosing a task: by keyboard, by thumb, from an address, at any of its places; with a slow network or none."""

import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.stack import Stack
from tests.browser.steps import BOB, SHARED_TASK, YESTERDAY, sign_in
from tests.chromium import Noise, OpenPage

RUNNING = "The timer is running"
OPTIONS = "**/picker/options*"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
THUMB = 44


@pytest.fixture
def bobs(page: Page, connected: Stack) -> Page:
    sign_in(page, connected.url, BOB)
    expect(box_of(page)).to_be_visible()
    return page


@pytest.fixture
def phone(open_page: OpenPage, connected: Stack) -> Page:
    page = open_page(**PHONE)
    sign_in(page, connected.url, BOB)
    expect(box_of(page)).to_be_visible()
    return page


def box_of(page: Page) -> Locator:
    return page.get_by_role("form", name="Start a timer").get_by_role("combobox", name="Task")


def panel_of(page: Page) -> Locator:
    return page.get_by_role("form", name="Start a timer").locator(".picker__panel")


def chosen(page: Page) -> Locator:
    return panel_of(page).locator("[role=option][aria-selected=true]")


def options_of(page: Page) -> Locator:
    return panel_of(page).get_by_role("option")


def search(page: Page, words: str) -> None:
    box_of(page).fill(words)
    expect(options_of(page).filter(has=page.locator("mark")).first).to_be_visible()


def test_the_keyboard_alone_finds_walks_and_starts(bobs: Page) -> None:
    bobs.keyboard.press("n")
    expect(panel_of(bobs)).to_be_visible()
    search(bobs, "d")
    box = box_of(bobs)
    first = chosen(bobs).get_attribute("id")
    expect(box).to_have_attribute("aria-activedescendant", first or "")
    expect(panel_of(bobs).locator("..").get_by_role("status")).to_have_text(re.compile(r"\d+ tasks found\."))
    bobs.keyboard.press("ArrowDown")
    expect(chosen(bobs)).not_to_have_id(first or "")
    bobs.keyboard.press("Home")
    expect(chosen(bobs)).to_have_id(first or "")
    bobs.keyboard.press("End")
    expect(chosen(bobs)).to_contain_text("without a task")
    bobs.keyboard.press("ArrowUp")
    name = chosen(bobs).locator(".picker__name").inner_text()
    bobs.keyboard.press("Enter")
    expect(bobs.get_by_role("region", name=RUNNING)).to_contain_text(name)


def test_home_and_end_belong_to_the_text_while_one_types(bobs: Page) -> None:
    box_of(bobs).click()
    search(bobs, "sign-in")
    bobs.keyboard.press("Home")
    bobs.keyboard.type("one ")
    expect(box_of(bobs)).to_have_value("one sign-in")


def test_tab_leaves_without_choosing_and_escape_closes(bobs: Page) -> None:
    box_of(bobs).click()
    search(bobs, "d")
    bobs.keyboard.press("Escape")
    expect(panel_of(bobs)).to_be_hidden()
    expect(box_of(bobs)).to_have_value("d")
    expect(box_of(bobs)).to_have_attribute("aria-expanded", "false")
    bobs.keyboard.press("ArrowDown")
    expect(options_of(bobs).first).to_be_visible()
    bobs.keyboard.press("Tab")
    expect(panel_of(bobs)).to_be_hidden()
    expect(bobs.get_by_role("form", name="Start a timer").get_by_label("Note")).to_be_focused()
    expect(box_of(bobs)).to_have_value("d")
    expect(bobs.get_by_role("region", name=RUNNING)).to_have_count(0)


def test_the_tree_is_walked_with_arrows_and_typing_searches(bobs: Page) -> None:
    box_of(bobs).click()
    first = panel_of(bobs).locator(".picker__twist").first
    expect(first).to_be_visible()
    bobs.keyboard.press("ArrowDown")
    expect(first).to_be_focused()
    bobs.keyboard.press("ArrowRight")
    expect(panel_of(bobs).locator(".picker__below .picker__twist").first).to_be_visible()
    bobs.keyboard.press("ArrowLeft")
    expect(panel_of(bobs).locator(".picker__below .picker__twist").first).to_be_hidden()
    bobs.keyboard.press("End")
    expect(panel_of(bobs).locator("button:visible, summary:visible").last).to_be_focused()
    bobs.keyboard.press("Home")
    expect(first).to_be_focused()
    bobs.keyboard.press("d")
    expect(box_of(bobs)).to_be_focused()
    expect(box_of(bobs)).to_have_value("d")
    expect(chosen(bobs)).to_be_visible()


def test_a_task_of_two_projects_offers_both_and_the_place_is_remembered(bobs: Page, connected: Stack) -> None:
    box_of(bobs).click()
    search(bobs, "one sign-in")
    places = options_of(bobs).filter(has_text=SHARED_TASK)
    expect(places).to_have_count(2)
    project = places.nth(1).get_attribute("data-project")
    path = places.nth(1).locator(".picker__path").inner_text()
    assert path != places.nth(0).locator(".picker__path").inner_text()
    places.nth(1).click()
    expect(bobs.get_by_role("region", name=RUNNING)).to_contain_text(SHARED_TASK)
    assert connected.query("SELECT project::text FROM time_entry") == [(project,)]
    box_of(bobs).click()
    expect(options_of(bobs).first).to_contain_text(SHARED_TASK)
    expect(options_of(bobs).first).to_have_attribute("data-project", project or "")


@pytest.mark.parametrize("form", ["https://app.asana.com/0/0/{}/f", "https://app.asana.com/1/1/task/{}"])
def test_a_pasted_address_finds_its_task(bobs: Page, connected: Stack, form: str) -> None:
    gid = connected.query("SELECT foreign_id FROM work_item WHERE name = %s", SHARED_TASK)[0][0]
    box_of(bobs).fill(form.format(gid))
    expect(options_of(bobs).first).to_contain_text(SHARED_TASK)
    bobs.keyboard.press("Enter")
    expect(bobs.get_by_role("region", name=RUNNING)).to_contain_text(SHARED_TASK)


def test_enter_before_the_answer_takes_its_first_hit(bobs: Page) -> None:
    held = hold(bobs)
    box_of(bobs).click()
    with bobs.expect_request(re.compile(r"q=one\+sign-in")):
        bobs.keyboard.type("one sign-in")
        bobs.keyboard.press("Enter")
    expect(panel_of(bobs).get_by_text("Looking for tasks")).to_be_visible()
    expect(bobs.get_by_role("region", name=RUNNING)).to_have_count(0)
    let_go(bobs, held)
    expect(bobs.get_by_role("region", name=RUNNING)).to_contain_text(SHARED_TASK)


def test_an_answer_that_was_overtaken_is_never_shown(bobs: Page) -> None:
    held = hold(bobs, "**/picker/options?q=d&*")
    box_of(bobs).fill("d")
    expect(panel_of(bobs).get_by_text("Looking for tasks")).to_be_visible()
    search(bobs, "one sign-in")
    for route in held:
        route.fulfill(body='<li role="option" data-item="1" data-name="Stale">Stale</li>')
    expect(panel_of(bobs).get_by_text("Looking for tasks")).to_be_hidden()
    expect(panel_of(bobs).get_by_text("Stale")).to_have_count(0)
    expect(options_of(bobs).first).to_contain_text(SHARED_TASK)


def test_a_network_that_is_gone_is_told_and_nothing_typed_is_lost(bobs: Page, noise: Noise) -> None:
    noise.expect("ERR_FAILED")
    bobs.route(OPTIONS, lambda route: route.abort())
    box_of(bobs).fill("one sign")
    expect(panel_of(bobs).get_by_role("alert")).to_contain_text("No answer from the server.")
    expect(box_of(bobs)).to_have_value("one sign")
    bobs.unroute(OPTIONS)
    panel_of(bobs).get_by_role("button", name="Try again").click()
    expect(options_of(bobs).first).to_contain_text(SHARED_TASK)
    expect(panel_of(bobs).get_by_role("alert")).to_be_hidden()
    expect(box_of(bobs)).to_be_focused()


def test_a_branch_that_cannot_be_opened_can_be_tried_again(bobs: Page, noise: Noise) -> None:
    noise.expect("ERR_FAILED")
    box_of(bobs).click()
    first = panel_of(bobs).locator(".picker__twist").first
    expect(first).to_be_visible()
    bobs.route("**/picker/tree?under*", lambda route: route.abort())
    first.click()
    again = panel_of(bobs).locator(".picker__below").get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    bobs.unroute("**/picker/tree?under*")
    again.click()
    expect(panel_of(bobs).locator(".picker__below .picker__node").first).to_be_visible()


def hold(page: Page, pattern: str = OPTIONS) -> list[Route]:
    """Requests that nobody answers yet."""
    held: list[Route] = []
    page.route(pattern, lambda route: held.append(route))
    return held


def let_go(page: Page, held: list[Route]) -> None:
    held[-1].continue_()
    page.unroute(OPTIONS)


def test_a_thumb_opens_the_tree_and_starts(phone: Page) -> None:
    box_of(phone).tap()
    panel = panel_of(phone)
    twist = panel.locator(".picker__twist").first
    expect(twist).to_be_visible()
    twist.tap()
    deeper = panel.locator(".picker__below .picker__twist").first
    expect(deeper).to_be_visible()
    deeper.tap()
    task = panel.locator(".picker__below .picker__below .picker__pick--task").first
    expect(task).to_be_visible()
    for target in panel.locator("summary:visible, button:visible").all():
        assert (target.bounding_box() or {"height": 0})["height"] >= THUMB
    name = task.inner_text()
    task.tap()
    expect(phone.get_by_role("region", name=RUNNING)).to_contain_text(name)


def test_on_a_phone_the_list_stays_above_the_keyboard(phone: Page) -> None:
    # What a keyboard of a phone leaves of the page.
    phone.set_viewport_size({"width": 390, "height": 430})
    box_of(phone).tap()
    search(phone, "d")
    expect(options_of(phone).first).to_be_in_viewport(ratio=1)
    box = panel_of(phone).bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 430
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    for option in options_of(phone).all()[:3]:
        assert (option.bounding_box() or {"height": 0})["height"] >= THUMB
    options_of(phone).first.tap()
    expect(phone.get_by_role("region", name=RUNNING)).to_be_visible()


def test_the_form_of_an_entry_has_the_same_picker(phone: Page, connected: Stack) -> None:
    phone.goto(f"{connected.url}/timesheet/{YESTERDAY}")
    phone.get_by_role("link", name="Add manually").click()
    form = phone.get_by_role("form", name="Add time")
    task = form.get_by_role("combobox", name="Task")
    expect(task).to_be_visible()
    task.fill("one sign-in")
    form.get_by_role("option").filter(has_text=SHARED_TASK).first.tap()
    expect(task).to_have_value(SHARED_TASK)
    form.get_by_label("Start", exact=True).fill("9:00")
    form.get_by_label("Duration").fill("1h")
    form.get_by_role("button", name="Add", exact=True).click()
    expect(phone.get_by_role("list", name=re.compile("Entries"))).to_contain_text(SHARED_TASK)


class HalfAnswer(BaseHTTPRequestHandler):
    """Announces more than it says."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"<li")

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def half_answering() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), HalfAnswer) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_an_answer_that_ends_half_way_is_none(bobs: Page, noise: Noise, half_answering: str) -> None:
    noise.expect("ERR_CONTENT_LENGTH_MISMATCH")
    bobs.route(OPTIONS, lambda route: route.continue_(url=half_answering))
    box_of(bobs).fill("one sign")
    expect(panel_of(bobs).get_by_role("alert")).to_have_text(
        "No answer from the server. What you typed is still here. Try again"
    )


def test_a_picker_that_is_gone_listens_to_nothing(bobs: Page) -> None:
    before = listeners(bobs)
    for _ in range(2):
        bobs.get_by_role("link", name="Add manually").click()
        form = bobs.get_by_role("form", name="Add time")
        form.get_by_role("combobox", name="Task").click()
        expect(form.locator(".picker__branch").first).to_be_visible()
        form.evaluate("form => form.remove()")
    assert listeners(bobs) == before


def listeners(page: Page) -> int:
    """To the network that comes back, and to what is seen of the page."""
    session = page.context.new_cdp_session(page)
    objects = [session.send("Runtime.evaluate", {"expression": each}) for each in ("window", "visualViewport")]
    ids = [each["result"]["objectId"] for each in objects]
    heard = [session.send("DOMDebugger.getEventListeners", {"objectId": each})["listeners"] for each in ids]
    return sum(one["type"] in {"online", "resize", "scroll"} for each in heard for one in each)
