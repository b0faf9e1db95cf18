"""Worker processes that are killed at random moments, that work side by side, and whose database restarts."""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import asyncpg
import pytest

from app import database, postgres
from app.engine import DB
from app.integrations.asana.models import PassKind, RunState, SyncRun, Trigger
from app.integrations.asana.sync.runs import abandoned_runs, request_sync, the_run
from app.migrations import migrate_database
from app.settings import load_settings
from app.tasks.queue import close_queue
from app.tasks.sync import sync_later
from tests.integrations.asana.sync.connected import connect, until
from tests.integrations.asana.sync.faults.promises import assert_promises_kept, assert_recovered, look
from tests.integrations.asana.sync.faults.scene import Scene, authorize_by_oauth, plant, stir, track_time
from tests.integrations.asana.sync.happenings import Happenings
from tests.integrations.asana.sync.office import Office

# `SUNDIAL_KILLS=50 pytest tests/integrations/asana/sync/faults/test_processes.py` looks further than every run does.
KILLS = int(os.environ.get("SUNDIAL_KILLS", "3"))


@pytest.fixture
async def queue(scene: Scene) -> AsyncIterator[None]:
    yield
    await close_queue()


@contextmanager
def a_worker() -> Iterator[subprocess.Popen[bytes]]:
    """`sundial worker`, killed at the end of the block."""
    worker = subprocess.Popen([sys.executable, "-m", "app.cli", "worker"])
    try:
        yield worker
    finally:
        worker.kill()
        worker.wait()


async def wish(scene: Scene, kind: PassKind) -> SyncRun:
    if kind == PassKind.complete:
        await database.execute("UPDATE asana_connection SET complete_read_at = NULL")
    await scene.connected.reload()
    run = await request_sync(scene.connected.connection, Trigger.forced, scene.connected.alice)
    await sync_later(run)
    return run


async def done(scene: Scene, kind: PassKind) -> SyncRun:
    return await until(partial(ended, await wish(scene, kind)))


async def ended(run: SyncRun) -> SyncRun | None:
    now = await the_run(run.id)
    return now if now.finished_at else None


def requests(scene: Scene) -> int:
    return int(scene.connected.sandbox.control.requests()["total"])


@pytest.mark.parametrize("kind", list(PassKind))
async def test_a_worker_is_killed_at_random_moments(scene: Scene, queue: None, kind: PassKind) -> None:
    happenings = Happenings(scene.office, seed=KILLS)
    chance = random.Random()
    scene.connected.sandbox.control.set_latency(30)
    for _ in range(KILLS):
        before = await look(scene)
        happenings.happen(10)
        run = await wish(scene, kind)
        asked, wanted = requests(scene), chance.randrange(1, 30)
        with a_worker():
            await until(partial(killed_in_time, scene, run, asked + wanted))
        await until(partial(is_let_go, run))
        await assert_promises_kept(scene, before)
    scene.connected.sandbox.control.set_latency(0)
    before = await look(scene)
    with a_worker():
        await done(scene, kind)  # Perhaps the one that was interrupted, which had read some projects long ago.
        await assert_recovered(scene, await done(scene, kind), before)


async def killed_in_time(scene: Scene, run: SyncRun, asked: int) -> bool:
    """Once so many requests have been made, or there is nothing left to kill."""
    return requests(scene) >= asked or await ended(run) is not None


async def is_let_go(run: SyncRun) -> bool:
    """PostgreSQL notices within moments that a process is gone; until then it works on its last statement."""
    return await ended(run) is not None or any(lost.id == run.id for lost in await abandoned_runs())


async def test_two_workers_at_once(scene: Scene, queue: None) -> None:
    before = await look(scene)
    stir(scene.garden)
    scene.connected.sandbox.control.forget_requests()
    with a_worker(), a_worker():
        runs = [await done(scene, kind) for kind in (PassKind.catch_up, PassKind.complete, PassKind.catch_up)]
        await assert_recovered(scene, runs[-1], before)
    # None of the passes was done by both.
    assert requests(scene) == sum(run.requests_made for run in runs)


@pytest.fixture
async def own_database(office: Office, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[postgres.PostgresServer]:
    """A server of the test's own, which the application in this process uses too."""
    folder = Path(tempfile.mkdtemp(prefix="sundial-restart-"))
    server = postgres.start(folder / "postgres")
    config = dict(DB.config)
    await database.close_pool()
    monkeypatch.setenv("DATABASE_URL", server.get_uri())
    load_settings.cache_clear()
    DB.config = config | {"dsn": server.get_uri()}
    await migrate_database()
    await database.open_pool()
    yield server
    await close_queue()
    await database.close_pool()
    DB.config = config
    monkeypatch.undo()
    load_settings.cache_clear()
    await database.open_pool()
    postgres.stop(server)
    shutil.rmtree(folder)


@pytest.fixture
async def restartable(office: Office, migrated: None, own_database: postgres.PostgresServer) -> Scene:
    garden = plant(office)
    connected = await connect(office.world, office.sandbox)
    await authorize_by_oauth(connected, office.alice)
    scene = Scene(connected, office, garden)
    await connected.sync(Trigger.first)
    await track_time(scene)
    return scene


async def restart(server: postgres.PostgresServer) -> None:
    """As after a power cut: nobody is told, nothing is written down."""
    pid = server.get_pid()
    assert pid is not None
    os.kill(pid, signal.SIGQUIT)  # What `pg_ctl stop -m immediate` does.

    async def is_gone() -> bool:
        return not postgres.is_postgres(str(pid))

    await until(is_gone)
    postgres.start(server.pgdata)


async def test_the_database_restarts_while_a_worker_works(
    restartable: Scene, own_database: postgres.PostgresServer
) -> None:
    """The same process finds it again, and goes on with the run or says that it failed."""
    scene = restartable
    before = await look(scene)
    stir(scene.garden)
    scene.connected.sandbox.control.set_latency(100)
    run = await wish(scene, PassKind.complete)
    asked = requests(scene)
    with a_worker() as worker:
        await until(partial(killed_in_time, scene, run, asked + 5))
        await restart(own_database)
        await until(database_answers)
        await assert_promises_kept(scene, before)
        scene.connected.sandbox.control.set_latency(0)
        first = await until(partial(ended, run))
        assert (first.state, first.failure) in [(RunState.done, None), (RunState.failed, "unexpected")]
        await assert_recovered(scene, await done(scene, PassKind.catch_up), before)
        assert worker.poll() is None


async def database_answers() -> bool:
    try:
        return bool(await database.fetch_value("SELECT true"))
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        return False
