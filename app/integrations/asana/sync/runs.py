"""The life of sync runs: asked for, claimed, performed by one process at a time, ended.

A run belongs to whoever holds its connection's advisory lock. PostgreSQL gives the lock up the moment a process dies,
so a run that is `running` while its lock is free has lost its worker and waits for the next to go on with it.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Protocol

import asyncpg

from app import database
from app.integrations.asana.models import AsanaConnection, ConnectionState, RunState, SyncRun, Trigger
from app.piccolo_conf import DB

# The first key of the advisory locks that a pass holds; the second is the connection's id.
PASS_LOCK = 7_305_003

# Who wishes for a pass may have changed something in Asana a second ago, which one that began before may have missed.
# The clock wishes for nothing in particular, and a button pressed twice is one wish.
SATISFIED_BY_RUNNING = {
    Trigger.periodic: set(Trigger),
    Trigger.nightly: {Trigger.nightly},
    Trigger.forced: {Trigger.forced, Trigger.first, Trigger.workspaces},
}
BY_PEOPLE = {Trigger.first, Trigger.forced, Trigger.workspaces, Trigger.command}
BY_THEMSELVES = {Trigger.periodic, Trigger.webhook}
# The nightly pass, which nobody waits for, has a place of its own in the queue.
BACKGROUND = {Trigger.nightly}


class Somebody(Protocol):
    """Whoever asks: a row, or the current user of a page."""

    @property
    def id(self) -> Any: ...


async def request_sync(connection: AsanaConnection, trigger: Trigger, user: Somebody | None = None) -> SyncRun:
    """The run that will answer this wish: the one that is open, else a new one. Hand it to `sync_later`."""
    while True:
        if run := await open_run(connection.id, trigger):
            return await hurried(run, trigger, user)
        created = await database.fetch_value(
            """INSERT INTO sync_run (account, connection, trigger, requested_by, state, queued_at)
            SELECT account, id, $2, $3, 'queued', now() FROM asana_connection WHERE id = $1
            ON CONFLICT DO NOTHING RETURNING id""",
            connection.id,
            trigger,
            user.id if user else None,
        )
        if created:
            return await the_run(created)


async def open_run(connection_id: int, trigger: Trigger) -> SyncRun | None:
    queued = BACKGROUND if trigger in BACKGROUND else set(Trigger) - BACKGROUND
    running = SATISFIED_BY_RUNNING.get(trigger, set())
    run_id = await database.fetch_value(
        """SELECT id FROM sync_run
        WHERE connection = $1 AND (state = 'queued' AND trigger = ANY($2::text[])
            OR state = 'running' AND trigger = ANY($3::text[]))
        ORDER BY id DESC LIMIT 1""",
        connection_id,
        list(queued),
        list(running),
    )
    return await the_run(run_id) if run_id else None


async def hurried(run: SyncRun, trigger: Trigger, user: Somebody | None) -> SyncRun:
    """A wish of a person takes over the run that was only waiting for its turn by the clock."""
    if trigger not in BY_PEOPLE or run.trigger not in BY_THEMSELVES:
        return run
    await database.execute(
        "UPDATE sync_run SET trigger = $2, requested_by = $3 WHERE id = $1 AND state = 'queued'",
        run.id,
        trigger,
        user.id if user else None,
    )
    return await the_run(run.id)


async def the_run(run_id: int) -> SyncRun:
    run = await SyncRun.objects().get(SyncRun.id == run_id)
    assert run is not None
    return run


async def last_runs(connection_id: int, limit: int = 10) -> list[SyncRun]:
    return (
        await SyncRun.objects()
        .where(SyncRun.connection == connection_id)
        .order_by(SyncRun.id, ascending=False)
        .limit(limit)
    )


@asynccontextmanager
async def pass_lock(connection_id: int) -> AsyncIterator[asyncpg.Connection | None]:
    """A database connection of our own that holds the lock, or None where another process does.

    A pass writes through this connection alone. Should it be lost, the lock is lost with it, and so is the chance to
    write beside whoever gets the lock next.
    """
    own = await DB.get_new_connection()
    try:
        locked = await own.fetchval("SELECT pg_try_advisory_lock($1, $2)", PASS_LOCK, connection_id)
        yield own if locked else None
    finally:
        await own.close()


async def claim(connection_id: int) -> SyncRun | None:
    """The next run to perform, for the holder of the lock: one that lost its worker, else one that waits.

    It is complete where it has to be: at first, at night, and after something that only a complete reading tells.
    """
    run_id = await database.fetch_value(
        """UPDATE sync_run run SET state = 'running', started_at = coalesce(started_at, now()), heartbeat_at = now(),
            kind = CASE WHEN run.state = 'running' THEN run.kind
                WHEN run.trigger IN ('first', 'nightly') OR connection.complete_read_at IS NULL THEN 'complete'
                ELSE 'catch_up' END
        FROM asana_connection connection
        WHERE connection.id = $1 AND run.id = (
            SELECT id FROM sync_run WHERE connection = $1 AND state IN ('queued', 'running')
            ORDER BY state = 'running' DESC, trigger = 'nightly', id LIMIT 1)
        RETURNING run.id""",
        connection_id,
    )
    return await the_run(run_id) if run_id else None


async def put_back(run_id: int) -> None:
    """A run that was overtaken waits for its turn and then goes on where it was."""
    await database.execute("UPDATE sync_run SET state = 'queued' WHERE id = $1 AND state = 'running'", run_id)


async def has_waiting(connection_id: int) -> bool:
    return bool(
        await database.fetch_value(
            "SELECT EXISTS (SELECT FROM sync_run WHERE connection = $1 AND state = 'queued')", connection_id
        )
    )


async def finish(run_id: int, failure: str | None = None) -> None:
    await database.execute(
        """UPDATE sync_run SET state = $2, failure = $3, finished_at = now(), heartbeat_at = now()
        WHERE id = $1 AND state = 'running'""",
        run_id,
        RunState.failed if failure else RunState.done,
        failure,
    )


async def due_connections(minutes: int) -> list[AsanaConnection]:
    """Active connections without an open run whose last one was asked for that long ago. A pass that a webhook set
    going does not count: it read no more than what it was told of.
    """
    rows = await database.fetch(
        """SELECT id FROM asana_connection connection
        WHERE state = $1
          AND EXISTS (SELECT FROM asana_workspace WHERE asana_workspace.connection = connection.id AND is_selected)
          AND NOT EXISTS (
            SELECT FROM sync_run WHERE sync_run.connection = connection.id
              AND trigger <> 'webhook'
              AND (state IN ('queued', 'running') OR queued_at > now() - make_interval(mins => $2)))""",
        ConnectionState.active,
        minutes,
    )
    return await connections_in(rows)


async def connections_to_compare() -> list[AsanaConnection]:
    """Active connections in whose owner's night a complete pass is due: once a night, or as soon as one was missed."""
    rows = await database.fetch(
        """SELECT connection.id FROM asana_connection connection LEFT JOIN person ON person.id = connection.connected_by
        WHERE connection.state = $1 AND complete_read_at IS NOT NULL
          AND (complete_read_at < now() - interval '36 hours'
            OR complete_read_at < now() - interval '20 hours'
              AND extract(hour FROM now() AT TIME ZONE coalesce(person.timezone, 'UTC')) BETWEEN 1 AND 4)
          AND NOT EXISTS (
            SELECT FROM sync_run WHERE sync_run.connection = connection.id AND trigger = 'nightly'
              AND (state IN ('queued', 'running') OR queued_at > now() - interval '1 hour'))""",
        ConnectionState.active,
    )
    return await connections_in(rows)


