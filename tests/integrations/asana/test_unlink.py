"""Unlinking: what it says before, what it ends, and what it leaves alone."""

import pytest

from app.accounts.models import Account, User
from app.asana_sandbox.testing import RunningSandbox
from app.integrations.asana import connecting
from app.integrations.asana.connection import connection_of
from app.integrations.asana.models import AsanaConnection, AsanaWorkspace, RunState, SyncRun
from app.projects.models import WorkItem
from app.settings import load_settings
from app.timesheet.models import TimeEntry
from tests.browser_like import Visitor
from tests.factories import make_entry, make_item, monday
from tests.integrations.asana.deciding import connect
from tests.integrations.asana.rows import make_connection, make_run, make_workspace

UNLINK = "/integrations/asana/unlink"


@pytest.fixture
async def alices(visitor: Visitor, alice: User) -> Visitor:
    return await visitor.signed_in_as(alice)


@pytest.fixture
async def connected(
    alices: Visitor, company: RunningSandbox, alice: User, monkeypatch: pytest.MonkeyPatch
) -> AsanaConnection:
    """Through Asana's consent page, with every workspace chosen."""
    monkeypatch.setenv("PUBLIC_URL", "http://127.0.0.1:8000")
    load_settings.cache_clear()
    await connect(alices, company)
    await AsanaWorkspace.update({AsanaWorkspace.is_selected: True}, force=True)
    connection = await connection_of(alice.account)
    assert connection is not None
    return connection


@pytest.fixture
async def items(account: Account) -> dict[str, WorkItem]:
    imported = {"source": "asana", "foreign_group": "meridian"}
    root = await make_item(account, "Asana", kind="root", source="asana", foreign_id="root")
    website = await make_item(account, "Website", kind="project", under=root, foreign_id="1", **imported)
    draft = await make_item(account, "Draft", under=website, foreign_id="2", **imported)
    done = {"archived_at": monday(9), "archived_reason": "completed"}
    sketch = await make_item(account, "Sketch", under=website, foreign_id="3", **imported, **done)
    own = await make_item(account, "Meetings", kind="task")
    return {item.name: item for item in (root, website, draft, sketch, own)}


async def test_it_says_what_stays(
    alices: Visitor, connected: AsanaConnection, items: dict[str, WorkItem], alice: User, bob: User
) -> None:
    await make_entry(alice, items["Draft"], monday(9), stopped_at=monday(11))
    await make_entry(bob, items["Draft"], monday(9))
    await make_entry(alice, items["Meetings"], monday(12), stopped_at=monday(13))
    page = (await alices.get(UNLINK)).text
    for text in ("Unlink Asana?", "2 entries", "2 imported items", "1 timer", "revoked at Asana"):
        assert text in page
    assert (await connection_of(alice.account)).state == "active"


async def test_it_archives_what_was_imported(
    alices: Visitor, connected: AsanaConnection, items: dict[str, WorkItem], account: Account
) -> None:
    answer = await alices.post(UNLINK)
    assert answer.headers["location"] == "/integrations"
    reasons = {row.name: row.archived_reason for row in await WorkItem.objects().where(WorkItem.account == account.id)}
    assert reasons == {
        "Asana": None,
        "Website": "unlinked",
        "Draft": "above",
        "Sketch": "completed",
        "Meetings": None,
    }


async def test_it_erases_the_tokens_here_and_ends_them_at_asana(
    alices: Visitor, connected: AsanaConnection, company: RunningSandbox, alice: User
) -> None:
    assert [grant.kind for grant in company.world.state.grants.values() if grant.client_id] != []
    answer = await alices.post(UNLINK)
    connection = await connection_of(alice.account)
    assert connection is not None
    assert (connection.state, connection.access_token, connection.refresh_token) == ("unlinked", None, None)
    assert connection.unlinked_at is not None
    assert [grant.kind for grant in company.world.state.grants.values() if grant.client_id] == []
    page = (await alices.get(answer.headers["location"])).text
    assert "Asana is unlinked." in page
    assert "Asana has ended Sundial&#39;s access." in page


@pytest.mark.parametrize("kind", ["failing", "unreachable"])
async def test_it_unlinks_while_asana_is_down(
    alices: Visitor,
    connected: AsanaConnection,
    company: RunningSandbox,
    alice: User,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
) -> None:
    monkeypatch.setattr(connecting, "TIMEOUT_SECONDS", 0.3)
    if kind == "unreachable":
        monkeypatch.setenv("ASANA_OAUTH_URL", "http://127.0.0.1:9/-")
        load_settings.cache_clear()
    else:
        company.control.fail_next(503, match="oauth_revoke")
    await alices.post(UNLINK)
    connection = await connection_of(alice.account)
    assert connection is not None
    assert (connection.state, connection.refresh_token) == ("unlinked", None)
    assert "remove Sundial there" in (await alices.get("/integrations")).text


async def test_it_says_that_a_personal_token_is_not_ours_to_delete(alices: Visitor, alice: User) -> None:
    await make_connection(alice, authorized_by="personal_token", refresh_token=None)
    assert "Only you can delete it at Asana" in (await alices.get(UNLINK)).text
    await alices.post(UNLINK)
    assert "Delete the personal access token" in (await alices.get("/integrations")).text


async def test_it_lets_running_timers_run(
    alices: Visitor, connected: AsanaConnection, items: dict[str, WorkItem], bob: User
) -> None:
    entry = await make_entry(bob, items["Draft"], monday(9))
    await alices.post(UNLINK)
    running = await TimeEntry.objects().get(TimeEntry.id == entry.id)
    assert running is not None
    assert (running.item, running.stopped_at) == (items["Draft"].id, None)


async def test_it_cancels_what_waits(alices: Visitor, connected: AsanaConnection) -> None:
    waiting = await make_run(connected, RunState.queued)
    await alices.post(UNLINK)
    cancelled = await SyncRun.objects().get(SyncRun.id == waiting.id)
    assert cancelled is not None
    assert (cancelled.state, cancelled.failure) == ("failed", "unlinked")
    assert cancelled.finished_at is not None


async def test_it_can_be_pressed_twice(alices: Visitor, connected: AsanaConnection, alice: User) -> None:
    await alices.post(UNLINK)
    first = await connection_of(alice.account)
    await alices.post(UNLINK)
    second = await connection_of(alice.account)
    assert first is not None
    assert second is not None
    assert first.unlinked_at == second.unlinked_at
    assert (await alices.get(UNLINK)).headers["location"] == "/integrations"


async def test_it_is_for_administrators(visitor: Visitor, alice: User, bob: User, charlie: User) -> None:
    await make_workspace(await make_connection(alice))
    bobs, charlies = await visitor.signed_in_as(bob), await visitor.signed_in_as(charlie)
    for method in ("GET", "POST"):
        assert (await bobs.request(method, UNLINK)).status_code == 403
        assert (await visitor.request(method, UNLINK)).headers["location"].startswith("/sign-in")
        assert (await charlies.request(method, UNLINK)).headers["location"] == "/integrations"
    connection = await connection_of(alice.account)
    assert connection is not None
    assert connection.state == "active"
