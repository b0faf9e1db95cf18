"""Passes as jobs of the real queue: in a worker of this process, and in one that is killed."""

import asyncio
import sys
from collections.abc import AsyncIterator

import pytest
from saq.types import Context

from app import database
from app.integrations.asana.models import RunState, SyncRun, Trigger
from app.integrations.asana.sync.runs import abandoned_runs, request_sync, the_run
from app.integrations.asana.webhooks import mark_dirty
from app.tasks.queue import close_queue
from app.tasks.sync import resume_abandoned_syncs, sync_all_periodically, sync_later
from app.tasks.worker import make_worker
from tests.integrations.asana.sync.connected import Connected, until
from tests.integrations.asana.sync.office import Office

CONTEXT: Context = {}  # type: ignore[typeddict-item]


@pytest.fixture
async def queue(committed: None) -> AsyncIterator[None]:
    yield
    await close_queue()


async def work_off() -> None:
    """A worker that works until every run has ended."""
    worker = await make_worker(dequeue_timeout=0.2)
    working = asyncio.create_task(worker.start())
    await until(all_have_ended)
    await worker.stop()
    await working


async def all_have_ended() -> bool:
    return bool(await database.fetch_value("SELECT bool_and(finished_at IS NOT NULL) FROM sync_run"))


async def jobs_waiting() -> int:
    return int(await database.fetch_value("SELECT count(*) FROM saq_jobs WHERE status = 'queued'"))


async def test_the_worker_performs_what_was_asked_for(office: Office, connected: Connected, queue: None) -> None:
    office.world.add_task(office.garden, "Water the plants")
    run = await request_sync(connected.connection, Trigger.first, connected.alice)
    await sync_later(run)
    await sync_later(run)
    assert await jobs_waiting() == 1
    await work_off()
    assert (await the_run(run.id)).state == RunState.done
    await connected.assert_equal_to_asana()


async def test_a_person_overtakes_the_clock(connected: Connected, queue: None) -> None:
    periodic = await request_sync(connected.connection, Trigger.periodic)
    await sync_later(periodic)
    forced = await request_sync(connected.connection, Trigger.forced, connected.alice)
    await sync_later(forced)
    first = await database.fetch_value("SELECT key FROM saq_jobs WHERE status = 'queued' ORDER BY priority LIMIT 1")
    assert first.endswith(f"sync:{forced.id}:forced")
    await work_off()
    runs = await SyncRun.objects()
    assert [(run.trigger, run.state) for run in runs] == [("forced", "done")]


async def test_the_clock_starts_what_is_due(connected: Connected, queue: None) -> None:
    await sync_all_periodically(CONTEXT)
    await sync_all_periodically(CONTEXT)
    assert await jobs_waiting() == 1
    await work_off()
    [run] = await SyncRun.objects()
    assert (run.trigger, run.state) == ("periodic", "done")


async def test_a_run_whose_job_was_lost_is_performed_all_the_same(connected: Connected, queue: None) -> None:
    run = await request_sync(connected.connection, Trigger.forced, connected.alice)
    await resume_abandoned_syncs(CONTEXT)
    assert await jobs_waiting() == 0
    await database.execute("UPDATE sync_run SET queued_at = now() - interval '2 minutes'")
    await work_off()  # It looks for such runs when it starts.
    assert (await the_run(run.id)).state == RunState.done


async def test_a_delivery_whose_job_was_lost_is_followed_all_the_same(
    office: Office, connected: Connected, queue: None
) -> None:
    await connected.sync(Trigger.first)
    office.world.add_task(office.garden, "Water the plants")
    await mark_dirty(connected.connection.id, (await connected.item(office.garden)).id, office.workspace)
    await resume_abandoned_syncs(CONTEXT)
    assert await jobs_waiting() == 0
    await database.execute("UPDATE sync_run SET queued_at = queued_at - interval '1 minute'")
    await database.execute("UPDATE asana_project_state SET dirty_at = dirty_at - interval '30 seconds'")
    await resume_abandoned_syncs(CONTEXT)
    await resume_abandoned_syncs(CONTEXT)
    assert await jobs_waiting() == 1
    await work_off()
    await connected.assert_equal_to_asana()
    await resume_abandoned_syncs(CONTEXT)
    assert [run.trigger for run in await SyncRun.objects().order_by(SyncRun.id)] == ["first", "webhook"]


async def test_another_worker_goes_on_after_a_kill(office: Office, connected: Connected, queue: None) -> None:
    for number in range(30):
        office.world.add_task(office.world.make_project(f"Project {number}", office.workspace), "Task")
    connected.sandbox.control.set_latency(100)
    run = await request_sync(connected.connection, Trigger.first, connected.alice)
    await sync_later(run)
    code = "import asyncio; from app.tasks.worker import run_worker; asyncio.run(run_worker())"
    worker = await asyncio.create_subprocess_exec(sys.executable, "-c", code)
    try:
        await until(lambda: connected.projects_read_in(run))
    finally:
        worker.kill()
        await worker.wait()
    await until(abandoned_runs)  # PostgreSQL notices within moments that the process is gone.
    read = await connected.projects_read_in(run)
    connected.sandbox.control.set_latency(0)
    connected.sandbox.control.forget_requests()
    await work_off()
    finished = await the_run(run.id)
    assert (finished.state, finished.projects_done) == (RunState.done, 32)
    assert not connected.projects_asked_for() & read
    await connected.assert_equal_to_asana()
