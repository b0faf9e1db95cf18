"""Two worker processes side by side, on each queue: everything is done, and nothing twice."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app import database
from app.accounts.models import Invitation
from app.integrations.asana.models import SyncRun, Trigger
from app.integrations.asana.sync.runs import PASS_LOCK, request_sync
from app.settings import load_settings
from app.tasks.mail import send_invitation_later
from app.tasks.queue import enqueue, open_queue
from app.tasks.sync import sync_later
from tests.integrations.asana.sync.connected import Connected, until
from tests.integrations.asana.sync.office import Office
from tests.mail.mail_server import running
from tests.redis_server import RedisServer, queue_answers, queue_at, queue_on_redis

WORKERS = ("left", "right")
COMMAND = [sys.executable, "-m", "app.cli", "worker"]
CONNECTED = "SELECT DISTINCT application_name FROM pg_stat_activity WHERE datname = current_database()"
HOLDERS = f"""
SELECT application_name FROM pg_stat_activity activity JOIN pg_locks ON pg_locks.pid = activity.pid
WHERE datname = current_database() AND locktype = 'advisory' AND granted AND classid = {PASS_LOCK}
"""


@pytest.fixture(params=["postgresql", "redis"])
async def queue(request: pytest.FixtureRequest, committed: None, tmp_path: Path) -> AsyncIterator[RedisServer | None]:
    """None where it is on PostgreSQL."""
    if request.param == "redis":
        async with queue_on_redis(tmp_path) as server:
            yield server
    else:
        async with queue_at(None):
            yield None


Workers = dict[str, "subprocess.Popen[bytes]"]


@contextmanager
def two_workers() -> Iterator[Workers]:
    """By the name that PostgreSQL knows each one's connections by."""
    workers = {name: subprocess.Popen(COMMAND, env={**os.environ, "DATABASE_URL": named(name)}) for name in WORKERS}
    try:
        yield workers
    finally:
        for worker in workers.values():
            worker.terminate()
        codes = [worker.wait(20) for worker in workers.values()]
    assert set(codes) <= {0, -signal.SIGKILL}


def named(name: str) -> str:
    url = load_settings().database_url
    return f"{url}{'&' if '?' in url else '?'}application_name={name}"


async def both_work() -> bool:
    return {row["application_name"] for row in await database.fetch(CONNECTED)} >= set(WORKERS)


async def wish(connected: Connected, trigger: Trigger) -> SyncRun:
    """Made before the workers start, it keeps their clock from finding that a first pass is due."""
    return await request_sync(connected.connection, trigger, connected.alice)


async def ask(connected: Connected, trigger: Trigger) -> SyncRun:
    run = await wish(connected, trigger)
    await sync_later(run)
    return run


async def all_have_ended() -> bool:
    return bool(await database.fetch_value("SELECT bool_and(finished_at IS NOT NULL) FROM sync_run"))


def grow(office: Office, projects: int) -> None:
    for number in range(projects):
        project = office.world.make_project(f"Project {number}", office.workspace)
        parent = office.world.add_task(project, "Task")
        office.world.add_subtask(parent, "Subtask")


async def assert_done_once(connected: Connected) -> list[SyncRun]:
    """Asana was asked what the runs say they have asked, and has nothing that is not here."""
    runs = await SyncRun.objects().order_by(SyncRun.id)
    assert {run.state for run in runs} == {"done"}
    assert connected.sandbox.control.requests()["total"] == sum(run.requests_made for run in runs)
    await connected.assert_equal_to_asana(order=False)
    return runs


async def test_an_import_is_performed_once(office: Office, connected: Connected, queue: object) -> None:
    grow(office, 10)
    connected.sandbox.control.set_latency(20)
    run = await wish(connected, Trigger.first)
    with two_workers():
        await until(both_work)
        await sync_later(run)
        # Without the run's key, so that both workers set to it.
        await asyncio.gather(*(enqueue("sync_connection", timeout=60, run_id=run.id) for _ in range(6)))
        await until(all_have_ended)
    [run] = await assert_done_once(connected)
    assert (run.trigger, run.kind, run.projects_done) == ("first", "complete", 12)
    # A run counts the requests of all who work on it, but one alone lists each project once.
    asked = [each["path"] for each in connected.sandbox.control.requests()["last"]]
    lists = [path for path in asked if path.endswith("/tasks")]
    assert len(lists) == len(set(lists)) == 12


