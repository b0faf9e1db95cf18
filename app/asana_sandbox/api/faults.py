"""Answers that break on the way (cut short, late, no JSON at all, a connection that is gone) or that nobody expects."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from app.asana_sandbox.gate import Failure

if TYPE_CHECKING:
    from litestar.types import Scope, Send

HTML = b"<!doctype html><title>Asana</title><h1>We'll be right back</h1>"
JSON = b"application/json; charset=UTF-8"
# What kinds of things there are, Asana adds to now and then.
OPEN_ENUMS = {"resource_subtype", "color", "icon", "privacy_setting", "default_view", "action"}


async def fail(failure: Failure, body: bytes, scope: "Scope", send: "Send", status: int = 200) -> None:
    """In place of the answer that would have been `status` with `body`."""
    if failure.kind == "reset":
        await _hang_up(scope, "abort")
    elif failure.kind == "cut":
        await _start(send, 200, len(body))
        await _body(send, body[: len(body) // 2], more=True)
        await _hang_up(scope, "close")
    elif failure.kind == "not_json":
        await _whole(send, 200, HTML, b"text/html")
    else:
        await asyncio.sleep(failure.seconds)
        changed = CHANGES.get(failure.kind)
        await _whole(send, status, _rewritten(body, changed) if changed else body)


def _rewritten(body: bytes, change: Callable[[Any], Any]) -> bytes:
    answer = msgspec.json.decode(body)
    if "data" in answer:
        rows = answer["data"]
        answer["data"] = [change(row) for row in rows] if isinstance(rows, list) else change(rows)
    return msgspec.json.encode({**answer, "weather": {"sky": "blue"}})


def _strange(value: Any) -> Any:
    if isinstance(value, list):
        return [_strange(each) for each in value]
    if not isinstance(value, dict):
        return value
    known = {name: "unheard_of" if name in OPEN_ENUMS else _strange(each) for name, each in value.items()}
    return {**known, "resource_subtype": "unheard_of", "mood": {"gid": "sunny", "reasons": [1, None]}}


def _bare(row: dict[str, Any]) -> dict[str, Any]:
    return {"gid": row["gid"]} if "gid" in row else {}


def _null(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value if name == "gid" else None for name, value in row.items()}


CHANGES: dict[str, Callable[[Any], Any]] = {"strange": _strange, "bare": _bare, "null": _null}


async def _hang_up(scope: "Scope", how: str) -> None:
    """Closes the connection under the server, which then finds it gone and says nothing more."""
    extensions: dict[str, Any] = dict(scope.get("extensions") or {})
    extensions["sandbox.connection"][how]()
    await asyncio.sleep(0.05)


async def _whole(send: "Send", status: int, body: bytes, content_type: bytes = JSON) -> None:
    await _start(send, status, len(body), content_type)
    await _body(send, body)


async def _start(send: "Send", status: int, length: int, content_type: bytes = JSON) -> None:
    headers = [(b"content-type", content_type), (b"content-length", str(length).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})


async def _body(send: "Send", body: bytes, *, more: bool = False) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": more})
