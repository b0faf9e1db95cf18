"""The queue on Redis: the same work, and nothing lost while it is away."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app import database
from app.integrations.asana.models import RunState, Trigger
from app.integrations.asana.sync.runs import request_sync, the_run
from app.tasks.queue import open_queue
from app.tasks.sync import sync_later
from app.tasks.worker import make_worker
from tests.integrations.asana.sync.connected import Connected, until
from tests.integrations.asana.sync.office import Office
from tests.redis_server import RedisServer, queue_answers, queue_on_redis


@pytest.fixture
async def redis(committed: None, tmp_path: Path) -> AsyncIterator[RedisServer]:
    async with queue_on_redis(tmp_path) as server:
        yield server


async def test_it_performs_what_was_asked_for(office: Office, connected: Connected, redis: RedisServer) -> None:
    office.world.add_task(office.garden, "Water the plants")
    run = await request_sync(connected.connection, Trigger.forced, connected.alice)
    await sync_later(run)
    await sync_later(run)
    assert await (await open_queue()).count("queued") == 1
    assert await database.fetch_value("SELECT count(*) FROM saq_jobs") == 0
    await work_until_done(run.id)
    await connected.assert_equal_to_asana()


async def test_it_loses_no_wish_while_redis_is_away(connected: Connected, redis: RedisServer) -> None:
    redis.stop()
    run = await request_sync(connected.connection, Trigger.forced, connected.alice)
    await sync_later(run)
    assert (await the_run(run.id)).state == RunState.queued
    await database.execute("UPDATE sync_run SET queued_at = now() - interval '2 minutes'")
    redis.start()
    await until(queue_answers)
    await work_until_done(run.id)


async def test_a_worker_goes_on_when_redis_is_back(connected: Connected, redis: RedisServer) -> None:
    worker = await make_worker(dequeue_timeout=0.2)
    working = asyncio.create_task(worker.start())
    await until(queue_answers)
    redis.stop()
    await asyncio.sleep(0.5)
    redis.start()
    await until(queue_answers)
    run = await request_sync(connected.connection, Trigger.forced, connected.alice)
    await sync_later(run)
    await until(lambda: is_done(run.id))
    await worker.stop()
    await working


async def work_until_done(run_id: int) -> None:
    worker = await make_worker(dequeue_timeout=0.2)
    working = asyncio.create_task(worker.start())
    await until(lambda: is_done(run_id))
    await worker.stop()
    await working


async def is_done(run_id: int) -> bool:
    return (await the_run(run_id)).state == RunState.done