async def test_many_wishes_at_once_while_the_nightly_pass_runs(
    office: Office, connected: Connected, queue: object
) -> None:
    grow(office, 30)
    await connected.sync(Trigger.first)
    connected.sandbox.control.set_latency(20)
    with two_workers():
        await until(both_work)
        nightly = await ask(connected, Trigger.nightly)
        for number in range(5):
            office.world.add_task(office.garden, f"Wish {number}")
            await asyncio.gather(*(ask(connected, Trigger.forced) for _ in range(10)))
            await asyncio.sleep(0.1)
        # A wish made while another is being answered counts as answered, so the last change needs one of its own.
        await until(all_have_ended)
        await ask(connected, Trigger.forced)
        await until(all_have_ended)
    runs = await assert_done_once(connected)
    assert [run.id for run in runs if run.trigger == "nightly"] == [nightly.id]
    forced = [run for run in runs if run.trigger == "forced"]
    assert 2 <= len(forced) <= 15
    ends = {run.id: run.finished_at for run in runs}
    assert ends[forced[0].id] < ends[nightly.id]  # The nightly pass gave way.


async def test_the_other_goes_on_when_one_is_killed(office: Office, connected: Connected, queue: object) -> None:
    grow(office, 30)
    connected.sandbox.control.set_latency(60)
    run = await wish(connected, Trigger.first)
    with two_workers() as workers:
        await until(both_work)
        await sync_later(run)
        await until(lambda: connected.projects_read_in(run))
        holder = await database.fetch_value(HOLDERS)
        workers[holder].kill()
        read = await connected.projects_read_in(run)
        connected.sandbox.control.set_latency(0)
        await until(all_have_ended, seconds=20)
        [other] = workers.keys() - {holder}
        assert workers[other].poll() is None
    [run] = await SyncRun.objects()
    assert (run.state, run.projects_done) == ("done", 32)
    assert len(read) < 32
    await connected.assert_equal_to_asana()


async def test_what_the_clock_starts_is_started_once(connected: Connected, queue: object) -> None:
    await connected.sync(Trigger.first)
    long_ago = "now() - interval '2 days'"
    await database.execute(f"UPDATE sync_run SET queued_at = {long_ago}")
    await database.execute(f"UPDATE asana_connection SET complete_read_at = {long_ago}")
    with two_workers():
        await until(both_work)
        # The queue lets a line of the clock run only once at a time. Here eight do, four in each worker.
        lines = ["sync_all_periodically", "compare_nightly"] * 4
        await asyncio.gather(*(enqueue(line, timeout=10) for line in lines))
        await until(nothing_is_queued)
        await until(all_have_ended)
    runs = await assert_done_once(connected)
    assert [run.trigger for run in runs] == ["first", "periodic", "nightly"]


async def nothing_is_queued() -> bool:
    """But for what the clock will start."""
    queue = await open_queue()
    return await queue.count("queued") == 0 and await queue.count("active") == 0


async def test_each_letter_is_sent_once(connected: Connected, queue: object, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running() as mail_server:
        monkeypatch.setenv("SMTP_URL", mail_server.url)
        people = [f"person{number}@meridian.example" for number in range(12)]
        with two_workers():
            await until(both_work)
            for email in people:
                invitation, link = await Invitation.invite(
                    connected.account.id, email, "Somebody", "user", connected.alice.id
                )
                await send_invitation_later(invitation, link)
            await until(lambda: all_are_mailed(len(people)))
            await until(nothing_is_queued)
    assert sorted(to for envelope in mail_server.envelopes for to in envelope.rcpt_tos) == sorted(people)


async def all_are_mailed(people: int) -> bool:
    mailed = await database.fetch_value("SELECT count(*) FROM invitation WHERE mailed_at IS NOT NULL")
    return bool(mailed == people)


@pytest.mark.parametrize("queue", ["redis"], indirect=True)
async def test_they_go_on_when_redis_comes_back_with_nothing_in_it(
    office: Office, connected: Connected, queue: RedisServer
) -> None:
    grow(office, 30)
    connected.sandbox.control.set_latency(60)
    first = await wish(connected, Trigger.first)
    with two_workers():
        await until(both_work)
        await sync_later(first)
        await until(lambda: connected.projects_read_in(first))
        await ask(connected, Trigger.command)
        queue.stop()
        queue.start()
        await until(queue_answers)
        connected.sandbox.control.set_latency(0)
        await until(all_have_ended)
        # One that nobody was working on when its job was lost: the clock, which is back too, finds it in the database.
        lost = await wish(connected, Trigger.command)
        await database.execute("UPDATE sync_run SET queued_at = now() - interval '2 minutes' WHERE id = $1", lost.id)
        await until(all_have_ended)
    assert [run.trigger for run in await assert_done_once(connected)] == ["first", "command", "command"]
