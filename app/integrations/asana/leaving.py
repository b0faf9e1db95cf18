"""What is left to do at Asana with tokens that the connection itself no longer has."""

import asyncio
from dataclasses import dataclass

import structlog

from app.crypto import Unreadable, decrypt
from app.integrations.asana.authorization import application_for, asana_oauth, refreshed
from app.integrations.asana.client import AsanaClient, asana_http
from app.integrations.asana.errors import AccessRevoked, AsanaError, RateLimited, Unavailable
from app.integrations.asana.models import AsanaConnection
from app.integrations.asana.pacing import pace_of
from app.integrations.asana.webhook_upkeep import delete_at_asana
from app.settings import load_settings

log = structlog.get_logger()


@dataclass(frozen=True)
class Left:
    """The webhooks that somebody made, and their tokens: encrypted, so that this can wait in the queue."""

    connection_id: int
    account_id: int
    asana_user_gid: str
    access_token: str
    refresh_token: str | None
    webhook_gids: list[str]

    @classmethod
    def by(cls, connection: AsanaConnection, webhook_gids: list[str]) -> "Left":
        return cls(
            connection_id=connection.id,
            account_id=connection.account,
            asana_user_gid=connection.asana_user_gid,
            access_token=connection.access_token,
            refresh_token=connection.refresh_token,
            webhook_gids=webhook_gids,
        )


class FormerAuthorization:
    """Renews its token like the connection's own, but stores nothing."""

    def __init__(self, left: Left) -> None:
        self._connection_id = left.connection_id
        self._token = decrypt(left.access_token)
        self.refresh_token = decrypt(left.refresh_token) if left.refresh_token else None
        self._turn = asyncio.Lock()

    async def token(self) -> str:
        return self._token

    async def refresh(self, refused: str) -> str:
        async with self._turn:
            if self._token == refused:
                if self.refresh_token is None:
                    raise AccessRevoked("Asana no longer accepts the token")
                tokens = await refreshed(self._connection_id, self.refresh_token)
                self._token = tokens.access_token
                self.refresh_token = tokens.refresh_token or self.refresh_token
            return self._token


async def leave(left: Left, *, revoke: bool) -> None:
    """Deletes the webhooks, and then ends the access. Raises what passes by itself, for another try."""
    try:
        authorization = FormerAuthorization(left)
        await delete_webhooks(left, authorization)
        if revoke and authorization.refresh_token:
            await end_access(left.account_id, authorization.refresh_token)
    except (Unavailable, RateLimited):
        raise
    except (AsanaError, Unreadable) as error:
        # Asana deletes the webhooks as soon as it hears from us that nobody knows them.
        log.warning("not all was tidied up at Asana", connection=left.connection_id, reason=type(error).__name__)


async def delete_webhooks(left: Left, authorization: FormerAuthorization) -> None:
    async with asana_http(load_settings().asana_api_url) as http:
        client = AsanaClient(http, authorization, pace_of(left.asana_user_gid))
        await delete_at_asana(client, left.webhook_gids)


async def end_access(account_id: int, refresh_token: str) -> bool:
    """False where we no longer know as which application."""
    application = await application_for(account_id)
    if application is None:
        return False
    async with asana_oauth(application) as oauth:
        await oauth.revoke(refresh_token)
    return True
