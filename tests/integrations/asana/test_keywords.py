"""The wizard's fourth and fifth step: keywords, and the end."""

import pytest

from app.accounts.models import User
from app.integrations.asana.connection import connection_of
from app.integrations.asana.models import AsanaConnection, RunState, SyncRun
from tests.browser_like import Visitor
from tests.integrations.asana.rows import make_run

KEYWORDS = "/integrations/asana/keywords"
DONE = "/integrations/asana/done"


async def are_on(alice: User) -> bool:
    connection = await connection_of(alice.account)
    assert connection is not None
    return connection.keywords_enabled


async def test_it_asks(alices: Visitor) -> None:
    page = (await alices.get(KEYWORDS)).text
    assert "Do you want to synchronize tags from Asana as Task Keywords?" in page
    assert " checked" not in page


async def test_it_switches_them_on_and_reads_the_tags(alices: Visitor, alice: User) -> None:
    answer = await alices.post(KEYWORDS, data={"synchronize": "on"})
    assert answer.headers["location"] == DONE
    assert await are_on(alice)
    assert [run.state for run in await SyncRun.objects()] == [RunState.queued]
    assert " checked" in (await alices.get(KEYWORDS)).text


async def test_it_switches_them_off(alices: Visitor, alice: User) -> None:
    await AsanaConnection.update({AsanaConnection.keywords_enabled: True}, force=True)
    await alices.post(KEYWORDS)
    assert not await are_on(alice)


async def test_it_reads_nothing_again_when_nothing_changed(alices: Visitor) -> None:
    await alices.post(KEYWORDS)
    assert await SyncRun.count() == 0


async def test_it_goes_back_to_the_settings_when_it_came_from_there(alices: Visitor) -> None:
    answer = await alices.post(KEYWORDS, data={"back": "settings"})
    assert answer.headers["location"] == "/integrations/asana"


async def test_it_sums_up_at_the_end(alices: Visitor, connection: AsanaConnection) -> None:
    await make_run(connection, RunState.running, phase="tasks", projects_total=25, projects_done=3)
    page = (await alices.get(DONE)).text
    for text in ("Asana is connected", "Alice Hartmann", "Meridian Works", "3 of 25 projects", "/timesheet"):
        assert text in page


@pytest.mark.parametrize("path", [KEYWORDS, DONE])
async def test_it_is_for_administrators(
    visitor: Visitor, bob: User, charlie: User, connection: AsanaConnection, path: str
) -> None:
    assert (await (await visitor.signed_in_as(bob)).get(path)).status_code == 403
    assert (await visitor.get(path)).headers["location"].startswith("/sign-in")
    charlies = await visitor.signed_in_as(charlie)
    assert (await charlies.get(path)).headers["location"] == "/integrations/asana/enable"


async def test_it_changes_nothing_for_a_user(visitor: Visitor, bob: User, alice: User, connection: object) -> None:
    bobs = await visitor.signed_in_as(bob)
    assert (await bobs.post(KEYWORDS, data={"synchronize": "on"})).status_code == 403
    assert not await are_on(alice)
