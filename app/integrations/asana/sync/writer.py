"""Who writes for a pass: one merge at a time, through the connection that holds the lock."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from asyncpg import Connection

from app.integrations.asana.people import derive_assignments
from app.integrations.asana.sync.merge import Outcome, Reached, Target, mark, mark_quiet, merge, note_missing
from app.integrations.asana.sync.progress import Progress
from app.integrations.asana.sync.stage import Stage


@dataclass(frozen=True)
class Unsettled:
    """A project in which something was not found where it used to be."""

    reached: Reached
    missing: int
    tasks: int


# A merge joins the few rows of one project with the many of the account, always by an index. PostgreSQL knows neither
# how few the ones are, temporary tables having no statistics, nor in a first import how many the others have become.
BY_INDEX = "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL enable_seqscan = off"

STATISTICS = "ANALYZE work_item; ANALYZE placement; ANALYZE asana_involvement; ANALYZE keyword"
FIRST_STATISTICS_AFTER = 500


class ConnectionChanged(Exception):
    """It was unlinked, or made again by somebody else: what this pass has read is no longer to be believed."""


class Writer:
    def __init__(self, own: Connection, target: Target, progress: Progress) -> None:
        self.target = target
        self.progress = progress
        self.unsettled: dict[str, Unsettled] = {}
        self.people_changed = False
        self._own = own
        self._turn = asyncio.Lock()
        self._added = 0
        self._statistics_at = FIRST_STATISTICS_AFTER

    async def merge(self, stage: Stage) -> None:
        async with self.transaction() as own:
            outcome = await merge(own, self.target, stage)
            await self.note(own, outcome)

    async def merge_project(self, stage: Stage, reached: Reached) -> Outcome:
        """The project counts as read once it is settled what became of everything that used to be in it."""
        async with self.transaction() as own:
            outcome = await merge(own, self.target, stage)
            missing = await note_missing(own, self.target, reached.project)
            if not missing:
                await mark(own, self.target, reached)
            await self.note(own, outcome)
        if missing:
            self.unsettled[reached.project] = Unsettled(reached, missing, len(stage.items))
        await self._keep_statistics(len(outcome.added))
        return outcome

    async def mark_quiet(self, reached: list[Reached]) -> None:
        async with self.transaction() as own:
            await mark_quiet(own, self.target, reached)

    async def assign(self) -> None:
        """Who may track on what, where anything that decides it has changed or may have."""
        async with self.transaction() as own:
            assigned, unassigned = await derive_assignments(own, self.target.connection, self.target.account)
        self.people_changed = False
        self.progress.assigned += assigned
        self.progress.unassigned += unassigned

    async def note(self, own: Connection, outcome: Outcome) -> None:
        """What changed is told in the transaction that changes it, so that a worker that dies loses neither."""
        self.people_changed |= outcome.people_changed
        if outcome.has_changes:
            await self.progress.changed(own, outcome)

    async def _keep_statistics(self, added: int) -> None:
        self._added += added
        if self._added >= self._statistics_at:
            self._statistics_at = 2 * self._added
            async with self._turn:
                await self._own.execute(STATISTICS)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Not asyncpg's own kind: cancelled while it begins, that one stays open, and all that follows is inside it."""
        async with self._turn:
            try:
                await self._own.execute("BEGIN")
                await self._require_connection()
                await self._own.execute(BY_INDEX)
                yield self._own
                await self._own.execute("COMMIT")
            finally:
                if not self._own.is_closed() and self._own.is_in_transaction():
                    await self._own.execute("ROLLBACK")

    async def _require_connection(self) -> None:
        """Unlinking waits for this transaction and archives what it wrote; or it came first, and nothing is written."""
        still = await self._own.fetchval(
            "SELECT state = 'active' AND connected_at = $2 FROM asana_connection WHERE id = $1 FOR SHARE",
            self.target.connection,
            self.target.connected_at,
        )
        if not still:
            raise ConnectionChanged
