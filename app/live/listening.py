"""The connection on which PostgreSQL tells this process of changes, whichever process made them.

It stands outside the pool, because it has to stay one and the same. When it is lost it is made anew. As nobody knows
what was told before it was there, every page looks again.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import asyncpg
import structlog

from app.live.streams import Streams
from app.settings import load_settings

log = structlog.get_logger()

# As `pg_stat_activity` shows it.
NAME = "sundial live"
CONNECT_WITHIN_SECONDS = 10.0
# A connection that a firewall dropped without a word is found out by asking.
CHECK_EVERY_SECONDS = 30.0
FIRST_DELAY_SECONDS = 0.1
LONGEST_DELAY_SECONDS = 5.0


@asynccontextmanager
async def listening(streams: Streams) -> AsyncIterator[None]:
    task = asyncio.create_task(listen(streams))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def listen(streams: Streams) -> None:
    """Until it is cancelled."""
    delay = FIRST_DELAY_SECONDS
    while True:
        try:
            async with connected(streams) as connection:
                log.info("live: listening")
                # Browsers come back to a server that was restarted, perhaps before this connection is there.
                streams.tell_everybody()
                delay = FIRST_DELAY_SECONDS
                await until_lost(connection)
        # Whatever it was: a process that gave up would leave its pages behind for good.
        except Exception as error:
            log.warning("live: the database does not answer", error=f"{type(error).__name__}: {error}")
        await asyncio.sleep(delay * random.uniform(0.5, 1))  # noqa: S311 - nothing to guess
        delay = min(delay * 2, LONGEST_DELAY_SECONDS)


@asynccontextmanager
async def connected(streams: Streams) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(
        load_settings().database_url, timeout=CONNECT_WITHIN_SECONDS, server_settings={"application_name": NAME}
    )
    try:
        for channel, hear in channels(streams).items():
            await connection.add_listener(channel, hear)
        yield connection
    finally:
        connection.terminate()


def channels(streams: Streams) -> dict[str, Callable[..., None]]:
    """What triggers of the database tell, and what follows from it."""

    def time_entry(_connection: Any, _pid: int, _channel: str, told: str) -> None:
        user_id, _, change = told.partition(" ")
        streams.tell(int(user_id), change)

    def session_ended(_connection: Any, _pid: int, _channel: str, told: str) -> None:
        streams.end_session(int(told))

    return {"time_entry": time_entry, "session_ended": session_ended}


async def until_lost(connection: Any) -> None:
    lost = asyncio.Event()
    connection.add_termination_listener(lambda _: lost.set())
    while not lost.is_set():
        await connection.fetchval("SELECT 1", timeout=CONNECT_WITHIN_SECONDS)
        with suppress(TimeoutError):
            await asyncio.wait_for(lost.wait(), CHECK_EVERY_SECONDS)
