"""The stored tokens of a connection, and a client that uses them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from asyncpg import Record

from app import database
from app.crypto import Unreadable, decrypt, encrypt
from app.integrations.asana.client import AsanaClient, asana_http
from app.integrations.asana.errors import AccessRevoked, AuthorizationRefused
from app.integrations.asana.models import AsanaApplication, AsanaConnection
from app.integrations.asana.oauth import AsanaOAuth, Tokens
from app.integrations.asana.pacing import pace_of
from app.settings import load_settings

# The first key of the advisory locks that guard a connection's tokens; the second is the connection's id.
TOKENS_LOCK = 7_305_004


@dataclass(frozen=True)
class Application:
    """What Sundial is registered as at Asana."""

    client_id: str
    client_secret: str = field(repr=False)


async def application_for(account_id: int) -> Application | None:
    """From the environment, else as an administrator entered it; None where there is neither."""
    settings = load_settings()
    if settings.asana_client_id and settings.asana_client_secret:
        return Application(settings.asana_client_id, settings.asana_client_secret)
    entered = await AsanaApplication.objects().get(AsanaApplication.account == account_id)
    return Application(entered.client_id, decrypt(entered.client_secret)) if entered else None


@asynccontextmanager
async def asana_oauth(application: Application) -> AsyncIterator[AsanaOAuth]:
    async with asana_http(load_settings().asana_oauth_url) as http:
        yield AsanaOAuth(http, application.client_id, application.client_secret)


@asynccontextmanager
async def asana_client(
    connection: AsanaConnection, patience: float = 120.0, urgent: bool = False
) -> AsyncIterator[AsanaClient]:
    """A client that asks as the person who connected the account; the rest is as `AsanaClient` has it."""
    pace = pace_of(connection.asana_user_gid, connection.requests_per_minute)
    async with asana_http(load_settings().asana_api_url) as http:
        yield AsanaClient(http, StoredAuthorization(connection.id), pace, patience, urgent)


class FixedAuthorization:
    """A token that is tried before anything is stored."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def token(self) -> str:
        return self._token

    async def refresh(self, refused: str) -> str:
        raise AccessRevoked("Asana does not accept this token")


class StoredAuthorization:
    """The tokens of one connection, renewed when they expire. Many requests may ask at once: one of them renews.

    Both methods raise AccessRevoked where only connecting again helps, and what `AsanaOAuth` raises otherwise.
    """

    def __init__(self, connection_id: int) -> None:
        self._connection_id = connection_id
        self._token: str | None = None
        self._expires_at: datetime | None = None
        self._turn = asyncio.Lock()

    async def token(self) -> str:
        if self._token is None:
            self._keep(await stored_tokens(self._connection_id))
        assert self._token is not None
        if self._expires_at and self._expires_at <= datetime.now(UTC):
            return await self.refresh(self._token)
        return self._token

    async def refresh(self, refused: str) -> str:
        async with self._turn:
            if self._token == refused:
                self._keep(await renewed_tokens(self._connection_id, refused))
            assert self._token is not None
            return self._token

    def _keep(self, tokens: Tokens) -> None:
        self._token = tokens.access_token
        self._expires_at = tokens.expires_at


async def stored_tokens(connection_id: int) -> Tokens:
    """Raises AccessRevoked."""
    row = await database.fetch_one(
        """SELECT access_token, refresh_token, access_token_expires_at FROM asana_connection
        WHERE id = $1 AND access_token IS NOT NULL""",
        connection_id,
    )
    if row is None:
        raise AccessRevoked("the connection has no token")
    return tokens_of(row)


def tokens_of(row: Record) -> Tokens:
    try:
        return Tokens(
            access_token=decrypt(row["access_token"]),
            refresh_token=decrypt(row["refresh_token"]) if row["refresh_token"] else None,
            expires_at=row["access_token_expires_at"],
        )
    except Unreadable as error:
        raise AccessRevoked("the stored token was encrypted with a key that is no longer here") from error


async def renewed_tokens(connection_id: int, refused: str) -> Tokens:
    """Tokens other than the refused one: those that another process got meanwhile, else new ones from Asana.

    Asana may answer with another refresh token and end the old one, so two processes must not renew at the same time:
    the second would be refused, and the connection with it.
    """
    async with database.transaction():
        await database.execute("SELECT pg_advisory_xact_lock($1, $2)", TOKENS_LOCK, connection_id)
        stored = await stored_tokens(connection_id)
        if stored.access_token != refused:
            return stored
        if stored.refresh_token is None:
            raise AccessRevoked("Asana no longer accepts the token")
        renewed = await refreshed(connection_id, stored.refresh_token)
        if not await store_tokens(connection_id, renewed):
            raise AccessRevoked("the connection was unlinked")
        return renewed


async def refreshed(connection_id: int, refresh_token: str) -> Tokens:
    account_id = await database.fetch_value("SELECT account FROM asana_connection WHERE id = $1", connection_id)
    application = await application_for(account_id)
    if application is None:
        raise AccessRevoked("the application's id and secret are no longer known")
    async with asana_oauth(application) as oauth:
        try:
            return await oauth.refresh(refresh_token)
        except AuthorizationRefused as error:
            raise AccessRevoked(str(error)) from error


async def store_tokens(connection_id: int, tokens: Tokens) -> bool:
    """False where the connection has lost its tokens in the meantime. An answer without refresh token keeps the old."""
    return bool(
        await database.execute(
            """UPDATE asana_connection
            SET access_token = $2, access_token_expires_at = $3, refresh_token = coalesce($4, refresh_token)
            WHERE id = $1 AND refresh_token IS NOT NULL""",
            connection_id,
            encrypt(tokens.access_token),
            tokens.expires_at,
            encrypt(tokens.refresh_token) if tokens.refresh_token else None,
        )
    )
