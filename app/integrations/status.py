"""How an account's integration stands, and how fresh what was imported is: one question for every page that says so."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from app import database
from app.integrations.asana.models import ConnectionState, RunState, SyncRun
from app.integrations.asana.outcome import Told, told_to
from app.projects.access import Person


class Standing(StrEnum):
    setting_up = "setting_up"
    active = "active"
    needs_reconnecting = "needs_reconnecting"
    unlinked = "unlinked"


@dataclass(frozen=True)
class IntegrationStatus:
    """`run_to_show_id` is the open run, or one that ended just now, so that a page that reads itself again shows its
    outcome too. A person's own is shown for longer: a page without scripts has to be loaded again by hand.
    """

    connection_id: int
    state: str
    problem: str | None
    has_workspaces: bool
    keywords_enabled: bool
    authorized_by: str
    asana_user_name: str
    asana_user_email: str | None
    connected_at: datetime
    unlinked_at: datetime | None
    owner_name: str | None
    owner_left: bool
    read_at: datetime | None
    open_run_id: int | None
    run_to_show_id: int | None

    @property
    def standing(self) -> Standing:
        if self.state == ConnectionState.active:
            return Standing.active if self.has_workspaces else Standing.setting_up
        return Standing(self.state)

    @property
    def is_in_use(self) -> bool:
        return self.standing in (Standing.active, Standing.needs_reconnecting)

    @property
    def asana_person(self) -> str:
        return self.asana_user_name or self.asana_user_email or "somebody without a name"


STATUS = """
    SELECT connection.id AS connection_id, connection.state, connection.problem, connection.keywords_enabled,
           connection.authorized_by, connection.asana_user_name, connection.asana_user_email,
           connection.connected_at, connection.unlinked_at, owner.name AS owner_name,
           owner.id IS NULL OR owner.deactivated_at IS NOT NULL AS owner_left,
           EXISTS (
               SELECT FROM asana_workspace workspace
               WHERE workspace.connection = connection.id AND workspace.is_selected) AS has_workspaces,
           (SELECT run.finished_at FROM sync_run run
            WHERE run.connection = connection.id AND run.state = $2 ORDER BY run.id DESC LIMIT 1) AS read_at,
           (SELECT run.id FROM sync_run run
            WHERE run.connection = connection.id AND run.state IN ($3, $4)
            ORDER BY run.state = $4 DESC, run.id DESC LIMIT 1) AS open_run_id,
           (SELECT id FROM (
                SELECT * FROM sync_run run WHERE run.connection = connection.id ORDER BY id DESC LIMIT 5) latest
            WHERE state IN ($3, $4) OR finished_at > now() - interval '15 seconds'
               OR (requested_by = $5 AND finished_at > now() - interval '2 minutes')
            ORDER BY state = $4 DESC, state = $3 DESC, id DESC LIMIT 1) AS run_to_show_id
    FROM asana_connection connection LEFT JOIN person owner ON owner.id = connection.connected_by
    WHERE connection.account = $1
"""


async def integration_status(account_id: int, user_id: int | None = None) -> IntegrationStatus | None:
    """None while nobody has ever connected the account."""
    row = await database.fetch_one(STATUS, account_id, RunState.done, RunState.queued, RunState.running, user_id)
    return IntegrationStatus(**dict(row)) if row else None


# What was read longer ago than this is said to be old: it should not happen while a worker runs.
OLD = timedelta(hours=1)


@dataclass(frozen=True)
class Freshness:
    """`dot`: fresh, old, running or broken. Without `read_at` nothing has been read yet."""

    dot: str
    read_at: datetime | None
    is_open: bool


@dataclass(frozen=True)
class SyncStatus:
    """What the button Force synchronization stands beside. `told` names only what the person may see."""

    integration: IntegrationStatus
    freshness: Freshness
    told: Told | None

    @property
    def run(self) -> SyncRun | None:
        return self.told.run if self.told else None

    @property
    def is_open(self) -> bool:
        return self.told is not None and self.told.is_open


async def sync_status(user: Person, run: SyncRun | None = None) -> SyncStatus | None:
    """With the given run, or else with the one that concerns the person now, if there is any."""
    return await sync_status_in(user, await integration_status(user.account_id, user.id), run)


async def sync_status_in(
    user: Person, status: IntegrationStatus | None, run: SyncRun | None = None
) -> SyncStatus | None:
    """The same for who has asked for the integration's status already."""
    if status is None or not status.is_in_use:
        return None
    if run is None and status.run_to_show_id:
        run = await SyncRun.objects().get(SyncRun.id == status.run_to_show_id)
    return SyncStatus(status, freshness_of(status), await told_to(user, run) if run else None)


def freshness_of(status: IntegrationStatus) -> Freshness:
    return Freshness(dot_of(status), status.read_at, is_open=status.open_run_id is not None)


def dot_of(status: IntegrationStatus) -> str:
    if status.standing == Standing.needs_reconnecting:
        return "broken"
    if status.open_run_id is not None:
        return "running"
    is_fresh = status.read_at is not None and datetime.now(UTC) - status.read_at < OLD
    return "fresh" if is_fresh else "old"
