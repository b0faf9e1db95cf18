"""Reading again what event streams name, and merging it project by project."""

from dataclasses import dataclass, field
from time import monotonic

from asyncpg import Connection

from app.integrations.asana.answers import Section, Task
from app.integrations.asana.errors import AccessRevoked, AsanaError, Forbidden, NotFound, RateLimited
from app.integrations.asana.pacing import IN_FLIGHT
from app.integrations.asana.sync.concurrency import each
from app.integrations.asana.sync.events import News
from app.integrations.asana.sync.listing import Listed, ProjectList
from app.integrations.asana.sync.merge import Reached
from app.integrations.asana.sync.retrieve import Listing, Reader, default_among, gaps_in, has_open_inside
from app.integrations.asana.sync.stage import Stage, clean
from app.integrations.asana.sync.writer import Writer
from app.projects.models import ArchivedReason, Kind

# What is read of so many projects is in memory at once.
PROJECTS_A_BATCH = 50

ITEMS = """
SELECT foreign_id AS gid, archived_at IS NULL AS is_active, kind = 'list' AND archived_reason IS NULL AS is_list
FROM work_item WHERE account = $1 AND source = 'asana' AND foreign_id = ANY($2::text[])
"""


@dataclass
class Answers:
    """What Asana said of each object named, for a batch of projects. What it would not say is in `errors`."""

    tasks: dict[str, Listing] = field(default_factory=dict)
    gone: dict[str, ArchivedReason] = field(default_factory=dict)
    errors: dict[str, AsanaError] = field(default_factory=dict)
    sections: dict[str, tuple[list[Section], float]] = field(default_factory=dict)
    below: dict[str, dict[str, Listing]] = field(default_factory=dict)
    with_gaps: set[str] = field(default_factory=set)
    # Of what the answers mention: what is an item here, and whether it is active.
    active: dict[str, bool] = field(default_factory=dict)
    lists: set[str] = field(default_factory=set)
    # Those that are items here or will be: they stand in an open project, or under a task that is active.
    placed: set[str] = field(default_factory=set)

    def task(self, gid: str) -> Task | None:
        return self.tasks[gid].tasks[0] if gid in self.tasks else None


