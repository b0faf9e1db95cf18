"""Which webhooks there should be, beside those that there are, and how that stands."""

from dataclasses import dataclass
from datetime import datetime

from asyncpg import Record

from app import database
from app.integrations.asana.models import AsanaConnection
from app.settings import load_settings

# Refused this often, Asana is not asked for more before an hour has passed.
REFUSALS = 3

# All that there should be one for: each workspace that is read, and each open project in it that was imported.
WANTED = """
    SELECT NULL::bigint AS item, workspace.gid AS resource, workspace.gid AS workspace_gid
    FROM asana_workspace workspace
    WHERE workspace.connection = $1 AND workspace.is_selected
    UNION ALL
    SELECT item.id, item.foreign_id, workspace.gid
    FROM asana_project_state state
    JOIN work_item item ON item.id = state.item
    JOIN asana_workspace workspace
        ON workspace.connection = state.connection AND workspace.gid = item.foreign_group AND workspace.is_selected
    WHERE state.connection = $1 AND state.last_read_at IS NOT NULL AND item.archived_at IS NULL
"""
# Joined by what is never null, so that a thousand projects are not compared with a thousand rows one by one.
SAME = "webhook.workspace_gid = wanted.workspace_gid AND coalesce(webhook.item, 0) = coalesce(wanted.item, 0)"

MISSING = f"""
    SELECT wanted.item, wanted.resource, wanted.workspace_gid
    FROM ({WANTED}) wanted
    LEFT JOIN asana_webhook webhook ON webhook.connection = $1 AND {SAME}
    WHERE webhook.id IS NULL
    ORDER BY wanted.item NULLS FIRST
"""  # noqa: S608 - made of constants
SUPERFLUOUS = f"""
    SELECT webhook.id, webhook.gid FROM asana_webhook webhook
    LEFT JOIN ({WANTED}) wanted ON {SAME}
    WHERE webhook.connection = $1 AND wanted.resource IS NULL
"""  # noqa: S608
# Asked for anew: a worker died or Asana did not answer meanwhile, or it could not reach us, as while we started.
ABANDONED = """(webhook.state = 'pending' AND webhook.created_at < now() - interval '10 minutes'
    OR webhook.state = 'refused' AND webhook.created_at < now() - interval '1 hour')"""
IS_PAUSED = f"""
    connection.webhooks_problem IS NOT NULL AND {REFUSALS} <= (
        SELECT count(*) FROM asana_webhook WHERE asana_webhook.connection = connection.id AND state = 'refused')
"""  # noqa: S608
CHECK_IS_DUE = "coalesce(connection.webhooks_checked_at < now() - interval '1 day', true)"

HAS_WORK = f"""
    SELECT {CHECK_IS_DUE}
        OR EXISTS ({SUPERFLUOUS})
        OR EXISTS (SELECT FROM asana_webhook webhook WHERE webhook.connection = $1 AND {ABANDONED})
        OR (NOT ({IS_PAUSED}) AND EXISTS ({MISSING}))
    FROM asana_connection connection WHERE connection.id = $1
"""  # noqa: S608


async def webhooks_have_work(connection_id: int) -> bool:
    """Whether something is missing, left over or to be checked; without webhooks, whether there still are any."""
    if not load_settings().webhooks_enabled:
        return bool(
            await database.fetch_value("SELECT EXISTS (SELECT FROM asana_webhook WHERE connection = $1)", connection_id)
        )
    return bool(await database.fetch_value(HAS_WORK, connection_id))


async def check_is_due(connection_id: int) -> bool:
    return bool(
        await database.fetch_value(
            f"SELECT {CHECK_IS_DUE} FROM asana_connection connection WHERE id = $1",  # noqa: S608
            connection_id,
        )
    )


async def is_paused(connection_id: int) -> bool:
    """Asana refused one after the other: it would refuse the rest."""
    return bool(
        await database.fetch_value(
            f"SELECT {IS_PAUSED} FROM asana_connection connection WHERE id = $1",  # noqa: S608
            connection_id,
        )
    )


async def missing_webhooks(connection_id: int) -> list[Record]:
    """Those of workspaces first."""
    return await database.fetch(MISSING, connection_id)


async def superfluous_webhooks(connection_id: int) -> list[Record]:
    return await database.fetch(SUPERFLUOUS, connection_id)


async def webhook_gids(connection_id: int) -> list[str]:
    """Asana's ids of those that were made."""
    rows = await database.fetch(
        "SELECT gid FROM asana_webhook WHERE connection = $1 AND gid IS NOT NULL ORDER BY id", connection_id
    )
    return [row["gid"] for row in rows]


async def forget_webhooks(connection_id: int) -> None:
    """Whatever Asana still sends to them is answered with 410, upon which it deletes them itself."""
    await database.execute("DELETE FROM asana_webhook WHERE connection = $1", connection_id)
    await database.execute(
        "UPDATE asana_connection SET webhooks_checked_at = NULL, webhooks_problem = NULL WHERE id = $1", connection_id
    )


@dataclass(frozen=True)
class WebhookStanding:
    """`why_not`: off or not_https, where webhooks are not used; `problem`: Asana's own words about the last refusal."""

    enabled: bool
    why_not: str | None
    active: int
    wanted: int
    refused: int
    problem: str | None
    last_delivery_at: datetime | None


STANDING = f"""
    SELECT count(*) FILTER (WHERE webhook.state = 'active') AS active, count(*) AS wanted,
           count(*) FILTER (WHERE webhook.state = 'refused') AS refused,
           (SELECT webhooks_problem FROM asana_connection WHERE id = $1) AS problem,
           max(webhook.last_delivery_at) AS last_delivery_at
    FROM ({WANTED}) wanted
    LEFT JOIN asana_webhook webhook ON webhook.connection = $1 AND {SAME}
"""  # noqa: S608


async def webhook_standing(connection: AsanaConnection) -> WebhookStanding:
    settings = load_settings()
    row = await database.fetch_one(STANDING, connection.id)
    why_not = None if settings.webhooks_enabled else "off" if settings.asana_webhooks == "off" else "not_https"
    return WebhookStanding(enabled=why_not is None, why_not=why_not, **dict(row or {}))
