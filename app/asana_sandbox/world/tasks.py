"""What people do to tasks. Every verb tells as many events as Asana would."""

from typing import Any

from app.asana_sandbox.model import Gid, Moment, Section, Tag, Task

from .base import RefusedError, insert, verb
from .events import EventStreams, person_subject, project_subject, section_subject, tag_subject, task_subject

MAX_DEPTH = 5
MAX_PROJECTS = 20


class TaskVerbs(EventStreams):
    @verb
    def add_task(
        self,
        project: Gid,
        name: str,
        *,
        section: Gid | None = None,
        assignee: Gid | None = None,
        subtype: str = "default_task",
        position: int | None = None,
        by: Gid | None = None,
    ) -> Gid:
        target = self._section_in(project, section)
        task = self._new_task(self.project(project).workspace, name, subtype, by)
        self._put(task, target, position, by=by)
        if assignee:
            self.assign_task(task.gid, assignee, by=by)
        return task.gid

    @verb
    def add_subtask(
        self,
        parent: Gid,
        name: str,
        *,
        assignee: Gid | None = None,
        is_separator: bool = False,
        position: int | None = None,
        by: Gid | None = None,
    ) -> Gid:
        above = self.task(parent)
        if len(self.ancestors(above)) >= MAX_DEPTH:
            raise RefusedError("Subtasks go five levels deep.")
        task = self._new_task(above.workspace, name, "default_task", by)
        task.is_separator = is_separator
        self._hang(task, above, position, by=by)
        if assignee:
            self.assign_task(task.gid, assignee, by=by)
        return task.gid

    @verb
    def add_private_task(self, workspace: Gid, name: str, person: Gid) -> Gid:
        """A task in nobody's project, as people keep in their own task list."""
        task = self._new_task(self.workspace(workspace).gid, name, "default_task", person)
        self.assign_task(task.gid, person, by=person)
        return task.gid

    @verb
    def rename_task(self, task: Gid, name: str, *, by: Gid | None = None) -> None:
        found = self.task(task)
        found.name = name
        self.record_change(found, "name", by=by)
        self.record_story(found, "name_changed", by=by)

    @verb
    def describe_task(self, task: Gid, notes: str, *, by: Gid | None = None) -> None:
        found = self.task(task)
        found.notes = notes
        self.record_change(found, "notes", by=by)
        self.record_story(found, "notes_changed", by=by)

    @verb
    def complete_task(self, task: Gid, *, by: Gid | None = None) -> None:
        self._set_completed(self.task(task), self.now(), by=by)

    @verb
    def reopen_task(self, task: Gid, *, by: Gid | None = None) -> None:
        self._set_completed(self.task(task), None, by=by)

    @verb
    def assign_task(self, task: Gid, person: Gid | None, *, by: Gid | None = None) -> None:
        found = self.task(task)
        assignee = person_subject(self.person(person)) if person else None
        if found.assignee:
            self.assigned_to[found.assignee].pop(task, None)
        found.assignee = person
        if person:
            self.assigned_to[person][task] = None
        self.record_change(found, "assignee", by=by, new_value=assignee)
        self.record_story(found, "assigned" if person else "unassigned", by=by)

    @verb
    def add_follower(self, task: Gid, person: Gid, *, by: Gid | None = None) -> None:
        found, follower = self.task(task), person_subject(self.person(person))
        if person not in found.followers:
            found.followers.append(person)
            self.record_change(found, "followers", by=by, action="added", added_value=follower)

    @verb
    def schedule_task(self, task: Gid, due_on: str | None, *, by: Gid | None = None) -> None:
        found = self.task(task)
        found.due_on = due_on
        self.record_change(found, "due_on", by=by)
        self.record_change(found, "due_at", by=by)
        self.record_story(found, "due_date_changed", by=by)

    @verb
    def move_task(
        self,
        task: Gid,
        section: Gid,
        *,
        position: int | None = None,
        from_project: Gid | None = None,
        by: Gid | None = None,
    ) -> None:
        """Into a section: of the same project, or of another, which it then stands in instead."""
        found, target = self.task(task), self.section(section)
        self._require_workspace(found, self.project(target.project).workspace)
        if target.project in found.places:
            self._move_within(found, target, position, by=by)
            return
        leaving = from_project or next(iter(found.places), None)
        if leaving:
            self.remove_from_project(task, leaving, by=by)
        self._put(found, target, position, by=by)

    @verb
    def add_to_project(
        self,
        task: Gid,
        project: Gid,
        *,
        section: Gid | None = None,
        position: int | None = None,
        by: Gid | None = None,
    ) -> None:
        found, target = self.task(task), self._section_in(project, section)
        self._require_workspace(found, self.project(project).workspace)
        if project in found.places:
            self._move_within(found, target, position, by=by)
            return
        if len(found.places) >= MAX_PROJECTS:
            raise RefusedError("A task can be in twenty projects at most.")
        self._put(found, target, position, by=by)

    @verb
    def remove_from_project(self, task: Gid, project: Gid, *, by: Gid | None = None) -> None:
        found = self.task(task)
        if project not in found.places:
            return
        section = self.section(found.places[project])
        self.record_task(found, "removed", by=by, parent=section_subject(section))
        self.record_task(found, "removed", by=by, parent=project_subject(self.project(project)))
        self.record_story(found, "removed_from_project", by=by)
        section.tasks.remove(task)
        del found.places[project]

    @verb
    def set_parent(self, task: Gid, parent: Gid | None, *, position: int | None = None, by: Gid | None = None) -> None:
        found = self.task(task)
        above = self.task(parent) if parent else None
        if above and (above is found or found in self.ancestors(above)):
            raise RefusedError("A task cannot be below itself.")
        if above:
            self._require_workspace(found, above.workspace)
        if found.parent:
            old = self.task(found.parent)
            self.record_task(found, "removed", by=by, parent=task_subject(old))
            old.subtasks.remove(task)
            found.parent = None
        if above:
            self._hang(found, above, position, by=by)
        self.record_change(found, "parent", by=by, new_value=task_subject(above) if above else None)

    @verb
    def promote_subtask(self, task: Gid, project: Gid, *, section: Gid | None = None, by: Gid | None = None) -> None:
        """Makes a subtask a task of its own in a project."""
        self._require_workspace(self.task(task), self.project(project).workspace)
        self.set_parent(task, None, by=by)
        self.add_to_project(task, project, section=section, by=by)

    @verb
    def tag_task(self, task: Gid, tag: Gid, *, by: Gid | None = None) -> None:
        found, label = self.task(task), self.tag(tag)
        if tag not in found.tags:
            found.tags.append(tag)
            self.tagged[tag][task] = None
            self.record_change(found, "tags", by=by, action="added", added_value=tag_subject(label))

    @verb
    def untag_task(self, task: Gid, tag: Gid, *, by: Gid | None = None) -> None:
        found, label = self.task(task), self.tag(tag)
        if tag in found.tags:
            found.tags.remove(tag)
            self.tagged[tag].pop(task, None)
            self.record_change(found, "tags", by=by, action="removed", removed_value=tag_subject(label))

    @verb
    def make_tag(self, name: str, workspace: Gid) -> Gid:
        tag = Tag(self.new_gid(), self.workspace(workspace).gid, name, self.now())
        self.state.tags[tag.gid] = tag
        self.tags_in[workspace].append(tag.gid)
        return tag.gid

    @verb
    def rename_tag(self, tag: Gid, name: str) -> None:
        self.tag(tag).name = name

    def _new_task(self, workspace: Gid, name: str, subtype: str, by: Gid | None) -> Task:
        now = self.now()
        task = Task(self.new_gid(), workspace, name, now, now, subtype, created_by=by)
        if subtype == "approval":
            task.approval_status = "pending"
        self.state.tasks[task.gid] = task
        return task

    def _require_workspace(self, task: Task, workspace: Gid) -> None:
        if task.workspace != workspace:
            raise RefusedError("A task stays in its workspace.")

    def _section_in(self, project: Gid, section: Gid | None) -> Section:
        if section is None:
            return self.live_sections(self.project(project))[0]
        found = self.section(section)
        if found.project != project:
            raise RefusedError("That section belongs to another project.")
        return found

    def _put(self, task: Task, section: Section, position: int | None, *, by: Gid | None) -> None:
        task.places[section.project] = section.gid
        insert(section.tasks, task.gid, position)
        project = self.project(section.project)
        self.record_task(task, "added", by=by, parent=project_subject(project))
        self.record_task(task, "added", by=by, parent=section_subject(section))
        self.record_story(task, "added_to_project", by=by)

    def _hang(self, task: Task, above: Task, position: int | None, *, by: Gid | None) -> None:
        task.parent = above.gid
        insert(above.subtasks, task.gid, position)
        self.record_task(task, "added", by=by, parent=task_subject(above))
        self.record_story(above, "subtask_added", by=by)

    def _move_within(self, task: Task, target: Section, position: int | None, *, by: Gid | None) -> None:
        old = self.section(task.places[target.project])
        if old is not target:
            self.record_task(task, "removed", by=by, parent=section_subject(old))
        old.tasks.remove(task.gid)
        insert(target.tasks, task.gid, position)
        task.places[target.project] = target.gid
        if old is not target:
            self.record_task(task, "added", by=by, parent=section_subject(target))
            self.record_story(task, "section_changed", by=by)

    def _set_completed(self, task: Task, at: Moment | None, *, by: Gid | None) -> None:
        task.completed_at = at
        task.completed_by = by if at else None
        changed: list[tuple[str, Any]] = [("completed", {}), ("completed_at", {})]
        if task.resource_subtype == "approval":
            task.approval_status = "approved" if at else "pending"
            changed.append(("approval_status", {"new_value": task.approval_status}))
        for field, change in changed:
            self.record_change(task, field, by=by, **change)
        self.record_story(task, "marked_complete" if at else "marked_incomplete", by=by)
