"""What one caller's answer is made from: the world, the caller's eyes, and the address links point at."""

from collections.abc import Mapping

from app.asana_sandbox.model import (
    Event,
    Gid,
    Person,
    Project,
    ProjectMembership,
    Section,
    Subject,
    Task,
    Team,
    Workspace,
    WorkspaceMembership,
)
from app.asana_sandbox.world import Sight, World

from .fields import ABSENT, Absent


class View:
    def __init__(self, world: World, person: Gid, base_url: str) -> None:
        self.world = world
        self.state = world.state
        self.sight = Sight(world, person)
        self.person = person
        self.base_url = base_url

    def user(self, gid: Gid | None) -> Person | None:
        return self.state.people.get(gid) if gid else None

    def users(self, gids: list[Gid]) -> list[Person]:
        return [self.state.people[gid] for gid in gids if gid in self.state.people]

    def workspaces_of(self, person: Person) -> list[Workspace]:
        """Only those the caller shares."""
        theirs = self.world.workspaces_of[person.gid]
        return [self.state.workspaces[gid] for gid in theirs if self.sight.sees_workspace(gid)]

    def email(self, person: Person) -> str | Absent:
        return ABSENT if person.email is None else person.email

    def projects_of(self, task: Task) -> list[Project]:
        projects = (self.state.projects[gid] for gid in task.places)
        return [project for project in projects if self.sight.sees_project(project)]

    def places_of(self, task: Task) -> list[tuple[Project, Section]]:
        return [(each, self.state.sections[task.places[each.gid]]) for each in self.projects_of(task)]

    def parent_of(self, task: Task) -> Task | None:
        parent = self.state.tasks[task.parent] if task.parent else None
        return parent if parent and self.sight.sees_task(parent) else None

    def member(self, membership: ProjectMembership) -> Person | Team:
        gid = membership.member
        return self.state.teams[gid] if gid in self.state.teams else self.state.people[gid]

    def team(self, gid: Gid | None) -> Team | None:
        return self.state.teams[gid] if gid else None

    def task_url(self, task: Task) -> str:
        root = f"{self.base_url}/1/{task.workspace}"
        projects = self.projects_of(task)
        if projects:
            return f"{root}/project/{projects[0].gid}/task/{task.gid}"
        keeper = self.world.workspaces_of[task.created_by].get(task.workspace) if task.created_by else None
        if task.parent or not keeper:
            return f"{root}/task/{task.gid}"
        # A task in no project is addressed through its creator's own task list.
        task_list = self.state.workspace_memberships[keeper].user_task_list
        return f"{root}/project/{task_list}/task/{task.gid}"

    def project_url(self, project: Project) -> str:
        return f"{self.base_url}/1/{project.workspace}/project/{project.gid}"

    def task_list_name(self, membership: WorkspaceMembership) -> str:
        return f"My tasks in {self.state.workspaces[membership.workspace].name}"

    def event_user(self, event: Event) -> Person | None:
        return self.user(event.user)

    def _tables(self) -> dict[str, Mapping[Gid, Workspace | Team | Project | Task]]:
        return {
            "workspace": self.state.workspaces,
            "team": self.state.teams,
            "project": self.state.projects,
            "task": self.state.tasks,
        }

    def kind_of(self, gid: Gid) -> str | None:
        return next((kind for kind, table in self._tables().items() if gid in table), None)

    def subject(self, gid: Gid) -> Subject:
        """What a webhook watches, named as far as it is still there."""
        kind = self.kind_of(gid)
        return Subject(gid, kind or "project", self._tables()[kind][gid].name if kind else None)

    def workspace_gid_of(self, gid: Gid) -> Gid | None:
        kind = self.kind_of(gid)
        if kind is None:
            return None
        found = self._tables()[kind][gid]
        return found.gid if isinstance(found, Workspace) else found.workspace
