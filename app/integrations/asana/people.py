"""Who in Asana is who here, and what follows from it for who may track on what.

Asana says who is involved: members of projects, assignees of tasks. A person is matched with a user of the account by
e-mail once and then known by Asana's id, whatever becomes of either address. From both together follow the assignments
made by Asana, as one set, so that somebody who joins or leaves later is served by the same statement.
"""

from collections.abc import Sequence

from asyncpg import Connection

from app import database
from app.integrations.asana.answers import User
from app.integrations.asana.models import AsanaConnection

STORE = """
INSERT INTO asana_person (connection, gid, name, email, workspace_gids, last_seen_at)
SELECT $1, gid, name, email, ARRAY[$2::varchar], now()
FROM unnest($3::text[], $4::text[], $5::text[]) AS listed (gid, name, email)
ON CONFLICT (connection, gid) DO UPDATE
SET name = excluded.name,
    email = coalesce(excluded.email, asana_person.email),
    workspace_gids = array_remove(asana_person.workspace_gids, $2::varchar) || $2::varchar,
    last_seen_at = now()
WHERE asana_person.name <> excluded.name
   OR excluded.email IS DISTINCT FROM asana_person.email
   OR $2 <> ALL(asana_person.workspace_gids)
   OR asana_person.last_seen_at < now() - interval '1 day'
"""

LEFT_THE_WORKSPACE = """
UPDATE asana_person SET workspace_gids = array_remove(workspace_gids, $2::varchar)
WHERE connection = $1 AND $2 = ANY(workspace_gids) AND gid <> ALL($3::text[])
"""

MATCH = """
UPDATE asana_person SET "user" = person.id
FROM asana_connection connection, person
WHERE connection.id = $1 AND asana_person.connection = connection.id AND asana_person."user" IS NULL
  AND person.account = connection.account AND person.deactivated_at IS NULL
  AND (lower(person.email) = lower(asana_person.email)
    OR (asana_person.gid = connection.asana_user_gid AND person.id = connection.connected_by))
"""

DERIVE = """
WITH told AS (
    SELECT asana_person."user" AS "user", involvement.item
    FROM asana_involvement involvement JOIN asana_person ON asana_person.id = involvement.person
         JOIN person ON person.id = asana_person."user" AND person.account = $2
    WHERE asana_person.connection = $1
    UNION
    SELECT connection.connected_by, root.id
    FROM asana_connection connection
         JOIN work_item root ON root.account = $2 AND root.kind = 'root' AND root.source = 'asana'
    WHERE connection.id = $1 AND connection.connected_by IS NOT NULL
), taken_back AS (
    DELETE FROM assignment
    WHERE account = $2 AND made_by = 'asana'
      AND NOT EXISTS (SELECT FROM told WHERE told."user" = assignment."user" AND told.item = assignment.item)
    RETURNING id
), given AS (
    INSERT INTO assignment (account, "user", item, made_by, created_at)
    SELECT $2, "user", item, 'asana', now() FROM told
    ON CONFLICT ("user", item, made_by) DO NOTHING
    RETURNING id
)
SELECT (SELECT count(*) FROM given) AS assigned, (SELECT count(*) FROM taken_back) AS unassigned
"""


async def match_people(account_id: int) -> None:
    """For when somebody joins the account: what Asana says of them holds from now on."""
    connection = await AsanaConnection.objects().get(AsanaConnection.account == account_id)
    if connection is None:
        return
    async with database.transaction(), database.connection() as own:
        await derive_assignments(own, connection.id, account_id)


async def store_people(own: Connection, connection_id: int, workspace: str, users: Sequence[User]) -> None:
    """`users` are all of the workspace, so who is not among them has left it. They stay known by their id."""
    gids = [user.gid for user in users]
    names = [(user.name or "").replace("\x00", "") for user in users]
    emails = [user.email[:254] if user.email else None for user in users]
    await own.execute(STORE, connection_id, workspace, gids, names, emails)
    await own.execute(LEFT_THE_WORKSPACE, connection_id, workspace, gids)
    await own.execute(
        "UPDATE asana_workspace SET people_read_at = now() WHERE connection = $1 AND gid = $2", connection_id, workspace
    )


async def derive_assignments(own: Connection, connection_id: int, account_id: int) -> tuple[int, int]:
    """Matches whom it can and brings the assignments in line. Returns how many it made and how many it took back."""
    await own.execute(MATCH, connection_id)
    row = await own.fetchrow(DERIVE, connection_id, account_id)
    return row["assigned"], row["unassigned"]
