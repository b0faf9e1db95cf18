"""The catch-up: the project list, then each open project's event stream, then only what the streams name.

What was read is at least as new as the token that is saved with it, and the token is saved in the transaction that
merges it. So a pass that dies, or a project that cannot be read, is told everything again the next time.
"""

from datetime import UTC, datetime, timedelta

from asyncpg import Connection

from app import database
from app.integrations.asana.client import AsanaClient
from app.integrations.asana.errors import AsanaError
from app.integrations.asana.models import AsanaConnection, AsanaWorkspace, Trigger
from app.integrations.asana.pacing import IN_FLIGHT
from app.integrations.asana.sync.concurrency import each
from app.integrations.asana.sync.events import News, news_of
from app.integrations.asana.sync.follow import Follower
from app.integrations.asana.sync.listing import Listed, ProjectList
from app.integrations.asana.sync.merge import Reached
from app.integrations.asana.sync.reading import Projects
from app.integrations.asana.sync.retrieve import Reader
from app.integrations.asana.sync.stage import clean
from app.integrations.asana.sync.writer import Writer

# A webhook that is silent may be lost. By the clock every stream is asked that often, which also keeps its token alive.
TRUST_IN_WEBHOOKS = timedelta(hours=1)
# What Asana tells nobody of, such as another e-mail address, is looked up that often where webhooks tell the rest.
PEOPLE_EVERY = timedelta(hours=1)

WORKSPACE_TELLS = """
SELECT state = 'active' FROM asana_webhook WHERE connection = $1 AND workspace_gid = $2 AND item IS NULL
"""


class CatchUp:
    def __init__(
        self, own: Connection, connection: AsanaConnection, client: AsanaClient, writer: Writer, trigger: Trigger
    ) -> None:
        self._client = client
        self._writer = writer
        self._progress = writer.progress
        self._trigger = trigger
        self._keywords: bool = connection.keywords_enabled
        self._list = ProjectList(own, connection, client, writer)
        self._reader = Reader(client, tags=self._keywords)
        self._projects = Projects(self._list, self._reader, writer, keywords=self._keywords)
        self._follower = Follower(own, self._list, self._reader, writer, keywords=self._keywords)
        self._news: dict[str, News] = {}
        self._started_at = datetime.now(UTC)

    async def perform(self, workspaces: list[AsanaWorkspace]) -> set[str]:
        """Returns the workspaces that could be read."""
        await self._list.load()
        quiet = [workspace for workspace in workspaces if await self._has_told_nothing(workspace)]
        listed = [workspace for workspace in workspaces if workspace not in quiet]
        for workspace in quiet:
            self._list.take_as_known(workspace)
        people_of = {workspace.gid for workspace in listed if await self._wants_people(workspace)}
        read = await self._list.read(listed, people_of=people_of, sharing=False)
        await self._list.merge({workspace.gid for workspace in listed})
        await self._ask_streams()
        await self._progress.enter("tasks")
        await self._follow()
        await self._read_whole()
        await self._progress.enter("missing")
        await self._projects.settle()
        await self._progress.enter("people")
        if self._writer.people_changed or people_of:
            await self._writer.assign()
        return read

    async def _has_told_nothing(self, workspace: AsanaWorkspace) -> bool:
        """A webhook set this pass going, and the workspace has one too, which says nothing of its projects."""
        if self._trigger != Trigger.webhook or workspace.dirty_at is not None:
            return False
        return await self._has_webhook(workspace)

    async def _has_webhook(self, workspace: AsanaWorkspace) -> bool:
        return await database.fetch_value(WORKSPACE_TELLS, workspace.connection, workspace.gid) or False

    async def _wants_people(self, workspace: AsanaWorkspace) -> bool:
        """Unless the workspace has a webhook, which tells who joins and leaves its teams, each pass asks."""
        if workspace.dirty_at is not None or not await self._has_webhook(workspace):
            return True
        read_at: datetime | None = workspace.people_read_at
        return read_at is None or self._started_at - read_at > PEOPLE_EVERY

    async def _ask_streams(self) -> None:
        asked = [listed for listed in self._list.open if self._is_to_be_asked(listed)]
        self._progress.projects_total = len(self._list.open)
        self._progress.projects_done = len(self._list.open) - len(asked)
        await self._progress.enter("events")
        await each(asked, self._ask_stream, at_once=IN_FLIGHT)
        if quiet := [self._reached(news) for news in self._news.values() if news.is_quiet]:
            await self._writer.mark_quiet(quiet)

    def _is_to_be_asked(self, listed: Listed) -> bool:
        known = self._list.followed(listed.project.gid)
        if known is None or not known.has_webhook or known.dirty_at is not None:
            return True
        # Without a token something was left to be read again.
        if known.event_token is None or known.event_token_saved_at is None:
            return True
        by_the_clock = self._trigger == Trigger.periodic
        return by_the_clock and self._started_at - known.event_token_saved_at > TRUST_IN_WEBHOOKS

    async def _ask_stream(self, listed: Listed) -> None:
        known, gid = self._list.followed(listed.project.gid), listed.project.gid
        if known is None:
            return
        try:
            news = await news_of(self._client, gid, known.event_token, keywords=self._keywords)
        except AsanaError as error:
            self._projects.leave_out(listed, error)
            return
        self._projects.answered()
        if known.requests_to_read and len(news.tasks) > known.requests_to_read:
            news.is_lost = True
        self._news[gid] = news
        self._progress.projects_done += news.is_quiet

    def _reached(self, news: News) -> Reached:
        return Reached(news.project, news.token, dirty_at=self._list.known[news.project].dirty_at)

    async def _follow(self) -> None:
        told = [news for news in self._news.values() if not news.is_quiet and not news.is_lost]
        for news in await self._follower.follow(told):
            listed = self._list.listed[news.project]
            self._progress.project_done(clean(listed.project.name), len(news.tasks))

    async def _read_whole(self) -> None:
        """New projects, those that are open again, and those whose stream was lost."""
        lost = {gid for gid, news in self._news.items() if news.is_lost}
        whole = [
            listed
            for listed in self._list.open
            if listed.project.gid in lost or self._list.followed(listed.project.gid) is None
        ]
        await self._projects.read_all(whole, {gid: self._news[gid].token for gid in lost})
