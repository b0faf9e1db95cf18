"""Reading whole projects, in parallel within the pace, and merging them one at a time."""

from datetime import UTC, datetime

from app.integrations.asana.errors import AccessRevoked, AsanaError, RateLimited, Unavailable
from app.integrations.asana.sync.concurrency import each
from app.integrations.asana.sync.listing import Listed, ProjectList
from app.integrations.asana.sync.merge import Reached
from app.integrations.asana.sync.missing import Settlement
from app.integrations.asana.sync.retrieve import ProjectReading, Reader
from app.integrations.asana.sync.stage import Stage, clean
from app.integrations.asana.sync.writer import Writer

# Enough to keep the permitted requests in flight; what is read of each is in memory until it is merged.
PROJECTS_AT_ONCE = 12
# So many projects in a row without an answer are not the projects' fault.
UNAVAILABLE_IN_A_ROW = 5


class Projects:
    """Whole projects for either kind of pass. `keywords`: whether tags are read with the tasks."""

    def __init__(self, projects: ProjectList, reader: Reader, writer: Writer, *, keywords: bool) -> None:
        self._list = projects
        self._reader = reader
        self._writer = writer
        self._progress = writer.progress
        self._keywords = keywords
        self._unavailable_in_a_row = 0

    async def read_all(self, projects: list[Listed], tokens: dict[str, str | None] | None = None) -> None:
        """`tokens`: of event streams that were asked in this pass already."""

        async def read(listed: Listed) -> None:
            self._progress.give_way()
            await self._read(listed, (tokens or {}).get(listed.project.gid))

        await each(projects, read, at_once=PROJECTS_AT_ONCE)

    async def _read(self, listed: Listed, token: str | None) -> None:
        read_at = datetime.now(UTC)
        known = self._list.known.get(listed.project.gid)
        try:
            reading = await self._reader.project(listed.project, known.last_read_at if known else None, token)
        except AsanaError as error:
            self.leave_out(listed, error)
            return
        self.answered()
        await self._merge(listed, reading, read_at)
        for gid in reading.gaps & self._reader.forbidden.keys():
            self._progress.warn(self._reader.forbidden.pop(gid), gid, project=clean(listed.project.name))
        self._progress.project_done(clean(listed.project.name), reading.task_count)

    async def _merge(self, listed: Listed, reading: ProjectReading, read_at: datetime) -> None:
        known = self._list.known.get(listed.project.gid)
        stage = Stage(keywords=self._keywords)
        self._list.stage_project(stage, listed)
        stage.add_reading(reading, listed.workspace)
        reached = Reached(
            listed.project.gid,
            # Without a token all of it is read again the next time.
            None if reading.gaps else reading.event_token,
            dirty_at=known.dirty_at if known else None,
            read_at=read_at,
            default_section=reading.default_section,
            requests=reading.requests,
        )
        await self._writer.merge_project(stage, reached)

    def answered(self) -> None:
        self._unavailable_in_a_row = 0

    def leave_out(self, listed: Listed, error: AsanaError) -> None:
        """One project that cannot be read does not stop the others. Nothing of it changes here."""
        if isinstance(error, (AccessRevoked, RateLimited)):
            raise error
        self._unavailable_in_a_row += isinstance(error, Unavailable)
        if self._unavailable_in_a_row >= UNAVAILABLE_IN_A_ROW:
            raise error
        self._progress.warn(error, listed.project.gid, project=clean(listed.project.name))
        self._progress.projects_done += 1

    async def settle(self) -> None:
        """What became of whatever was not found where it used to be."""
        known = self._list.known.values()
        settlement = Settlement(
            self._reader,
            self._writer,
            names={gid: clean(listed.project.name) for gid, listed in self._list.listed.items()},
            last_read_at={each.gid: each.last_read_at for each in known if each.last_read_at},
            keywords=self._keywords,
        )
        await settlement.settle()
