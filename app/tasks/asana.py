"""Small questions to Asana that a page shows the answer of as soon as it is there."""

from typing import Any

from saq.types import Context

from app.integrations.asana.models import AsanaConnection
from app.integrations.asana.workspaces import refresh_workspaces
from app.tasks.queue import enqueue

TIMEOUT_SECONDS = 120


async def refresh_asana_workspaces(_: Context, *, connection_id: int) -> None:
    await refresh_workspaces(connection_id)


async def refresh_asana_workspaces_later(connection: AsanaConnection) -> None:
    await enqueue(
        "refresh_asana_workspaces",
        key=f"refresh-asana-workspaces:{connection.id}",
        timeout=TIMEOUT_SECONDS,
        connection_id=connection.id,
    )


FUNCTIONS: list[Any] = [refresh_asana_workspaces]
