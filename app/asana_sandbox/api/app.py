"""The API as one ASGI application: it decides who calls, whether they may now, answers, and writes it down."""

import asyncio
import inspect
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import msgspec

from app.asana_sandbox.gate import Failure, LoggedRequest
from app.asana_sandbox.model import Grant
from app.asana_sandbox.parts import Sandbox
from app.asana_sandbox.world import UnknownObjectError

from . import batch as batch
from . import events as events
from . import people as people
from . import projects as projects
from . import search as search
from . import tasks as tasks
from . import webhooks as webhooks
from .call import Answer, Call
from .errors import ApiError, not_authorized, server_error, token_expired, too_many_requests, unknown_object
from .faults import fail
from .routes import Found, find_route, template_of
from .scopes import check_scope

if TYPE_CHECKING:
    from litestar.types import Receive, Scope, Send

PREFIX = "/api/1.0"
CONTENT_TYPE = (b"content-type", b"application/json; charset=UTF-8")


class Request(msgspec.Struct):
    method: str
    path: str
    query: str
    token: str
    base_url: str
    body: bytes


class Reply(msgspec.Struct):
    status: int
    body: bytes
    headers: dict[str, str] = msgspec.field(default_factory=dict)
    person: str | None = None


class Api:
    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.gate = sandbox.gate

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        request = await _read(scope, receive)
        started = time.perf_counter()
        failure = self.gate.failure_for(request.path)
        reply = _failed(failure) if failure else None
        reply = reply or await self._guarded(request)
        self._note(request, reply, started)
        if failure and failure.kind == "expiring":
            self.sandbox.world.state.offset_generation += 1
        if failure and failure.kind != "status":
            await fail(failure, reply.body, scope, send, reply.status)
        else:
            await _send(reply, send)

    async def _guarded(self, request: Request) -> Reply:
        with self.gate.room_for(request.token, request.method) as has_room:
            try:
                return await self._admitted(request, has_room)
            except ApiError as error:
                return _refusal(error)

    async def _admitted(self, request: Request, has_room: bool) -> Reply:
        grant = self._authenticate(request.token)
        wait = self.gate.wait_before(request.token, is_search=search.is_search(request.method, request.path))
        if wait is not None or not has_room:
            raise too_many_requests(wait or 1)
        if self.gate.limits.latency:
            await asyncio.sleep(self.gate.limits.latency)
        reply = await self._answered(request, grant)
        await self.sandbox.store.save_if_changed()
        return reply

    def _authenticate(self, token: str) -> Grant:
        grant = self.sandbox.grants.authenticate(token)
        if grant is None:
            raise not_authorized()
        if self.sandbox.grants.is_expired(grant):
            raise token_expired()
        return grant

    async def _answered(self, request: Request, grant: Grant) -> Reply:
        try:
            found = find_route(request.method, request.path)
            status, answer = await self._ask(found, request, grant)
            reply = Reply(status, msgspec.json.encode(answer))
        except ApiError as error:
            reply = _refusal(error)
        except UnknownObjectError as error:
            reply = _refusal(unknown_object(error.kind, error.gid))
        reply.person = grant.person
        return reply

    async def _ask(self, found: Found, request: Request, grant: Grant) -> tuple[int, Answer]:
        query = dict(parse_qsl(request.query, keep_blank_values=True))
        found.check_parameters(query)
        check_scope(grant, found.route)
        call = Call(self.sandbox, grant, request.path, query, request.body, request.base_url)
        with self.sandbox.world.lock:
            answer = found.route.answer(call, *found.gids)
        if inspect.isawaitable(answer):
            answer = await answer
        return found.route.status, answer

    def _note(self, request: Request, reply: Reply, started: float) -> None:
        milliseconds = (time.perf_counter() - started) * 1000
        logged = LoggedRequest(
            request.method, request.path, request.query, reply.status, reply.person, round(milliseconds, 1)
        )
        self.gate.note(logged, template_of(request.method, request.path))


def _failed(failure: Failure) -> Reply | None:
    """The answer of an ordered failure with a status; the other kinds spoil a real answer."""
    if failure.kind != "status":
        return None
    if failure.status == 429:
        return _refusal(too_many_requests(failure.retry_after))
    if failure.status == 401:
        return _refusal(not_authorized())
    error = server_error() if failure.status >= 500 else ApiError(failure.status, "Refused on request")
    error.status = failure.status
    return _refusal(error)


def _refusal(error: ApiError) -> Reply:
    return Reply(error.status, msgspec.json.encode(error.body), error.headers)


async def _read(scope: "Scope", receive: "Receive") -> Request:
    headers: dict[bytes, bytes] = dict(scope["headers"])
    scheme, _, token = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    return Request(
        method=scope["method"],  # type: ignore[typeddict-item]
        path=scope["path"].removeprefix(PREFIX).rstrip("/"),
        query=scope["query_string"].decode("latin-1"),
        token=token.strip() if scheme.lower() == "bearer" else "",
        base_url=f"{scope['scheme']}://{headers.get(b'host', b'127.0.0.1').decode('latin-1')}",
        body=await _body(receive),
    )


async def _body(receive: "Receive") -> bytes:
    body = b""
    while True:
        message: dict[str, Any] = dict(await receive())
        body += bytes(message.get("body", b""))
        if not message.get("more_body"):
            return body


async def _send(reply: Reply, send: "Send") -> None:
    headers = [CONTENT_TYPE, (b"content-length", str(len(reply.body)).encode())]
    headers += [(name.lower().encode(), value.encode()) for name, value in reply.headers.items()]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body, "more_body": False})
