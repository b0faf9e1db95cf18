"""Authorization codes and tokens: who was let in, by which application, for how long."""

import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import urlsplit

from .model import AuthorizationCode, Gid, Grant
from .world import World

CODE_LIFE = 600.0
ACCESS_LIFE = 3600.0


@dataclass(frozen=True)
class OAuthClient:
    """An application registered at Asana; `scopes` is `default` for one with full permissions."""

    id: str
    secret: str
    name: str = "Sundial"
    # Exact addresses. With none, any loopback address will do.
    redirect_uris: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ("default", "identity", "openid", "email", "profile")

    def allows_redirect(self, uri: str) -> bool:
        if self.redirect_uris:
            return uri in self.redirect_uris
        parts = urlsplit(uri)
        return parts.scheme in ("http", "https") and parts.hostname in ("127.0.0.1", "localhost", "::1")

    def forbidden_scopes(self, scope: str) -> list[str]:
        return [each for each in scope.split() if each not in self.scopes]


DEFAULT_CLIENT = OAuthClient("1200000000000001", "sandbox-secret")
# Registered without full permissions, as an administrator may do by mistake.
GRANULAR_CLIENT = OAuthClient(
    "1200000000000002",
    "sandbox-secret",
    scopes=("users:read", "workspaces:read", "teams:read", "projects:read", "tasks:read", "tags:read"),
)


class OAuthError(Exception):
    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.status = status
        self.body = {
            "error": error,
            "error_uri": "https://asana.com/developers/documentation/getting-started/authentication",
            "error_description": description,
        }


@dataclass
class Grants:
    world: World
    clients: dict[str, OAuthClient] = field(default_factory=lambda: {DEFAULT_CLIENT.id: DEFAULT_CLIENT})
    access_life: float = ACCESS_LIFE
    code_life: float = CODE_LIFE

    def _now(self) -> float:
        return self.world.clock().timestamp()

    def authenticate(self, token: str) -> Grant | None:
        """The grant of an access or personal token, expired or not."""
        grant = self.world.state.grants.get(token)
        return grant if grant and grant.kind != "refresh" else None

    def is_expired(self, grant: Grant) -> bool:
        return grant.expires_at is not None and grant.expires_at <= self._now()

    def new_code(self, client: OAuthClient, redirect_uri: str, person: Gid, scope: str, challenge: str | None) -> str:
        with self.world.lock:
            self._forget_old()
            expires_at = self._now() + self.code_life
            code = AuthorizationCode(
                f"2/{person}/{secrets.token_hex(12)}", client.id, redirect_uri, person, scope, expires_at, challenge
            )
            self.world.state.codes[code.code] = code
            self.world.revision += 1
        return code.code

    def redeem(self, client: OAuthClient, code: str, redirect_uri: str, verifier: str | None) -> Grant:
        with self.world.lock:
            known = self.world.state.codes.get(code)
            if known is None or known.client_id != client.id or known.is_used:
                raise OAuthError("invalid_grant", "The `code` provided was invalid.")
            known.is_used = True
            self.world.revision += 1
            if known.expires_at <= self._now():
                raise OAuthError("invalid_grant", "The `code` provided has expired.")
            if known.redirect_uri != redirect_uri:
                raise OAuthError("invalid_grant", "The `redirect_uri` does not match the authorization request.")
            if known.challenge and not _matches(known.challenge, verifier or ""):
                raise OAuthError("invalid_grant", "The `code_verifier` provided was invalid.")
            return self._issue(client, known.person, known.scope)

    def refresh(self, client: OAuthClient, token: str) -> Grant:
        """A new access token; the refresh token stays the same."""
        with self.world.lock:
            known = self.world.state.grants.get(token)
            if known is None or known.kind != "refresh" or known.client_id != client.id:
                raise OAuthError("invalid_grant", "The `refresh_token` provided was invalid.")
            return self._issue_access(client, known)

    def revoke(self, client: OAuthClient, token: str) -> None:
        """Takes refresh tokens, and says nothing when there is no such token."""
        with self.world.lock:
            known = self.world.state.grants.get(token)
            if known and known.kind == "access":
                raise OAuthError("invalid_request", "Access tokens cannot be revoked; give the refresh token.")
            if known and known.client_id == client.id:
                self._drop(known)

    def revoke_all(self, person: Gid | None = None) -> int:
        """Everything issued to a person, or to anyone; personal tokens too. The number of tokens gone."""
        with self.world.lock:
            gone = [each for each in self.world.state.grants.values() if person in (None, each.person)]
            for grant in gone:
                self.world.state.grants.pop(grant.token, None)
            self.world.revision += 1
        return len(gone)

    def expire_access(self, person: Gid | None = None) -> int:
        with self.world.lock:
            grants = self.world.state.grants.values()
            stale = [g for g in grants if g.kind == "access" and person in (None, g.person)]
            for grant in stale:
                grant.expires_at = self._now() - 1
            self.world.revision += 1
        return len(stale)

    def info(self, token: str) -> dict[str, object]:
        grant = self.world.state.grants.get(token)
        if grant is None or self.is_expired(grant):
            return {"active": False}
        expires_at = grant.expires_at or self._now() + self.access_life
        return {
            "active": True,
            "token_type": "bearer",
            "client_id": grant.client_id,
            "scope": grant.scope,
            "exp": int(expires_at),
            "expires_in": int(expires_at - self._now()),
        }

    def _issue(self, client: OAuthClient, person: Gid, scope: str) -> Grant:
        refresh = Grant(f"2/{person}/refresh:{secrets.token_hex(16)}", "refresh", person, client.id, scope)
        self.world.state.grants[refresh.token] = refresh
        return self._issue_access(client, refresh)

    def _issue_access(self, client: OAuthClient, refresh: Grant) -> Grant:
        access = Grant(
            token=f"2/{refresh.person}/{secrets.token_hex(16)}",
            kind="access",
            person=refresh.person,
            client_id=client.id,
            scope=refresh.scope,
            expires_at=self._now() + self.access_life,
            refresh_token=refresh.token,
        )
        self.world.state.grants[access.token] = access
        self.world.revision += 1
        return access

    def _drop(self, refresh: Grant) -> None:
        grants = self.world.state.grants
        for token in [t for t, grant in grants.items() if grant.refresh_token == refresh.token]:
            del grants[token]
        del grants[refresh.token]
        self.world.revision += 1

    def _forget_old(self) -> None:
        """Expired tokens are kept for a day: until then their answer is `expired`, not `unknown`."""
        now, state = self._now(), self.world.state
        state.codes = {code: each for code, each in state.codes.items() if each.expires_at > now - CODE_LIFE}
        state.grants = {
            token: each
            for token, each in state.grants.items()
            if each.expires_at is None or each.expires_at > now - 86_400
        }


def _matches(challenge: str, verifier: str) -> bool:
    digest = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return hmac.compare_digest(digest.encode(), challenge.encode())
