"""SQL of our own beside Piccolo's tables: the same engine, the same transaction.

Piccolo writes the simple statements. Questions that need joins, recursion or sets are written as SQL with
asyncpg's `$1` parameters and asked through here, so that they take part in the transaction that is open.
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from contextvars import ContextVar
from typing import Any

from asyncpg import Connection, InterfaceError, Record
from piccolo.engine.postgres import PostgresTransaction

from app.engine import DB

# A page's questions are the same all day, and PostgreSQL would plan the larger ones anew each time, for longer than
# they run. What a worker asks depends on how much it is about, so there each is planned for itself.
PLANNED_ONCE = {"plan_cache_mode": "force_generic_plan"}


async def open_pool(min_size: int = 1, max_size: int = 10, *, planned_once: bool = False) -> bool:
    """Opens this process's pool; False when it was open already."""
    if DB.pool is not None:
        return False
    settings = DB.config["server_settings"] | (PLANNED_ONCE if planned_once else {})
    await DB.start_connection_pool(min_size=min_size, max_size=max_size, reset=keep_as_it_is, server_settings=settings)
    return True


async def close_pool() -> None:
    await DB.close_connection_pool()


async def keep_as_it_is(_: Connection) -> None:
    """asyncpg would send a RESET after every use, one more round trip a query; nothing here changes a session."""


@asynccontextmanager
async def connection() -> AsyncIterator[Connection]:
    """The connection of the open transaction, the one that is held, or one of the pool's."""
    if open_transaction := DB.current_transaction.get():
        yield open_transaction.connection
    elif held := HELD.get():
        yield held
    elif DB.pool:
        async with DB.pool.acquire() as pooled:
            yield pooled
    else:
        own = await DB.get_new_connection()
        try:
            yield own
        finally:
            await own.close()


HELD: ContextVar[Connection | None] = ContextVar("HELD", default=None)


@asynccontextmanager
async def one_connection() -> AsyncIterator[None]:
    """Questions asked inside, one after the other, share a connection: to give it back and take it again costs as much
    as a small question. Only for questions of this module: whoever wants a second one meanwhile might wait for ever.
    """
    if DB.current_transaction.get() or DB.pool is None or HELD.get():
        yield
        return
    async with DB.pool.acquire() as pooled:
        token = HELD.set(pooled)
        try:
            yield
        finally:
            HELD.reset(token)


class Transaction(PostgresTransaction):
    """Piccolo's, that also lets go of its connection when it cannot commit, or is cancelled on its way in or out.

    Such a connection is closed: another must not go on with what was begun on it.
    """

    async def __aenter__(self) -> PostgresTransaction:
        try:
            return await super().__aenter__()
        except BaseException:
            await self._let_go()
            raise

    async def __aexit__(self, *error: Any) -> bool:
        try:
            return await super().__aexit__(*error)
        except BaseException:
            await self._let_go()
            raise

    async def _let_go(self) -> None:
        if self._parent is not None or not hasattr(self, "connection"):
            return
        if self.engine.current_transaction.get() is self:
            self.engine.current_transaction.set(None)
        # Cancelled as it was given back, it is let go of already.
        with suppress(InterfaceError):
            self.connection.terminate()
        if self.engine.pool:
            await self.engine.pool.release(self.connection)


def transaction() -> AbstractAsyncContextManager[Any]:
    """`async with transaction():` commits at its end; inside another one it belongs to that."""
    return Transaction(engine=DB)


async def fetch(sql: str, *arguments: object) -> list[Record]:
    async with connection() as database:
        return list(await database.fetch(sql, *arguments))


async def fetch_one(sql: str, *arguments: object) -> Record | None:
    async with connection() as database:
        return await database.fetchrow(sql, *arguments)


async def fetch_value(sql: str, *arguments: object) -> Any:
    async with connection() as database:
        return await database.fetchval(sql, *arguments)


async def execute(sql: str, *arguments: object) -> int:
    """Runs a statement and returns how many rows it touched."""
    async with connection() as database:
        status = await database.execute(sql, *arguments)
    last_word = status.rsplit(" ", 1)[-1]
    return int(last_word) if last_word.isdigit() else 0
