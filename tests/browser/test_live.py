"""What is done in one place shows in the others at once, and takes nothing from who is typing there."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from playwright.sync_api import Locator, Page, Response, expect

from tests.browser.stack import Stack, free_port, wait_until_it_answers
from tests.browser.steps import ALICE, BOB, SHARED_TASK, sign_in, start_on
from tests.chromium import Noise, OpenPage

RUNNING = "The timer is running"
# Pages that do not ask by the clock: what they show was told to them, however long a busy machine takes for it.
BY_SIGNALS_ALONE = """
const every = window.setInterval;
window.setInterval = (what, pause, ...more) => (pause === 30_000 ? 0 : every(what, pause, ...more));
"""


def region(page: Page) -> Locator:
    return page.get_by_role("region", name=RUNNING)


def live(page: Page) -> Page:
    """When the page's stream is open."""
    expect(page.locator("html[data-live=on]")).to_have_count(1)
    return page


def somebody(open_page: OpenPage, url: str, email: str, **options: object) -> Page:
    """A browser of their own, signed in and listening."""
    page = open_page(**options)
    page.context.add_init_script(BY_SIGNALS_ALONE)
    sign_in(page, url, email)
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
    return live(page)


@pytest.fixture
def here(open_page: OpenPage, connected: Stack) -> Page:
    return somebody(open_page, connected.url, BOB)


@pytest.fixture
def there(open_page: OpenPage, connected: Stack) -> Page:
    """Bob's phone."""
    return somebody(
        open_page, connected.url, BOB, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )


def start_bar(page: Page) -> Locator:
    return page.get_by_role("form", name="Start a timer")


def start_elsewhere(stack: Stack, email: str) -> None:
    """By no page at all, as a program would that uses the API."""
    stack.query(
        """INSERT INTO time_entry (account, "user", started_at)
        SELECT account, id, now() FROM person WHERE email = %s RETURNING id""",
        email,
    )


class Asked:
    """What a page asked the server for."""

    def __init__(self, page: Page) -> None:
        self.all: list[str] = []
        page.on("response", self.note)

    def note(self, answer: Response) -> None:
        if answer.request.resource_type in {"fetch", "xhr"}:
            self.all.append(f"{answer.request.method} {answer.request.url.split('/', 3)[3]}")


def test_a_start_a_note_and_a_stop_show_in_the_other_browser(here: Page, there: Page) -> None:
    start_on(here, "sign-in", SHARED_TASK)
    expect(region(there)).to_contain_text(SHARED_TASK)
    expect(there).to_have_title(re.compile(rf"^0:00:\d\d · {re.escape(SHARED_TASK)}"))
    assert "running" in there.locator("link[rel=icon]").get_attribute("href")  # type: ignore[operator]

    note = region(there).get_by_label("Note")
    note.fill("with the designers")
    note.press("Enter")
    expect(region(here).get_by_label("Note")).to_have_value("with the designers")

    region(here).get_by_role("button", name="Stop").click()
    expect(region(there)).to_have_count(0)
    expect(there).to_have_title(re.compile("^Timesheet"))
    assert "running" not in there.locator("link[rel=icon]").get_attribute("href")  # type: ignore[operator]


def test_the_page_that_did_it_asks_for_nothing_more(here: Page, there: Page) -> None:
    asked = Asked(here)
    start_on(here, "sign-in", SHARED_TASK)
    expect(region(there)).to_contain_text(SHARED_TASK)
    region(here).get_by_role("button", name="Stop").click()
    expect(region(there)).to_have_count(0)
    # What the other does then is the next that this page asks for.
    there.get_by_role("button", name="Start", exact=True).click()
    expect(region(here)).to_be_visible()
    own = [one for one in asked.all if "picker" not in one]
    assert own == ["POST timer", "POST timer/stop", "GET timesheet"]


def test_it_takes_nothing_from_the_note_of_the_running_timer(here: Page, there: Page) -> None:
    here.get_by_role("button", name="Start", exact=True).click()
    note = region(there).get_by_label("Note")
    note.press_sequentially("half a ")
    note.press("ArrowLeft")
    region(here).get_by_label("Note").fill("from the desk")
    region(here).get_by_label("Note").press("Enter")
    expect(there.get_by_role("list", name=re.compile("Entries"))).to_contain_text("from the desk")
    expect(note).to_be_focused()
    expect(note).to_have_value("half a ")
    assert note.evaluate("input => input.selectionStart") == len("half a")


def test_a_note_that_is_being_typed_is_saved_when_the_timer_is_stopped_elsewhere(here: Page, there: Page) -> None:
    here.get_by_role("button", name="Start", exact=True).click()
    region(there).get_by_label("Note").press_sequentially("nearly said")
    region(here).get_by_role("button", name="Stop").click()
    expect(region(there)).to_have_count(0)
    for page in (there, here):
        expect(page.get_by_role("list", name=re.compile("Entries"))).to_contain_text("nearly said")


