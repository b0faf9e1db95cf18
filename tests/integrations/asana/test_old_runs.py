from datetime import UTC, datetime, timedelta

from saq.types import Context

from app.accounts.models import User
from app.integrations.asana.models import RunState, SyncRun
from app.tasks.cleanup import forget_expired
from tests.integrations.asana.rows import make_connection, make_run

LONG_AGO = datetime.now(UTC) - timedelta(days=40)


async def test_it_forgets_old_passes_but_never_the_last_good_one(alice: User, charlie: User) -> None:
    connection, quiet = await make_connection(alice), await make_connection(charlie)
    await make_run(connection, finished_at=LONG_AGO)
    await make_run(connection, RunState.failed, finished_at=LONG_AGO, failure="unavailable")
    recent = await make_run(connection)
    only = await make_run(quiet, finished_at=LONG_AGO)
    await forget_expired(Context())
    assert {run.id for run in await SyncRun.objects()} == {recent.id, only.id}
