"""What Asana sends by itself: handshakes, and signed deliveries of what happened.

A webhook is a hint and no more. What changed is read by a catch-up, so that a delivery that is lost, doubled or late
costs time and never truth. https://developers.asana.com/docs/webhooks-guide
"""

import hmac
import re
from dataclasses import dataclass
from hashlib import sha256

import structlog
from msgspec import MsgspecError, Struct, json

from app import database
from app.crypto import Unreadable, decrypt, encrypt
from app.integrations.asana.models import ConnectionState, WebhookState
from app.settings import load_settings

log = structlog.get_logger()

PATH = "/integrations/asana/webhooks"
KEY = re.compile(r"[A-Za-z0-9_-]{20,64}")
# What is asked of Asana is a few dozen characters long.
LONGEST_SECRET = 200


class _Resource(Struct):
    resource_type: str | None = None


class _Event(Struct):
    resource: _Resource | None = None


class _Delivery(Struct):
    events: list[_Event] = []


@dataclass(frozen=True)
class Webhook:
    """The row that an address of ours names. `item` is the project; None where it is about the workspace."""

    id: int
    connection: int
    item: int | None
    workspace_gid: str
    gid: str | None
    secret: str | None
    is_linked: bool

    async def accept(self, secret: str) -> bool:
        """The handshake: takes the secret, where it is awaited. Whoever learnt the address cannot replace it later."""
        if not secret.isascii() or not 0 < len(secret) <= LONGEST_SECRET:
            return False
        if self.secret or self.gid:
            return secret == self._secret()
        taken = await database.execute(
            "UPDATE asana_webhook SET secret = $2 WHERE id = $1 AND state = $3 AND gid IS NULL AND secret IS NULL",
            self.id,
            encrypt(secret),
            WebhookState.pending,
        )
        return taken > 0

    def signed(self, body: bytes, signature: str) -> bool:
        """Whether Asana wrote exactly these bytes: the order of keys in them varies, so decoded they prove nothing."""
        secret = self._secret()
        if secret is None:
            return False
        expected = hmac.new(secret.encode(), body, sha256).hexdigest()
        return hmac.compare_digest(expected.encode(), signature.encode())

    def _secret(self) -> str | None:
        try:
            return decrypt(self.secret) if self.secret else None
        except Unreadable:
            # Refused for a day Asana deletes the webhook, and the next check makes it again.
            log.warning("webhook: its secret was encrypted with a key that is no longer here", webhook=self.id)
            return None

    async def take(self, body: bytes) -> bool:
        """Notes what a signed delivery says. Whether there is something to read now."""
        tells = tells_of_change(body)
        if tells:
            await mark_dirty(self.connection, self.item, self.workspace_gid)
        await database.execute(DELIVERED, self.id)
        return tells


BY_KEY = """
    SELECT webhook.id, webhook.connection, webhook.item, webhook.workspace_gid, webhook.gid, webhook.secret,
           connection.state <> $2 AS is_linked
    FROM asana_webhook webhook JOIN asana_connection connection ON connection.id = webhook.connection
    WHERE webhook.key = $1
"""

# Always another moment than before: a catch-up takes the mark away only where it is still the one that it saw.
PROJECT_IS_DIRTY = "UPDATE asana_project_state SET dirty_at = clock_timestamp() WHERE item = $1 AND connection = $2"
WORKSPACE_IS_DIRTY = "UPDATE asana_workspace SET dirty_at = clock_timestamp() WHERE gid = $1 AND connection = $2"
DELIVERED = """
    UPDATE asana_webhook SET last_delivery_at = now()
    WHERE id = $1 AND coalesce(last_delivery_at < now() - interval '1 minute', true)
"""


async def mark_dirty(connection_id: int, item_id: int | None, workspace_gid: str) -> None:
    if item_id:
        await database.execute(PROJECT_IS_DIRTY, item_id, connection_id)
    else:
        await database.execute(WORKSPACE_IS_DIRTY, workspace_gid, connection_id)


async def webhook_by_key(key: str) -> Webhook | None:
    """None where Asana should stop sending: the address is not known, or its connection was unlinked."""
    if not KEY.fullmatch(key):
        return None
    row = await database.fetch_one(BY_KEY, key, ConnectionState.unlinked)
    return Webhook(**dict(row)) if row and row["is_linked"] else None


def tells_of_change(body: bytes) -> bool:
    """Nothing is read because of a heartbeat, which is empty, or of what people wrote below a task."""
    try:
        delivery = json.decode(body, type=_Delivery)
    except (MsgspecError, UnicodeDecodeError) as error:
        # It is Asana's all the same, so something did happen.
        log.warning("webhook: a signed delivery was not understood", error=str(error))
        return True
    return any(event.resource is None or event.resource.resource_type != "story" for event in delivery.events)


def target_of(key: str) -> str:
    return f"{targets_begin_with()}{key}"


def targets_begin_with() -> str:
    return f"{load_settings().public_url}{PATH}/"
