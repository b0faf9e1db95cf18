"""Up to ten requests in one. Each counts as a request of its own; one too many refuses them all."""

import inspect
from typing import Any

import msgspec

from app.asana_sandbox.world import UnknownObjectError

from .call import Answer, Call
from .errors import ApiError, bad_value, no_route, too_many_requests, unknown_object
from .routes import endpoint, find_route
from .scopes import check_scope
from .search import is_search

MOST_ACTIONS = 10


class Options(msgspec.Struct):
    limit: int | None = None
    offset: str | None = None
    fields: list[str] | None = None


class Action(msgspec.Struct):
    relative_path: str
    method: str = "GET"
    data: dict[str, Any] = {}
    options: Options = msgspec.field(default_factory=Options)

    def query(self) -> dict[str, str]:
        options = {"limit": self.options.limit, "offset": self.options.offset}
        fields = ",".join(self.options.fields) if self.options.fields else None
        given = {**self.data, **options, "opt_fields": fields}
        return {name: _text(value) for name, value in given.items() if value is not None}


@endpoint("POST", "/batch")
async def create_batch(call: Call) -> Answer:
    actions = _actions(call)
    gate, token = call.sandbox.gate, call.grant.token
    waits = [gate.wait_before(token) for _ in actions[1:]]
    waits += [gate.wait_before_search(token) for each in actions if is_search(each.method.upper(), each.relative_path)]
    if any(waits):
        raise too_many_requests(max(wait or 1 for wait in waits))
    return {"data": [await _performed(call, action) for action in actions]}


def _actions(call: Call) -> list[Action]:
    try:
        actions = msgspec.convert(call.data().get("actions"), list[Action])
    except msgspec.ValidationError as error:
        raise bad_value("actions", str(error)) from None
    if not 1 <= len(actions) <= MOST_ACTIONS:
        raise bad_value("actions", "Must contain between 1 and 10 actions")
    return actions


async def _performed(call: Call, action: Action) -> Answer:
    try:
        status, body = await _answer(call, action)
    except UnknownObjectError as error:
        refusal = unknown_object(error.kind, error.gid)
        status, body = refusal.status, refusal.body
    except ApiError as error:
        status, body = error.status, error.body
    return {"status_code": status, "headers": {}, "body": body}


async def _answer(call: Call, action: Action) -> tuple[int, Answer]:
    method, query = action.method.upper(), action.query()
    found = find_route(method, action.relative_path)
    if found.route.template == "/batch":
        raise no_route()
    body = msgspec.json.encode({"data": action.data})
    if method != "GET":
        query = {}
    found.check_parameters(query)
    check_scope(call.grant, found.route)
    inner = Call(call.sandbox, call.grant, action.relative_path, query, body, call.view.base_url)
    with call.world.lock:
        answer = found.route.answer(inner, *found.gids)
    return found.route.status, await answer if inspect.isawaitable(answer) else answer


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
