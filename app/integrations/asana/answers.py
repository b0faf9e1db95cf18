"""What Asana answers, as far as we use it. Unknown fields are ignored, and only `gid` can be relied on to be there."""

from datetime import datetime
from typing import Annotated, Generic, TypeVar

from msgspec import UNSET, Meta, Struct, UnsetType, field

Row = TypeVar("Row")

# Digits today. Whatever Asana makes of them, they go into paths, so nothing that could change a path passes.
Gid = Annotated[str, Meta(pattern=r"^[0-9A-Za-z_-]{1,64}$")]


class Next(Struct):
    offset: str


class Page(Struct, Generic[Row]):
    data: list[Row]
    next_page: Next | None = None


class One(Struct, Generic[Row]):
    data: Row


class Reference(Struct, frozen=True):
    gid: Gid
    name: str | None = None
    resource_type: str | None = None


class Workspace(Struct):
    gid: Gid
    name: str | None = None
    is_organization: bool | None = None


class User(Struct):
    gid: Gid
    name: str | None = None
    email: str | None = None
    workspaces: list[Workspace] | None = None


class Project(Struct):
    gid: Gid
    name: str | None = None
    archived: bool | None = None
    completed: bool | None = None
    permalink_url: str | None = None
    modified_at: datetime | None = None
    # People alone: those who are in it through a team are not among them.
    members: list[Reference] | None = None

    @property
    def is_open(self) -> bool:
        return not self.archived and not self.completed


class Section(Struct):
    """Its name tells whether it is a list here, so without one nothing follows from it."""

    gid: Gid
    name: str


class TaskMembership(Struct):
    """Both can be missing: with an application of granular scopes Asana answers `[{}]`."""

    project: Reference | None = None
    section: Reference | None = None


class Task(Struct):
    gid: Gid
    name: str | None = None
    completed: bool | None = None
    permalink_url: str | None = None
    modified_at: datetime | None = None
    num_subtasks: int | None = None
    is_rendered_as_separator: bool | None = None
    assignee: User | None = None
    parent: Reference | UnsetType | None = UNSET
    memberships: list[TaskMembership] | None = None
    tags: list[Reference] | None = None

    @property
    def parent_gid(self) -> str | None:
        """The task above; empty where there is none; None where Asana does not say."""
        if isinstance(self.parent, Reference):
            return self.parent.gid
        return "" if self.parent is None else None

    @property
    def project_gids(self) -> list[str] | None:
        """None where Asana does not say."""
        if self.memberships is None or any(each.project is None for each in self.memberships):
            return None
        return [each.project.gid for each in self.memberships if each.project]

    def section_in(self, project: str) -> str | None:
        for each in self.memberships or []:
            if each.project and each.project.gid == project and each.section:
                return each.section.gid
        return None


class Membership(Struct):
    """`member` is a user or a team, by its `resource_type`, and `parent` what is shared with it."""

    member: Reference | None = None
    parent: Reference | None = None


class EventChange(Struct):
    field: str | None = None


class Event(Struct):
    """Something happened to `resource`. What it is like now has to be asked: one action makes several events."""

    action: str | None = None
    resource: Reference | None = None
    change: EventChange | None = None


class Events(Struct):
    sync: str
    data: list[Event] = []
    has_more: bool = False


class Webhook(Struct):
    gid: Gid
    target: str = ""
    active: bool | None = None


class MadeWebhook(Struct):
    """`secret` is the one that deliveries are signed with, the same that was sent to the target."""

    data: Webhook
    secret: str | None = field(name="X-Hook-Secret", default=None)


class WebhookFilter(Struct, omit_defaults=True):
    """What Asana shall tell of. `fields` go with the action "changed" alone."""

    resource_type: str
    action: str
    fields: list[str] | None = None
