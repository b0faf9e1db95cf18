"""Transactions that end in an unusual way, and what is left of them."""

import asyncio
from contextlib import suppress

import pytest
from asyncpg import UniqueViolationError

from app import database
from app.engine import DB

OPEN = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'"


async def write() -> None:
    async with database.transaction():
        await database.execute("SELECT 1")


def in_use() -> int:
    assert DB.pool is not None
    return int(DB.pool.get_size() - DB.pool.get_idle_size())


async def test_a_cancelled_transaction_lets_go_of_its_connection(committed: None) -> None:
    """At whatever moment it comes, for a job is cancelled wherever it happens to be."""
    for steps in range(60):
        task = asyncio.create_task(write())
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    assert in_use() == 0
    assert await database.fetch_value(OPEN) == 0


async def test_a_transaction_that_cannot_commit_lets_go_of_its_connection(committed: None) -> None:
    await database.execute("CREATE TABLE late (number int UNIQUE DEFERRABLE INITIALLY DEFERRED)")
    with pytest.raises(UniqueViolationError):
        async with database.transaction():
            await database.execute("INSERT INTO late VALUES (1), (1)")
    assert in_use() == 0
    assert await database.fetch_value("SELECT count(*) FROM late") == 0
    await database.execute("DROP TABLE late")


PID = "SELECT pg_backend_pid()"


async def test_questions_share_one_connection_where_they_are_told_to(committed: None) -> None:
    async with database.one_connection():
        first = await database.fetch_value(PID)
        assert in_use() == 1
        async with database.one_connection():
            assert await database.fetch_value(PID) == first
        # A transaction has one of its own, as ever.
        async with database.transaction():
            inside = await database.fetch_value(PID)
            assert inside != first
            assert await database.fetch_value(PID) == inside
        assert await database.fetch_value(PID) == first
    assert in_use() == 0


async def test_a_shared_connection_is_given_back_whatever_happens(committed: None) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.one_connection():
            raise ZeroDivisionError
    assert in_use() == 0
    async with database.transaction():
        inside = await database.fetch_value(PID)
        async with database.one_connection():
            assert await database.fetch_value(PID) == inside
