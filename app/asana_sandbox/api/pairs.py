"""Objects of the API that are no records of their own."""

from typing import NamedTuple

from app.asana_sandbox.model import Gid, Project, ProjectMembership, WorkspaceMembership


class MembershipOf(NamedTuple):
    project: Project
    membership: ProjectMembership

    @property
    def gid(self) -> Gid:
        return self.membership.gid


class TaskListOf(NamedTuple):
    membership: WorkspaceMembership

    @property
    def gid(self) -> Gid:
        return self.membership.user_task_list
