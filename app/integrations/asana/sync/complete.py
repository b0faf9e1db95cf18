"""The complete pass: all that there is, whatever was known before. The first import, and the nightly comparison."""

from asyncpg import Connection

from app.integrations.asana.client import AsanaClient
from app.integrations.asana.models import AsanaConnection, AsanaWorkspace
from app.integrations.asana.sync.listing import ProjectList
from app.integrations.asana.sync.reading import Projects
from app.integrations.asana.sync.retrieve import Reader
from app.integrations.asana.sync.writer import Writer


class CompletePass:
    def __init__(self, own: Connection, connection: AsanaConnection, client: AsanaClient, writer: Writer) -> None:
        keywords = connection.keywords_enabled
        self._writer = writer
        self._progress = writer.progress
        self._list = ProjectList(own, connection, client, writer)
        self._projects = Projects(self._list, Reader(client, tags=keywords), writer, keywords=keywords)

    async def perform(self, workspaces: list[AsanaWorkspace]) -> set[str]:
        """Returns the workspaces that could be read."""
        selected = {workspace.gid for workspace in workspaces}
        await self._list.load()
        read = await self._list.read(workspaces, people_of=selected, sharing=True)
        await self._list.merge(selected)
        await self._writer.assign()
        await self._read_projects()
        await self._progress.enter("missing")
        await self._projects.settle()
        await self._progress.enter("people")
        await self._writer.assign()
        return read

    async def _read_projects(self) -> None:
        run = self._writer.target.run
        waiting = [listed for listed in self._list.open if not self._was_read_in(run, listed.project.gid)]
        self._progress.projects_total = len(self._list.open)
        self._progress.projects_done = len(self._list.open) - len(waiting)
        await self._progress.enter("tasks")
        await self._projects.read_all(waiting)

    def _was_read_in(self, run: int, gid: str) -> bool:
        known = self._list.known.get(gid)
        return known is not None and known.last_run_id == run
