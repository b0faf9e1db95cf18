"""The processes that do what Sundial does: connect Asana, and read it by the worker's own code."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app import database
from app.bench.floor import FLOOR_OF_IMPORT, Floor
from app.bench.outcome import Failed, Figures
from app.bench.sql import timed_statements
from app.bench.usage import measured, peak_rss_mb
from app.demo import make_people
from app.engine import DB
from app.integrations.asana.connecting import Refused, grant_by_personal_token
from app.integrations.asana.connection import choose_workspaces, establish
from app.integrations.asana.models import AsanaConnection, RunState, SyncRun, Trigger
from app.integrations.asana.pacing import PAID_RATE, pace_of
from app.integrations.asana.sync.perform import perform
from app.integrations.asana.sync.runs import request_sync
from app.tasks.queue import close_queue

# A bucket of requests that no pass empties, where the sandbox sets no limit either.
UNLIMITED = 10_000_000


@asynccontextmanager
async def opened() -> AsyncIterator[None]:
    await database.open_pool()
    try:
        yield
    finally:
        await close_queue()
        await database.close_pool()


async def connect(token: str, workspaces: tuple[str, ...]) -> Figures:
    """As in the wizard. Without `workspaces`, all that the token's owner sees are read."""
    async with opened():
        administrator = await make_people()
        try:
            grant = await grant_by_personal_token(token)
        except Refused as refused:
            raise Failed(f"Asana cannot be connected: {refused.word}.") from refused
        connection = await establish(administrator.account, administrator.id, grant)
        chosen = [each.gid for each in grant.workspaces if not workspaces or each.gid in workspaces]
        await choose_workspaces(connection, chosen)
    return {}


async def read_everything(with_sql: bool, with_floor: bool, unlimited: bool) -> Figures:
    statements = timed_statements(DB) if with_sql else None
    async with opened():
        connection = await the_connection()
        if unlimited:
            pace_of(connection.asana_user_gid, per_minute=UNLIMITED)
        with measured() as usage:
            run = await request_sync(connection, Trigger.first)
            await perform(run.id)
        run = await ended(run.id)
        if unlimited:
            await database.execute("UPDATE asana_connection SET requests_per_minute = $1", PAID_RATE)
        figures: Figures = {
            "wall_s": usage.wall_s,
            "cpu_s": usage.cpu_s,
            "peak_rss_mb": peak_rss_mb(),
            "requests_by_its_own_count": run.requests_made,
            "rows": await database.fetch_value("SELECT count(*) FROM work_item WHERE source = 'asana'"),
            "database_mb": await database.fetch_value("SELECT pg_database_size(current_database())") / 1e6,
        }
        if statements:
            figures["slowest_sql"] = statements.slowest()
        if with_floor:
            figures["request_floor"] = (await floor_of_import(connection)).total
    return figures


async def the_connection() -> AsanaConnection:
    connection = await AsanaConnection.objects().first()
    assert connection is not None
    return connection


async def ended(run_id: int) -> SyncRun:
    run = await SyncRun.objects().get(SyncRun.id == run_id)
    assert run is not None
    if run.state != RunState.done:
        raise Failed(f"The pass ended as {run.state}: {run.failure}.")
    return run


async def floor_of_import(connection: AsanaConnection) -> Floor:
    row = await database.fetch_one(FLOOR_OF_IMPORT, connection.account, connection.id)
    assert row is not None
    return Floor(**dict(row))
