"""Projects, their sections and members, and the trash."""

from app.asana_sandbox.model import Change, Gid, Privacy, Project, ProjectMembership, Section, Subject, Task

from .base import RefusedError, insert, verb
from .events import person_subject, team_subject
from .tasks import TaskVerbs

DEFAULT_SECTION = "Untitled section"


class ProjectVerbs(TaskVerbs):
    @verb
    def make_project(
        self,
        name: str,
        workspace: Gid,
        *,
        owner: Gid | None = None,
        team: Gid | None = None,
        members: list[Gid] | None = None,
        sections: list[str] | None = None,
        privacy: Privacy = "public_to_workspace",
        default_view: str = "list",
        color: str | None = None,
        by: Gid | None = None,
    ) -> Gid:
        now = self.now()
        project = Project(self.new_gid(), self.workspace(workspace).gid, name, now, now, privacy, owner, team)
        project.default_view = default_view
        project.color = color
        self.state.projects[project.gid] = project
        self.projects_in[workspace].append(project.gid)
        self.record_project(project, "added", by=by)
        for member in dict.fromkeys([*([owner] if owner else []), *(members or [])]):
            self.add_member(project.gid, member, "admin" if member == owner else "editor", by=by)
        for section in sections or [DEFAULT_SECTION]:
            self.make_section(project.gid, section, by=by)
        return project.gid

    @verb
    def rename_project(self, project: Gid, name: str, *, by: Gid | None = None) -> None:
        found = self.project(project)
        found.name = name
        self.record_project(found, "changed", by=by, change=Change("name"))

    @verb
    def archive_project(self, project: Gid, *, by: Gid | None = None) -> None:
        self._set_archived(self.project(project), True, by=by)

    @verb
    def unarchive_project(self, project: Gid, *, by: Gid | None = None) -> None:
        self._set_archived(self.project(project), False, by=by)

    @verb
    def complete_project(self, project: Gid, *, by: Gid | None = None) -> None:
        found = self.project(project)
        found.completed_at = self.now()
        found.completed_by = by
        self.record_project(found, "changed", by=by, change=Change("completed"))

    @verb
    def reopen_project(self, project: Gid, *, by: Gid | None = None) -> None:
        found = self.project(project)
        found.completed_at = found.completed_by = None
        self.record_project(found, "changed", by=by, change=Change("completed"))

    @verb
    def make_private(self, project: Gid, *, by: Gid | None = None) -> None:
        self.set_privacy(project, "private", by=by)

    @verb
    def make_public(self, project: Gid, *, by: Gid | None = None) -> None:
        self.set_privacy(project, "public_to_workspace", by=by)

    @verb
    def set_privacy(self, project: Gid, privacy: Privacy, *, by: Gid | None = None) -> None:
        found = self.project(project)
        found.privacy = privacy
        self.record_project(found, "changed", by=by, change=Change("privacy_setting"))

    @verb
    def add_member(self, project: Gid, member: Gid, access_level: str = "editor", *, by: Gid | None = None) -> None:
        """A person or a whole team."""
        found = self.project(project)
        if member in found.memberships:
            found.memberships[member].access_level = access_level
            return
        subject = self._member_subject(member)
        membership = ProjectMembership(self.new_gid(), member, access_level)
        found.memberships[member] = membership
        self.record("added", _membership_subject(membership), [project, found.workspace], by=by)
        self.record_project(found, "changed", by=by, change=Change("members", "added", added_value=subject))

    @verb
    def remove_member(self, project: Gid, member: Gid, *, by: Gid | None = None) -> None:
        found = self.project(project)
        membership = found.memberships.pop(member, None)
        if membership is None:
            return
        subject = self._member_subject(member)
        self.record("removed", _membership_subject(membership), [project, found.workspace], by=by)
        self.record_project(found, "changed", by=by, change=Change("members", "removed", removed_value=subject))

    @verb
    def set_owner(self, project: Gid, person: Gid | None, *, by: Gid | None = None) -> None:
        found = self.project(project)
        owner = person_subject(self.person(person)) if person else None
        found.owner = person
        self.record_project(found, "changed", by=by, change=Change("owner", new_value=owner))

    @verb
    def make_section(self, project: Gid, name: str, *, position: int | None = None, by: Gid | None = None) -> Gid:
        found = self.project(project)
        section = Section(self.new_gid(), project, name, self.now())
        self.state.sections[section.gid] = section
        insert(found.sections, section.gid, position)
        self.record_section(section, "added", by=by)
        return section.gid

    @verb
    def rename_section(self, section: Gid, name: str, *, by: Gid | None = None) -> None:
        found = self.section(section)
        found.name = name
        self.record_section(found, "changed", by=by, change=Change("name"))

    @verb
    def move_section(self, section: Gid, position: int) -> None:
        sections = self.project(self.section(section).project).sections
        sections.remove(section)
        insert(sections, section, position)

    @verb
    def delete_section(self, section: Gid, *, by: Gid | None = None) -> None:
        found = self.section(section)
        if self.tasks_in_section(found):
            raise RefusedError("A section must be empty to be deleted.")
        if len(self.live_sections(self.project(found.project))) == 1:
            raise RefusedError("The last section of a project cannot be deleted.")
        found.deleted_at = self.now()
        self.record_section(found, "deleted", by=by)

    @verb
    def delete_task(self, task: Gid, *, by: Gid | None = None) -> None:
        """Into the trash, with everything below it."""
        found = self.task(task)
        self._trash(found, None, by=by)
        for below in self.descendants(found):
            self._trash(below, task, by=by)

    @verb
    def restore_task(self, task: Gid, *, by: Gid | None = None) -> None:
        """Out of the trash, with what its deletion took along."""
        found = self.task(task)
        self._untrash(found, by=by)
        for below in self.descendants(found):
            if below.deleted_with == task:
                self._untrash(below, by=by)

    @verb
    def delete_project(self, project: Gid, *, by: Gid | None = None) -> None:
        """Its tasks go along unless they stand in another project too; no event speaks of them."""
        found = self.project(project)
        tasks = self.tasks_in_project(found)
        found.deleted_at = self.now()
        for task in tasks:
            if not self.live_projects(task) and not task.parent:
                self._take_along(task, project, found.deleted_at)
        self.record_project(found, "deleted", by=by)

    @verb
    def restore_project(self, project: Gid, *, by: Gid | None = None) -> None:
        found = self.project(project)
        found.deleted_at = None
        for task in [self.task(gid) for section in found.sections for gid in self.section(section).tasks]:
            for gone in [task, *self.descendants(task)]:
                if gone.deleted_with == project:
                    gone.deleted_at = gone.deleted_with = None
        self.record_project(found, "undeleted", by=by)

    def _take_along(self, task: Task, project: Gid, at: str) -> None:
        """What stands in another project as well stays there, with everything below it."""
        _mark_deleted(task, at, project)
        for gid in task.subtasks:
            if not self.live_projects(self.task(gid)):
                self._take_along(self.task(gid), project, at)

    def _set_archived(self, project: Project, is_archived: bool, *, by: Gid | None) -> None:
        project.archived = is_archived
        self.record_project(project, "changed", by=by, change=Change("archived"))

    def _member_subject(self, member: Gid) -> Subject:
        if member in self.state.teams:
            return team_subject(self.team(member))
        return person_subject(self.person(member))

    def _trash(self, task: Task, along_with: Gid | None, *, by: Gid | None) -> None:
        if task.deleted_at is None:
            _mark_deleted(task, self.now(), along_with)
            self.record_task(task, "deleted", by=by)

    def _untrash(self, task: Task, *, by: Gid | None) -> None:
        if task.deleted_at is not None:
            task.deleted_at = task.deleted_with = None
            self.record_task(task, "undeleted", by=by)


def _mark_deleted(task: Task, at: str, along_with: Gid | None) -> None:
    if task.deleted_at is None:
        task.deleted_at = at
        task.deleted_with = along_with


def _membership_subject(membership: ProjectMembership) -> Subject:
    return Subject(membership.gid, "project_membership")
