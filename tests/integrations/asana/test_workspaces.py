"""The wizard's second step: which workspaces are read, and what becomes of those left out."""

import pytest

from app.accounts.models import Account, User
from app.integrations.asana.controllers.wizard import COUNT_TRIES
from app.integrations.asana.models import AsanaConnection, AsanaWorkspace, SyncRun
from app.projects.models import WorkItem
from app.timesheet.models import TimeEntry
from tests.browser_like import Visitor
from tests.factories import make_entry, make_item
from tests.integrations.asana.rows import make_connection, make_workspace

WORKSPACES = "/integrations/asana/workspaces"


@pytest.fixture
async def connection(alice: User) -> AsanaConnection:
    """Connected, with two workspaces of which none has been chosen."""
    connection = await make_connection(alice)
    await make_workspace(connection, "Meridian Works", is_organization=True, is_selected=False)
    await make_workspace(connection, "Garden", is_selected=False, project_count=1)
    return connection


def ticked(page: str) -> list[str]:
    return [box.split('value="')[1].split('"')[0] for box in page.split("<input") if " checked" in box.split(">")[0]]


async def selected() -> list[str]:
    gids = AsanaWorkspace.select(AsanaWorkspace.gid).where(AsanaWorkspace.is_selected.eq(True))
    return sorted(await gids.output(as_list=True))


async def test_it_shows_each_workspace_with_its_projects(alices: Visitor) -> None:
    page = (await alices.get(WORKSPACES)).text
    assert "Connected to Asana as Alice Hartmann." in page
    for text in ("Meridian Works", "3 projects", "Garden", "1 project<"):
        assert text in page


async def test_it_ticks_organizations_at_first(alices: Visitor) -> None:
    assert ticked((await alices.get(WORKSPACES)).text) == ["meridian-works"]


async def test_it_ticks_what_is_read(alices: Visitor) -> None:
    await AsanaWorkspace.update({AsanaWorkspace.is_selected: True}).where(AsanaWorkspace.gid == "garden")
    assert ticked((await alices.get(WORKSPACES)).text) == ["garden"]


async def test_it_ticks_what_was_read_before_unlinking(alices: Visitor, account: Account, alice: User) -> None:
    await make_item(
        account,
        "Hedge",
        kind="project",
        source="asana",
        foreign_id="1",
        foreign_group="garden",
        archived_at=alice.created_at,
        archived_reason="unlinked",
    )
    assert ticked((await alices.get(WORKSPACES)).text) == ["garden"]


async def test_it_saves_the_choice_and_starts_the_import(alices: Visitor, alice: User) -> None:
    answer = await alices.post(WORKSPACES, data={"workspace": ["meridian-works", "garden"]})
    assert answer.headers["location"] == "/integrations/asana/people"
    assert await selected() == ["garden", "meridian-works"]
    (run,) = await SyncRun.objects()
    assert (run.trigger, run.state, run.requested_by) == ("first", "queued", alice.id)


async def test_it_starts_one_import_when_it_is_pressed_twice(alices: Visitor) -> None:
    for _ in range(2):
        await alices.post(WORKSPACES, data={"workspace": "meridian-works"})
    assert await SyncRun.count() == 1


async def test_it_goes_back_to_the_settings_when_it_came_from_there(alices: Visitor) -> None:
    answer = await alices.post(WORKSPACES, data={"workspace": "garden", "back": "settings"})
    assert answer.headers["location"] == "/integrations/asana"


@pytest.mark.parametrize("sent", [{}, {"workspace": "somewhere-else"}, {"all": "on"}])
async def test_it_refuses_to_read_nothing(alices: Visitor, sent: dict[str, str]) -> None:
    answer = await alices.post(WORKSPACES, data=sent)
    assert answer.status_code == 422
    assert "Tick at least one workspace" in answer.text
    assert ticked(answer.text) == []
    assert await SyncRun.count() == 0


async def test_it_asks_for_the_count_until_it_is_there(alices: Visitor) -> None:
    await AsanaWorkspace.update({AsanaWorkspace.project_count: None}).where(AsanaWorkspace.gid == "garden")
    garden = await AsanaWorkspace.objects().get(AsanaWorkspace.gid == "garden")
    assert garden is not None
    path = f"{WORKSPACES}/{garden.id}/count"
    assert f'hx-get="{path}?tries=0"' in (await alices.get(WORKSPACES)).text
    assert f'hx-get="{path}?tries=5"' in (await alices.htmx_get(path, params={"tries": 4})).text
    given_up = (await alices.htmx_get(path, params={"tries": COUNT_TRIES - 1})).text
    assert "hx-get" not in given_up
    assert "not counted" in given_up
    await AsanaWorkspace.update({AsanaWorkspace.project_count: 1}).where(AsanaWorkspace.id == garden.id)
    told = (await alices.htmx_get(path)).text
    assert "hx-get" not in told
    assert "1 project" in told


