"""The list of projects, which every pass begins with: what is new, renamed, closed, open again, or no longer shown.

Also who is a member of each. What is inside the projects is read afterwards.
"""

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from time import monotonic

from asyncpg import Connection

from app.integrations.asana.answers import Project, User
from app.integrations.asana.client import AsanaClient
from app.integrations.asana.errors import Forbidden, NotFound
from app.integrations.asana.models import AsanaConnection, AsanaWorkspace
from app.integrations.asana.pacing import IN_FLIGHT
from app.integrations.asana.people import store_people
from app.integrations.asana.sync.concurrency import each
from app.integrations.asana.sync.directory import Directory
from app.integrations.asana.sync.stage import Stage, clean, closed_reason
from app.integrations.asana.sync.writer import Writer
from app.projects.models import ArchivedReason, Kind

KNOWN_PROJECTS = """
SELECT item.foreign_id AS gid, item.foreign_group AS workspace, item.archived_reason, item.name, item.permalink,
       placement.position, state.last_read_at, state.last_run_id, state.event_token, state.event_token_saved_at,
       state.default_section, state.requests_to_read, state.dirty_at,
       EXISTS (SELECT FROM asana_webhook hook WHERE hook.item = item.id AND hook.state = 'active') AS has_webhook,
       ARRAY (
         SELECT person.gid FROM asana_involvement involvement JOIN asana_person person
           ON person.id = involvement.person WHERE involvement.item = item.id) AS members
FROM work_item item LEFT JOIN asana_project_state state ON state.item = item.id
     LEFT JOIN placement ON placement.item = item.id
WHERE item.account = $1 AND item.source = 'asana' AND item.kind = 'project'
"""


@dataclass(frozen=True)
class Listed:
    project: Project
    workspace: str
    position: int
    asked: float


@dataclass(frozen=True)
class Known:
    """A project that is an item here already, and how far it has been read."""

    gid: str
    workspace: str
    archived_reason: str | None
    name: str
    permalink: str | None
    position: int
    last_read_at: datetime | None
    last_run_id: int | None
    event_token: str | None
    event_token_saved_at: datetime | None
    default_section: str | None
    requests_to_read: int | None
    dirty_at: datetime | None
    has_webhook: bool
    members: list[str]

    @property
    def is_gone(self) -> bool:
        return self.archived_reason in {ArchivedReason.deleted, ArchivedReason.hidden}

    def is_told_by(self, listed: Listed, members: set[str] | None) -> bool:
        """Whether the list says nothing new of an open project."""
        project = listed.project
        told = (clean(project.name), project.permalink_url, listed.workspace, listed.position)
        known = (self.name, self.permalink, self.workspace, self.position)
        return told == known and (members is None or members == set(self.members))


