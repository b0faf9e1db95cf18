"""The help: who sees which page, and that each page of Sundial leads to the one that tells of it."""

import re

import pytest

from app.accounts.models import User
from app.help.areas import AREAS, help_path
from tests.browser_like import Visitor

FOR_EVERYBODY = [area.path for area in AREAS if not area.for_administrators]
FOR_ADMINISTRATORS = [area.path for area in AREAS if area.for_administrators]


@pytest.mark.parametrize("path", FOR_EVERYBODY)
async def test_it_tells_everybody(visitor: Visitor, bob: User, path: str) -> None:
    page = await (await visitor.signed_in_as(bob)).get(path)
    assert page.status_code == 200
    assert f'href="{path}" aria-current="page"' in page.text


@pytest.mark.parametrize("path", FOR_ADMINISTRATORS)
async def test_it_tells_only_administrators_what_only_they_can_do(
    visitor: Visitor, alice: User, bob: User, path: str
) -> None:
    alices, bobs = await visitor.signed_in_as(alice), await visitor.signed_in_as(bob)
    assert (await alices.get(path)).status_code == 200
    assert f'href="{path}"' in (await alices.get("/help")).text
    assert (await bobs.get(path)).status_code == 403
    assert f'href="{path}"' not in (await bobs.get("/help")).text


@pytest.mark.parametrize("path", ["/help/nothing", "/help/_page", "/help/index", "/help/timesheet/more"])
async def test_it_knows_no_other_page(visitor: Visitor, alice: User, path: str) -> None:
    assert (await (await visitor.signed_in_as(alice)).get(path)).status_code == 404


@pytest.mark.parametrize(
    ("path", "told_at"),
    [
        ("/timesheet", "/help/timesheet"),
        ("/timesheet/2026-11-24", "/help/timesheet"),
        ("/timesheet/week", "/help/week"),
        ("/timesheet/week/2026-11-23", "/help/week"),
        ("/entries/new", "/help/timesheet"),
        ("/projects/7/name", "/help/projects"),
        ("/integrations/asana/workspaces", "/help/asana"),
        ("/people/invitations", "/help/people"),
        ("/help/week", "/help"),
        ("/profile", "/help"),
        ("/projectsandmore", "/help"),
    ],
)
def test_it_finds_the_page_that_tells_of_another(path: str, told_at: str) -> None:
    assert help_path(path, is_administrator=True) == told_at


def test_it_leads_a_user_to_nothing_they_may_not_see() -> None:
    assert help_path("/people", is_administrator=False) == "/help"


@pytest.mark.parametrize("path", ["/timesheet", "/projects", "/integrations", "/people"])
async def test_it_is_led_to_from_each_area(visitor: Visitor, alice: User, path: str) -> None:
    alices = await visitor.signed_in_as(alice)
    page = (await alices.get(path)).text
    assert f'<a class="top__help" href="{help_path(path, is_administrator=True)}"' in page
    assert '<a class="menu__item" href="/help/keyboard"' in page


async def test_its_links_lead_somewhere(visitor: Visitor, alice: User) -> None:
    alices = await visitor.signed_in_as(alice)
    linked = set()
    for path in ["/help", *FOR_EVERYBODY, *FOR_ADMINISTRATORS]:
        main = re.search(r"<main.*</main>", (await alices.get(path)).text, re.DOTALL)
        assert main
        linked |= set(re.findall(r'href="(/[^"]*)"', main[0]))
    assert {path: (await alices.get(path)).status_code for path in linked} == dict.fromkeys(linked, 200)
