"""The verbs of an account's connection to Asana. Each is one transaction, and safe to call twice."""

from app import database
from app.crypto import encrypt
from app.integrations.asana.connecting import Grant
from app.integrations.asana.models import AsanaConnection, ConnectionState, RunState
from app.integrations.asana.people import match_people
from app.integrations.asana.wanted_webhooks import forget_webhooks
from app.integrations.asana.workspaces import store_workspaces
from app.projects.models import ArchivedReason


async def connection_of(account_id: int) -> AsanaConnection | None:
    return await AsanaConnection.objects().get(AsanaConnection.account == account_id)


async def linked_connection(account_id: int) -> AsanaConnection | None:
    connection = await connection_of(account_id)
    return connection if connection and connection.state != ConnectionState.unlinked else None


async def establish(account_id: int, user_id: int, grant: Grant) -> AsanaConnection:
    """The account's one connection, made or made again. Made by somebody else, everything imported becomes theirs to
    track on, and is no longer the former owner's.
    """
    async with database.transaction():
        # Two administrators who enable at once take turns.
        await database.execute("SELECT FROM account WHERE id = $1 FOR NO KEY UPDATE", account_id)
        connection = await saved_connection(account_id, user_id, grant)
        await save_workspaces(connection, grant)
        await match_people(account_id)
    return connection


async def saved_connection(account_id: int, user_id: int, grant: Grant) -> AsanaConnection:
    former = await connection_of(account_id)
    if former and not is_same_at_asana(former, grant):
        await forget_webhooks(former.id)
    connection = former or AsanaConnection(account=account_id)
    # What Asana still sends, and whether it does at all, is looked at before long.
    connection.webhooks_checked_at = connection.webhooks_problem = None
    connection.connected_by = user_id
    connection.connected_at = await database.fetch_value("SELECT now()")
    connection.state = ConnectionState.active
    connection.problem = None
    connection.complete_read_at = None
    connection.unlinked_at = None
    connection.authorized_by = grant.authorized_by
    connection.asana_user_gid = grant.person.gid
    connection.asana_user_name = grant.person.name or ""
    connection.asana_user_email = grant.person.email
    connection.access_token = encrypt(grant.access_token)
    connection.refresh_token = encrypt(grant.refresh_token) if grant.refresh_token else None
    connection.access_token_expires_at = grant.expires_at
    # Another person's workspaces may be on another plan of Asana's, so the rate is learned again.
    connection.requests_per_minute = None
    await connection.save()
    return connection


def is_same_at_asana(connection: AsanaConnection, other: AsanaConnection | Grant) -> bool:
    """Asana shows webhooks to the person who made them, and to the application that they made them with."""
    gid = other.person.gid if isinstance(other, Grant) else other.asana_user_gid
    return (connection.asana_user_gid, connection.authorized_by) == (gid, other.authorized_by)


async def save_workspaces(connection: AsanaConnection, grant: Grant) -> None:
    """Those that the person sees now. What came from others is put away: their list is the proof."""
    gids = [workspace.gid for workspace in grant.workspaces]
    await store_workspaces(connection.id, grant.workspaces)
    await database.execute(
        "DELETE FROM asana_workspace WHERE connection = $1 AND gid <> ALL($2::text[])", connection.id, gids
    )
    # Somebody else may see other projects in the same workspace.
    await database.execute(
        "UPDATE asana_workspace SET project_count = NULL, counted_at = NULL WHERE connection = $1", connection.id
    )
    await put_away(connection, ArchivedReason.hidden, all_but=gids)


# What was left out is listed by the next pass of whatever kind: no webhook told what happened there meanwhile.
SELECT_WORKSPACES = """
    UPDATE asana_workspace
    SET is_selected = gid = ANY($2::text[]), dirty_at = CASE WHEN is_selected THEN dirty_at ELSE clock_timestamp() END
    WHERE connection = $1
"""


async def choose_workspaces(connection: AsanaConnection, gids: list[str]) -> None:
    """Reads these from now on. What came from the others is archived, until they are chosen again."""
    async with database.transaction():
        await database.execute(SELECT_WORKSPACES, connection.id, gids)
        await put_away(connection, ArchivedReason.workspace, all_but=gids)


async def synchronize_keywords(connection: AsanaConnection, wanted: bool) -> bool:
    """Whether that is a change: the words themselves come and go with the next pass."""
    changed = await database.execute(
        """UPDATE asana_connection SET keywords_enabled = $2, complete_read_at = NULL
        WHERE id = $1 AND keywords_enabled <> $2""",
        connection.id,
        wanted,
    )
    return changed > 0


async def unlink(connection: AsanaConnection) -> None:
    """Erases the tokens and archives everything imported. Time and the names it was tracked on stay as they are."""
    async with database.transaction():
        await database.execute(
            """UPDATE asana_connection SET state = $2, problem = NULL, unlinked_at = now(),
                access_token = NULL, refresh_token = NULL, access_token_expires_at = NULL
            WHERE id = $1 AND state <> $2""",
            connection.id,
            ConnectionState.unlinked,
        )
        await database.execute("UPDATE asana_workspace SET is_selected = false WHERE connection = $1", connection.id)
        await cancel_queued_runs(connection)
        await forget_webhooks(connection.id)
        await put_away(connection, ArchivedReason.unlinked, all_but=[])


async def cancel_queued_runs(connection: AsanaConnection) -> None:
    await database.execute(
        """UPDATE sync_run SET state = $2, failure = 'unlinked', finished_at = now()
        WHERE connection = $1 AND state = $3""",
        connection.id,
        RunState.failed,
        RunState.queued,
    )


async def put_away(connection: AsanaConnection, reason: ArchivedReason, *, all_but: list[str]) -> None:
    """Archives what came from any workspace but these: the projects for this reason, what is in them because of them.

    What had been archived before keeps its own reason, so a task that was completed does not come back as open.
    """
    await database.execute(
        """UPDATE work_item
        SET archived_at = now(), archived_reason = CASE WHEN kind = 'project' THEN $2 ELSE $3 END
        WHERE account = $1 AND source = 'asana' AND kind <> 'root' AND archived_at IS NULL
          AND foreign_group <> ALL($4::text[])""",
        connection.account,
        reason,
        ArchivedReason.above,
        all_but,
    )
