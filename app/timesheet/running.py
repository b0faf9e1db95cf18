"""The running timer as every other page shows it, above its content."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from litestar import Request

from app import database
from app.projects.access import Person
from app.web.render import is_htmx

# The timesheet shows the timer itself; the other asks for no page.
WITHOUT = ("/timesheet", "/live")

RUNNING = """
    SELECT entry.started_at, item.name, pg_current_snapshot()::text AS seen
    FROM (SELECT) always
    LEFT JOIN time_entry entry ON entry."user" = $1 AND entry.stopped_at IS NULL
    LEFT JOIN work_item item ON item.id = entry.item
"""


@dataclass(frozen=True)
class Running:
    """`started_at` is None where no timer runs, `name` where it has no task. `seen` is as in a sheet."""

    started_at: datetime | None
    name: str | None
    seen: str
    now: datetime

    @property
    def seconds(self) -> float:
        return (self.now - self.started_at).total_seconds() if self.started_at else 0.0


async def running_of(user: Person) -> Running:
    row = await database.fetch_one(RUNNING, user.id)
    assert row is not None
    return Running(**dict(row), now=datetime.now(UTC))


async def add_running(request: Request[Any, Any, Any]) -> None:
    """A before_request hook: one question, for whole pages alone."""
    user = request.scope.get("user")
    if user is None or request.method != "GET" or is_htmx(request) or request.url.path.startswith(WITHOUT):
        return
    request.scope["state"]["timer_now"] = await running_of(user)
