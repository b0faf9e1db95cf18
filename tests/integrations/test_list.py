"""The Integrations page, and the banner that leads to it from everywhere."""

from datetime import UTC, datetime

import pytest

from app.accounts.models import User
from app.integrations.asana.models import RunState
from tests.browser_like import Visitor
from tests.integrations.asana.rows import make_connection, make_run, make_workspace
from tests.queries import queries

INTEGRATIONS = "/integrations"
ENABLE = 'href="/integrations/asana/enable"'
SETTINGS = 'href="/integrations/asana"'


async def page_for(visitor: Visitor, user: User, path: str = INTEGRATIONS) -> str:
    answer = await (await visitor.signed_in_as(user)).get(path)
    assert answer.status_code == 200
    return answer.text


async def test_it_offers_to_enable_asana(visitor: Visitor, alice: User) -> None:
    page = await page_for(visitor, alice)
    assert "Not connected" in page
    assert ENABLE in page


async def test_it_leads_on_while_it_is_being_set_up(visitor: Visitor, alice: User) -> None:
    await make_connection(alice)
    page = await page_for(visitor, alice)
    assert "Being set up" in page
    assert 'href="/integrations/asana/workspaces"' in page


async def test_it_says_when_asana_was_read(visitor: Visitor, alice: User) -> None:
    connection = await make_connection(alice)
    await make_workspace(connection)
    await make_run(connection)
    page = await page_for(visitor, alice)
    assert "Active" in page
    assert "just now" in page
    assert SETTINGS in page


async def test_it_says_that_asana_is_being_read(visitor: Visitor, alice: User) -> None:
    connection = await make_connection(alice)
    await make_workspace(connection)
    await make_run(connection, RunState.running)
    assert "Asana is being read now" in await page_for(visitor, alice)


async def test_it_says_why_it_needs_reconnecting(visitor: Visitor, alice: User) -> None:
    await make_connection(alice, state="needs_reconnecting", problem="revoked")
    page = await page_for(visitor, alice)
    assert "Needs reconnecting" in page
    assert page.count("no longer accepts Sundial’s authorization") == 2, "in the card and in the banner"
    assert ENABLE in page


async def test_it_says_that_it_was_unlinked(visitor: Visitor, alice: User) -> None:
    await make_connection(alice, state="unlinked", unlinked_at=datetime.now(UTC))
    page = await page_for(visitor, alice)
    assert "Unlinked on" in page
    assert ENABLE in page


@pytest.mark.parametrize("state", [None, "active", "needs_reconnecting", "unlinked"])
async def test_it_shows_users_the_state_and_no_more(
    visitor: Visitor, alice: User, bob: User, state: str | None
) -> None:
    if state:
        await make_connection(alice, state=state, problem="revoked", unlinked_at=datetime.now(UTC))
    page = await page_for(visitor, bob)
    for kept in (ENABLE, SETTINGS, "/integrations/asana/workspaces"):
        assert kept not in page


async def test_it_shows_nothing_of_another_account(visitor: Visitor, alice: User, charlie: User) -> None:
    await make_connection(alice)
    page = await page_for(visitor, charlie)
    assert "Not connected" in page
    assert "Alice" not in page


async def test_it_requires_signing_in(visitor: Visitor, alice: User) -> None:
    assert (await visitor.get(INTEGRATIONS)).headers["location"] == "/sign-in?next=%2Fintegrations"


async def test_it_warns_administrators_on_every_page(visitor: Visitor, alice: User, bob: User) -> None:
    await make_connection(alice, state="needs_reconnecting", problem="revoked")
    assert "Asana needs to be reconnected" in (await page_for(visitor, alice, "/projects")).partition("<h1")[0]
    assert "Re-enable integration" not in await page_for(visitor, bob, "/projects")


async def test_it_does_not_say_twice_what_the_enable_page_says(visitor: Visitor, alice: User) -> None:
    await make_connection(alice, state="needs_reconnecting", problem="revoked")
    page = await page_for(visitor, alice, "/integrations/asana/enable")
    assert page.count("no longer accepts Sundial’s authorization") == 1


async def test_it_warns_when_the_owner_has_left(visitor: Visitor, alice: User, bob: User) -> None:
    await make_workspace(await make_connection(bob))
    assert "has left this account" not in await page_for(visitor, alice)
    bob.deactivated_at = datetime.now(UTC)
    await bob.save()
    page = await page_for(visitor, alice, "/projects")
    assert "Bob Okafor has left this account" in page


async def test_it_does_not_warn_of_what_was_unlinked(visitor: Visitor, alice: User) -> None:
    await make_connection(alice, state="unlinked", unlinked_at=datetime.now(UTC))
    assert "needs to be reconnected" not in await page_for(visitor, alice, "/projects")


async def test_it_does_not_warn_another_account(visitor: Visitor, alice: User, charlie: User) -> None:
    await make_connection(alice, state="needs_reconnecting", problem="revoked")
    assert "needs to be reconnected" not in await page_for(visitor, charlie, "/projects")


async def test_it_asks_for_the_banner_only_for_whole_pages_of_administrators(
    visitor: Visitor, alice: User, bob: User
) -> None:
    async def questions(user: User, **headers: str) -> int:
        signed_in = await visitor.signed_in_as(user)
        async with queries() as asked:
            await signed_in.get(INTEGRATIONS, headers=headers)
        return sum("connection.problem, owner.name" in question for question in asked)

    assert await questions(alice) == 1
    assert await questions(bob) == 0
    assert await questions(alice, **{"HX-Request": "true"}) == 0
