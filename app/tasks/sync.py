"""Passes over Asana as jobs: what the button, the wizard, the clock and Asana's webhooks set going."""

import time
from typing import Any

import structlog
from saq.types import Context

from app.integrations.asana.models import AsanaConnection, ConnectionState, RunState, SyncRun, Trigger
from app.integrations.asana.sync.perform import perform
from app.integrations.asana.sync.runs import (
    abandoned_runs,
    connections_left_dirty,
    connections_to_compare,
    due_connections,
    request_sync,
)
from app.settings import load_settings
from app.tasks.queue import UNREACHABLE, enqueue
from app.tasks.webhooks import keep_webhooks_later

log = structlog.get_logger()

TIMEOUT_SECONDS = 2 * 60 * 60
PRIORITY = {Trigger.periodic: 10, Trigger.nightly: 20}
GATHER_SECONDS = 2


async def sync_connection(_: Context, *, run_id: int) -> None:
    await perform(run_id)
    await keep_webhooks_after(run_id)


async def keep_webhooks_after(run_id: int) -> None:
    run = await SyncRun.objects(SyncRun.connection).get(SyncRun.id == run_id)
    if run is not None and run.state == RunState.done:
        await keep_webhooks_later(run.connection)


async def sync_later(run: SyncRun) -> None:
    """Pressed twice it is one job. A run that a person took over gets a second job, which overtakes the waiting one;
    whichever comes last finds nothing to do. Where the queue does not answer nothing is lost: the run waits, and the
    next worker that looks for such runs goes on with it.
    """
    try:
        await enqueue(
            "sync_connection",
            key=f"sync:{run.id}:{run.trigger}",
            timeout=TIMEOUT_SECONDS,
            priority=PRIORITY.get(Trigger(run.trigger), 0),
            run_id=run.id,
        )
    except UNREACHABLE as error:
        log.warning("sync: the queue does not answer", run=run.id, error=str(error))


async def sync_all_periodically(_: Context) -> None:
    for connection in await due_connections(load_settings().sync_minutes):
        await sync_later(await request_sync(connection, Trigger.periodic))


async def catch_up_with_deliveries(_: Context, *, connection_id: int) -> None:
    connection = await AsanaConnection.objects().get(AsanaConnection.id == connection_id)
    if connection is not None and connection.state == ConnectionState.active:
        await sync_later(await request_sync(connection, Trigger.webhook))


async def catch_up_soon(connection_id: int) -> None:
    """All that is delivered within the same second starts one catch-up, two seconds later.

    The key has the second in it: a delivery that comes while such a job is at work gets the next one, never none.
    """
    at = int(time.time()) + GATHER_SECONDS
    try:
        await enqueue(
            "catch_up_with_deliveries",
            key=f"deliveries:{connection_id}:{at}",
            timeout=60,
            scheduled=at,
            ttl=-1,
            connection_id=connection_id,
        )
    except UNREACHABLE as error:
        log.warning("sync: the queue does not answer", connection=connection_id, error=str(error))


async def compare_nightly(_: Context) -> None:
    """A catch-up first, so that whatever the complete pass then finds changed is what events had not told."""
    for connection in await connections_to_compare():
        await sync_later(await request_sync(connection, Trigger.periodic))
        await sync_later(await request_sync(connection, Trigger.nightly))


async def resume_abandoned_syncs(_: Context) -> None:
    """Without a key: the job of a killed worker still holds the run's own until the queue sweeps it away."""
    for run in await abandoned_runs():
        await enqueue("sync_connection", timeout=TIMEOUT_SECONDS, run_id=run.id)
    for connection in await connections_left_dirty():
        await sync_later(await request_sync(connection, Trigger.webhook))


FUNCTIONS: list[Any] = [sync_connection, catch_up_with_deliveries]