class Follower:
    def __init__(
        self, own: Connection, projects: ProjectList, reader: Reader, writer: Writer, *, keywords: bool
    ) -> None:
        self._own = own
        self._list = projects
        self._reader = reader
        self._writer = writer
        self._keywords = keywords

    async def follow(self, told: list[News]) -> list[News]:
        """Returns those that have been merged. A project of which something could not be read is left as it is, with a
        warning, and one whose lists can no longer be told from events is marked as lost.
        """
        merged: list[News] = []
        for start in range(0, len(told), PROJECTS_A_BATCH):
            merged += await self._follow_batch(told[start : start + PROJECTS_A_BATCH])
        return merged

    async def _follow_batch(self, batch: list[News]) -> list[News]:
        answers = Answers()
        named = {gid for news in batch for gid in news.tasks}
        await each(named, lambda gid: self._ask(gid, answers), at_once=IN_FLIGHT)
        await self._look_up(answers)
        with_other_lists = self._with_other_lists(batch, answers)
        await each(with_other_lists, lambda project: self._ask_lists(project, answers), at_once=IN_FLIGHT)
        await each(self._unread(answers), lambda task: self._read_below(task, answers), at_once=IN_FLIGHT)
        for news in batch:
            if news.of_members:
                await self._ask_members(news, answers)
        return [news for news in batch if await self._merge(news, answers)]

    async def _ask(self, gid: str, answers: Answers) -> None:
        try:
            answers.tasks[gid] = await self._reader.task(gid)
        except NotFound:
            answers.gone[gid] = ArchivedReason.deleted
        except Forbidden:
            answers.gone[gid] = ArchivedReason.hidden
        except AsanaError as error:
            keep(answers, gid, error)

    async def _look_up(self, answers: Answers) -> None:
        mentioned = set(answers.tasks)
        for gid in answers.tasks:
            task = answers.task(gid)
            assert task is not None
            mentioned |= {task.parent_gid or "", *sections_of(task).values()}
        rows = await self._own.fetch(ITEMS, self._list.account, list(mentioned))
        answers.active = {row["gid"]: row["is_active"] for row in rows}
        answers.lists = {row["gid"] for row in rows if row["is_list"]}
        answers.placed = self._placed(answers)

    def _with_other_lists(self, batch: list[News], answers: Answers) -> set[str]:
        """Those of which a stream says so, and those where a task stands in a section that we have not heard of."""
        found = {news.project for news in batch if news.of_lists}
        for gid in answers.tasks:
            task = answers.task(gid)
            assert task is not None
            for project, section in sections_of(task).items():
                known = self._list.followed(project)
                if known and section not in answers.lists and section != known.default_section:
                    found.add(project)
        return found

    async def _ask_lists(self, project: str, answers: Answers) -> None:
        asked = monotonic()
        try:
            answers.sections[project] = (await self._reader.client.sections(project), asked)
        except AsanaError as error:
            keep(answers, project, error)

    def _unread(self, answers: Answers) -> list[Task]:
        """Open tasks that are new or revived here: nothing has followed what is below them."""
        tasks = [answers.task(gid) for gid in answers.placed if not answers.active.get(gid)]
        return [task for task in tasks if task and has_open_inside(task)]

    def _placed(self, answers: Answers) -> set[str]:
        placed = {gid for gid in answers.tasks if gid in answers.active}
        alive = {gid for gid, is_active in answers.active.items() if is_active}
        while True:
            further = {gid for gid in set(answers.tasks) - placed if self._has_place(answers, gid, alive | placed)}
            if not further:
                return placed
            placed |= further

    def _has_place(self, answers: Answers, gid: str, alive: set[str]) -> bool:
        task = answers.task(gid)
        assert task is not None
        if task.completed:
            return False
        return bool(task.parent_gid in alive or any(map(self._list.followed, task.project_gids or [])))

    async def _read_below(self, task: Task, answers: Answers) -> None:
        try:
            below = answers.below[task.gid] = await self._reader.below([task])
            answers.with_gaps |= {task.gid} if gaps_in([task], below) else set()
        except AsanaError as error:
            keep(answers, task.gid, error)

    async def _ask_members(self, news: News, answers: Answers) -> None:
        listed = self._list.listed[news.project]
        try:
            await self._list.directory.ask_sharing(listed.workspace, news.project)
            await self._list.directory.read_users()
            await self._list.directory.save()
        except AsanaError as error:
            keep(answers, news.project, error)

    async def _merge(self, news: News, answers: Answers) -> bool:
        listed, known = self._list.listed[news.project], self._list.known[news.project]
        if error := next((answers.errors[gid] for gid in [news.project, *news.tasks] if gid in answers.errors), None):
            self._writer.progress.warn(error, news.project, project=clean(listed.project.name))
            return False
        if news.project in answers.sections:
            sections, _ = answers.sections[news.project]
            if default_among(sections) != known.default_section:
                news.is_lost = True
                return False
        if news.tasks & answers.with_gaps:
            news.is_lost = True
            return False
        await self._writer.merge_project(
            self._staged(news, answers, listed), Reached(news.project, news.token, dirty_at=known.dirty_at)
        )
        return True

    def _staged(self, news: News, answers: Answers, listed: Listed) -> Stage:
        stage = Stage(keywords=self._keywords)
        stage.add_people(self._list.directory.people.values())
        if news.of_members:
            self._list.stage_project(stage, listed)
        for project, (sections, asked) in answers.sections.items():
            if project == news.project or project in self._mentioned(news, answers):
                stage.add_lists(project, sections, listed.workspace, asked)
        for gid in news.tasks & answers.gone.keys():
            stage.add_gone(gid, Kind.task, answers.gone[gid])
        for gid in news.tasks & answers.placed:
            stage.add_answer(answers.tasks[gid], listed.workspace)
            stage.add_below(answers.below.get(gid, {}), listed.workspace)
        return stage

    def _mentioned(self, news: News, answers: Answers) -> set[str]:
        """The projects in which the tasks stand that the stream of one project named."""
        tasks = [task for gid in news.tasks if (task := answers.task(gid))]
        return {project for task in tasks for project in sections_of(task)}


def keep(answers: Answers, gid: str, error: AsanaError) -> None:
    if isinstance(error, (AccessRevoked, RateLimited)):
        raise error
    answers.errors[gid] = error


def sections_of(task: Task) -> dict[str, str]:
    """The section it stands in, by project."""
    places = task.memberships or []
    return {place.project.gid: place.section.gid for place in places if place.project and place.section}
