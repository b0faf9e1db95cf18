"""What Asana keeps, as plain records. Moments are Asana's own text form, which sorts as it reads."""

from typing import Literal

from msgspec import Struct, field

Gid = str
Moment = str
Privacy = Literal["public_to_workspace", "private_to_team", "private"]


class Person(Struct):
    gid: Gid
    name: str
    # None stands for someone whose privacy settings keep the address out of every answer.
    email: str | None


class Workspace(Struct):
    gid: Gid
    name: str
    is_organization: bool = True
    email_domains: list[str] = field(default_factory=list)
    # Search and a few other things are refused with 402 where nobody pays.
    is_paid: bool = False


class WorkspaceMembership(Struct):
    gid: Gid
    workspace: Gid
    person: Gid
    user_task_list: Gid
    created_at: Moment
    is_admin: bool = False
    is_guest: bool = False


class Team(Struct):
    gid: Gid
    workspace: Gid
    name: str
    members: list[Gid] = field(default_factory=list)


class ProjectMembership(Struct):
    gid: Gid
    member: Gid
    access_level: str = "editor"


class Project(Struct):
    gid: Gid
    workspace: Gid
    name: str
    created_at: Moment
    modified_at: Moment
    privacy: Privacy = "public_to_workspace"
    owner: Gid | None = None
    team: Gid | None = None
    # Keyed by the member, which is a person or a team.
    memberships: dict[Gid, ProjectMembership] = field(default_factory=dict)
    sections: list[Gid] = field(default_factory=list)
    archived: bool = False
    completed_at: Moment | None = None
    completed_by: Gid | None = None
    deleted_at: Moment | None = None
    default_view: str = "list"
    color: str | None = None
    icon: str | None = None
    notes: str = ""
    start_on: str | None = None
    due_on: str | None = None


class Section(Struct):
    gid: Gid
    project: Gid
    name: str
    created_at: Moment
    tasks: list[Gid] = field(default_factory=list)
    deleted_at: Moment | None = None


class Task(Struct):
    gid: Gid
    workspace: Gid
    name: str
    created_at: Moment
    modified_at: Moment
    resource_subtype: str = "default_task"
    created_by: Gid | None = None
    assignee: Gid | None = None
    parent: Gid | None = None
    subtasks: list[Gid] = field(default_factory=list)
    # Project to section; a task in two projects stands here twice.
    places: dict[Gid, Gid] = field(default_factory=dict)
    tags: list[Gid] = field(default_factory=list)
    followers: list[Gid] = field(default_factory=list)
    completed_at: Moment | None = None
    completed_by: Gid | None = None
    approval_status: str | None = None
    is_separator: bool = False
    due_on: str | None = None
    start_on: str | None = None
    notes: str = ""
    deleted_at: Moment | None = None
    # The task or project whose deletion took this one along; it comes back together with it.
    deleted_with: Gid | None = None


class Tag(Struct):
    gid: Gid
    workspace: Gid
    name: str
    created_at: Moment
    color: str | None = None


class Change(Struct, omit_defaults=True):
    field: str
    action: Literal["changed", "added", "removed"] = "changed"
    new_value: "Subject | str | None" = None
    added_value: "Subject | None" = None
    removed_value: "Subject | None" = None


class Subject(Struct):
    """The object an event speaks about, with the name it had at that moment."""

    gid: Gid
    resource_type: str
    name: str | None = None
    resource_subtype: str | None = None


class Event(Struct):
    number: int
    created_at: Moment
    action: Literal["changed", "added", "removed", "deleted", "undeleted"]
    resource: Subject
    user: Gid | None = None
    parent: Subject | None = None
    change: Change | None = None
    # Every resource whose stream and webhooks this event reaches.
    streams: tuple[Gid, ...] = ()


class Grant(Struct):
    """A token that was issued: `kind` is access, refresh or personal."""

    token: str
    kind: Literal["access", "refresh", "personal"]
    person: Gid
    client_id: str | None = None
    scope: str = "default"
    expires_at: float | None = None
    refresh_token: str | None = None


class AuthorizationCode(Struct):
    code: str
    client_id: str
    redirect_uri: str
    person: Gid
    scope: str
    expires_at: float
    challenge: str | None = None
    is_used: bool = False


class WebhookFilter(Struct, omit_defaults=True):
    resource_type: str | None = None
    resource_subtype: str | None = None
    action: str | None = None
    fields: list[str] | None = None


class Webhook(Struct):
    gid: Gid
    resource: Gid
    target: str
    secret: str
    person: Gid
    client_id: str | None
    created_at: Moment
    filters: list[WebhookFilter] = field(default_factory=list)
    active: bool = True
    last_success_at: Moment | None = None
    last_failure_at: Moment | None = None
    last_failure_content: str = ""
    delivery_retry_count: int = 0
    next_attempt_after: Moment | None = None
    failure_deletion_timestamp: Moment | None = None


class State(Struct):
    """Everything the sandbox remembers. Saved and loaded whole."""

    secret: str
    next_gid: int = 1_210_000_000_000_001
    people: dict[Gid, Person] = field(default_factory=dict)
    workspaces: dict[Gid, Workspace] = field(default_factory=dict)
    workspace_memberships: dict[Gid, WorkspaceMembership] = field(default_factory=dict)
    teams: dict[Gid, Team] = field(default_factory=dict)
    projects: dict[Gid, Project] = field(default_factory=dict)
    sections: dict[Gid, Section] = field(default_factory=dict)
    tasks: dict[Gid, Task] = field(default_factory=dict)
    tags: dict[Gid, Tag] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    next_event: int = 1
    # Raised to make every sync token or offset handed out so far too old.
    sync_generation: int = 0
    offset_generation: int = 0
    grants: dict[str, Grant] = field(default_factory=dict)
    codes: dict[str, AuthorizationCode] = field(default_factory=dict)
    webhooks: dict[Gid, Webhook] = field(default_factory=dict)
