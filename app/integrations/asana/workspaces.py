"""The workspaces of a connection: which there are, how many projects each holds, which of them are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import structlog

from app import database
from app.integrations.asana import answers
from app.integrations.asana.authorization import asana_client
from app.integrations.asana.errors import AsanaError
from app.integrations.asana.models import AsanaConnection, AsanaWorkspace, ConnectionState
from app.projects.models import ArchivedReason

log = structlog.get_logger()

# The answer serves a page that somebody looks at. Told to wait longer than this, it is better left.
PATIENCE_SECONDS = 20.0
# What Asana said longer ago than this is asked for again when somebody looks.
FRESH = timedelta(minutes=10)

# A page asks once a second how many projects there are, and gives up after this many times.
COUNT_TRIES = 30


@dataclass(frozen=True)
class Workspace:
    """A workspace as the pages show it. `was_unlinked`: it was read until the integration was unlinked."""

    id: int
    gid: str
    name: str
    is_organization: bool
    is_selected: bool
    project_count: int | None
    counted_at: datetime | None
    last_read_at: datetime | None
    was_unlinked: bool
    dom_name: ClassVar[str] = "asana_workspace"

    @property
    def is_fresh(self) -> bool:
        return self.counted_at is not None and datetime.now(UTC) - self.counted_at < FRESH


WORKSPACES = """
    SELECT workspace.id, workspace.gid, workspace.name, workspace.is_organization, workspace.is_selected,
           workspace.project_count, workspace.counted_at, workspace.last_read_at,
           EXISTS (
               SELECT FROM work_item item
               WHERE item.account = connection.account AND item.source = 'asana' AND item.kind = 'project'
                 AND item.foreign_group = workspace.gid AND item.archived_reason = $2) AS was_unlinked
    FROM asana_workspace workspace JOIN asana_connection connection ON connection.id = workspace.connection
    WHERE connection.id = $1
    ORDER BY workspace.is_organization DESC, lower(workspace.name), workspace.id
"""

STORE = """
    INSERT INTO asana_workspace (connection, gid, name, is_organization, is_selected)
    SELECT $1, seen.*, false FROM unnest($2::text[], $3::text[], $4::boolean[]) AS seen
    ON CONFLICT (connection, gid) DO UPDATE SET name = excluded.name, is_organization = excluded.is_organization
"""


async def workspaces_of(connection_id: int) -> list[Workspace]:
    rows = await database.fetch(WORKSPACES, connection_id, ArchivedReason.unlinked)
    return [Workspace(**dict(row)) for row in rows]


def ticked_at_first(workspaces: list[Workspace]) -> set[str]:
    """What is read now, else what was read before the integration was unlinked, else the organizations: the team's work
    is there, and a personal workspace may hold what is nobody else's business.
    """
    selected = {each.gid for each in workspaces if each.is_selected}
    unlinked = {each.gid for each in workspaces if each.was_unlinked}
    organizations = {each.gid for each in workspaces if each.is_organization}
    return selected or unlinked or organizations or {each.gid for each in workspaces}


async def imported_from(account_id: int, gids: list[str]) -> dict[str, int]:
    """How many active projects and tasks came from each of these workspaces; those with none are not named."""
    rows = await database.fetch(
        """SELECT foreign_group AS gid, count(*) FROM work_item
        WHERE account = $1 AND source = 'asana' AND kind IN ('project', 'task') AND archived_at IS NULL
          AND foreign_group = ANY($2::text[])
        GROUP BY foreign_group""",
        account_id,
        gids,
    )
    return {row["gid"]: row["count"] for row in rows}


async def store_workspaces(connection_id: int, seen: Sequence[answers.Workspace]) -> None:
    """Adds and renames. Which of ours are no longer among them is for the caller to judge."""
    await database.execute(
        STORE,
        connection_id,
        [workspace.gid for workspace in seen],
        [(workspace.name or "").replace("\x00", "") for workspace in seen],
        [bool(workspace.is_organization) for workspace in seen],
    )


async def refresh_workspaces(connection_id: int) -> None:
    """Asks Asana which workspaces there are and how many open projects each holds. What it cannot tell now stays as it
    was, for whoever looks next.
    """
    connection = await AsanaConnection.objects().get(AsanaConnection.id == connection_id)
    if connection is None or connection.state != ConnectionState.active:
        return
    try:
        async with asana_client(connection, PATIENCE_SECONDS, urgent=True) as asana:
            await store_workspaces(connection_id, await asana.workspaces())
            for workspace in await workspaces_of(connection_id):
                if not workspace.is_fresh:
                    projects = await asana.projects(workspace.gid)
                    await save_count(workspace, sum(project.is_open for project in projects))
    except AsanaError as error:
        log.warning("workspaces not refreshed", connection=connection_id, word=error.word)


async def save_count(workspace: Workspace, count: int) -> None:
    await AsanaWorkspace.update(
        {AsanaWorkspace.project_count: count, AsanaWorkspace.counted_at: datetime.now(UTC)}
    ).where(AsanaWorkspace.id == workspace.id)
