"""What a run tells of itself while it works: phase, counts, names, warnings. Written at most once a second."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import structlog
from asyncpg import Connection, Record

from app import database
from app.integrations.asana.errors import AsanaError
from app.integrations.asana.models import SyncRun, Trigger
from app.integrations.asana.outcome import KINDS
from app.integrations.asana.pacing import Pace
from app.integrations.asana.sync.merge import Outcome

log = structlog.get_logger()

SECONDS_BETWEEN_WRITES = 1.0
MOST_CHANGES_NAMED = 200
MOST_WARNINGS = 50
NAMES_SHOWN = 5
LONGEST_NAME = 200

WRITE = """
UPDATE sync_run run
SET phase = $2, projects_total = $3, projects_done = $4, tasks_read = $5, requests_made = $6, refusals = $7,
    assigned = $8, unassigned = $9, recent = $10, warnings = $11, heartbeat_at = now()
WHERE id = $1 AND state = 'running'
RETURNING EXISTS (SELECT FROM sync_run other WHERE other.connection = run.connection AND other.state = 'queued')
"""

# The names only where there are new ones among them.
CHANGED = """
UPDATE sync_run
SET added = $2, renamed = $3, moved = $4, archived = $5, revived = $6, changes = coalesce($7, changes)
WHERE id = $1
"""


class Overtaken(Exception):
    """Somebody waits for another pass: this one, which nobody waits for, goes on afterwards."""


class Progress:
    """Goes on from what the row says already, since a run may be another worker's that died."""

    def __init__(self, run: SyncRun, pace: Pace) -> None:
        self._run_id = run.id
        self._pace = pace
        self._requests_before = run.requests_made - pace.requests
        self._refusals_before = run.refusals - pace.refusals
        self._gives_way = run.trigger == Trigger.nightly
        self._is_awaited = False
        self.phase = run.phase
        self.projects_total: int | None = run.projects_total
        self.projects_done = 0
        self.tasks_read = run.tasks_read
        self.assigned = run.assigned
        self.unassigned = run.unassigned
        self._counts: dict[str, int] = {kind: getattr(run, kind) for kind in KINDS}
        self._changes: list[dict[str, Any]] = json.loads(run.changes)
        self._warnings: list[dict[str, Any]] = json.loads(run.warnings)
        self._recent: deque[str] = deque(maxlen=NAMES_SHOWN)

    async def changed(self, own: Connection, outcome: Outcome) -> None:
        named = len(self._changes)
        for kind in KINDS:
            self._note(kind, getattr(outcome, kind))
        names = json.dumps(self._changes) if len(self._changes) > named else None
        await own.execute(CHANGED, self._run_id, *self._counts.values(), names)

    def give_way(self) -> None:
        """Raises Overtaken where this run is to wait for another. Call it where stopping costs nothing."""
        if self._gives_way and self._is_awaited:
            raise Overtaken

    def project_done(self, name: str, tasks: int) -> None:
        self.projects_done += 1
        self.tasks_read += tasks
        self._recent.append(name[:LONGEST_NAME])

    def warn(self, error: AsanaError, gid: str, **about: str) -> None:
        """`about` is for the page, which knows who may read it; the log has ids in place of names."""
        log.warning("sync: left out", run=self._run_id, gid=gid, word=error.word, said=str(error))
        if len(self._warnings) < MOST_WARNINGS:
            self._warnings.append({"word": error.word, **about})

    def summary(self) -> dict[str, int]:
        requests = self._requests_before + self._pace.requests
        return {"projects": self.projects_done, "tasks": self.tasks_read, "requests": requests, **self._counts}

    async def enter(self, phase: str) -> None:
        self.phase = phase
        await self.write()

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Writes now and then while the block runs, and once at its end, however that comes."""
        writing = asyncio.create_task(self._keep_writing())
        try:
            yield
        finally:
            writing.cancel()
            with suppress(asyncio.CancelledError):
                await writing
            await self.write()

    async def _keep_writing(self) -> None:
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_WRITES)
            await self.write()

    async def write(self) -> None:
        self._is_awaited = await database.fetch_value(
            WRITE,
            self._run_id,
            self.phase,
            self.projects_total,
            self.projects_done,
            self.tasks_read,
            self._requests_before + self._pace.requests,
            self._refusals_before + self._pace.refusals,
            self.assigned,
            self.unassigned,
            json.dumps(list(self._recent)),
            json.dumps(self._warnings),
        )

    def _note(self, kind: str, rows: Sequence[Record]) -> None:
        self._counts[kind] += len(rows)
        for row in rows[: MOST_CHANGES_NAMED - len(self._changes)]:
            self._changes.append(change_of(kind, row))


def change_of(kind: str, row: Record) -> dict[str, Any]:
    change = {"kind": kind, "item_id": row["id"], "name": row["name"][:LONGEST_NAME]}
    return {**change, "was": row["was"][:LONGEST_NAME]} if kind == "renamed" else change
