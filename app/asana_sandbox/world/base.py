"""The state with its indexes and its clock: what every group of verbs stands on."""

import secrets
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from threading import RLock
from typing import Any, TypeVar, cast

from app.asana_sandbox.model import Gid, Moment, Person, Project, Section, State, Tag, Task, Team, Workspace

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")


class UnknownObjectError(LookupError):
    def __init__(self, kind: str, gid: Gid) -> None:
        super().__init__(f"{kind}: Unknown object: {gid}")
        self.kind = kind
        self.gid = gid


class RefusedError(ValueError):
    """The verb makes no sense here, as when the last section of a project is deleted."""


VERBS: set[str] = set()


def verb(method: F) -> F:
    """Something that can happen in the world: one at a time, and it counts as a change worth saving."""

    @wraps(method)
    def locked(world: "WorldBase", *args: Any, **kwargs: Any) -> Any:
        with world.lock:
            result = method(world, *args, **kwargs)
            world.revision += 1
            return result

    VERBS.add(method.__name__)
    return cast("F", locked)


def moment(at: datetime) -> Moment:
    at = at.astimezone(UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def system_clock() -> datetime:
    return datetime.now(UTC)


class WorldBase:
    def __init__(self, state: State | None = None, clock: Callable[[], datetime] = system_clock) -> None:
        self.state = state or State(secret=secrets.token_hex(16))
        self.clock = clock
        self.lock = RLock()
        self.revision = 0
        self._index()

    def now(self) -> Moment:
        return moment(self.clock())

    def new_gid(self) -> Gid:
        gid = self.state.next_gid
        self.state.next_gid += 1
        return str(gid)

    def replace_state(self, state: State) -> None:
        with self.lock:
            self.state = state
            self._index()
            self.revision += 1

    def _index(self) -> None:
        state = self.state
        self.projects_in: dict[Gid, list[Gid]] = defaultdict(list)
        self.teams_in: dict[Gid, list[Gid]] = defaultdict(list)
        self.tags_in: dict[Gid, list[Gid]] = defaultdict(list)
        self.memberships_in: dict[Gid, dict[Gid, Gid]] = defaultdict(dict)
        self.workspaces_of: dict[Gid, dict[Gid, Gid]] = defaultdict(dict)
        self.assigned_to: dict[Gid, dict[Gid, None]] = defaultdict(dict)
        self.tagged: dict[Gid, dict[Gid, None]] = defaultdict(dict)
        for project in state.projects.values():
            self.projects_in[project.workspace].append(project.gid)
        for team in state.teams.values():
            self.teams_in[team.workspace].append(team.gid)
        for tag in state.tags.values():
            self.tags_in[tag.workspace].append(tag.gid)
        for membership in state.workspace_memberships.values():
            self.memberships_in[membership.workspace][membership.person] = membership.gid
            self.workspaces_of[membership.person][membership.workspace] = membership.gid
        for task in state.tasks.values():
            self._index_task(task)

    def _index_task(self, task: Task) -> None:
        if task.assignee:
            self.assigned_to[task.assignee][task.gid] = None
        for tag in task.tags:
            self.tagged[tag][task.gid] = None

    def person(self, gid: Gid) -> Person:
        return _known(self.state.people, "user", gid)

    def workspace(self, gid: Gid) -> Workspace:
        return _known(self.state.workspaces, "workspace", gid)

    def team(self, gid: Gid) -> Team:
        return _known(self.state.teams, "team", gid)

    def project(self, gid: Gid) -> Project:
        return _known(self.state.projects, "project", gid)

    def section(self, gid: Gid) -> Section:
        return _known(self.state.sections, "section", gid)

    def task(self, gid: Gid) -> Task:
        return _known(self.state.tasks, "task", gid)

    def tag(self, gid: Gid) -> Tag:
        return _known(self.state.tags, "tag", gid)

    def live_projects(self, task: Task) -> list[Project]:
        projects = (self.state.projects[gid] for gid in task.places)
        return [project for project in projects if project.deleted_at is None]

    def live_sections(self, project: Project) -> list[Section]:
        sections = (self.state.sections[gid] for gid in project.sections)
        return [section for section in sections if section.deleted_at is None]

    def live_subtasks(self, task: Task) -> list[Task]:
        return [child for child in self._tasks(task.subtasks) if child.deleted_at is None]

    def tasks_in_section(self, section: Section) -> list[Task]:
        return [task for task in self._tasks(section.tasks) if task.deleted_at is None]

    def tasks_in_project(self, project: Project) -> list[Task]:
        return [task for section in self.live_sections(project) for task in self.tasks_in_section(section)]

    def ancestors(self, task: Task) -> list[Task]:
        found = []
        while task.parent:
            task = self.state.tasks[task.parent]
            found.append(task)
        return found

    def descendants(self, task: Task) -> list[Task]:
        found: list[Task] = []
        for child in self._tasks(task.subtasks):
            found.append(child)
            found.extend(self.descendants(child))
        return found

    def _tasks(self, gids: list[Gid]) -> list[Task]:
        tasks = self.state.tasks
        return [tasks[gid] for gid in gids]


def _known(table: dict[Gid, T], kind: str, gid: Gid) -> T:
    try:
        return table[gid]
    except KeyError:
        raise UnknownObjectError(kind, gid) from None


def insert(gids: list[Gid], gid: Gid, position: int | None) -> None:
    gids.insert(len(gids) if position is None else position, gid)
