"""The life of runs: asked for once, performed by one at a time, resumed by another, ended whatever happens."""

import asyncio
from datetime import UTC, datetime

import asyncpg
import pytest

from app import database
from app.integrations.asana.connection import unlink
from app.integrations.asana.models import RunState, SyncRun, Trigger
from app.integrations.asana.sync.perform import perform
from app.integrations.asana.sync.runs import (
    abandoned_runs,
    connections_to_compare,
    due_connections,
    request_sync,
    the_run,
)
from tests.integrations.asana.sync.connected import Connected, until
from tests.integrations.asana.sync.office import Office


async def until_running(run: SyncRun) -> SyncRun:
    async def is_running() -> bool:
        row = await the_run(run.id)
        return row.state == RunState.running and row.phase in {"events", "tasks"}

    await until(is_running)
    return await the_run(run.id)


async def test_pressing_twice_is_one_run(connected: Connected) -> None:
    first = await request_sync(connected.connection, Trigger.forced, connected.alice)
    second = await request_sync(connected.connection, Trigger.forced, connected.bob)
    assert (second.id, second.requested_by) == (first.id, connected.alice.id)


async def test_many_at_the_same_moment_are_one_run(connected: Connected) -> None:
    runs = await asyncio.gather(*(request_sync(connected.connection, Trigger.forced) for _ in range(8)))
    assert len({run.id for run in runs}) == 1


async def test_a_person_takes_over_a_waiting_periodic_run(connected: Connected) -> None:
    waiting = await request_sync(connected.connection, Trigger.periodic)
    forced = await request_sync(connected.connection, Trigger.forced, connected.bob)
    assert (forced.id, forced.trigger, forced.requested_by) == (waiting.id, "forced", connected.bob.id)
    again = await request_sync(connected.connection, Trigger.periodic)
    assert (again.id, again.trigger) == (waiting.id, "forced")


async def test_a_run_tells_what_it_did(office: Office, connected: Connected) -> None:
    office.world.add_task(office.garden, "Water the plants")
    run = await connected.sync(Trigger.first)
    assert (run.state, run.failure, run.phase) == ("done", None, "people")
    assert (run.projects_total, run.projects_done, run.tasks_read, run.added) == (2, 2, 1, 5)
    assert run.requests_made == connected.sandbox.control.requests()["total"]
    assert run.started_at <= run.heartbeat_at <= run.finished_at
    assert {change["name"] for change in connected.changes_of(run)} == {
        "Garden",
        "Launch",
        "To do",
        "Doing",
        "Water the plants",
    }


async def test_progress_can_be_followed_while_it_runs(office: Office, connected: Connected) -> None:
    connected.sandbox.control.set_latency(150)
    run = await request_sync(connected.connection, Trigger.first)
    passing = asyncio.create_task(perform(run.id))
    seen = await until_running(run)
    assert (seen.projects_total, seen.finished_at) == (2, None)
    await passing
    assert (await the_run(run.id)).state == RunState.done


async def test_two_workers_perform_a_run_once(connected: Connected) -> None:
    run = await request_sync(connected.connection, Trigger.forced)
    await asyncio.gather(perform(run.id), perform(run.id), perform(run.id))
    done = await the_run(run.id)
    assert done.state == RunState.done
    assert connected.sandbox.control.requests()["total"] == done.requests_made


async def test_a_wish_for_other_workspaces_waits_for_the_run_that_began_before_it(connected: Connected) -> None:
    connected.sandbox.control.set_latency(100)
    first = await request_sync(connected.connection, Trigger.periodic)
    passing = asyncio.create_task(perform(first.id))
    await until_running(first)
    forced = await request_sync(connected.connection, Trigger.forced)
    second = await request_sync(connected.connection, Trigger.workspaces, connected.alice)
    assert forced.id != first.id
    assert second.id == forced.id
    await perform(second.id)  # Finds the lock taken, and leaves it to the one who has it.
    assert (await the_run(second.id)).state == RunState.queued
    await passing
    assert [(await the_run(run.id)).state for run in (first, second)] == ["done", "done"]


async def test_another_worker_goes_on_where_one_was_stopped(office: Office, connected: Connected) -> None:
    for number in range(20):
        office.world.add_task(office.world.make_project(f"Project {number}", office.workspace), "Task")
    connected.sandbox.control.set_latency(100)
    run = await request_sync(connected.connection, Trigger.first)
    passing = asyncio.create_task(perform(run.id))
    await until(lambda: connected.projects_read_in(run))
    passing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await passing
    assert [abandoned.id for abandoned in await until(abandoned_runs)] == [run.id]
    read = await connected.projects_read_in(run)
    assert read
    connected.sandbox.control.set_latency(0)
    connected.sandbox.control.forget_requests()
    await perform(run.id)
    finished = await the_run(run.id)
    assert (finished.state, finished.projects_done, finished.added) == (RunState.done, 22, 44)
    assert not connected.projects_asked_for() & read
    await connected.assert_equal_to_asana()


