"""Stored tokens: used, renewed by one process at a time, and given up only when Asana says so."""

import asyncio
from datetime import UTC, datetime, timedelta
from unittest.mock import ANY

import pytest

from app import database
from app.asana_sandbox.testing import RunningSandbox
from app.crypto import decrypt, encrypt
from app.integrations.asana.authorization import StoredAuthorization, application_for, asana_client, asana_oauth
from app.integrations.asana.errors import AccessRevoked
from app.integrations.asana.models import AsanaConnection, AuthorizedBy
from app.integrations.asana.oauth import Tokens
from tests.factories import make_account, make_user
from tests.integrations.asana.consent import tokens_of_alice


@pytest.fixture
async def connection(company: RunningSandbox, committed: None) -> AsanaConnection:
    """Alice's, with the tokens that she has just allowed."""
    account = await make_account()
    alice = await make_user(account, "Alice Hartmann", "alice@meridian.example")
    application = await application_for(account.id)
    assert application is not None
    async with asana_oauth(application) as oauth:
        tokens = await tokens_of_alice(company, oauth)
    connection = AsanaConnection(
        account=account.id,
        connected_by=alice.id,
        authorized_by=AuthorizedBy.oauth,
        asana_user_gid=tokens.identity.gid if tokens.identity else "",
        access_token=encrypt(tokens.access_token),
        refresh_token=encrypt(tokens.refresh_token or ""),
        access_token_expires_at=tokens.expires_at,
    )
    await connection.save()
    return connection


async def stored(connection: AsanaConnection) -> Tokens:
    row = await database.fetch_one("SELECT * FROM asana_connection WHERE id = $1", connection.id)
    assert row is not None
    return Tokens(decrypt(row["access_token"]), decrypt(row["refresh_token"]), row["access_token_expires_at"])


async def name_of(connection: AsanaConnection) -> str | None:
    async with asana_client(connection) as client:
        return (await client.me()).name


async def test_it_asks_with_the_stored_token(connection: AsanaConnection) -> None:
    assert await name_of(connection) == "Alice Hartmann"


async def test_it_keeps_what_it_renewed(company: RunningSandbox, connection: AsanaConnection) -> None:
    before = await stored(connection)
    company.control.expire_access_tokens()
    assert await name_of(connection) == "Alice Hartmann"
    after = await stored(connection)
    assert after.access_token != before.access_token
    assert after.refresh_token == before.refresh_token


async def test_it_renews_in_time_what_is_known_to_have_expired(
    company: RunningSandbox, connection: AsanaConnection
) -> None:
    company.control.expire_access_tokens()
    await AsanaConnection.update(
        {AsanaConnection.access_token_expires_at: datetime.now(UTC) - timedelta(seconds=1)}
    ).where(AsanaConnection.id == connection.id)
    company.control.forget_requests()
    assert await name_of(connection) == "Alice Hartmann"
    assert company.control.requests()["by_status"] == {"200": ANY}


async def test_many_requests_and_two_processes_renew_once(company: RunningSandbox, connection: AsanaConnection) -> None:
    here, there = StoredAuthorization(connection.id), StoredAuthorization(connection.id)
    old = await here.token()
    assert await there.token() == old
    company.control.expire_access_tokens()
    renewed = await asyncio.gather(*(each.refresh(refused=old) for each in (here, there, here, there)))
    assert set(renewed) == {(await stored(connection)).access_token}
    assert renewed[0] != old


async def test_it_is_revoked_when_the_refresh_is_refused(company: RunningSandbox, connection: AsanaConnection) -> None:
    company.control.revoke_tokens()
    with pytest.raises(AccessRevoked):
        await name_of(connection)


async def test_it_does_not_bring_back_an_unlinked_connection(
    company: RunningSandbox, connection: AsanaConnection
) -> None:
    authorization = StoredAuthorization(connection.id)
    old = await authorization.token()
    await database.execute("UPDATE asana_connection SET access_token = NULL, refresh_token = NULL")
    with pytest.raises(AccessRevoked):
        await authorization.refresh(refused=old)
    assert await database.fetch_value("SELECT access_token FROM asana_connection") is None


async def test_it_needs_the_key_that_encrypted_it(connection: AsanaConnection) -> None:
    await AsanaConnection.update({AsanaConnection.access_token: "not ours"}).where(AsanaConnection.id == connection.id)
    with pytest.raises(AccessRevoked, match="key"):
        await name_of(connection)


async def test_tokens_are_not_stored_as_they_are(connection: AsanaConnection) -> None:
    tokens = await stored(connection)
    row = await database.fetch_value("SELECT asana_connection::text FROM asana_connection")
    assert tokens.access_token not in row
    assert tokens.refresh_token not in row
