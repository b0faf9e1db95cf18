"""Asana's OAuth: the address to send somebody to, and the four requests around tokens.

https://developers.asana.com/docs/oauth
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from urllib.parse import urlencode

import httpx
import msgspec

from app.integrations.asana.answers import Gid
from app.integrations.asana.client import decoded
from app.integrations.asana.errors import AuthorizationRefused, RateLimited, Unavailable, error_of
from app.integrations.asana.http import AsanaHttp

Answer = TypeVar("Answer")

# Asana's granular scopes do not cover sections, memberships and events: the application has to be registered with
# full permissions, and then this is the one scope that it may ask for.
SCOPE = "default"


class Identity(msgspec.Struct):
    """The person who allowed it. The answer's `id` is a number in some versions of the API, `gid` is always text."""

    gid: Gid
    name: str | None = None
    email: str | None = None


@dataclass(frozen=True)
class Tokens:
    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    expires_at: datetime | None
    identity: Identity | None = None


class TokenInfo(msgspec.Struct):
    active: bool = False
    scope: str = ""

    @property
    def has_full_permissions(self) -> bool:
        return SCOPE in self.scope.split()


class _TokenAnswer(msgspec.Struct):
    access_token: str
    expires_in: int = 3600
    refresh_token: str | None = None
    data: Identity | None = None


class _OAuthRefusal(msgspec.Struct):
    error: str
    error_description: str = ""


def new_verifier() -> str:
    return secrets.token_urlsafe(48)


def challenge_of(verifier: str) -> str:
    """S256 of RFC 7636."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def authorization_url(oauth_url: str, client_id: str, *, state: str, challenge: str, redirect_uri: str) -> str:
    """Where the administrator's browser goes to be asked for consent."""
    query = {
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "state": state,
        "scope": SCOPE,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return f"{oauth_url}/oauth_authorize?{urlencode(query)}"


class AsanaOAuth:
    """One registered application. Every request raises AuthorizationRefused (with RFC 6749's word), RateLimited,
    Unavailable or UnexpectedAnswer.
    """

    def __init__(self, http: AsanaHttp, client_id: str, client_secret: str) -> None:
        self._http = http
        self._client_id = client_id
        self._client_secret = client_secret

    async def exchange_code(self, code: str, verifier: str, redirect_uri: str) -> Tokens:
        return await self._tokens(
            grant_type="authorization_code", code=code, code_verifier=verifier, redirect_uri=redirect_uri
        )

    async def refresh(self, refresh_token: str) -> Tokens:
        """`refresh_token` of the answer is None where the old one goes on being valid."""
        return await self._tokens(grant_type="refresh_token", refresh_token=refresh_token)

    async def revoke(self, refresh_token: str) -> None:
        """Ends everything that was allowed. Asana takes refresh tokens here, and does not mind unknown ones."""
        await self._post("oauth_revoke", **self._application(), token=refresh_token)

    async def token_info(self, access_token: str) -> TokenInfo:
        return decoded(await self._post("token_info", token=access_token), TokenInfo)

    async def _tokens(self, **form: str) -> Tokens:
        asked_at = datetime.now(UTC)
        answer = decoded(await self._post("oauth_token", **self._application(), **form), _TokenAnswer)
        return Tokens(
            access_token=answer.access_token,
            refresh_token=answer.refresh_token,
            expires_at=asked_at + timedelta(seconds=answer.expires_in),
            identity=answer.data,
        )

    def _application(self) -> dict[str, str]:
        return {"client_id": self._client_id, "client_secret": self._client_secret}

    async def _post(self, path: str, **form: str) -> httpx.Response:
        """Asked once: a code and a refresh token may be good for one use only."""
        try:
            response = await self._http.request("POST", path, form=form)
        except httpx.RequestError as error:
            raise Unavailable(f"{path}: {type(error).__name__}") from error
        if response.status_code != 200:
            raise refusal_of(response)
        return response


def refusal_of(response: httpx.Response) -> Exception:
    """Asana's OAuth side refuses in RFC 6749's shape, not in the envelope of the API."""
    error = error_of(response)
    if isinstance(error, Unavailable | RateLimited):
        return error
    try:
        refusal = msgspec.json.decode(response.content, type=_OAuthRefusal)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return error
    return AuthorizationRefused(refusal.error, refusal.error_description[:200])