async def test_unlinking_stops_a_pass_that_runs(office: Office, connected: Connected) -> None:
    office.world.add_task(office.garden, "Water the plants")
    await connected.sync()
    connected.sandbox.control.set_latency(100)
    run = await request_sync(connected.connection, Trigger.forced)
    passing = asyncio.create_task(perform(run.id))
    await until_running(run)
    await unlink(connected.connection)
    await passing
    ended = await the_run(run.id)
    assert (ended.state, ended.failure) == (RunState.failed, "not_connected")
    assert await connected.reason(office.garden) == "unlinked"
    assert await connected.tree() == []


async def test_what_nobody_expected_is_recorded_and_raised(connected: Connected) -> None:
    await database.execute("ALTER TABLE placement RENAME TO placement_away")
    try:
        with pytest.raises(asyncpg.UndefinedTableError):
            await connected.sync()
    finally:
        await database.execute("ALTER TABLE placement_away RENAME TO placement")
    [run] = await SyncRun.objects()
    assert (run.state, run.failure) == (RunState.failed, "unexpected")
    assert (await connected.sync()).state == RunState.done


async def test_only_connections_whose_time_has_come_are_due(connected: Connected) -> None:
    assert [connection.id for connection in await due_connections(15)] == [connected.connection.id]
    run = await request_sync(connected.connection, Trigger.periodic)
    assert await due_connections(15) == []
    await perform(run.id)
    assert await due_connections(15) == []
    await database.execute("UPDATE sync_run SET queued_at = now() - interval '16 minutes'")
    assert len(await due_connections(15)) == 1
    await unlink(connected.connection)
    assert await due_connections(15) == []


async def test_a_nightly_pass_gives_way_to_somebody_who_waits(office: Office, connected: Connected) -> None:
    for number in range(40):
        office.world.add_task(office.world.make_project(f"Project {number}", office.workspace), "Task")
    await connected.sync()
    connected.sandbox.control.set_latency(150)
    nightly = await request_sync(connected.connection, Trigger.nightly)
    passing = asyncio.create_task(perform(nightly.id))
    await until_running(nightly)
    forced = await request_sync(connected.connection, Trigger.forced, connected.alice)
    assert forced.id != nightly.id
    await until(lambda: has_ended(forced))
    assert (await the_run(nightly.id)).state != RunState.done
    read = await connected.projects_read_in(nightly)
    connected.sandbox.control.set_latency(0)
    connected.sandbox.control.forget_requests()
    await passing
    assert (await the_run(nightly.id)).state == RunState.done
    assert read
    assert not connected.projects_asked_for() & read
    await connected.assert_equal_to_asana()


async def has_ended(run: SyncRun) -> bool:
    return (await the_run(run.id)).finished_at is not None


async def test_it_compares_in_the_night_of_the_owner_and_after_a_missed_one(connected: Connected) -> None:
    assert await connections_to_compare() == []  # Nothing has been imported yet.
    await connected.sync()
    assert await connections_to_compare() == []
    await read_completely_before("37 hours")
    assert len(await connections_to_compare()) == 1
    await read_completely_before("21 hours")
    zone_where_it_is = {hour: f"Etc/GMT{datetime.now(UTC).hour - hour:+d}" for hour in (3, 12)}
    zones = {hour: zone for hour, zone in zone_where_it_is.items() if -14 <= datetime.now(UTC).hour - hour <= 12}
    for hour, zone in zones.items():
        await database.execute("UPDATE person SET timezone = $1", zone)
        assert len(await connections_to_compare()) == (hour == 3), zone
    await read_completely_before("37 hours")
    await request_sync(connected.connection, Trigger.nightly)
    assert await connections_to_compare() == []


async def read_completely_before(interval: str) -> None:
    await database.execute(f"UPDATE asana_connection SET complete_read_at = now() - interval '{interval}'")


async def test_a_run_without_a_worker_is_noticed_and_one_with_is_left_alone(connected: Connected) -> None:
    connected.sandbox.control.set_latency(100)
    run = await request_sync(connected.connection, Trigger.forced)
    assert await abandoned_runs() == []
    await database.execute("UPDATE sync_run SET state = 'running', started_at = now()")
    assert [abandoned.id for abandoned in await abandoned_runs()] == [run.id]
    passing = asyncio.create_task(perform(run.id))
    await until_running(run)
    assert await abandoned_runs() == []
    await passing
    assert (await the_run(run.id)).state == RunState.done
