"""Who is asking: the session cookie, and the person behind it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from app import database
from app.accounts.models import Role, Session, User
from app.crypto import new_token, token_hash
from app.settings import load_settings
from app.web.filters import initials

COOKIE = "sundial_session"
LIFETIME = timedelta(days=30)
# The row is touched at most this often, so that reading a page does not write one.
SEEN_EVERY = timedelta(minutes=10)


@dataclass(frozen=True)
class CurrentUser:
    """The person who asks, as every page needs them."""

    id: int
    account_id: int
    account_name: str
    name: str
    email: str
    role: str
    timezone: str
    week_start: int
    clock_24h: bool
    timer_limit: int
    shortcuts: bool
    session_id: int

    @property
    def is_administrator(self) -> bool:
        return self.role == Role.administrator

    @property
    def initials(self) -> str:
        return initials(self.name)


# The request of a handler whose guard lets nobody else in.
UserRequest = Request[CurrentUser, Any, Any]

CURRENT_USER = """
    SELECT person.id, account.id AS account_id, account.name AS account_name, person.name, person.email, person.role,
           person.timezone, person.week_start, person.clock_24h, person.timer_limit, person.shortcuts,
           session.id AS session_id, session.last_seen_at
    FROM session
    JOIN person ON person.id = session."user"
    JOIN account ON account.id = person.account
    WHERE session.token_hash = $1 AND session.expires_at > now() AND person.deactivated_at IS NULL
"""


async def user_of_session(token: str | None) -> CurrentUser | None:
    if not token:
        return None
    row = await database.fetch_one(CURRENT_USER, token_hash(token))
    if row is None:
        return None
    values = dict(row)
    last_seen_at = values.pop("last_seen_at")
    user = CurrentUser(**values)
    if datetime.now(UTC) - last_seen_at > SEEN_EVERY:
        await touch(user)
    return user


async def touch(user: CurrentUser) -> None:
    now = datetime.now(UTC)
    await Session.update({Session.last_seen_at: now, Session.expires_at: now + LIFETIME}).where(
        Session.id == user.session_id
    )
    await User.update({User.last_seen_at: now}).where(User.id == user.id)


class Authentication(ASGIMiddleware):
    """Puts the current user, or None, in the scope. Refusing is the guards' business."""

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        if not scope["path"].startswith(("/static/", "/health", "/metrics")):
            connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(scope, receive, send)
            scope["user"] = await user_of_session(connection.cookies.get(COOKIE))
        await next_app(scope, receive, send)


async def sign_in(request: Request[Any, Any, Any], response: Response[Any], user: User) -> None:
    """A fresh session; the one that the browser had before ends, so that a planted cookie is worth nothing."""
    await end_session(request.cookies.get(COOKIE))
    token, now = new_token(), datetime.now(UTC)
    await Session(user=user.id, token_hash=token_hash(token), expires_at=now + LIFETIME).save()
    await User.update({User.last_seen_at: now}).where(User.id == user.id)
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(LIFETIME.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=load_settings().https,
    )


async def sign_out(request: Request[Any, Any, Any], response: Response[Any]) -> None:
    await end_session(request.cookies.get(COOKIE))
    response.delete_cookie(COOKIE)


async def end_session(token: str | None) -> None:
    if token:
        await Session.delete().where(Session.token_hash == token_hash(token))


async def end_sessions(user_id: int, *, but: int | None = None) -> None:
    """Signs the person out everywhere, perhaps but for the session that asks."""
    ended = Session.delete().where(Session.user == user_id)
    await (ended if but is None else ended.where(Session.id != but))
