"""The account's connection to Asana and what is known of the other side."""

from enum import StrEnum

from piccolo.columns import JSONB, Array, BigInt, BigSerial, Boolean, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.table import Table

from app.accounts.models import Account, User
from app.projects.models import WorkItem


class ConnectionState(StrEnum):
    active = "active"
    needs_reconnecting = "needs_reconnecting"
    unlinked = "unlinked"


class AuthorizedBy(StrEnum):
    oauth = "oauth"
    personal_token = "personal_token"  # noqa: S105 - a kind, not a secret


class Trigger(StrEnum):
    first = "first"
    periodic = "periodic"
    forced = "forced"
    workspaces = "workspaces"
    webhook = "webhook"
    nightly = "nightly"
    command = "command"


class PassKind(StrEnum):
    complete = "complete"
    catch_up = "catch_up"


class WebhookState(StrEnum):
    """`pending` from the request to Asana until its answer; `refused` where Asana could not reach us."""

    pending = "pending"
    active = "active"
    refused = "refused"


class RunState(StrEnum):
    queued = "queued"
    running = "running"
    done = "done"
    failed = "failed"


class AsanaApplication(Table, tablename="asana_application"):
    """The application id and secret that an administrator entered on the page, where the environment has none."""

    id = BigSerial(primary_key=True)
    account = ForeignKey(Account, on_delete=OnDelete.cascade, null=False, unique=True)
    client_id = Varchar(length=64)
    client_secret = Text(secret=True, help_text="encrypted")


class AsanaConnection(Table, tablename="asana_connection"):
    id = BigSerial(primary_key=True)
    account = ForeignKey(Account, on_delete=OnDelete.cascade, null=False, unique=True)
    connected_by = ForeignKey(User, on_delete=OnDelete.set_null, null=True)
    state = Varchar(length=20, default=ConnectionState.active, choices=ConnectionState)
    problem = Varchar(length=30, null=True, default=None, help_text="the failure word behind needs_reconnecting")
    authorized_by = Varchar(length=20, choices=AuthorizedBy)
    asana_user_gid = Varchar(length=64)
    asana_user_name = Text(default="")
    asana_user_email = Varchar(length=254, null=True, default=None)
    access_token = Text(null=True, default=None, secret=True, help_text="encrypted")
    refresh_token = Text(null=True, default=None, secret=True, help_text="encrypted")
    access_token_expires_at = Timestamptz(null=True, default=None)
    keywords_enabled = Boolean(default=False)
    requests_per_minute = Integer(null=True, default=None, help_text="the learned rate")
    complete_read_at = Timestamptz(null=True, default=None, help_text="of the last complete pass; none: one is due")
    webhooks_checked_at = Timestamptz(null=True, default=None)
    webhooks_problem = Text(null=True, default=None, help_text="why Asana did not make the last one it was asked for")
    connected_at = Timestamptz(default=TimestamptzNow())
    unlinked_at = Timestamptz(null=True, default=None)


class AsanaWorkspace(Table, tablename="asana_workspace"):
    id = BigSerial(primary_key=True)
    connection = ForeignKey(AsanaConnection, on_delete=OnDelete.cascade, null=False)
    gid = Varchar(length=64)
    name = Text(default="")
    is_organization = Boolean(default=False)
    is_selected = Boolean(default=False)
    project_count = Integer(null=True, default=None)
    counted_at = Timestamptz(null=True, default=None)
    last_read_at = Timestamptz(null=True, default=None)
    people_read_at = Timestamptz(null=True, default=None)
    dirty_at = Timestamptz(null=True, default=None, help_text="a webhook told of projects or people that changed")


class AsanaPerson(Table, tablename="asana_person"):
    """Somebody in Asana. Once matched with a user by e-mail they stay matched, whatever either address becomes."""

    id = BigSerial(primary_key=True)
    connection = ForeignKey(AsanaConnection, on_delete=OnDelete.cascade, null=False)
    gid = Varchar(length=64)
    name = Text(default="")
    email = Varchar(length=254, null=True, default=None)
    workspace_gids = Array(base_column=Varchar(length=64), default=list)
    user = ForeignKey(User, on_delete=OnDelete.set_null, null=True, default=None)
    last_seen_at = Timestamptz(null=True, default=None)


