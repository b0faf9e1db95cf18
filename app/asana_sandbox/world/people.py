"""People, their workspaces and teams."""

from typing import Literal

from app.asana_sandbox.model import Gid, Person, Subject, Team, Workspace, WorkspaceMembership

from .base import RefusedError, UnknownObjectError, verb
from .events import team_subject
from .projects import ProjectVerbs


class PeopleVerbs(ProjectVerbs):
    @verb
    def make_workspace(
        self,
        name: str,
        *,
        is_organization: bool = True,
        email_domains: list[str] | None = None,
        is_paid: bool = False,
    ) -> Gid:
        workspace = Workspace(self.new_gid(), name, is_organization, email_domains or [], is_paid)
        self.state.workspaces[workspace.gid] = workspace
        return workspace.gid

    @verb
    def make_user(
        self,
        name: str,
        email: str | None,
        workspace: Gid,
        *,
        is_guest: bool = False,
        is_admin: bool = False,
        by: Gid | None = None,
    ) -> Gid:
        person = Person(self.new_gid(), name, email)
        self.state.people[person.gid] = person
        self.join_workspace(person.gid, workspace, is_guest=is_guest, is_admin=is_admin, by=by)
        return person.gid

    @verb
    def join_workspace(
        self,
        person: Gid,
        workspace: Gid,
        *,
        is_guest: bool = False,
        is_admin: bool = False,
        by: Gid | None = None,
    ) -> None:
        if workspace in self.workspaces_of[self.person(person).gid]:
            return
        membership = WorkspaceMembership(
            gid=self.new_gid(),
            workspace=self.workspace(workspace).gid,
            person=person,
            user_task_list=self.new_gid(),
            created_at=self.now(),
            is_admin=is_admin,
            is_guest=is_guest,
        )
        self.state.workspace_memberships[membership.gid] = membership
        self.memberships_in[workspace][person] = membership.gid
        self.workspaces_of[person][workspace] = membership.gid
        self.record("added", _subject(membership), [workspace], by=by, parent=self._workspace_subject(workspace))

    @verb
    def remove_user(self, person: Gid, workspace: Gid, *, by: Gid | None = None) -> None:
        """Takes someone out of a workspace; their tasks stay and lose their assignee."""
        membership = self.workspace_membership(person, workspace)
        for task in [self.task(gid) for gid in self.assigned_to[person]]:
            if task.workspace == workspace:
                self.assign_task(task.gid, None, by=by)
        for gid in self.projects_in[workspace]:
            self.remove_member(gid, person, by=by)
        for gid in self.teams_in[workspace]:
            self.remove_from_team(gid, person, by=by)
        del self.state.workspace_memberships[membership.gid]
        del self.memberships_in[workspace][person]
        del self.workspaces_of[person][workspace]
        self.record("removed", _subject(membership), [workspace], by=by, parent=self._workspace_subject(workspace))

    @verb
    def change_email(self, person: Gid, email: str | None) -> None:
        """None hides the address from every answer, as privacy settings do."""
        self.person(person).email = email

    @verb
    def rename_user(self, person: Gid, name: str) -> None:
        self.person(person).name = name

    @verb
    def make_team(self, name: str, workspace: Gid, members: list[Gid] | None = None) -> Gid:
        if not self.workspace(workspace).is_organization:
            raise RefusedError("Only organizations have teams.")
        team = Team(self.new_gid(), workspace, name, list(members or []))
        self.state.teams[team.gid] = team
        self.teams_in[workspace].append(team.gid)
        return team.gid

    @verb
    def add_to_team(self, team: Gid, person: Gid, *, by: Gid | None = None) -> None:
        found = self.team(team)
        if self.person(person).gid not in found.members:
            found.members.append(person)
            self._record_membership(found, "added", by=by)

    @verb
    def remove_from_team(self, team: Gid, person: Gid, *, by: Gid | None = None) -> None:
        found = self.team(team)
        if person in found.members:
            found.members.remove(person)
            self._record_membership(found, "removed", by=by)

    def workspace_membership(self, person: Gid, workspace: Gid) -> WorkspaceMembership:
        gid = self.memberships_in[workspace].get(person)
        if gid is None:
            raise UnknownObjectError("workspace_membership", f"{person} in {workspace}")
        return self.state.workspace_memberships[gid]

    def person_by_email(self, email: str) -> Person | None:
        wanted = email.casefold()
        return next((p for p in self.state.people.values() if p.email and p.email.casefold() == wanted), None)

    def _record_membership(self, team: Team, action: Literal["added", "removed"], *, by: Gid | None) -> None:
        if self.is_recording:
            membership = Subject(self.new_gid(), "team_membership")
            self.record(action, membership, [team.gid, team.workspace], by=by, parent=team_subject(team))

    def _workspace_subject(self, gid: Gid) -> Subject:
        return Subject(gid, "workspace", self.workspace(gid).name)


def _subject(membership: WorkspaceMembership) -> Subject:
    return Subject(membership.gid, "workspace_membership")
