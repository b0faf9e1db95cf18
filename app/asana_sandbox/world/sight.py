"""Who may see what.

A project is seen by its members (directly or through a team) and, unless it is private, by the workspace or
its team; guests see only what was shared with them. A task is seen with any of its projects, with its parent,
or by its assignee, followers and creator.
"""

from app.asana_sandbox.model import Gid, Project, Task, Workspace

from .base import WorldBase


class Sight:
    """One person's eyes for the time of one question; what it finds out it keeps."""

    def __init__(self, world: WorldBase, person: Gid) -> None:
        self.world = world
        self.person = person
        self._projects: dict[Gid, bool] = {}

    def workspaces(self) -> list[Workspace]:
        return [self.world.state.workspaces[gid] for gid in self.world.workspaces_of[self.person]]

    def sees_workspace(self, workspace: Gid) -> bool:
        return workspace in self.world.workspaces_of[self.person]

    def sees_person(self, person: Gid) -> bool:
        return any(self.sees_workspace(gid) for gid in self.world.workspaces_of[person])

    def is_guest(self, workspace: Gid) -> bool:
        gid = self.world.workspaces_of[self.person].get(workspace)
        return gid is None or self.world.state.workspace_memberships[gid].is_guest

    def sees_project(self, project: Project) -> bool:
        known = self._projects.get(project.gid)
        if known is None:
            known = self._projects[project.gid] = self._may_see(project)
        return known

    def projects(self, workspace: Gid) -> list[Project]:
        projects = (self.world.state.projects[gid] for gid in self.world.projects_in[workspace])
        return [project for project in projects if self.sees_project(project)]

    def sees_task(self, task: Task) -> bool:
        if task.deleted_at is not None or not self.sees_workspace(task.workspace):
            return False
        return any(self._is_close_to(each) for each in [task, *self.world.ancestors(task)])

    def _may_see(self, project: Project) -> bool:
        if project.deleted_at is not None or not self.sees_workspace(project.workspace):
            return False
        if self.person in project.memberships or project.owner == self.person:
            return True
        teams = self.world.state.teams
        if any(self.person in teams[gid].members for gid in project.memberships if gid in teams):
            return True
        if project.privacy == "private_to_team":
            return project.team is not None and self.person in teams[project.team].members
        return project.privacy == "public_to_workspace" and not self.is_guest(project.workspace)

    def _is_close_to(self, task: Task) -> bool:
        if self.person in (task.assignee, task.created_by) or self.person in task.followers:
            return True
        return any(self.sees_project(self.world.state.projects[gid]) for gid in task.places)