class AsanaTeam(Table, tablename="asana_team"):
    """A team that projects are shared with: whoever is in it is a member of those."""

    id = BigSerial(primary_key=True)
    connection = ForeignKey(AsanaConnection, on_delete=OnDelete.cascade, null=False)
    workspace_gid = Varchar(length=64)
    gid = Varchar(length=64)
    user_gids = Array(base_column=Varchar(length=64), default=list)
    project_gids = Array(base_column=Varchar(length=64), default=list)


class AsanaInvolvement(Table, tablename="asana_involvement"):
    """What Asana says: this person is a member of that project, or the assignee of that task."""

    id = BigSerial(primary_key=True)
    person = ForeignKey(AsanaPerson, on_delete=OnDelete.cascade, null=False)
    item = ForeignKey(WorkItem, on_delete=OnDelete.cascade, null=False)


class AsanaProjectState(Table, tablename="asana_project_state"):
    """How far one project has been read."""

    id = BigSerial(primary_key=True)
    connection = ForeignKey(AsanaConnection, on_delete=OnDelete.cascade, null=False)
    item = ForeignKey(WorkItem, on_delete=OnDelete.cascade, null=False, unique=True)
    last_read_at = Timestamptz(null=True, default=None)
    last_run_id = Integer(null=True, default=None)
    event_token = Text(null=True, default=None)
    event_token_saved_at = Timestamptz(null=True, default=None)
    requests_to_read = Integer(null=True, default=None, help_text="how many the last reading of all of it took")
    default_section = Varchar(length=64, null=True, default=None, help_text="the section that is no list here")
    dirty_at = Timestamptz(null=True, default=None, help_text="a webhook told that something in it changed")


class AsanaWebhook(Table, tablename="asana_webhook"):
    """Asana tells of one project, or, where `item` is none, of the projects and people of a workspace."""

    id = BigSerial(primary_key=True)
    connection = ForeignKey(AsanaConnection, on_delete=OnDelete.cascade, null=False)
    item = ForeignKey(WorkItem, on_delete=OnDelete.cascade, null=True, default=None)
    workspace_gid = Varchar(length=64)
    key = Varchar(length=64, unique=True, help_text="in the address that Asana sends to")
    gid = Varchar(length=64, null=True, default=None)
    secret = Text(null=True, default=None, secret=True, help_text="encrypted")
    state = Varchar(length=10, default=WebhookState.pending, choices=WebhookState)
    created_at = Timestamptz(default=TimestamptzNow())
    last_delivery_at = Timestamptz(null=True, default=None)


class SyncRun(Table, tablename="sync_run"):
    """One pass over Asana: its life, its progress and its outcome. Jobs move it, pages read it."""

    id = BigSerial(primary_key=True)
    account = ForeignKey(Account, on_delete=OnDelete.cascade, null=False)
    connection = ForeignKey(AsanaConnection, on_delete=OnDelete.cascade, null=False)
    trigger = Varchar(length=20, choices=Trigger)
    kind = Varchar(length=10, default=PassKind.complete, choices=PassKind)
    requested_by = ForeignKey(User, on_delete=OnDelete.set_null, null=True)
    state = Varchar(length=10, default=RunState.queued, choices=RunState)
    phase = Varchar(length=20, default="")
    projects_total = Integer(null=True, default=None)
    projects_done = Integer(default=0)
    tasks_read = Integer(default=0)
    requests_made = Integer(default=0)
    refusals = Integer(default=0, help_text="of those, how many Asana refused for asking too fast")
    added = Integer(default=0)
    renamed = Integer(default=0)
    moved = Integer(default=0)
    archived = Integer(default=0)
    revived = Integer(default=0)
    assigned = Integer(default=0)
    unassigned = Integer(default=0)
    changes = JSONB(default="[]")
    recent = JSONB(default="[]", help_text="names of the projects read last, for live progress")
    warnings = JSONB(default="[]")
    failure = Varchar(length=30, null=True, default=None, help_text="one word of the failure vocabulary")
    queued_at = Timestamptz(default=TimestamptzNow())
    started_at = Timestamptz(null=True, default=None)
    finished_at = Timestamptz(null=True, default=None)
    heartbeat_at = Timestamptz(null=True, default=None)


class SyncTotal(Table, tablename="sync_total"):
    """Runs that have been thrown away, summed up, so that what is counted never goes down."""

    id = BigSerial(primary_key=True)
    trigger = Varchar(length=20, choices=Trigger)
    kind = Varchar(length=10, choices=PassKind)
    state = Varchar(length=10, choices=RunState)
    failure = Varchar(length=30, default="")
    runs = BigInt(default=0)
    requests = BigInt(default=0)
    refusals = BigInt(default=0)
