"""What the templates show, gathered from the world as one person sees it."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.asana_sandbox.model import Gid, Person, Project, Section, Tag, Task, Workspace
from app.asana_sandbox.world import Sight, World


@dataclass(frozen=True)
class Row:
    task: Task
    assignee: Person | None
    tags: list[Tag]
    subtasks: int
    done_subtasks: int


@dataclass(frozen=True)
class Lane:
    section: Section
    rows: list[Row]


@dataclass(frozen=True)
class SidebarPart:
    workspace: Workspace
    projects: list[Project]
    archived: list[Project]


@dataclass(frozen=True)
class Pane:
    row: Row
    # From the root down; empty for a task of its own.
    ancestors: list[Task]
    places: list[tuple[Project, Section]]
    root_projects: list[Project]
    subtasks: list[Row]
    # Where the task could go: sections of projects the person sees.
    sections: list[tuple[Project, list[Section]]]
    people: list[Person]


class Shapes:
    def __init__(self, world: World, person: Person) -> None:
        self.world = world
        self.person = person
        self.sight = Sight(world, person.gid)

    def sidebar(self) -> list[SidebarPart]:
        return [self._sidebar_part(workspace) for workspace in self.sight.workspaces()]

    def lanes(self, project: Project) -> list[Lane]:
        sections = self.world.live_sections(project)
        return [Lane(section, self.rows(self.world.tasks_in_section(section))) for section in sections]

    def rows(self, tasks: Iterable[Task]) -> list[Row]:
        return [self._row(task) for task in tasks]

    def assigned(self) -> list[Row]:
        tasks = (self.world.task(gid) for gid in self.world.assigned_to[self.person.gid])
        return self.rows(task for task in tasks if not task.completed_at and self.sight.sees_task(task))

    def pane(self, task: Task) -> Pane:
        ancestors = [each for each in reversed(self.world.ancestors(task)) if self.sight.sees_task(each)]
        return Pane(
            row=self._row(task),
            ancestors=ancestors,
            places=self._places(task),
            root_projects=[project for project, _ in self._places(ancestors[0])] if ancestors else [],
            subtasks=self.rows(self.world.live_subtasks(task)),
            sections=self._destinations(task),
            people=self.members(task.workspace),
        )

    def members(self, workspace: Gid) -> list[Person]:
        people = [self.world.person(gid) for gid in self.world.memberships_in[workspace]]
        return sorted(people, key=lambda person: person.name.casefold())

    def _places(self, task: Task) -> list[tuple[Project, Section]]:
        live = [each for each in self.world.live_projects(task) if self.sight.sees_project(each)]
        return [(project, self.world.section(task.places[project.gid])) for project in live]

    def _destinations(self, task: Task) -> list[tuple[Project, list[Section]]]:
        projects = [each for each in self.sight.projects(task.workspace) if not each.archived]
        projects.sort(key=lambda project: project.gid not in task.places)
        return [(project, self.world.live_sections(project)) for project in projects]

    def _sidebar_part(self, workspace: Workspace) -> SidebarPart:
        projects = self.sight.projects(workspace.gid)
        live = [each for each in projects if not each.archived]
        return SidebarPart(workspace, live, [each for each in projects if each.archived])

    def _row(self, task: Task) -> Row:
        subtasks = self.world.live_subtasks(task)
        return Row(
            task=task,
            assignee=self.world.state.people.get(task.assignee or ""),
            tags=[self.world.tag(gid) for gid in task.tags],
            subtasks=len(subtasks),
            done_subtasks=sum(each.completed_at is not None for each in subtasks),
        )
