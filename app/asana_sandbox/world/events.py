"""What happened, as Asana tells it: several events for one action, each reaching its streams.

Sync tokens carry their place in the stream themselves, signed, so asking the same one twice gives the
same answer, also after a restart.
"""

import hmac
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from operator import attrgetter
from typing import Any, Literal

from app.asana_sandbox.model import Change, Event, Gid, Person, Project, Section, State, Subject, Tag, Task, Team

from .base import WorldBase, moment, system_clock, verb

TOKEN_LIFE = timedelta(hours=24)
EVENTS_PER_TOKEN = 100
Action = Literal["changed", "added", "removed", "deleted", "undeleted"]


class SyncTokenTooOldError(Exception):
    pass


class EventStreams(WorldBase):
    def __init__(self, state: State | None = None, clock: Callable[[], datetime] = system_clock) -> None:
        self.listeners: list[Callable[[Event], None]] = []
        self.is_recording = True
        super().__init__(state, clock)

    def _index(self) -> None:
        super()._index()
        self._index_events()

    def _index_events(self) -> None:
        self.events_of: dict[Gid, list[Event]] = defaultdict(list)
        for event in self.state.events:
            self._file(event)

    def _file(self, event: Event) -> None:
        for gid in event.streams:
            self.events_of[gid].append(event)

    def record(
        self,
        action: Action,
        resource: Subject,
        streams: Iterable[Gid],
        *,
        by: Gid | None,
        parent: Subject | None = None,
        change: Change | None = None,
    ) -> None:
        if not self.is_recording:
            return
        reaches = tuple(dict.fromkeys(streams))
        number = self.state.next_event
        event = Event(number, self.now(), action, resource, by, parent, change, reaches)
        self.state.next_event += 1
        self.state.events.append(event)
        self._file(event)
        if number % 5000 == 0:
            self._forget_old_events()
        for listener in self.listeners:
            listener(event)

    def _forget_old_events(self) -> None:
        oldest = moment(self.clock() - TOKEN_LIFE)
        self.state.events = [event for event in self.state.events if event.created_at >= oldest]
        self._index_events()

    def sync_token(self, resource: Gid, after: int | None = None) -> str:
        number = self.state.next_event - 1 if after is None else after
        issued = int(self.clock().timestamp())
        content = f"{resource}-{number}-{issued}-{self.state.sync_generation}"
        return f"{content}-{self._sign(content)}"

    def events_since(self, resource: Gid, token: str) -> tuple[list[Event], str, bool]:
        """At most a hundred events, the token to go on with, and whether more are waiting."""
        number = self._read_token(resource, token)
        events = self.events_of.get(resource, [])
        start = bisect_right(events, number, key=attrgetter("number"))
        found = events[start : start + EVENTS_PER_TOKEN]
        has_more = len(events) > start + len(found)
        # Asking again from the last event of the stream, not of the world, keeps re-asking harmless.
        after = found[-1].number if found else number
        return found, self.sync_token(resource, after), has_more

    def _read_token(self, resource: Gid, token: str) -> int:
        content, _, signature = token.rpartition("-")
        if not hmac.compare_digest(signature.encode(), self._sign(content).encode()):
            raise SyncTokenTooOldError
        gid, number, issued, generation = content.split("-")
        age = self.clock().timestamp() - int(issued)
        if gid != resource or int(generation) != self.state.sync_generation or age > TOKEN_LIFE.total_seconds():
            raise SyncTokenTooOldError
        return int(number)

    def _sign(self, content: str) -> str:
        return hmac.new(self.state.secret.encode(), content.encode(), sha256).hexdigest()[:24]

    @verb
    def expire_sync_tokens(self) -> None:
        self.state.sync_generation += 1

    def streams_of(self, task: Task) -> list[Gid]:
        """The task, everything above it, and every project any of them stands in."""
        reaches = [task.gid, *task.places]
        for above in self.ancestors(task):
            reaches += [above.gid, *above.places]
        return reaches

    def record_task(
        self,
        task: Task,
        action: Action,
        *,
        by: Gid | None,
        parent: Subject | None = None,
        change: Change | None = None,
    ) -> None:
        if not self.is_recording:
            return
        streams = self.streams_of(task)
        if parent and parent.resource_type in ("project", "task"):
            streams.append(parent.gid)
        self.record(action, task_subject(task), streams, by=by, parent=parent, change=change)

    def record_change(self, task: Task, field: str, *, by: Gid | None, **change: Any) -> None:
        task.modified_at = self.now()
        self.record_task(task, "changed", by=by, change=Change(field, **change))

    def record_story(self, task: Task, subtype: str, *, by: Gid | None) -> None:
        if self.is_recording:
            story = Subject(self.new_gid(), "story", None, subtype)
            self.record("added", story, self.streams_of(task), by=by, parent=task_subject(task))

    def record_project(self, project: Project, action: Action, *, by: Gid | None, change: Change | None = None) -> None:
        project.modified_at = self.now()
        streams = [project.gid, project.workspace, *([project.team] if project.team else [])]
        self.record(action, project_subject(project), streams, by=by, change=change)

    def record_section(self, section: Section, action: Action, *, by: Gid | None, change: Change | None = None) -> None:
        parent = project_subject(self.project(section.project)) if action in ("added", "removed") else None
        streams = [section.project, section.gid]
        self.record(action, section_subject(section), streams, by=by, parent=parent, change=change)


def task_subject(task: Task) -> Subject:
    return Subject(task.gid, "task", task.name, task.resource_subtype)


def project_subject(project: Project) -> Subject:
    return Subject(project.gid, "project", project.name)


def section_subject(section: Section) -> Subject:
    return Subject(section.gid, "section", section.name)


def person_subject(person: Person) -> Subject:
    return Subject(person.gid, "user", person.name)


def tag_subject(tag: Tag) -> Subject:
    return Subject(tag.gid, "tag", tag.name)


def team_subject(team: Team) -> Subject:
    return Subject(team.gid, "team", team.name)
