"""What became of tasks that are not where they used to be, once everything else has been read.

Absence from a listing is a reason to ask, not yet a reason to archive: a task may have been moved while the pass ran,
or the listing may have shifted between two of its pages. Each is asked for by itself. Where most of a project is
suddenly gone, the project is listed a second time first; should there still be more than can be asked for, the two
listings are proof enough that those are no longer in it.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from asyncpg import Record

from app.integrations.asana.errors import AccessRevoked, AsanaError, Forbidden, NotFound, RateLimited
from app.integrations.asana.pacing import IN_FLIGHT
from app.integrations.asana.sync.concurrency import each
from app.integrations.asana.sync.merge import Outcome, mark
from app.integrations.asana.sync.retrieve import Reader
from app.integrations.asana.sync.stage import Stage
from app.integrations.asana.sync.writer import Writer
from app.projects.archive import settle_archive
from app.projects.models import ArchivedReason, Kind

MOST_ASKED_SINGLY = 200
SUDDENLY_MANY = 10

UNSEEN = """
SELECT item.foreign_id AS gid, item.foreign_group AS workspace, min(missing.project) AS project
FROM missing JOIN work_item item ON item.id = missing.item
WHERE item.archived_at IS NULL AND NOT EXISTS (SELECT FROM seen WHERE seen.gid = item.foreign_id)
GROUP BY item.id ORDER BY item.id
"""

# Of tasks that were met elsewhere: the places where they were missing, unless Asana said later that they are there.
LEFT_PLACES = """
DELETE FROM placement USING missing, work_item item, work_item parent, seen
WHERE placement.item = missing.item AND placement.parent = missing.parent
  AND item.id = missing.item AND parent.id = missing.parent AND seen.gid = item.foreign_id AND seen.reason IS NULL
  AND CASE WHEN parent.kind = 'task' THEN seen.parent IS DISTINCT FROM parent.foreign_id
           ELSE missing.project <> ALL(coalesce(seen.projects, '{}')) END
  AND EXISTS (
    SELECT FROM placement other WHERE other.item = placement.item
      AND NOT EXISTS (SELECT FROM missing WHERE missing.item = other.item AND missing.parent = other.parent))
RETURNING item.id, item.name
"""


@dataclass
class Settlement:
    reader: Reader
    writer: Writer
    names: dict[str, str]
    last_read_at: dict[str, datetime]
    keywords: bool
    _relisted: set[str] = field(default_factory=set)
    _unclear: set[str] = field(default_factory=set)

    async def settle(self) -> None:
        if not self.writer.unsettled:
            return
        for project in self._suddenly_empty(await self._unseen()):
            await self._list_again(project)
        await self._ask_singly(await self._unseen())
        await self._leave_places()
        await self._mark_settled()

    async def _unseen(self) -> list[Record]:
        async with self.writer.transaction() as own:
            return list(await own.fetch(UNSEEN))

    def _suddenly_empty(self, unseen: list[Record]) -> list[str]:
        counts = Counter(row["project"] for row in unseen)
        unsettled = self.writer.unsettled
        return [gid for gid, count in counts.items() if count > max(SUDDENLY_MANY, unsettled[gid].tasks)]

    async def _list_again(self, project: str) -> None:
        try:
            listing = await self.reader.tasks(project, self.last_read_at.get(project))
        except (AccessRevoked, RateLimited):
            raise
        except AsanaError as error:
            self._left_unclear(project, project, error)
            return
        self._relisted.add(project)
        stage = Stage(keywords=self.keywords)
        stage.add_answer(listing, await self._workspace_of(project))
        await self.writer.merge(stage)

    async def _workspace_of(self, project: str) -> str | None:
        async with self.writer.transaction() as own:
            workspace: str | None = await own.fetchval(
                "SELECT foreign_group FROM work_item WHERE account = $1 AND source = 'asana' AND foreign_id = $2",
                self.writer.target.account,
                project,
            )
        return workspace

    async def _ask_singly(self, unseen: list[Record]) -> None:
        stage = Stage(keywords=self.keywords)

        async def ask(row: Record) -> None:
            await self._ask(row, stage)

        await each(unseen[:MOST_ASKED_SINGLY], ask, at_once=IN_FLIGHT)
        for row in unseen[MOST_ASKED_SINGLY:]:
            if row["project"] in self._relisted:
                stage.add_gone(row["gid"], Kind.task, ArchivedReason.removed)
            else:
                self._unclear.add(row["project"])
        await self.writer.merge(stage)

    async def _ask(self, row: Record, stage: Stage) -> None:
        try:
            answer = await self.reader.task(row["gid"])
        except NotFound:
            stage.add_gone(row["gid"], Kind.task, ArchivedReason.deleted)
        except Forbidden:
            stage.add_gone(row["gid"], Kind.task, ArchivedReason.hidden)
        except (AccessRevoked, RateLimited):
            raise
        except AsanaError as error:
            self._left_unclear(row["project"], row["gid"], error)
        else:
            stage.add_answer(answer, row["workspace"])

    def _left_unclear(self, project: str, gid: str, error: AsanaError) -> None:
        """What is missing there stays as it is, and the next pass asks again."""
        self._unclear.add(project)
        self.writer.progress.warn(error, gid, project=self.names[project])

    async def _leave_places(self) -> None:
        async with self.writer.transaction() as own:
            moved = await own.fetch(LEFT_PLACES)
            settled = await settle_archive(own, [row["id"] for row in moved])
            await self.writer.note(own, Outcome(moved=moved, archived=settled.archived))

    async def _mark_settled(self) -> None:
        async with self.writer.transaction() as own:
            for project, unsettled in self.writer.unsettled.items():
                if project not in self._unclear:
                    await mark(own, self.writer.target, unsettled.reached)
