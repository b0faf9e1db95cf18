"""Sentences that survive one redirect, carried in a short-lived signed cookie."""

import base64
import hashlib
import hmac
from typing import Any

import msgspec
from litestar import Request
from litestar.datastructures import Cookie, MutableScopeHeaders
from litestar.types import Message, Scope

from app.settings import load_settings

COOKIE = "sundial_flash"
Flash = tuple[str, str]


def flash(request: Request[Any, Any, Any], text: str, kind: str = "done") -> None:
    """Shows `text` on the next whole page. Kinds: done, notice, error."""
    pending(request).append((kind, text))


def pending(request: Request[Any, Any, Any]) -> list[Flash]:
    state: dict[str, Any] = request.scope.setdefault("state", {})
    flashes: list[Flash] = state.setdefault("flashes", [])
    return flashes


def take_flashes(request: Request[Any, Any, Any]) -> list[Flash]:
    """What this page shows: carried over from the last answer, or made by this very request."""
    carried = request.cookies.get(COOKIE)
    shown = [*(unpack(carried) if carried else ()), *pending(request)]
    pending(request).clear()
    if carried is not None:
        request.scope["state"]["flashes_shown"] = True
    return shown


async def carry_flashes(message: Message, scope: Scope) -> None:
    """Writes the cookie where sentences wait for the next page, and removes it where they were shown."""
    state: dict[str, Any] = scope.get("state", {})
    if message["type"] != "http.response.start":
        return
    if flashes := state.get("flashes"):
        set_cookie(message, pack(flashes), max_age=60)
    elif state.get("flashes_shown"):
        set_cookie(message, "", max_age=0)


def set_cookie(message: Message, value: str, max_age: int) -> None:
    cookie = Cookie(COOKIE, value=value, max_age=max_age, httponly=True, samesite="lax", secure=load_settings().https)
    MutableScopeHeaders.from_message(message).add("Set-Cookie", cookie.to_header(header=""))


def pack(flashes: list[Flash]) -> str:
    body = base64.urlsafe_b64encode(msgspec.json.encode(flashes)).decode()
    return f"{body}.{signature(body)}"


def unpack(cookie: str) -> list[Flash]:
    body, _, signed = cookie.partition(".")
    if not hmac.compare_digest(signed.encode(), signature(body).encode()):
        return []
    return msgspec.json.decode(base64.urlsafe_b64decode(body), type=list[Flash])


def signature(body: str) -> str:
    key = load_settings().secret_keys[0].encode()
    return hmac.new(key, b"flash:" + body.encode(), hashlib.sha256).hexdigest()[:32]
