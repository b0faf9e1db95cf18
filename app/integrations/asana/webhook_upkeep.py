"""Making webhooks at Asana, looking after them once a day, and taking them away.

Nothing is asked for twice because an answer did not come: the row is made anew with another address some minutes later.
Whatever Asana may have made in the meantime sends to an address that nobody knows, is told so, and is deleted by Asana.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from asyncpg import Record

from app import database
from app.crypto import encrypt, new_token
from app.integrations.asana.answers import MadeWebhook, Webhook, WebhookFilter
from app.integrations.asana.authorization import asana_client
from app.integrations.asana.client import AsanaClient
from app.integrations.asana.errors import AsanaError, Forbidden, NotFound, PaymentRequired, UnexpectedAnswer
from app.integrations.asana.models import (
    AsanaConnection,
    AsanaWebhook,
    AsanaWorkspace,
    ConnectionState,
    WebhookState,
)
from app.integrations.asana.sync.concurrency import each as each_of
from app.integrations.asana.wanted_webhooks import (
    ABANDONED,
    REFUSALS,
    check_is_due,
    is_paused,
    missing_webhooks,
    superfluous_webhooks,
)
from app.integrations.asana.webhooks import mark_dirty, target_of, targets_begin_with
from app.settings import load_settings

log = structlog.get_logger()

# Asana allows fifteen. https://developers.asana.com/docs/rate-limits
WRITES_IN_FLIGHT = 10
REFUSED = (Forbidden, PaymentRequired, NotFound, UnexpectedAnswer)
# Asana calls a webhook inactive until some time after it was made.
NEW = timedelta(hours=1)

# Of tasks, due dates, notes and custom fields change all day, and are nothing to us.
TASK_FIELDS = ["name", "completed", "assignee", "parent", "projects", "memberships", "tags"]


def filters(resource_type: str, *actions: str) -> list[WebhookFilter]:
    return [WebhookFilter(resource_type, action) for action in actions]


OF_A_PROJECT = [
    *filters("task", "added", "removed", "deleted", "undeleted"),
    WebhookFilter("task", "changed", TASK_FIELDS),
    *filters("section", "added", "changed", "deleted", "undeleted"),
    *filters("project", "changed", "removed", "deleted", "undeleted"),
    *filters("project_membership", "added", "removed"),
]
# Here Asana takes no fields, and tells of nothing inside the projects.
OF_A_WORKSPACE = [
    *filters("project", "added", "changed", "removed", "deleted", "undeleted"),
    *filters("workspace_membership", "added", "removed"),
    *filters("team_membership", "added", "removed"),
]


async def keep(connection_id: int, *, check: bool = False) -> None:
    """Makes what is missing and deletes what is not wanted. Once a day, or told to, compares with Asana's own list.

    Safe to run twice at once: a row is claimed before Asana is asked for its webhook.
    """
    connection = await AsanaConnection.objects().get(AsanaConnection.id == connection_id)
    if connection is None or connection.state != ConnectionState.active:
        return
    async with asana_client(connection) as client:
        try:
            await Upkeep(connection, client).perform(check)
        except AsanaError as error:
            log.warning("webhooks: not all could be looked after", connection=connection_id, said=str(error))
            await note_problem(connection_id, str(error))


@dataclass
class Upkeep:
    connection: AsanaConnection
    client: AsanaClient
    refused_in_a_row: int = 0

    async def perform(self, check: bool) -> None:
        if not load_settings().webhooks_enabled:
            await self.delete(await AsanaWebhook.select().where(AsanaWebhook.connection == self.connection.id))
            return
        if check or await check_is_due(self.connection.id):
            await self.compare()
        await self.delete(await superfluous_webhooks(self.connection.id))
        await self.make_missing()

    async def compare(self) -> None:
        """Ours that Asana has no more become missing. Asana's that are not ours to know any more are deleted."""
        rows = await AsanaWebhook.select().where(
            AsanaWebhook.connection == self.connection.id, AsanaWebhook.gid.is_not_null()
        )
        for workspace in await AsanaWorkspace.objects().where(AsanaWorkspace.connection == self.connection.id):
            try:
                theirs = await self.client.webhooks(workspace.gid)
            except REFUSED:
                continue  # The person is no longer in it.
            await self.compare_with(theirs, [row for row in rows if row["workspace_gid"] == workspace.gid])
        await database.execute(CHECKED, self.connection.id)
        await AsanaWebhook.delete().where(
            AsanaWebhook.connection == self.connection.id, AsanaWebhook.state == WebhookState.refused
        )

    async def compare_with(self, theirs: list[Webhook], rows: list[dict[str, Any]]) -> None:
        ours = {row["gid"]: row for row in rows}
        sound = {each.gid for each in theirs if each.gid in ours and is_sound(each, ours[each.gid])}
        lost = [row["id"] for row in rows if row["gid"] not in sound]
        await database.execute("DELETE FROM asana_webhook WHERE id = ANY($1::bigint[])", lost)
        unknown = await unknown_targets([each.target for each in theirs])
        left = [each.gid for each in theirs if each.target in unknown or each.gid in ours.keys() - sound]
        await delete_at_asana(self.client, left)
        if lost or left:
            log.info("webhooks: compared", connection=self.connection.id, lost=len(lost), left=len(left))

    async def delete(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """At Asana first: killed between the two, the row says what is left to do."""
        await each_of(rows, self.delete_one, WRITES_IN_FLIGHT)

    async def delete_one(self, row: Mapping[str, Any]) -> None:
        if row["gid"]:
            await delete_at_asana(self.client, [row["gid"]])
        await AsanaWebhook.delete().where(AsanaWebhook.id == row["id"])

    async def make_missing(self) -> None:
        await database.execute(FORGET_ABANDONED, self.connection.id)
        if not await is_paused(self.connection.id):
            await each_of(await missing_webhooks(self.connection.id), self.make, WRITES_IN_FLIGHT)

    async def make(self, missing: Record) -> None:
        if self.refused_in_a_row >= REFUSALS:
            return
        key = new_token()
        row_id = await self.claim(missing, key)
        if row_id is None:
            return
        try:
            made = await self.client.create_webhook(
                missing["resource"], target_of(key), OF_A_PROJECT if missing["item"] else OF_A_WORKSPACE
            )
        except REFUSED as error:
            self.refused_in_a_row += 1
            await self.note_refusal(row_id, str(error))
        else:
            self.refused_in_a_row = 0
            if not await self.activate(row_id, missing, made):
                await delete_at_asana(self.client, [made.data.gid])

    async def claim(self, missing: Record, key: str) -> int | None:
        """None where another has it, or where the connection is no longer the one that we ask for."""
        claimed: int | None = await database.fetch_value(
            """INSERT INTO asana_webhook (connection, item, workspace_gid, key, state, created_at)
            SELECT id, $3, $4, $5, 'pending', now() FROM asana_connection
            WHERE id = $1 AND state = 'active' AND connected_at = $2
            ON CONFLICT DO NOTHING RETURNING id""",
            self.connection.id,
            self.connection.connected_at,
            missing["item"],
            missing["workspace_gid"],
            key,
        )
        return claimed

    async def activate(self, row_id: int, missing: Record, made: MadeWebhook) -> bool:
        """False where the row has gone meanwhile. What happened before Asana began to tell is still to be read."""
        async with database.transaction():
            activated = await database.execute(
                "UPDATE asana_webhook SET gid = $2, state = 'active', secret = coalesce($3, secret) WHERE id = $1",
                row_id,
                made.data.gid,
                encrypt(made.secret) if made.secret else None,
            )
            await mark_dirty(self.connection.id, missing["item"], missing["workspace_gid"])
            await database.execute(NO_PROBLEM, self.connection.id)
        return activated > 0

    async def note_refusal(self, row_id: int, said: str) -> None:
        log.warning("webhooks: refused", connection=self.connection.id, said=said)
        await AsanaWebhook.update({AsanaWebhook.state: WebhookState.refused}).where(AsanaWebhook.id == row_id)
        await note_problem(self.connection.id, said)


async def delete_at_asana(client: AsanaClient, gids: Iterable[str]) -> None:
    async def delete(gid: str) -> None:
        # Deleted before, or another person's, which ends with the first delivery that we do not know.
        with suppress(NotFound, Forbidden):
            await client.delete_webhook(gid)

    await each_of(gids, delete, WRITES_IN_FLIGHT)


CHECKED = "UPDATE asana_connection SET webhooks_checked_at = now(), webhooks_problem = NULL WHERE id = $1"
NO_PROBLEM = "UPDATE asana_connection SET webhooks_problem = NULL WHERE id = $1 AND webhooks_problem IS NOT NULL"
FORGET_ABANDONED = f"DELETE FROM asana_webhook webhook WHERE connection = $1 AND {ABANDONED}"  # noqa: S608


async def note_problem(connection_id: int, said: str) -> None:
    await AsanaConnection.update({AsanaConnection.webhooks_problem: said}).where(AsanaConnection.id == connection_id)


def is_sound(webhook: Webhook, row: Mapping[str, Any]) -> bool:
    """A webhook with another target is from before PUBLIC_URL was changed."""
    is_new = row["created_at"] > datetime.now(UTC) - NEW
    return webhook.target == target_of(row["key"]) and (webhook.active is not False or is_new)


async def unknown_targets(targets: list[str]) -> set[str]:
    """Those that lead here, to nobody. One person may have connected several accounts, so all are looked through."""
    here = targets_begin_with()
    keys = {target.removeprefix(here) for target in targets if target.startswith(here)}
    rows = await database.fetch("SELECT key FROM asana_webhook WHERE key = ANY($1::text[])", list(keys))
    return {target_of(key) for key in keys - {row["key"] for row in rows}}
