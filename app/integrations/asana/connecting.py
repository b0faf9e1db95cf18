"""Trying an authorization before anything is saved: whose is it, what may it do, which workspaces does it show.

These are the few requests that an administrator's own click waits for, so all of them together get eight seconds.
Whatever goes wrong becomes `Refused` with one word; templates/integrations/asana/_refusal.html has a sentence for each.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from app.integrations.asana.answers import User, Workspace
from app.integrations.asana.application import redirect_uri
from app.integrations.asana.authorization import Application, FixedAuthorization, asana_oauth
from app.integrations.asana.client import AsanaClient, asana_http
from app.integrations.asana.errors import AccessRevoked, AsanaError, AuthorizationRefused
from app.integrations.asana.models import AuthorizedBy
from app.integrations.asana.oauth import AsanaOAuth, Tokens
from app.integrations.asana.pacing import Pace
from app.settings import load_settings

T = TypeVar("T")

TIMEOUT_SECONDS = 8.0

# RFC 6749's words, and Asana's own, for what the administrator has to do something about.
WORD_OF_OAUTH_ERROR = {
    "access_denied": "denied",
    "invalid_grant": "code_refused",
    "invalid_client": "application_refused",
    "unauthorized_client": "application_refused",
    "invalid_scope": "not_full_permissions",
    "forbidden_scopes": "not_full_permissions",
}


class Refused(Exception):
    """Nothing was connected; `word` says why."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


@dataclass(frozen=True)
class Grant:
    """An authorization that works: the tokens, who allowed it, and the workspaces that person sees."""

    authorized_by: AuthorizedBy
    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    expires_at: datetime | None
    person: User
    workspaces: list[Workspace]


async def grant_by_code(application: Application, code: str, verifier: str) -> Grant:
    """`verifier` is that of RFC 7636, of which Asana got the challenge. Raises Refused."""
    return await or_refused(exchange(application, code, verifier))


async def grant_by_personal_token(token: str) -> Grant:
    """Raises Refused."""
    person, workspaces = await or_refused(look_around(token))
    return Grant(AuthorizedBy.personal_token, token, None, None, person, workspaces)


async def exchange(application: Application, code: str, verifier: str) -> Grant:
    async with asana_oauth(application) as oauth:
        tokens = await oauth.exchange_code(code, verifier, redirect_uri())
        await require_full_permissions(oauth, tokens)
    person, workspaces = await look_around(tokens.access_token)
    return Grant(AuthorizedBy.oauth, tokens.access_token, tokens.refresh_token, tokens.expires_at, person, workspaces)


async def require_full_permissions(oauth: AsanaOAuth, tokens: Tokens) -> None:
    """An application of granular scopes could read tasks but not lists: half an import is worse than none."""
    info = await oauth.token_info(tokens.access_token)
    if info.has_full_permissions:
        return
    if tokens.refresh_token:
        await oauth.revoke(tokens.refresh_token)
    raise Refused("not_full_permissions")


async def look_around(token: str) -> tuple[User, list[Workspace]]:
    async with asana_http(load_settings().asana_api_url) as http:
        client = AsanaClient(http, FixedAuthorization(token), Pace(), patience=TIMEOUT_SECONDS)
        person, workspaces = await client.me(), await client.workspaces()
    if not workspaces:
        raise Refused("no_workspaces")
    return person, workspaces


async def or_refused(question: Coroutine[Any, Any, T]) -> T:
    """Turns whatever goes wrong, or takes too long, into Refused."""
    try:
        return await in_time(question)
    except TimeoutError as error:
        raise Refused("slow") from error
    except AuthorizationRefused as error:
        raise Refused(WORD_OF_OAUTH_ERROR.get(error.error, "unexpected")) from error
    except AccessRevoked as error:
        raise Refused("token_refused") from error
    except AsanaError as error:
        raise Refused(error.word) from error


async def in_time(question: Coroutine[Any, Any, T]) -> T:
    """Raises TimeoutError. In a task of its own: httpx has cancel scopes, which a time-out around them can upset."""
    return await asyncio.wait_for(asyncio.create_task(question), TIMEOUT_SECONDS)
