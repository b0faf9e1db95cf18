"""What was completed, archived, deleted or hidden in Asana is archived for that reason, and comes back."""

import pytest

from app.asana_sandbox.world import World
from app.integrations.asana.models import RunState
from app.timesheet.models import TimeEntry
from tests.factories import make_entry
from tests.integrations.asana.sync.connected import Connected
from tests.integrations.asana.sync.office import Office


def hide_task(world: World, office: Office, task: str) -> None:
    """Into a private project of Bob's, where Alice does not see it."""
    secret = world.make_project("Secret", office.workspace, owner=office.bob, privacy="private")
    world.move_task(task, office.section(secret))


def take_out(world: World, office: Office, task: str) -> None:
    world.add_follower(task, office.alice)
    world.remove_from_project(task, office.garden)


def hide_project(world: World, office: Office) -> None:
    world.set_owner(office.garden, office.bob)
    world.remove_member(office.garden, office.alice)
    world.make_private(office.garden)


TASK_WAYS = {
    "completed": lambda world, office, task: world.complete_task(task),
    "deleted": lambda world, office, task: world.delete_task(task),
    "hidden": lambda world, office, task: hide_task(world, office, task),
    "removed": take_out,
}
PROJECT_WAYS = {
    "completed": lambda world, office: world.complete_project(office.garden),
    "archived": lambda world, office: world.archive_project(office.garden),
    "deleted": lambda world, office: world.delete_project(office.garden),
    "hidden": hide_project,
}


@pytest.mark.parametrize("reason", TASK_WAYS)
async def test_it_archives_a_task_for_its_reason_and_what_is_below(
    office: Office, connected: Connected, reason: str
) -> None:
    office.world.add_task(office.garden, "Stays")
    task = office.world.add_task(office.garden, "Water the plants")
    below = office.world.add_subtask(task, "Fill the can")
    await connected.sync()
    TASK_WAYS[reason](office.world, office, task)
    run = await connected.sync()
    assert await connected.reason(task) == reason
    # Asana tells of the deletion of each, where everything else is told of the one above alone.
    assert await connected.reason(below) == ("deleted" if reason == "deleted" else "above")
    assert run.archived == 2
    await connected.assert_equal_to_asana()


@pytest.mark.parametrize("reason", PROJECT_WAYS)
async def test_it_archives_a_project_for_its_reason_and_what_is_below(
    office: Office, connected: Connected, reason: str
) -> None:
    task = office.world.add_task(office.garden, "Water the plants")
    below = office.world.add_subtask(task, "Fill the can")
    await connected.sync()
    PROJECT_WAYS[reason](office.world, office)
    await connected.sync()
    assert await connected.reason(office.garden) == reason
    assert [await connected.reason(gid) for gid in (task, below)] == ["above", "above"]
    await connected.assert_equal_to_asana()


async def test_it_revives_a_reopened_task_with_what_is_below(office: Office, connected: Connected) -> None:
    task = office.world.add_task(office.garden, "Water the plants")
    below = office.world.add_subtask(task, "Fill the can")
    await connected.sync()
    before = (await connected.item(task)).id
    office.world.complete_task(task)
    await connected.sync()
    office.world.reopen_task(task)
    run = await connected.sync()
    assert (await connected.reason(task), await connected.reason(below)) == (None, None)
    assert (await connected.item(task)).id == before
    assert (run.revived, run.added, run.archived) == (2, 0, 0)


async def test_it_revives_a_restored_task(office: Office, connected: Connected) -> None:
    task = office.world.add_task(office.garden, "Water the plants")
    await connected.sync()
    office.world.delete_task(task)
    await connected.sync()
    office.world.restore_task(task)
    await connected.sync()
    assert await connected.reason(task) is None


async def test_it_revives_a_project_without_what_was_completed_meanwhile(office: Office, connected: Connected) -> None:
    kept, done, gone = (office.world.add_task(office.garden, name) for name in ("Kept", "Done", "Gone"))
    await connected.sync()
    office.world.archive_project(office.garden)
    await connected.sync()
    office.world.complete_task(done)
    office.world.delete_task(gone)
    office.world.unarchive_project(office.garden)
    run = await connected.sync()
    assert [await connected.reason(gid) for gid in (office.garden, kept, done, gone)] == [
        None,
        None,
        "completed",
        "deleted",
    ]
    assert run.state == RunState.done
    await connected.assert_equal_to_asana()


async def test_it_leaves_a_reopened_project_archived_until_it_could_be_read(
    office: Office, connected: Connected
) -> None:
    task = office.world.add_task(office.garden, "Water the plants")
    await connected.sync()
    office.world.archive_project(office.garden)
    await connected.sync()
    office.world.unarchive_project(office.garden)
    connected.sandbox.control.fail_next(403, match=f"projects/{office.garden}/tasks")
    await connected.sync()
    assert [await connected.reason(gid) for gid in (office.garden, task)] == ["archived", "above"]
    await connected.sync()
    assert [await connected.reason(gid) for gid in (office.garden, task)] == [None, None]


async def test_it_keeps_a_task_active_in_its_other_project(office: Office, connected: Connected) -> None:
    task = office.world.add_task(office.garden, "In both")
    office.world.add_to_project(task, office.launch)
    await connected.sync()
    office.world.archive_project(office.garden)
    await connected.sync()
    assert await connected.reason(task) is None
    office.world.archive_project(office.launch)
    await connected.sync()
    assert await connected.reason(task) == "above"


async def test_it_archives_a_deleted_list(office: Office, connected: Connected) -> None:
    section = office.section(office.launch, 1)
    await connected.sync()
    office.world.delete_section(section)
    await connected.sync()
    assert await connected.reason(section) == "deleted"


async def test_it_does_not_import_what_was_completed_before(office: Office, connected: Connected) -> None:
    task = office.world.add_task(office.garden, "Long ago")
    office.world.complete_task(task)
    open_one = office.world.add_task(office.garden, "Open")
    below = office.world.add_subtask(open_one, "Done already")
    office.world.complete_task(below)
    run = await connected.sync()
    assert run.added == 5  # Two projects, two lists, one task.
    office.world.reopen_task(task)
    await connected.sync()
    assert await connected.reason(task) is None


async def test_it_never_touches_time(office: Office, connected: Connected) -> None:
    task = office.world.add_task(office.garden, "Water the plants")
    await connected.sync()
    entry = await make_entry(connected.bob, await connected.item(task))
    office.world.delete_task(task)
    await connected.sync()
    kept = await TimeEntry.objects(TimeEntry.item).get(TimeEntry.id == entry.id)
    assert kept is not None
    assert kept.item.name == "Water the plants"
    assert kept.stopped_at is None
