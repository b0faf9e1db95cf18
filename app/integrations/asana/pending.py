"""An authorization that has begun: what has to be remembered until Asana sends the administrator back.

It lives in an encrypted cookie of the browser that began it, names the session that began it, and is good for one
return. So a link that somebody else prepared, with a code of theirs in it, leads nowhere.
"""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from litestar import Request, Response

from app.crypto import Unreadable, decrypt, encrypt
from app.integrations.asana.oauth import new_verifier
from app.settings import load_settings

COOKIE = "sundial_asana"
PATH = "/integrations/asana/authorization"
LIFETIME = timedelta(minutes=15)


class Pending(msgspec.Struct, frozen=True):
    state: str
    verifier: str
    session_id: int
    expires_at: datetime


def begin(session_id: int) -> Pending:
    return Pending(secrets.token_urlsafe(32), new_verifier(), session_id, datetime.now(UTC) + LIFETIME)


def remember(response: Response[Any], pending: Pending) -> None:
    response.set_cookie(
        COOKIE,
        encrypt(msgspec.json.encode(pending).decode()),
        path=PATH,
        max_age=int(LIFETIME.total_seconds()),
        httponly=True,
        # Asana's redirect is a navigation from another site: lax lets the cookie come along, strict would not.
        samesite="lax",
        secure=load_settings().https,
    )


def recall(request: Request[Any, Any, Any]) -> Pending | None:
    """None without a cookie, with one that is not ours, and with one that is too old."""
    try:
        pending = msgspec.json.decode(decrypt(request.cookies.get(COOKIE, "")), type=Pending)
    except (Unreadable, msgspec.MsgspecError):
        return None
    return pending if pending.expires_at > datetime.now(UTC) else None


def forget(response: Response[Any]) -> None:
    response.delete_cookie(COOKIE, path=PATH)
