"""The control side from outside: the same verbs as the world's own, over HTTP."""

import inspect
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import httpx

from .gate import FailureKind
from .world import VERBS, World

if TYPE_CHECKING:
    # To a type checker the control has the world's verbs, with their arguments; it sends them instead of doing them.
    Verbs = World
else:
    Verbs = object


class ControlError(Exception):
    """The sandbox refused: something it does not know, or a verb that makes no sense."""


class SandboxControl(Verbs):
    """`control.rename_task(gid, "New name")`, `control.add_task(project, "Name")` and every other verb of World."""

    def __init__(self, base_url: str) -> None:
        self._http = httpx.Client(base_url=f"{base_url}/_sandbox", timeout=30, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def __getattr__(self, name: str) -> Any:
        if name not in VERBS:
            raise AttributeError(name)
        signature = inspect.signature(getattr(World, name))

        def send(*args: Any, **kwargs: Any) -> Any:
            arguments = dict(signature.bind(self, *args, **kwargs).arguments)
            del arguments["self"]
            return self._do(name, **arguments)

        return send

    def tree_for(self, person: str) -> list[dict[str, Any]]:
        """What that person may see: workspaces, projects, sections, tasks, subtasks."""
        return list(_checked(self._http.get(f"/tree/{person}")))

    def people(self) -> list[dict[str, Any]]:
        """gid, name, email and personal token of everyone."""
        return list(_checked(self._http.get("/people")))

    def find(self, name: str, kind: str | None = None) -> str:
        """The gid of the one thing of that name: a user, workspace, team, project, section, task or tag."""
        found = self._do("find", name=name, kind=kind)
        if len(found) != 1:
            raise ControlError(f"{len(found)} things are called {name!r}")
        return str(found[0]["gid"])

    def personal_token(self, name: str) -> str:
        return next(str(each["personal_token"]) for each in self.people() if each["name"] == name)

    def fail_next(
        self,
        status: int = 500,
        *,
        kind: FailureKind = "status",
        times: int = 1,
        match: str = "",
        skip: int = 0,
        retry_after: int | None = 1,
        seconds: float = 0.0,
    ) -> None:
        """The next `times` requests in whose path the pattern `match` is found fail, after `skip` of them went well.

        `kind`: status (answers `status`; 429 with `retry_after`, or without where it is None), cut (the body stops
        half-way), slow (waits `seconds`), not_json, reset (the connection is gone), strange (with fields and values
        that nobody knows), bare (rows of nothing but gid), null (every other field is null), expiring (a page whose
        offset is refused).
        """
        self._do(
            "fail_next",
            status=status,
            kind=kind,
            times=times,
            match=match,
            skip=skip,
            retry_after=retry_after,
            seconds=seconds,
        )

    def set_latency(self, milliseconds: float) -> None:
        self._do("set_latency", milliseconds=milliseconds)

    def set_rate(self, per_minute: int | None) -> None:
        self._do("set_rate", per_minute=per_minute)

    def set_concurrency(self, reads: int | None = 50, writes: int | None = 15) -> None:
        self._do("set_concurrency", reads=reads, writes=writes)

    def count_rows_in_offsets(self, really: bool = True) -> None:
        """Whether what comes or goes while a list is read makes its next page repeat or skip rows."""
        self._do("count_rows_in_offsets", really=really)

    def set_search_lag(self, seconds: float) -> None:
        """How long it takes until search finds by what has happened; Asana says 10 to 60 seconds."""
        self._do("set_search_lag", seconds=seconds)

    def revoke_tokens(self, person: str | None = None) -> int:
        """All tokens of a person, or of everyone, personal ones too: the next request is 401."""
        return int(self._do("revoke_tokens", person=person))

    def expire_access_tokens(self, person: str | None = None) -> int:
        return int(self._do("expire_access_tokens", person=person))

    def expire_offsets(self) -> None:
        self._do("expire_offsets")

    def heartbeat(self) -> None:
        """Every webhook gets an empty delivery now."""
        self._do("heartbeat")

    def reset(self) -> None:
        """Back to the seed, without limits, latency or ordered failures."""
        self._do("reset")

    def requests(self) -> dict[str, Any]:
        """How many requests the API had: `total`, `by_route`, `by_status`, `by_failure` (as ordered), `most_at_once`,
        and the `last` 200.
        """
        return dict(_checked(self._http.get("/requests")))

    def stop_failing(self) -> None:
        """Whatever failures were ordered and have not happened yet."""
        self._do("stop_failing")

    def forget_requests(self) -> None:
        self._do("forget_requests")

    def _do(self, verb: str, /, **arguments: Any) -> Any:
        return _checked(self._http.post(f"/do/{verb}", json=arguments))["result"]


def _checked(response: httpx.Response) -> Any:
    if response.is_error:
        raise ControlError(response.text)
    return response.json()
