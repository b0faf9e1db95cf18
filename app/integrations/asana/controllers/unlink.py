"""Unlinking: asks first, says what stays, erases the tokens here and ends them at Asana."""

from dataclasses import dataclass

import structlog
from litestar import Controller, get, post
from litestar.response import Redirect, Template

from app import database
from app.accounts.authentication import UserRequest
from app.crypto import Unreadable, decrypt
from app.integrations.asana.connecting import in_time
from app.integrations.asana.connection import linked_connection, unlink
from app.integrations.asana.controllers.pages import INTEGRATIONS
from app.integrations.asana.errors import AsanaError
from app.integrations.asana.leaving import Left, end_access
from app.integrations.asana.models import AsanaConnection, AuthorizedBy
from app.integrations.asana.wanted_webhooks import webhook_gids
from app.tasks.webhooks import leave_asana_later
from app.web.flash import flash
from app.web.guards import requires_administrator
from app.web.redirect import see_other
from app.web.render import render

log = structlog.get_logger()

UNLINKED = "Asana is unlinked. Everything imported is in the archive, and all tracked time is where it was."
AT_ASANA = {
    "revoked": "Asana has ended Sundial's access.",
    "leaving": "Asana stops telling Sundial of changes, and then ends its access: that takes a few minutes at most.",
    "not_revoked": "Asana could not be told: remove Sundial there under My settings, Apps.",
    "personal": "Delete the personal access token in Asana's developer console: only you can.",
}


@dataclass(frozen=True)
class Stakes:
    """What there is to lose, which is nothing: the confirmation says so in numbers."""

    items: int
    entries: int
    seconds: int
    running: int


STAKES = """
    SELECT (SELECT count(*) FROM work_item
            WHERE account = $1 AND source = 'asana' AND kind IN ('project', 'task') AND archived_at IS NULL) AS items,
           count(*) AS entries,
           coalesce(sum(extract(epoch FROM coalesce(stopped_at, now()) - started_at)), 0)::bigint AS seconds,
           count(*) FILTER (WHERE entry.stopped_at IS NULL) AS running
    FROM time_entry entry JOIN work_item item ON item.id = entry.item
    WHERE entry.account = $1 AND item.source = 'asana'
"""


class UnlinksController(Controller):
    path = "/integrations/asana/unlink"
    guards = [requires_administrator]

    @get()
    async def ask(self, request: UserRequest) -> Redirect | Template:
        connection = await linked_connection(request.user.account_id)
        if connection is None:
            return see_other(INTEGRATIONS)
        row = await database.fetch_one(STAKES, request.user.account_id)
        stakes = Stakes(**dict(row or {}))
        return render(request, "integrations/asana/unlink.html", {"connection": connection, "stakes": stakes})

    @post()
    async def create(self, request: UserRequest) -> Redirect:
        """Erased here first: what Asana does about it, or does not, changes nothing of that."""
        if connection := await linked_connection(request.user.account_id):
            webhooks = await webhook_gids(connection.id)
            await unlink(connection)
            flash(request, f"{UNLINKED} {AT_ASANA[await leave(connection, webhooks)]}")
        return see_other(INTEGRATIONS)


async def leave(connection: AsanaConnection, webhooks: list[str]) -> str:
    """Ends the access that the connection had when it was read. Returns a key of AT_ASANA.

    Webhooks can only be deleted while there is access. They may be a thousand, so a job does that, and ends it then.
    """
    is_personal = connection.authorized_by == AuthorizedBy.personal_token
    left = Left.by(connection, webhooks)
    is_leaving = bool(webhooks) and await leave_asana_later(left, revoke=not is_personal)
    if is_personal:
        return "personal"
    return "leaving" if is_leaving else await revoked_in_time(connection)


async def revoked_in_time(connection: AsanaConnection) -> str:
    try:
        return "revoked" if await in_time(revoke(connection)) else "not_revoked"
    except (AsanaError, Unreadable, TimeoutError) as error:
        log.warning("tokens not revoked at Asana", connection=connection.id, reason=type(error).__name__)
        return "not_revoked"


async def revoke(connection: AsanaConnection) -> bool:
    if not connection.refresh_token:
        return False
    return await end_access(connection.account, decrypt(connection.refresh_token))