async def abandoned_runs() -> list[SyncRun]:
    """Runs that nobody works on: their worker died, or their job was lost before it began."""
    rows = await database.fetch(
        """SELECT id FROM sync_run
        WHERE (state = 'running' OR state = 'queued' AND queued_at < now() - interval '1 minute')
          AND NOT EXISTS (
            SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND classid = $1 AND objid = sync_run.connection AND objsubid = 2)""",
        PASS_LOCK,
    )
    return await SyncRun.objects().where(SyncRun.id.is_in([row["id"] for row in rows])) if rows else []


async def connections_left_dirty() -> list[AsanaConnection]:
    """Active connections that Asana told of changes, but the job that was to follow them was lost with its queue: no
    pass has been asked for since. One that was and failed does not count, the clock comes back to it.
    """
    rows = await database.fetch(
        """SELECT DISTINCT connection.id FROM asana_connection connection JOIN (
            SELECT connection, dirty_at FROM asana_project_state UNION ALL
            SELECT connection, dirty_at FROM asana_workspace WHERE is_selected) told ON told.connection = connection.id
        WHERE connection.state = $1 AND told.dirty_at < now() - interval '20 seconds'
          AND NOT EXISTS (
            SELECT FROM sync_run WHERE sync_run.connection = connection.id
              AND (state IN ('queued', 'running') OR queued_at > told.dirty_at))""",
        ConnectionState.active,
    )
    return await connections_in(rows)


async def connections_in(rows: list[asyncpg.Record]) -> list[AsanaConnection]:
    return await AsanaConnection.objects().where(AsanaConnection.id.is_in([row["id"] for row in rows])) if rows else []


async def the_connection(connection_id: int) -> AsanaConnection:
    connection = await AsanaConnection.objects().get(AsanaConnection.id == connection_id)
    assert connection is not None
    return connection