def test_a_note_that_cannot_be_saved_any_more_is_told(here: Page, there: Page, noise: Noise) -> None:
    noise.expect("ERR_FAILED")
    here.get_by_role("button", name="Start", exact=True).click()
    there.route("**/entries/*/note", lambda route: route.abort())
    region(there).get_by_label("Note").press_sequentially("half a sentence")
    region(here).get_by_role("button", name="Stop").click()
    expect(there.get_by_role("alert")).to_contain_text("What you were typing could not be saved.")


def test_it_takes_nothing_from_the_words_in_the_picker(here: Page, there: Page) -> None:
    box = start_bar(here).get_by_role("combobox", name="Task")
    box.click()
    box.press_sequentially("sign", delay=20)
    expect(here.get_by_role("option").first).to_be_visible()
    there.get_by_role("button", name="Start", exact=True).click()
    expect(region(here)).to_be_visible()
    expect(box).to_be_focused()
    expect(box).to_have_value("sign")
    expect(here.get_by_role("option").first).to_be_visible()
    box.press_sequentially("-in")
    here.get_by_role("option").filter(has_text=SHARED_TASK).first.click()
    expect(region(here)).to_contain_text(SHARED_TASK)
    expect(region(there)).to_contain_text(SHARED_TASK)
    expect(box).to_have_value("")


def test_it_takes_nothing_from_a_form_that_is_open(here: Page, there: Page) -> None:
    here.get_by_role("link", name="Add manually").click()
    form = here.get_by_role("form", name="Add time")
    form.get_by_label("Start", exact=True).fill("9")
    here.mouse.wheel(0, 40)
    there.get_by_role("button", name="Start", exact=True).click()
    expect(region(here)).to_be_visible()
    expect(form.get_by_label("Start", exact=True)).to_be_focused()
    expect(form.get_by_label("Start", exact=True)).to_have_value("9")


def test_it_follows_on_every_other_page(here: Page, there: Page, connected: Stack) -> None:
    here.goto(f"{connected.url}/projects")
    expect(here.get_by_role("heading", name="Projects")).to_be_visible()
    live(here)
    start_on(there, "sign-in", SHARED_TASK)
    timer = here.get_by_role("link", name=re.compile("Timer running"))
    expect(timer).to_contain_text(SHARED_TASK)
    expect(here).to_have_title(re.compile(r"^0:00:\d\d · Projects"))
    region(there).get_by_role("button", name="Stop").click()
    expect(timer).to_have_count(0)
    expect(here).to_have_title(re.compile("^Projects"))


def test_the_week_follows_and_asks_once(here: Page, there: Page, connected: Stack) -> None:
    here.goto(f"{connected.url}/timesheet/week")
    expect(here.get_by_role("heading", level=1)).to_be_visible()
    live(here)
    asked = Asked(here)
    start_on(there, "sign-in", SHARED_TASK)
    expect(region(here)).to_contain_text(SHARED_TASK)
    region(here).get_by_role("button", name="Stop").click()
    expect(region(there)).to_have_count(0)
    expect(region(here)).to_have_count(0)
    there.get_by_role("button", name="Start", exact=True).click()
    expect(region(here)).to_be_visible()
    # To press Stop was to look at this page again, after the other.
    methods = [one.split(" ")[0] for one in asked.all]
    assert methods[methods.index("POST") :] == ["POST", "GET"]


def test_all_tabs_of_a_browser_share_one_stream(here: Page, connected: Stack) -> None:
    tabs = [here.context.new_page() for _ in range(8)]
    for tab in tabs:
        tab.goto(f"{connected.url}/timesheet")
        expect(tab.get_by_role("button", name="Start", exact=True)).to_be_visible()
        live(tab)
    assert streams(connected) == 1
    tabs[0].get_by_role("button", name="Start", exact=True).click()
    for tab in tabs:
        expect(region(tab)).to_be_visible()


def streams(stack: Stack) -> float:
    text = httpx.get(f"{stack.url}/metrics").text
    return float(re.search(r"^sundial_live_streams (\S+)$", text, re.MULTILINE).group(1))  # type: ignore[union-attr]


def test_nobody_else_hears_of_it(here: Page, open_page: OpenPage, connected: Stack) -> None:
    alices = somebody(open_page, connected.url, ALICE)
    start_on(here, "sign-in", SHARED_TASK)
    # Alice hears of her own: had anything of Bob's come, it would have come before.
    start_elsewhere(connected, ALICE)
    expect(region(alices)).to_be_visible()
    expect(region(alices)).not_to_contain_text(SHARED_TASK)


def test_signing_out_in_one_tab_leads_the_others_to_sign_in(here: Page, connected: Stack) -> None:
    other = here.context.new_page()
    other.goto(f"{connected.url}/projects")
    expect(other.get_by_role("heading", name="Projects")).to_be_visible()
    live(other)
    here.locator(".top__account summary").click()
    here.get_by_role("button", name="Sign out").click()
    expect(other).to_have_url(re.compile("/sign-in"), timeout=10_000)


