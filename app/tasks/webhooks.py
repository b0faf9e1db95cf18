"""Webhooks as jobs: made after the pass that imported what they are for, compared once a day, taken away at the end."""

import time
from dataclasses import asdict
from typing import Any

import structlog
from saq.types import Context

from app.integrations.asana.leaving import Left, leave
from app.integrations.asana.models import AsanaConnection, ConnectionState
from app.integrations.asana.wanted_webhooks import webhooks_have_work
from app.integrations.asana.webhook_upkeep import keep
from app.settings import load_settings
from app.tasks.queue import UNREACHABLE, enqueue

log = structlog.get_logger()

# A request each, at the pace that Asana allows: a free workspace of a thousand projects takes seven minutes.
TIMEOUT_SECONDS = 60 * 60
PRIORITY = 20
# The web processes, which Asana asks while it makes a webhook, may be starting together with the worker.
AFTER_START_SECONDS = 30
# About half an hour of tries.
TRIES: dict[str, Any] = {"retries": 12, "retry_delay": 15.0, "retry_backoff": 600.0}


async def keep_webhooks(_: Context, *, connection_id: int, check: bool = False) -> None:
    await keep(connection_id, check=check)


async def keep_webhooks_later(connection: AsanaConnection, *, check: bool = False, wait_seconds: int = 0) -> None:
    """Nothing is queued where there is nothing to do. What one job misses because another is just ending is found
    after the next pass.
    """
    if not (check or await webhooks_have_work(connection.id)):
        return
    try:
        await enqueue(
            "keep_webhooks",
            key=f"webhooks:{connection.id}",
            timeout=TIMEOUT_SECONDS,
            priority=PRIORITY,
            scheduled=int(time.time()) + wait_seconds if wait_seconds else 0,
            ttl=-1,
            connection_id=connection.id,
            check=check,
        )
    except UNREACHABLE as error:
        log.warning("webhooks: the queue does not answer", connection=connection.id, error=str(error))


async def check_all_webhooks(_: Context, *, wait_seconds: int = 0) -> None:
    enabled = load_settings().webhooks_enabled
    for connection in await AsanaConnection.objects().where(AsanaConnection.state == ConnectionState.active):
        await keep_webhooks_later(connection, check=enabled, wait_seconds=wait_seconds)


async def check_webhooks_after_start(context: Context) -> None:
    """The server may have been away for longer than Asana tries, or has another address now."""
    await check_all_webhooks(context, wait_seconds=AFTER_START_SECONDS)


async def leave_asana(_: Context, *, left: dict[str, Any], revoke: bool) -> None:
    await leave(Left(**left), revoke=revoke)


async def leave_asana_later(left: Left, *, revoke: bool) -> bool:
    """False where the queue does not answer."""
    try:
        await enqueue("leave_asana", timeout=TIMEOUT_SECONDS, ttl=-1, left=asdict(left), revoke=revoke, **TRIES)
    except UNREACHABLE as error:
        log.warning("webhooks: the queue does not answer", connection=left.connection_id, error=str(error))
        return False
    return True


FUNCTIONS: list[Any] = [keep_webhooks, leave_asana]
