"""The control side, under /_sandbox/: every verb of the world and every disturbance, as JSON over HTTP.

It has no password. The sandbox is a tool for one machine and is only ever bound to 127.0.0.1.
"""

from collections.abc import Callable
from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from .gate import Failure
from .parts import Sandbox
from .world import VERBS, RefusedError, UnknownObjectError, tree_for

Arguments = dict[str, Any]


class Control:
    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.world = sandbox.world

    def order(self, name: str, arguments: Arguments) -> Any:
        """Does one thing by its name: a verb of the world, or one of the disturbances below."""
        if name in VERBS:
            return getattr(self.world, name)(**arguments)
        if name in DISTURBANCES:
            return DISTURBANCES[name](self, **arguments)
        raise UnknownObjectError("verb", name)

    def fail_next(self, **order: Any) -> None:
        self.sandbox.gate.fail_next(Failure(**order))

    def set_latency(self, milliseconds: float) -> None:
        self.sandbox.gate.limits.latency = milliseconds / 1000

    def set_rate(self, per_minute: int | None) -> None:
        self.sandbox.gate.set_rate(per_minute)

    def set_concurrency(self, reads: int | None, writes: int | None) -> None:
        self.sandbox.gate.limits.reads_at_once = reads
        self.sandbox.gate.limits.writes_at_once = writes

    def count_rows_in_offsets(self, really: bool) -> None:
        self.sandbox.gate.limits.offsets_count_rows = really

    def set_search_lag(self, seconds: float) -> None:
        self.sandbox.index.set_lag(seconds)

    def revoke_tokens(self, person: str | None = None) -> int:
        return self.sandbox.grants.revoke_all(person)

    def expire_access_tokens(self, person: str | None = None) -> int:
        return self.sandbox.grants.expire_access(person)

    def expire_offsets(self) -> None:
        self.world.state.offset_generation += 1

    def stop_failing(self) -> None:
        self.sandbox.gate.failures.clear()

    def forget_requests(self) -> None:
        self.sandbox.gate.forget()

    def heartbeat(self) -> None:
        self.sandbox.deliveries.beat()

    def reset(self) -> None:
        """Back to the beginning: the company, its tokens, the limits, and no disturbance."""
        self.sandbox.deliveries.forget()
        self.sandbox.index.forget()
        self.world.replace_state(self.sandbox.seed())
        self.sandbox.gate.reset()

    def find(self, name: str, kind: str | None = None) -> list[dict[str, str]]:
        """Everything of that name that is not in the trash."""
        state = self.world.state
        tables: dict[str, dict[str, Any]] = {
            "user": state.people,
            "workspace": state.workspaces,
            "team": state.teams,
            "project": state.projects,
            "section": state.sections,
            "task": state.tasks,
            "tag": state.tags,
        }
        return [
            {"gid": gid, "kind": each}
            for each, table in tables.items()
            for gid, thing in table.items()
            if kind in (None, each) and thing.name == name and not getattr(thing, "deleted_at", None)
        ]


DISTURBANCES: dict[str, Callable[..., Any]] = {
    "fail_next": Control.fail_next,
    "set_latency": Control.set_latency,
    "set_rate": Control.set_rate,
    "set_concurrency": Control.set_concurrency,
    "count_rows_in_offsets": Control.count_rows_in_offsets,
    "set_search_lag": Control.set_search_lag,
    "revoke_tokens": Control.revoke_tokens,
    "expire_access_tokens": Control.expire_access_tokens,
    "expire_offsets": Control.expire_offsets,
    "stop_failing": Control.stop_failing,
    "forget_requests": Control.forget_requests,
    "heartbeat": Control.heartbeat,
    "reset": Control.reset,
    "find": Control.find,
}


class ControlSide(Controller):
    path = "/_sandbox"
    include_in_schema = False

    @post("/do/{name:str}", status_code=200)
    async def do(
        self, name: FromPath[str], request: Request[Any, Any, Any], sandbox: NamedDependency[Sandbox]
    ) -> Response[Any]:
        arguments = await request.json() or {}
        try:
            result = Control(sandbox).order(name, arguments)
        except UnknownObjectError as error:
            return Response({"error": str(error)}, status_code=404)
        except (RefusedError, TypeError) as error:
            return Response({"error": str(error)}, status_code=422)
        await sandbox.store.save_if_changed()
        return Response({"result": result})

    @get("/tree/{person:str}", sync_to_thread=False)
    def tree(self, person: FromPath[str], sandbox: NamedDependency[Sandbox]) -> Response[Any]:
        try:
            return Response(tree_for(sandbox.world, person))
        except UnknownObjectError as error:
            return Response({"error": str(error)}, status_code=404)

    @get("/requests", sync_to_thread=False)
    def requests(self, sandbox: NamedDependency[Sandbox]) -> dict[str, Any]:
        return sandbox.gate.report()

    @get("/people", sync_to_thread=False)
    def people(self, sandbox: NamedDependency[Sandbox]) -> list[dict[str, Any]]:
        personal = {each.person: each.token for each in sandbox.world.state.grants.values() if each.kind == "personal"}
        return [
            {"gid": each.gid, "name": each.name, "email": each.email, "personal_token": personal.get(each.gid)}
            for each in sandbox.world.state.people.values()
        ]

    @get("/health", sync_to_thread=False)
    def health(self, sandbox: NamedDependency[Sandbox]) -> dict[str, int]:
        return {"tasks": len(sandbox.world.state.tasks), "projects": len(sandbox.world.state.projects)}