@pytest.fixture
def second(connected: Stack) -> Iterator[str]:
    """Another web process on the same database; its address."""
    port = free_port()
    process = connected.spawn("web", "--port", str(port))
    wait_until_it_answers(f"http://127.0.0.1:{port}/health")
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait()
    connected.processes.remove(process)


def test_it_comes_through_another_web_process(here: Page, open_page: OpenPage, second: str) -> None:
    far = somebody(open_page, second, BOB)
    start_on(far, "sign-in", SHARED_TASK)
    expect(region(here)).to_contain_text(SHARED_TASK)
    region(here).get_by_role("button", name="Stop").click()
    expect(region(far)).to_have_count(0)


def test_it_runs_one_timer_though_two_servers_are_asked_at_once(here: Page, connected: Stack, second: str) -> None:
    cookies = {cookie["name"]: cookie["value"] for cookie in here.context.cookies()}
    headers = {"x-csrftoken": cookies["sundial_csrf"]}

    def start(number: int) -> int:
        server = (connected.url, second)[number % 2]
        return httpx.post(f"{server}/timer", data={"note": str(number)}, cookies=cookies, headers=headers).status_code

    with ThreadPoolExecutor(16) as presses:
        assert set(presses.map(start, range(32))) == {303}
    assert connected.query("SELECT count(*) FROM time_entry") == [(32,)]
    assert connected.query("SELECT count(*) FROM time_entry WHERE stopped_at IS NULL") == [(1,)]
    gaps = """SELECT count(*) FROM time_entry one WHERE stopped_at IS NOT NULL
        AND NOT EXISTS (SELECT FROM time_entry next WHERE next.started_at = one.stopped_at)"""
    assert connected.query(gaps) == [(0,)]
    ((note,),) = connected.query("SELECT note FROM time_entry WHERE stopped_at IS NULL")
    expect(region(here).get_by_label("Note")).to_have_value(note)


def test_it_goes_on_when_the_database_has_cut_the_connection(here: Page, connected: Stack) -> None:
    before = listeners(connected)
    connected.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = ANY (%s)", before)
    # Started in the gap or after it, it is seen either way.
    start_elsewhere(connected, BOB)
    expect(region(here)).to_be_visible(timeout=10_000)
    connected.query("UPDATE time_entry SET stopped_at = now() RETURNING id")
    expect(region(here)).to_have_count(0, timeout=10_000)
    assert not {*before} & {*listeners(connected)}


def listeners(stack: Stack) -> list[int]:
    rows = stack.query(
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'sundial live' AND datname = current_database()"
    )
    return [pid for (pid,) in rows]


def test_it_goes_on_when_the_web_process_was_started_anew(open_page: OpenPage, connected: Stack, noise: Noise) -> None:
    noise.expect("ERR_CONNECTION_REFUSED")
    noise.expect("ERR_INCOMPLETE_CHUNKED_ENCODING")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    first = connected.spawn("web", "--port", str(port))
    wait_until_it_answers(f"{url}/health")
    page = somebody(open_page, url, BOB)
    page.get_by_role("button", name="Start", exact=True).click()
    expect(region(page)).to_be_visible()
    first.terminate()
    # It does not wait for its streams to end by themselves.
    first.wait(4)
    connected.processes.remove(first)
    expect(page.locator("html[data-live=off]")).to_have_count(1)
    connected.query("UPDATE time_entry SET stopped_at = now() RETURNING id")
    again = connected.spawn("web", "--port", str(port))
    try:
        wait_until_it_answers(f"{url}/health")
        live(page)
        expect(region(page)).to_have_count(0, timeout=10_000)
        expect(page.locator("#network")).to_be_hidden()
    finally:
        again.terminate()
        again.wait()
        connected.processes.remove(again)


def test_it_asks_by_itself_where_no_signal_comes(page: Page, connected: Stack) -> None:
    """A proxy that holds the stream back, say."""
    page.add_init_script("delete window.SharedWorker")
    page.route("**/live", lambda route: route.fulfill(status=204))
    page.clock.install()
    sign_in(page, connected.url, BOB)
    expect(page.locator("html[data-live=off]")).to_have_count(1)
    start_elsewhere(connected, BOB)
    page.clock.fast_forward("00:31")
    expect(region(page)).to_be_visible()


def test_without_a_shared_worker_the_tab_in_sight_listens(open_page: OpenPage, connected: Stack, there: Page) -> None:
    page = open_page()
    page.add_init_script("delete window.SharedWorker")
    sign_in(page, connected.url, BOB)
    live(page)
    start_on(there, "sign-in", SHARED_TASK)
    expect(region(page)).to_contain_text(SHARED_TASK)
