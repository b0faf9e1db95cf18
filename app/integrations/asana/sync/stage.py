"""What was read, as rows: built in memory for one project at a time, then sent with COPY to temporary tables.

The tables live on the connection of the pass and empty themselves at each commit. `seen` and `missing` stay until the
pass ends: they know what was met anywhere in it, and what was not found where it used to be.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from asyncpg import Connection

from app.integrations.asana.answers import Project, Section, Task, User
from app.integrations.asana.sync.retrieve import Listing, ProjectReading, default_among
from app.projects.models import ArchivedReason, Kind

TABLES = """
CREATE TEMP TABLE staged_item (
    gid text PRIMARY KEY,
    kind text NOT NULL,
    workspace text,
    name text,                -- null: not told, what we have stays
    permalink text,
    modified_at timestamptz,
    reason text,              -- of its own for being archived; null: it is alive
    makes_item boolean,       -- whether it becomes an item where we have none yet
    parent text,              -- the task above it; empty: none; null: not told
    projects text[],          -- all that it is in; null: not told
    tells_people boolean,
    asked double precision,   -- when it was asked for, by the monotonic clock of the pass
    item bigint,
    is_new boolean NOT NULL DEFAULT false,
    is_outdated boolean NOT NULL DEFAULT false
) ON COMMIT DELETE ROWS;
CREATE INDEX ON staged_item (item);
CREATE TEMP TABLE staged_place (
    gid text,
    parent text,              -- a project, a section or a task
    project text,             -- stands in for a section that is no item here; null below a task
    position integer,
    PRIMARY KEY (gid, parent)
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE resolved_place (
    item bigint, parent bigint, position integer, PRIMARY KEY (item, parent)
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE staged_read (
    parent text PRIMARY KEY,
    with_tasks boolean        -- else it is a project of which only the lists were read
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE staged_person (gid text PRIMARY KEY, name text, email text) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE staged_involvement (gid text, person text, PRIMARY KEY (gid, person)) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE staged_keyword (gid text, word text, is_id boolean, PRIMARY KEY (gid, word)) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE seen (gid text PRIMARY KEY, reason text, parent text, projects text[], asked double precision);
CREATE TEMP TABLE missing (item bigint, parent bigint, project text, PRIMARY KEY (item, parent));
"""

# Lists come after the tasks that stand directly in the project, however many those are.
FIRST_LIST = 1_000_000
# Where only the place is known and not the order in it.
LAST = 2_000_000

# The foreign id of the item that everything from Asana stands under.
ROOT = "root"


class ItemRow(NamedTuple):
    """A row of staged_item, as far as it is sent."""

    gid: str
    kind: str
    workspace: str | None = None
    name: str | None = None
    permalink: str | None = None
    modified_at: datetime | None = None
    reason: str | None = None
    makes_item: bool = False
    parent: str | None = None
    projects: list[str] | None = None
    tells_people: bool = False
    asked: float = 0.0


@dataclass
class Stage:
    """Rows by their keys, so that what is met twice (a subtask that is also in the project) stands once."""

    keywords: bool = False
    items: dict[str, ItemRow] = field(default_factory=dict)
    places: dict[tuple[str, str], tuple[str, str, str | None, int]] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)
    read_lists: set[str] = field(default_factory=set)
    people: dict[str, tuple[str, str, str | None]] = field(default_factory=dict)
    # By project or task: who is involved in it, and its keywords with whether each is the id.
    involved: dict[str, set[str]] = field(default_factory=dict)
    words: dict[str, dict[str, bool]] = field(default_factory=dict)

    def add_project(
        self, project: Project, workspace: str, position: int, asked: float, members: set[str] | None
    ) -> None:
        self.items[project.gid] = ItemRow(
            project.gid,
            Kind.project,
            workspace,
            told(project.name),
            project.permalink_url,
            project.modified_at,
            reason=closed_reason(project),
            makes_item=True,
            tells_people=members is not None,
            asked=asked,
        )
        self._place(project.gid, ROOT, None, position)
        self.involved[project.gid] = members or set()

    def add_reading(self, reading: ProjectReading, workspace: str) -> None:
        """All that is in a project, but not the project itself."""
        self.read.add(reading.project.gid)
        self.add_lists(reading.project.gid, reading.sections, workspace, reading.tasks.asked)
        self.read.update(section.gid for section in reading.sections)
        self._add_tasks_of_project(reading, workspace)
        self._note_childless(reading.tasks)
        self.add_below(reading.subtasks, workspace, reading.project.gid)

    def add_below(self, subtasks: dict[str, Listing], workspace: str | None, project: str | None = None) -> None:
        for parent, listing in subtasks.items():
            self.read.add(parent)
            for number, task in enumerate(listing.tasks):
                self.add_task(task, workspace, listing.asked)
                self._place_in_projects(task, all_but=project)
                self._place(task.gid, parent, None, number)
            self._note_childless(listing)

    def add_task(self, task: Task, workspace: str | None, asked: float) -> None:
        known = self.items.get(task.gid)
        if known and known.asked > asked:
            return
        if task.is_rendered_as_separator:
            self.add_gone(task.gid, Kind.task, ArchivedReason.removed)
            return
        self.items[task.gid] = ItemRow(
            task.gid,
            Kind.task,
            workspace,
            told(task.name),
            task.permalink_url,
            task.modified_at,
            reason=ArchivedReason.completed if task.completed else None,
            makes_item=not task.completed,
            parent=task.parent_gid,
            projects=task.project_gids,
            tells_people=True,
            asked=asked,
        )
        assignees = [task.assignee] if task.assignee else []
        self.add_people(assignees)
        self.involved[task.gid] = {person.gid for person in assignees}
        if self.keywords:
            self.words[task.gid] = keywords_of(task)

    def add_answer(self, listing: Listing, workspace: str | None) -> None:
        """A task asked for by itself: it tells all of its places, but not the order in them."""
        for task in listing.tasks:
            self.add_task(task, workspace, listing.asked)
            self._place_in_projects(task)
            if task.parent_gid:
                self._place(task.gid, task.parent_gid, None, LAST)
        self._note_childless(listing)

    def add_gone(self, gid: str, kind: Kind, reason: ArchivedReason) -> None:
        self.items[gid] = ItemRow(gid, kind, reason=reason)

    def add_people(self, users: Iterable[User]) -> None:
        for user in users:
            self.people[user.gid] = (user.gid, clean(user.name), user.email[:254] if user.email else None)

    def add_lists(self, project: str, sections: list[Section], workspace: str, asked: float) -> None:
        """The lists of a project in their order; those that are not among them any more have been deleted."""
        default = default_among(sections)
        self.read_lists.add(project)
        for number, section in enumerate(sections):
            if section.gid == default:
                self.add_gone(section.gid, Kind.list, ArchivedReason.removed)
            else:
                name = clean(section.name)
                self.items[section.gid] = ItemRow(section.gid, Kind.list, workspace, name, makes_item=True, asked=asked)
            self._place(section.gid, project, None, FIRST_LIST + number)

    def _add_tasks_of_project(self, reading: ProjectReading, workspace: str) -> None:
        sections = {section.gid for section in reading.sections} - {reading.default_section}
        for number, task in enumerate(reading.tasks.tasks):
            self.add_task(task, workspace, reading.tasks.asked)
            self._place_in_projects(task, all_but=reading.project.gid)
            section = task.section_in(reading.project.gid)
            parent = section if section in sections else reading.project.gid
            self._place(task.gid, parent, reading.project.gid, number)

    def _place_in_projects(self, task: Task, all_but: str | None = None) -> None:
        """Wherever a task is met, it tells all of its places: also one of which that project's stream does not tell, as
        when the task came out of the trash together with another project.
        """
        for membership in task.memberships or []:
            if (project := membership.project) and project.gid != all_but:
                section = membership.section.gid if membership.section else project.gid
                self._place(task.gid, section, project.gid, LAST)

    def _note_childless(self, listing: Listing) -> None:
        """A task of which Asana says that nothing is below it has been read, without a request."""
        self.read.update(task.gid for task in listing.tasks if task.num_subtasks == 0)

    def _place(self, gid: str, parent: str, project: str | None, position: int) -> None:
        if gid in self.items and gid != parent:
            self.places[gid, parent] = (gid, parent, project, position)

    async def send(self, database: Connection) -> None:
        await _copy(database, "staged_item", self.items.values(), ItemRow._fields)
        await _copy(database, "staged_place", self.places.values())
        read = [(parent, True) for parent in self.read] + [(gid, False) for gid in self.read_lists - self.read]
        await _copy(database, "staged_read", read)
        await _copy(database, "staged_person", self.people.values())
        involvements = [(gid, person) for gid, people in self.involved.items() for person in people]
        await _copy(database, "staged_involvement", involvements)
        words = [(gid, word, is_id) for gid, words in self.words.items() for word, is_id in words.items()]
        await _copy(database, "staged_keyword", words)


async def prepare(database: Connection) -> None:
    await database.execute(TABLES)


async def forget(database: Connection) -> None:
    """Before the next pass on the same connection."""
    await database.execute("TRUNCATE seen, missing")


async def _copy(
    database: Connection, table: str, rows: Collection[tuple[object, ...]], columns: Sequence[str] | None = None
) -> None:
    if rows:
        await database.copy_records_to_table(table, records=rows, columns=columns)


def told(name: str | None) -> str | None:
    """A name that is not told stays what it was."""
    return None if name is None else clean(name)


def clean(name: str | None) -> str:
    """As it is in Asana, but for the one character that PostgreSQL cannot keep."""
    return (name or "").replace("\x00", "")


def keywords_of(task: Task) -> dict[str, bool]:
    """The names of its tags, and its id."""
    tags = {clean(tag.name).strip(): False for tag in task.tags or []}
    return {word: is_id for word, is_id in tags.items() if word} | {task.gid: True}


def closed_reason(project: Project) -> ArchivedReason | None:
    if project.archived:
        return ArchivedReason.archived
    return ArchivedReason.completed if project.completed else None
