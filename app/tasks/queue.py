"""The job queue: on the same PostgreSQL, or on Redis by QUEUE_URL. Every process opens one."""

from typing import Any

import psycopg
from redis.exceptions import RedisError
from saq import Job, Queue
from saq.queue.postgres import PostgresQueue

from app.settings import load_settings

NAME = "sundial"
# What is raised while its server is away.
UNREACHABLE = (psycopg.OperationalError, RedisError, OSError)

_opened: Queue | None = None


def make_queue() -> Queue:
    url = load_settings().queue_url
    if url.startswith("postgres"):
        return PostgresQueue.from_url(url, name=NAME, min_size=1, max_size=8)
    return Queue.from_url(url, name=NAME)


async def open_queue() -> Queue:
    global _opened
    if _opened is None:
        _opened = make_queue()
        await _opened.connect()
    return _opened


async def close_queue() -> None:
    global _opened
    if _opened is not None:
        queue, _opened = _opened, None
        await queue.disconnect()


async def enqueue(
    function: str, *, key: str | None = None, timeout: int, retries: int = 1, **arguments: Any
) -> Job | None:
    """Puts a job into the queue; None when one with this key waits or runs. Call it after the commit it depends on."""
    queue = await open_queue()
    options = {"key": key} if key else {}
    return await queue.enqueue(function, timeout=timeout, retries=retries, **options, **arguments)
