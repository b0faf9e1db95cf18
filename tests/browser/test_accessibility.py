"""axe-core finds nothing on any page, in light and dark; nothing sticks out, and thumbs hit everything."""

from collections.abc import Iterable

from playwright.sync_api import Page, expect

from tests.browser.axe import findings, low_targets, problems, sticks_out
from tests.browser.furnished import furnish
from tests.browser.opened import OPENED, picker_with_tree
from tests.browser.pages import addresses, pages_at
from tests.browser.stack import Stack
from tests.browser.steps import ALICE, BOB, sign_in
from tests.chromium import Noise, OpenPage

USERS_PAGES = ["/timesheet", "/timesheet/week", "/projects", "/integrations", "/profile", "/people", "/help"]
SIGNED_OUT_PAGES = ["/sign-in", "/password-reset", "/invitations/unknown"]
EMPTY_PAGES = ["/timesheet", "/timesheet/week", "/projects", "/integrations", "/integrations/asana/enable"]


def problems_at(page: Page, stack: Stack, paths: Iterable[str]) -> list[str]:
    return [problem for _ in pages_at(page, stack, paths) for problem in problems(page)]


def test_it_has_no_findings_for_an_administrator(open_page: OpenPage, connected: Stack, noise: Noise) -> None:
    noise.expect("404")
    page = open_page(reduced_motion="reduce")
    ids = furnish(page, connected)
    assert problems_at(page, connected, [*addresses(ids), f"/projects/{ids['shared']}"]) == []


def test_it_has_no_findings_where_something_is_open(open_page: OpenPage, connected: Stack, noise: Noise) -> None:
    noise.expect("422")
    page = open_page(reduced_motion="reduce")
    furnish(page, connected)
    found = []
    for path, opens in OPENED:
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(connected.url + path)
        opens(page)
        found += [f"{opens.__name__}: {problem}" for problem in problems(page, widths=[1440])]
    assert not found, "\n".join(found)


def test_thumbs_hit_everything(open_page: OpenPage, connected: Stack, noise: Noise) -> None:
    noise.expect("404")
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    ids = furnish(page, connected)
    assert [low for _ in pages_at(page, connected, addresses(ids)) for low in low_targets(page)] == []
    page.goto(f"{connected.url}/timesheet")
    picker_with_tree(page)
    assert not sticks_out(page, 390)


def test_it_has_no_findings_for_a_user_or_a_visitor(open_page: OpenPage, connected: Stack, noise: Noise) -> None:
    for status in ("403", "404", "410"):
        noise.expect(status)
    page = open_page(reduced_motion="reduce")
    found = problems_at(page, connected, SIGNED_OUT_PAGES)
    sign_in(page, connected.url, BOB)
    assert found + problems_at(page, connected, USERS_PAGES) == []


def test_it_has_no_findings_where_there_is_nothing_yet(open_page: OpenPage, fresh: Stack) -> None:
    page = open_page(reduced_motion="reduce")
    found = problems_at(page, fresh, ["/setup"])
    fresh.make_people()
    sign_in(page, fresh.url, ALICE)
    assert found + problems_at(page, fresh, EMPTY_PAGES) == []


def test_it_has_no_findings_behind_the_links_in_letters(open_page: OpenPage, fresh: Stack) -> None:
    fresh.make_people()
    page = open_page(reduced_motion="reduce")
    sign_in(page, fresh.url, ALICE)
    page.goto(f"{fresh.url}/people")
    page.get_by_text("Invite people").click()
    page.get_by_label("E-mail addresses").fill("dora@meridian.example")
    page.get_by_role("button", name="Invite", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("dora@meridian.example")
    found = problems_at(page, fresh, ["/people"])

    visitor = open_page(reduced_motion="reduce")
    visitor.goto(f"{fresh.url}/password-reset")
    visitor.get_by_label("E-mail address").fill(BOB)
    visitor.get_by_role("button", name="Send me a link").click()
    for address in ("dora@meridian.example", BOB):
        link = fresh.mailbox.link_for(address)
        found += problems_at(visitor, fresh, [link.removeprefix(fresh.url)])
    assert found == []


def test_it_has_no_findings_where_it_asks_before_leaving_a_workspace_out(open_page: OpenPage, connected: Stack) -> None:
    page = open_page(reduced_motion="reduce")
    sign_in(page, connected.url, ALICE)
    page.goto(f"{connected.url}/integrations/asana/workspaces")
    page.get_by_role("checkbox", name="Hartmann Garden").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("main")).to_contain_text("Hartmann Garden")
    expect(page.get_by_role("checkbox")).to_have_count(0)
    assert problems(page) == []


def test_it_would_find_something(page: Page) -> None:
    page.set_content("<html><title>x</title><img src='data:,'><button></button><button>x</button></html>")
    assert {finding.split(":")[0] for finding in findings(page)} >= {"image-alt", "button-name"}
    assert len(low_targets(page)) == 2
