"""Reading Asana: a project with all that is in it, people, and single objects. Knows nothing of our database.

A reading is whole or it is an error. What a reading does not contain was not there when it was read.
"""

from collections.abc import Sized
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import ceil
from time import monotonic

from app.integrations.asana.answers import Project, Section, Task
from app.integrations.asana.client import ROWS_A_PAGE, AsanaClient
from app.integrations.asana.errors import Forbidden, NotFound, UnexpectedAnswer
from app.integrations.asana.pacing import IN_FLIGHT
from app.integrations.asana.sync.concurrency import each

# Clocks differ, ours and Asana's. What was completed longer before our last reading than this is asked for singly.
CLOCK_MARGIN = timedelta(hours=1)

# Asana makes a first section in every project, named by the language and the time of its making. Tasks in it are
# shown without a list around them.
NAMES_OF_NO_SECTION = {"", "untitled section", "(no section)"}


@dataclass
class Listing:
    """Children of one parent, all that there were at `asked`, in their order."""

    tasks: list[Task]
    asked: float


@dataclass
class ProjectReading:
    project: Project
    sections: list[Section]
    tasks: Listing
    # By parent. A parent that vanished while we read is not among them.
    subtasks: dict[str, Listing] = field(default_factory=dict)
    # Of the event stream, from before anything else was asked: what happened since will be told again.
    event_token: str | None = None

    @property
    def default_section(self) -> str | None:
        return default_among(self.sections)

    @property
    def gaps(self) -> set[str]:
        return gaps_in(self.tasks.tasks, self.subtasks)

    @property
    def task_count(self) -> int:
        return len(self.tasks.tasks) + sum(len(listing.tasks) for listing in self.subtasks.values())

    @property
    def requests(self) -> int:
        """About how many it takes to read all of it."""
        pages = [pages_of(self.sections), pages_of(self.tasks.tasks)]
        return sum(pages) + sum(pages_of(listing.tasks) for listing in self.subtasks.values())


class Reader:
    """Reads for one pass. What several projects share, such as the subtasks of a task in both, it asks once."""

    def __init__(self, client: AsanaClient, *, tags: bool) -> None:
        self.client = client
        self._tags = tags
        self._shared: dict[str, Listing] = {}
        # Tasks that are shown, but not what is below them. The rest of their projects is no worse for it.
        self.forbidden: dict[str, Forbidden] = {}

    async def project(
        self, project: Project, last_read_at: datetime | None, token: str | None = None
    ) -> ProjectReading:
        """`token`: of its event stream, where one has been asked for just now.

        https://developers.asana.com/reference/getevents says to ask for it first.
        """
        token = token or await self.client.event_token(project.gid)
        sections = await self.client.sections(project.gid)
        tasks = await self.tasks(project.gid, last_read_at)
        return ProjectReading(project, sections, tasks, await self.below(tasks.tasks), token)

    async def tasks(self, project: str, last_read_at: datetime | None) -> Listing:
        """Incomplete tasks, and those completed since we last read: so "completed" is told apart from "gone" without a
        request for each. Tasks that were complete before we ever saw them are not imported: nobody is going to track
        time on them, and there may be years of them. Reopened, they are listed like new ones.
        """
        asked = monotonic()
        since = (last_read_at - CLOCK_MARGIN).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if last_read_at else "now"
        tasks = await self.client.tasks(project, since, tags=self._tags)
        if any(task.memberships is None for task in tasks):
            raise UnexpectedAnswer(f"projects/{project}/tasks: it is not told in which sections they are", 200)
        return Listing(tasks, asked)

    async def task(self, gid: str) -> Listing:
        asked = monotonic()
        return Listing([await self.client.task(gid, tags=self._tags)], asked)

    async def below(self, tasks: list[Task]) -> dict[str, Listing]:
        """Subtasks by their parents, level by level: only below open tasks, since everything below a completed one is
        archived with it.
        """
        found: dict[str, Listing] = {}

        async def read(task: Task) -> None:
            if listing := await self._subtasks_of(task):
                found[task.gid] = listing

        level = [task for task in tasks if has_open_inside(task)]
        while level:
            await each(level, read, at_once=IN_FLIGHT)
            inside = [found[task.gid].tasks for task in level if task.gid in found]
            further = {task.gid: task for tasks in inside for task in tasks if has_open_inside(task)}
            level = [task for gid, task in further.items() if gid not in found]
        return found

    async def _subtasks_of(self, task: Task) -> Listing | None:
        if known := self._shared.get(task.gid):
            return known
        asked = monotonic()
        try:
            listing = Listing(await self.client.subtasks(task.gid, tags=self._tags), asked)
        except NotFound:
            return None
        except Forbidden as error:
            self.forbidden[task.gid] = error
            return None
        if is_shared(task):
            self._shared[task.gid] = listing
        return listing


def default_among(sections: list[Section]) -> str | None:
    """The section that is shown without a list around it, if there is one."""
    first = sections[0] if sections else None
    return first.gid if first and first.name.strip().lower() in NAMES_OF_NO_SECTION else None


def gaps_in(tasks: list[Task], subtasks: dict[str, Listing]) -> set[str]:
    """Tasks of which Asana would not show what is below: they vanished meanwhile, or it is shown another time."""
    below = [task for listing in subtasks.values() for task in listing.tasks]
    return {task.gid for task in [*tasks, *below] if has_open_inside(task) and task.gid not in subtasks}


def pages_of(rows: Sized) -> int:
    return max(1, ceil(len(rows) / ROWS_A_PAGE))


def has_open_inside(task: Task) -> bool:
    return bool(task.num_subtasks) and not task.completed and not task.is_rendered_as_separator


def is_shared(task: Task) -> bool:
    """Whether another project's reading, or its own parent's, will come across it again."""
    return len(task.memberships or []) + bool(task.parent_gid) > 1