class ProjectList:
    def __init__(self, own: Connection, connection: AsanaConnection, client: AsanaClient, writer: Writer) -> None:
        self._own = own
        self._connection = connection
        self._client = client
        self._writer = writer
        self.directory = Directory(own, connection.id, client)
        self.listed: dict[str, Listed] = {}
        self.known: dict[str, Known] = {}

    @property
    def open(self) -> list[Listed]:
        return [listed for listed in self.listed.values() if listed.project.is_open]

    @property
    def account(self) -> int:
        account: int = self._connection.account
        return account

    def followed(self, gid: str) -> Known | None:
        """What is known of an open project that has been read before; any other has to be read whole."""
        known, listed = self.known.get(gid), self.listed.get(gid)
        is_open = listed is not None and listed.project.is_open
        return known if known and is_open and known.archived_reason is None and known.last_read_at else None

    async def load(self) -> None:
        rows = await self._own.fetch(KNOWN_PROJECTS, self._connection.account)
        self.known = {row["gid"]: Known(**dict(row)) for row in rows}
        await self.directory.load()

    def take_as_known(self, workspace: AsanaWorkspace) -> None:
        """Instead of listing a workspace that would have told, had any of its projects changed."""
        for known in sorted(self.known.values(), key=attrgetter("position")):
            if known.workspace == workspace.gid and known.archived_reason is None:
                project = Project(known.gid, name=known.name, permalink_url=known.permalink)
                self.listed[known.gid] = Listed(project, known.workspace, known.position, asked=0.0)

    async def read(self, workspaces: list[AsanaWorkspace], *, people_of: set[str], sharing: bool) -> set[str]:
        """Lists the workspaces' projects, and the people of those in `people_of`. Returns which could be read.

        `sharing`: ask anew which teams share which projects, rather than for projects that are new alone.
        """
        read: set[str] = set()
        for workspace in workspaces:
            if await self._list(workspace, with_people=workspace.gid in people_of):
                read.add(workspace.gid)
                await self._read_sharing(workspace.gid, anew=sharing)
        await self.directory.read_users(people_of & read)
        await self.directory.read_users()
        return read

    async def merge(self, workspaces: set[str]) -> None:
        """Names, order, members and closing of projects. One that is open again is revived when it has been read, so
        that what was completed or deleted in the meantime does not come back with it.
        """
        stage = Stage()
        stage.add_people(self.directory.people.values())
        for listed in self.listed.values():
            if self._is_news(listed):
                self.stage_project(stage, listed)
        unlisted = [
            known
            for known in self.known.values()
            if known.workspace in workspaces and known.gid not in self.listed and not known.is_gone
        ]
        await each(unlisted, lambda known: self._ask(known, stage), at_once=IN_FLIGHT)
        await self._writer.merge(stage)
        await self.directory.save()

    def stage_project(self, stage: Stage, listed: Listed) -> None:
        members = self.directory.members_of(listed.project)
        stage.add_project(listed.project, listed.workspace, listed.position, listed.asked, members)

    def _is_news(self, listed: Listed) -> bool:
        known = self.known.get(listed.project.gid)
        if reason := closed_reason(listed.project):
            return known is None or known.archived_reason != reason or known.name != clean(listed.project.name)
        if known is None or known.archived_reason is not None:
            return False
        return not known.is_told_by(listed, self.directory.members_of(listed.project))

    async def _list(self, workspace: AsanaWorkspace, *, with_people: bool) -> bool:
        asked = monotonic()
        people: list[User] = []
        projects: list[Project] = []

        async def read_people() -> None:
            people.extend(await self._client.users(workspace.gid))

        async def read_projects() -> None:
            projects.extend(await self._client.projects(workspace.gid))

        try:
            await each([read_projects, read_people] if with_people else [read_projects], lambda read: read(), at_once=2)
        except (Forbidden, NotFound) as error:
            self._writer.progress.warn(error, workspace.gid, workspace=workspace.name)
            return False
        if with_people:
            users = list({user.gid: user for user in people}.values())
            await store_people(self._own, self._connection.id, workspace.gid, users)
        for project in projects:
            self.listed.setdefault(project.gid, Listed(project, workspace.gid, len(self.listed), asked))
        return True

    async def _read_sharing(self, workspace: str, *, anew: bool) -> None:
        projects = [listed.project for listed in self.open if listed.workspace == workspace]
        if not anew:
            projects = [project for project in projects if not self._is_active(project.gid)]
        await self.directory.read_sharing(workspace, projects)

    def _is_active(self, gid: str) -> bool:
        known = self.known.get(gid)
        return known is not None and known.archived_reason is None

    async def _ask(self, known: Known, stage: Stage) -> None:
        """What became of a project that its workspace no longer lists."""
        asked = monotonic()
        try:
            project = await self._client.project(known.gid)
        except NotFound:
            stage.add_gone(known.gid, Kind.project, ArchivedReason.deleted)
        except Forbidden:
            stage.add_gone(known.gid, Kind.project, ArchivedReason.hidden)
        else:
            if closed_reason(project):
                stage.add_project(project, known.workspace, len(self.listed), asked, members=None)
