"""One run from its claim to its end, whatever that is."""

import structlog
from asyncpg import Connection
from structlog.contextvars import bound_contextvars

from app import database
from app.integrations.asana.authorization import asana_client
from app.integrations.asana.client import AsanaClient
from app.integrations.asana.connection import put_away
from app.integrations.asana.errors import AccessRevoked, AsanaError
from app.integrations.asana.models import (
    AsanaConnection,
    AsanaWorkspace,
    ConnectionState,
    PassKind,
    SyncRun,
    Trigger,
)
from app.integrations.asana.sync.catch_up import CatchUp
from app.integrations.asana.sync.complete import CompletePass
from app.integrations.asana.sync.merge import Target, ensure_root, forget_keywords
from app.integrations.asana.sync.progress import Overtaken, Progress
from app.integrations.asana.sync.runs import claim, finish, has_waiting, pass_lock, put_back, the_connection
from app.integrations.asana.sync.stage import forget, prepare
from app.integrations.asana.sync.writer import ConnectionChanged, Writer
from app.projects.models import ArchivedReason

log = structlog.get_logger()

NOT_CONNECTED = "not_connected"
UNEXPECTED = "unexpected"


async def perform(run_id: int) -> None:
    """Performs the run, and whatever else waits for the same connection. Returns at once where another process does.

    What Asana refuses ends the run with a word in `failure` and is not raised; what nobody expected is both.

    Looking again after the lock is given up catches the run that was asked for just then, whose own job had found the
    lock taken.
    """
    run = await SyncRun.objects().get(SyncRun.id == run_id)
    if run is None:
        return
    while True:
        async with pass_lock(run.connection) as own:
            if own is None:
                return
            await prepare(own)
            while claimed := await claim(run.connection):
                with bound_contextvars(run=claimed.id, connection=claimed.connection):
                    await perform_claimed(claimed, own)
        if not await has_waiting(run.connection):
            return


async def perform_claimed(run: SyncRun, own: Connection) -> None:
    """A worker that is stopped leaves the run as it is, like one that dies: the next goes on with it."""
    connection = await the_connection(run.connection)
    if connection.state != ConnectionState.active or run.started_at < connection.connected_at:
        await finish(run.id, NOT_CONNECTED)
        return
    try:
        await pass_over(run, connection, own)
    except ConnectionChanged:
        await finish(run.id, NOT_CONNECTED)
    except Overtaken:
        await put_back(run.id)
    except AsanaError as error:
        await failed(run, connection, error)
    except Exception:
        await finish(run.id, UNEXPECTED)
        raise
    else:
        await finish(run.id)


async def pass_over(run: SyncRun, connection: AsanaConnection, own: Connection) -> None:
    workspaces = (
        await AsanaWorkspace.objects()
        .where(AsanaWorkspace.connection == connection.id, AsanaWorkspace.is_selected.eq(True))
        .order_by(AsanaWorkspace.id)
    )
    await forget(own)
    async with asana_client(connection) as client:
        progress = Progress(run, client.pace)
        target = Target(connection.account, connection.id, connection.connected_at, run.id)
        writer = Writer(own, target, progress)
        try:
            async with progress.kept():
                await prepare_account(own, connection, workspaces, progress)
                read = await the_pass(run, own, connection, client, writer).perform(workspaces)
        finally:
            await remember_rate(connection, client.pace.learned)
    log.info("sync: done", run=run.id, kind=run.kind, **progress.summary())
    await note_read(run, [workspace for workspace in workspaces if workspace.gid in read])


async def prepare_account(
    own: Connection, connection: AsanaConnection, workspaces: list[AsanaWorkspace], progress: Progress
) -> None:
    await progress.enter("projects")
    await ensure_root(own, connection.account)
    await put_away(connection, ArchivedReason.workspace, all_but=[workspace.gid for workspace in workspaces])
    if not connection.keywords_enabled:
        await forget_keywords(own, connection.account)


def the_pass(
    run: SyncRun, own: Connection, connection: AsanaConnection, client: AsanaClient, writer: Writer
) -> CompletePass | CatchUp:
    if run.kind == PassKind.complete:
        return CompletePass(own, connection, client, writer)
    return CatchUp(own, connection, client, writer, Trigger(run.trigger))


async def note_read(run: SyncRun, workspaces: list[AsanaWorkspace]) -> None:
    """A delivery that came in the meantime has set another moment: the workspace stays dirty."""
    for workspace in workspaces:
        await database.execute(
            """UPDATE asana_workspace
            SET last_read_at = now(), dirty_at = CASE WHEN dirty_at = $2 THEN NULL ELSE dirty_at END
            WHERE id = $1""",
            workspace.id,
            workspace.dirty_at,
        )
    if run.kind == PassKind.complete:
        await database.execute(
            "UPDATE asana_connection SET complete_read_at = now() WHERE id = $1 AND connected_at < $2",
            run.connection,
            run.started_at,
        )


async def failed(run: SyncRun, connection: AsanaConnection, error: AsanaError) -> None:
    log.warning("sync: failed", run=run.id, word=error.word, said=str(error))
    if isinstance(error, AccessRevoked):
        await needs_reconnecting(connection, error.word)
    await finish(run.id, error.word)


async def needs_reconnecting(connection: AsanaConnection, word: str) -> None:
    """Unless somebody has connected again in the meantime: then it was the former connection that broke."""
    await database.execute(
        """UPDATE asana_connection SET state = $2, problem = $3
        WHERE id = $1 AND state = 'active' AND connected_at = $4""",
        connection.id,
        ConnectionState.needs_reconnecting,
        word,
        connection.connected_at,
    )


async def remember_rate(connection: AsanaConnection, per_minute: int | None) -> None:
    if per_minute and per_minute != connection.requests_per_minute:
        await database.execute(
            "UPDATE asana_connection SET requests_per_minute = $2 WHERE id = $1", connection.id, per_minute
        )