@pytest.fixture
async def hedge(connection: AsanaConnection, account: Account) -> WorkItem:
    """A project of the garden with a task in it and one that is done, beside one of another workspace."""
    await AsanaWorkspace.update({AsanaWorkspace.is_selected: True}, force=True)
    imported = {"source": "asana", "foreign_group": "garden"}
    root = await make_item(account, "Asana", kind="root", source="asana", foreign_id="root")
    hedge = await make_item(account, "Hedge", kind="project", under=root, foreign_id="1", **imported)
    await make_item(account, "Cut it", under=hedge, foreign_id="2", **imported)
    done = {"archived_at": connection.connected_at, "archived_reason": "completed"}
    await make_item(account, "Plant it", under=hedge, foreign_id="3", **imported, **done)
    elsewhere = {"source": "asana", "foreign_group": "meridian-works", "foreign_id": "4"}
    await make_item(account, "Website", kind="project", under=root, **elsewhere)
    return hedge


async def reasons() -> dict[str, str | None]:
    rows = await WorkItem.select(WorkItem.name, WorkItem.archived_reason)
    return {row["name"]: row["archived_reason"] for row in rows}


async def test_it_asks_before_it_leaves_out_what_was_imported(alices: Visitor, hedge: WorkItem) -> None:
    answer = await alices.post(WORKSPACES, data={"workspace": "meridian-works"})
    assert answer.status_code == 200
    for text in ("Leave out Garden?", "2 items", "All tracked time stays", "everything comes back"):
        assert text in answer.text
    assert (await reasons())["Hedge"] is None
    assert await selected() == ["garden", "meridian-works"]


async def test_it_archives_what_came_from_a_workspace_left_out(alices: Visitor, hedge: WorkItem, alice: User) -> None:
    entry = await make_entry(alice, hedge)
    await alices.post(WORKSPACES, data={"workspace": "meridian-works", "confirmed": "yes"})
    assert await selected() == ["meridian-works"]
    assert await reasons() == {
        "Asana": None,
        "Hedge": "workspace",
        "Cut it": "above",
        "Plant it": "completed",
        "Website": None,
    }
    kept = await TimeEntry.objects().get(TimeEntry.id == entry.id)
    assert kept is not None
    assert (kept.item, kept.stopped_at) == (hedge.id, None)
    (run,) = await SyncRun.objects()
    assert run.trigger == "workspaces"


@pytest.mark.parametrize("state", ["needs_reconnecting", "unlinked"])
async def test_it_needs_a_connection_that_works(alices: Visitor, connection: AsanaConnection, state: str) -> None:
    await AsanaConnection.update({AsanaConnection.state: state}).where(AsanaConnection.id == connection.id)
    for answer in (await alices.get(WORKSPACES), await alices.post(WORKSPACES, data={"workspace": "garden"})):
        assert answer.headers["location"] == "/integrations/asana/enable"


async def test_it_is_for_administrators(visitor: Visitor, bob: User, connection: AsanaConnection) -> None:
    bobs = await visitor.signed_in_as(bob)
    assert (await bobs.get(WORKSPACES)).status_code == 403
    assert (await bobs.post(WORKSPACES, data={"workspace": "garden"})).status_code == 403
    assert (await visitor.get(WORKSPACES)).headers["location"].startswith("/sign-in")
    assert await SyncRun.count() == 0


async def test_it_shows_nothing_of_another_account(
    visitor: Visitor, charlie: User, connection: AsanaConnection
) -> None:
    charlies = await visitor.signed_in_as(charlie)
    assert (await charlies.get(WORKSPACES)).headers["location"] == "/integrations/asana/enable"
    await make_workspace(await make_connection(charlie), "Elsewhere")
    assert "Garden" not in (await charlies.get(WORKSPACES)).text
    garden = await AsanaWorkspace.objects().get(AsanaWorkspace.gid == "garden")
    assert garden is not None
    assert (await charlies.htmx_get(f"{WORKSPACES}/{garden.id}/count")).status_code == 404
    assert (await charlies.post(WORKSPACES, data={"workspace": "garden"})).status_code == 422
