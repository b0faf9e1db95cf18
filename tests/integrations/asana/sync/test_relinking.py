"""Unlinked and enabled again, by the same person or another: same id, same row, no lost time."""

from app import database
from app.integrations.asana.answers import User, Workspace
from app.integrations.asana.connecting import Grant
from app.integrations.asana.connection import choose_workspaces, establish, unlink
from app.integrations.asana.models import AuthorizedBy, Trigger
from app.timesheet.models import TimeEntry
from tests.factories import make_entry
from tests.integrations.asana.sync.connected import Connected
from tests.integrations.asana.sync.office import Office
from tests.integrations.asana.sync.trees import visible_in_sundial


async def enable_again(connected: Connected, office: Office, user_id: int, gid: str, token: str) -> None:
    name = office.world.person(gid).name
    workspaces = [Workspace(office.workspace, "Meridian Works", True)]
    grant = Grant(AuthorizedBy.personal_token, token, None, None, User(gid, name), workspaces)
    connected.connection = await establish(connected.account.id, user_id, grant)
    await choose_workspaces(connected.connection, [office.workspace])


async def item_ids() -> dict[str, int]:
    rows = await database.fetch("SELECT foreign_id, id FROM work_item")
    return {row["foreign_id"]: row["id"] for row in rows}


async def test_enabled_again_everything_is_as_before(office: Office, connected: Connected) -> None:
    task = office.world.add_task(office.garden, "Water the plants", assignee=office.bob)
    gone = office.world.add_task(office.garden, "Gone meanwhile")
    await connected.sync()
    before = await item_ids()
    entry = await make_entry(connected.bob, await connected.item(task))
    await unlink(connected.connection)
    assert await connected.tree() == []
    office.world.delete_task(gone)
    await enable_again(connected, office, connected.alice.id, office.alice, "sandbox-pat-alice")
    run = await connected.sync(Trigger.first)
    assert run.added == 0
    assert await item_ids() == before
    await connected.assert_equal_to_asana()
    assert await connected.reason(gone) == "deleted"
    kept = await TimeEntry.objects().get(TimeEntry.id == entry.id)
    assert kept is not None
    assert kept.item == before[task]


async def test_enabled_by_somebody_else_it_shows_what_they_see(office: Office, connected: Connected) -> None:
    secret = office.world.make_project("Alice's own", office.workspace, owner=office.alice, privacy="private")
    task = office.world.add_task(office.garden, "Water the plants")
    await connected.sync()
    await unlink(connected.connection)
    await enable_again(connected, office, connected.bob.id, office.bob, "sandbox-pat-bob")
    await connected.sync(Trigger.first)
    await connected.assert_equal_to_asana()
    assert await connected.reason(secret) in {"hidden", "deleted"}
    assert task in await visible_in_sundial(connected.bob.id)
    # Alice is no longer the owner, only a member like others.
    office.world.remove_member(office.garden, office.alice)
    await connected.sync()
    assert task not in await visible_in_sundial(connected.alice.id)
