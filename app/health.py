"""GET /health: whether this process can do its work. Loads nothing, needs no sign-in."""

import asyncio
from collections.abc import Awaitable

from litestar import Response, get

from app import database
from app.tasks.queue import open_queue

TIMEOUT_SECONDS = 2.0


@get("/health", include_in_schema=False)
async def health() -> Response[dict[str, str]]:
    database_state, queue_state = await asyncio.gather(answers(ask_database()), answers(ask_queue()))
    healthy = database_state == queue_state == "ok"
    return Response(
        {"status": "ok" if healthy else "failing", "database": database_state, "queue": queue_state},
        status_code=200 if healthy else 503,
    )


async def answers(question: Awaitable[None]) -> str:
    try:
        await asyncio.wait_for(question, TIMEOUT_SECONDS)
    except Exception:
        return "unreachable"
    return "ok"


async def ask_database() -> None:
    await database.fetch_value("SELECT 1")


async def ask_queue() -> None:
    await (await open_queue()).count("queued")
