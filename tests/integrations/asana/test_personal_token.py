"""Connecting with a pasted personal access token."""

import re

import pytest

from app.accounts.models import User
from app.asana_sandbox.testing import RunningSandbox
from app.crypto import decrypt
from app.integrations.asana.connection import connection_of
from app.integrations.asana.models import AsanaConnection
from tests.browser_like import Visitor

PERSONAL_TOKEN = "/integrations/asana/personal-token"


@pytest.fixture
async def alices(visitor: Visitor, alice: User, company: RunningSandbox) -> Visitor:
    return await visitor.signed_in_as(alice)


async def test_it_connects(alices: Visitor, alice: User) -> None:
    answer = await alices.post(PERSONAL_TOKEN, data={"token": "  sandbox-pat-alice\n"})
    assert answer.headers["location"] == "/integrations/asana/workspaces"
    connection = await connection_of(alice.account)
    assert connection is not None
    assert connection.authorized_by == "personal_token"
    assert decrypt(connection.access_token) == "sandbox-pat-alice"
    assert (connection.refresh_token, connection.access_token_expires_at) == (None, None)


async def test_it_connects_as_whoever_the_token_belongs_to(alices: Visitor) -> None:
    await alices.post(PERSONAL_TOKEN, data={"token": "sandbox-pat-priya"})
    assert "Connected to Asana as Priya Raman." in (await alices.get("/integrations/asana/workspaces")).text


@pytest.mark.parametrize(
    ("token", "sentence"),
    [
        ("", "No token was pasted."),
        ("sandbox-pat-nobody", "Asana does not accept this token."),
        ("two words", "Asana does not accept this token."),
        ("tökén", "Asana does not accept this token."),
        ("a\r\nX-Injected: 1", "Asana does not accept this token."),
    ],
)
async def test_it_refuses_a_bad_token(alices: Visitor, token: str, sentence: str) -> None:
    answer = await alices.post(PERSONAL_TOKEN, data={"token": token})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert not await AsanaConnection.exists()


async def test_it_does_not_repeat_the_token(alices: Visitor) -> None:
    answer = await alices.post(PERSONAL_TOKEN, data={"token": "sandbox-pat-nobody"})
    assert "sandbox-pat-nobody" not in answer.text


async def test_it_says_that_asana_is_down(alices: Visitor, company: RunningSandbox) -> None:
    company.control.fail_next(503, times=20, match="/users/me")
    answer = await alices.post(PERSONAL_TOKEN, data={"token": "sandbox-pat-alice"})
    assert answer.status_code == 422
    assert "Asana could not be reached" in answer.text
    assert re.search(r"<details[^>]* open>\s*<summary>Use a personal access token", answer.text)


async def test_it_says_that_asana_asks_to_wait(alices: Visitor, company: RunningSandbox) -> None:
    company.control.fail_next(429, retry_after=60, match="/users/me")
    answer = await alices.post(PERSONAL_TOKEN, data={"token": "sandbox-pat-alice"})
    assert "Try again in a minute" in answer.text
