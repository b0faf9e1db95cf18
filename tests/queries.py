"""Counting the queries of a request."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from asyncpg.connection import LoggedQuery

from app import database

TRANSACTION_WORDS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
# What the driver asks by itself about a type that it meets for the first time on a connection.
ABOUT_TYPES = ("typeinfo", "'jit'")


@asynccontextmanager
async def queries() -> AsyncIterator[list[str]]:
    """Collects the SQL that the test's transaction runs inside the block.

    `async with queries() as asked: ...; assert len(asked) <= 5`. Statements that only mark transactions are left out.
    """
    asked: list[str] = []

    def note(query: LoggedQuery) -> None:
        is_own = not any(words in query.query for words in ABOUT_TYPES)
        if is_own and not query.query.lstrip().upper().startswith(TRANSACTION_WORDS):
            asked.append(query.query)

    async with database.connection() as connection:
        connection.add_query_logger(note)
        try:
            yield asked
            # The driver tells of each query in the loop's next turn.
            await asyncio.sleep(0)
        finally:
            connection.remove_query_logger(note)
