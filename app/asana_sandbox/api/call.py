"""One call of the API: who calls, what for, finding the objects named in it and answering."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from app.asana_sandbox.model import Gid, Grant, Moment, Person, Project, Section, Tag, Task, Team, Workspace
from app.asana_sandbox.parts import Sandbox
from app.asana_sandbox.world import moment

from . import event_records as event_records
from . import records as records
from .errors import ApiError, bad_value, missing_input, no_access, not_an_id, unknown_object
from .fields import plan_for, render
from .paging import Pager
from .view import View

T = TypeVar("T")
Answer = dict[str, Any]


class Call:
    def __init__(
        self,
        sandbox: Sandbox,
        grant: Grant,
        path: str,
        query: dict[str, str],
        body: bytes,
        base_url: str,
    ) -> None:
        self.sandbox = sandbox
        self.world = sandbox.world
        self.deliveries = sandbox.deliveries
        self.grant = grant
        self.person = grant.person
        self.path = path
        self.query = query
        self.body = body
        self.view = View(sandbox.world, grant.person, base_url)
        self.sight = self.view.sight
        self.pager = Pager(sandbox.world, sandbox.offset_life, sandbox.gate.limits.offsets_count_rows)

    @property
    def opt_fields(self) -> str | None:
        return self.query.get("opt_fields")

    def one(self, kind: str, thing: Any) -> Answer:
        return {"data": render(self.view, thing, plan_for(kind, self.opt_fields, True))}

    def many(self, kind: str, rows: Sequence[Any]) -> Answer:
        page = self.pager.page(rows, self.path, self.query, self.view.base_url)
        plan = plan_for(kind, self.opt_fields, False)
        answer: Answer = {"data": [render(self.view, row, plan) for row in page.rows]}
        if page.next_page is not msgspec.UNSET:
            answer["next_page"] = page.next_page
        return answer

    def all_at_once(self, kind: str, rows: Sequence[Any]) -> Answer:
        """For the few lists that know no limit."""
        plan = plan_for(kind, self.opt_fields, False)
        return {"data": [render(self.view, row, plan) for row in rows]}

    def whole_rows(self, kind: str, rows: Sequence[Any]) -> Answer:
        plan = plan_for(kind, self.opt_fields, True)
        return {"data": [render(self.view, row, plan) for row in rows]}

    def data(self) -> dict[str, Any]:
        """The `data` of a JSON body."""
        try:
            content = msgspec.json.decode(self.body or b"{}", type=dict[str, Any])
        except msgspec.DecodeError:
            raise ApiError(400, "Could not parse request data, invalid JSON") from None
        data = content.get("data")
        if not isinstance(data, dict):
            raise missing_input("data")
        return data

    def required(self, name: str) -> str:
        value = self.query.get(name)
        if not value:
            raise missing_input(name)
        return value

    def flag(self, name: str) -> bool | None:
        value = self.query.get(name)
        if value is None:
            return None
        if value.lower() not in ("true", "false"):
            raise bad_value(name, f"Not a boolean: {value}")
        return value.lower() == "true"

    def since(self, name: str) -> Moment | None:
        """A moment in Asana's form; the word `now` is one too."""
        value = self.query.get(name)
        if value is None:
            return None
        if value == "now":
            return self.world.now()
        try:
            parsed = datetime.fromisoformat(value)
        except ValueError:
            raise bad_value(name, f"Not a valid date or time: {value}") from None
        return moment(parsed if parsed.tzinfo else parsed.replace(tzinfo=self.world.clock().tzinfo))

    def user(self, gid: str) -> Person:
        if gid == "me":
            return self.world.person(self.person)
        found = self.world.person_by_email(gid) if "@" in gid else None
        person = found or self._in(self.world.state.people, "user", gid)
        if not self.sight.sees_person(person.gid):
            raise no_access("user")
        return person

    def workspace(self, gid: str) -> Workspace:
        workspace = self._in(self.world.state.workspaces, "workspace", gid)
        if not self.sight.sees_workspace(gid):
            raise no_access("workspace")
        return workspace

    def team(self, gid: str) -> Team:
        team = self._in(self.world.state.teams, "team", gid)
        if not self.sight.sees_workspace(team.workspace):
            raise no_access("team")
        return team

    def tag(self, gid: str) -> Tag:
        tag = self._in(self.world.state.tags, "tag", gid)
        if not self.sight.sees_workspace(tag.workspace):
            raise no_access("tag")
        return tag

    def project(self, gid: str) -> Project:
        project = self._in(self.world.state.projects, "project", gid)
        if project.deleted_at is not None:
            raise unknown_object("project", gid)
        if not self.sight.sees_project(project):
            raise no_access("project")
        return project

    def section(self, gid: str) -> Section:
        section = self._in(self.world.state.sections, "section", gid)
        project = self.world.project(section.project)
        if section.deleted_at is not None or project.deleted_at is not None:
            raise unknown_object("section", gid)
        if not self.sight.sees_project(project):
            raise no_access("section")
        return section

    def task(self, gid: str) -> Task:
        task = self._in(self.world.state.tasks, "task", gid)
        if task.deleted_at is not None:
            raise unknown_object("task", gid)
        if not self.sight.sees_task(task):
            raise no_access("task")
        return task

    def visible_tasks(self, gids: Sequence[Gid]) -> list[Task]:
        tasks = (self.world.state.tasks[gid] for gid in gids)
        return [task for task in tasks if self.sight.sees_task(task)]

    def _in(self, table: dict[Gid, T], kind: str, gid: str) -> T:
        if gid in table:
            return table[gid]
        if gid.isascii() and gid.isdigit():
            raise unknown_object(kind, gid)
        # Asana says 400 of a parameter and 404 of an address.
        raise not_an_id(kind, gid, status=404 if f"/{gid}" in self.path else 400)
