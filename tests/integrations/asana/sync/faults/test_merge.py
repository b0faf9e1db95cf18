"""The database fails in the middle of a merge, once: an error of its own, or the connection of the pass is cut."""

from collections.abc import AsyncIterator

import pytest
from litestar import Litestar

from app import database
from app.integrations.asana.models import PassKind, RunState, SyncRun, Trigger
from app.integrations.asana.sync.runs import request_sync, the_run
from app.tasks.queue import close_queue
from app.tasks.sync import sync_later
from tests.integrations.asana.sync.faults.promises import assert_promises_kept, assert_recovered, assert_told, look
from tests.integrations.asana.sync.faults.scene import Scene, stir
from tests.worker import work

ERRORS = {
    "an-error": "RAISE EXCEPTION 'disk full'",
    "a-deadlock": "RAISE EXCEPTION USING ERRCODE = 'deadlock_detected', MESSAGE = 'deadlock detected'",
    "a-cut-connection": "PERFORM pg_terminate_backend(pg_backend_pid())",
}
# What a merge writes, in its order.
TABLES = ["work_item", "placement", "asana_involvement", "asana_project_state"]

# Unlike everything else, what a sequence has counted is not undone with the transaction.
ONCE = """
CREATE SEQUENCE written;
CREATE FUNCTION fail_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF nextval('written') = 1 THEN {error}; END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER fail_once AFTER INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION fail_once();
"""


@pytest.fixture
async def queue(scene: Scene) -> AsyncIterator[None]:
    yield
    await database.execute("DROP FUNCTION IF EXISTS fail_once CASCADE; DROP SEQUENCE IF EXISTS written")
    await close_queue()


@pytest.mark.parametrize("kind", list(PassKind))
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("error", ERRORS)
async def test_it_keeps_its_promises_when_the_database_fails(
    scene: Scene, app: Litestar, queue: None, error: str, table: str, kind: PassKind
) -> None:
    before = await look(scene)
    stir(scene.garden)
    await database.execute(ONCE.format(error=ERRORS[error], table=table))
    run = await worked(scene, kind)
    assert await database.fetch_value("SELECT is_called FROM written")
    assert (run.state, run.failure) == (RunState.failed, "unexpected")
    await assert_promises_kept(scene, before)
    await assert_told(scene, app, run, "unexpected")
    await assert_recovered(scene, await worked(scene, kind), before)


async def worked(scene: Scene, kind: PassKind) -> SyncRun:
    """A run as a job of the queue, which takes the error that ends it."""
    if kind == PassKind.complete:
        await database.execute("UPDATE asana_connection SET complete_read_at = NULL")
    await scene.connected.reload()
    run = await request_sync(scene.connected.connection, Trigger.forced, scene.connected.alice)
    await sync_later(run)
    await work()
    ended = await the_run(run.id)
    assert ended.kind == kind
    return ended
