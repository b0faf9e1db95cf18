"""The table of endpoints, and how a path finds its own."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from .call import Answer
from .errors import ApiError, no_route, unknown_parameter

Endpoint = Callable[..., "Answer | Awaitable[Answer]"]
EVERYWHERE = frozenset({"opt_fields", "opt_pretty", "pretty"})
PAGED = ("limit", "offset")
# Among the parameters of an endpoint: it ignores those it does not know.
ANY_OTHER = "*"


class Route(NamedTuple):
    method: str
    template: str
    segments: tuple[str, ...]
    parameters: frozenset[str]
    answer: Endpoint
    status: int

    def match(self, segments: list[str]) -> list[str] | None:
        gids = []
        for expected, given in zip(self.segments, segments, strict=True):
            if expected == "*":
                gids.append(given)
            elif expected != given:
                return None
        return gids


class Found(NamedTuple):
    route: Route
    gids: list[str]

    def check_parameters(self, query: dict[str, str]) -> None:
        if ANY_OTHER in self.route.parameters:
            return
        for name in query:
            if name not in self.route.parameters:
                raise unknown_parameter(name)


ROUTES: dict[tuple[str, int], list[Route]] = {}


def endpoint(method: str, template: str, *parameters: str, status: int = 200) -> Callable[[Endpoint], Endpoint]:
    """Registers what answers `method` on a path like `/projects/*/sections`; each star becomes an argument."""

    def register(answer: Endpoint) -> Endpoint:
        segments = tuple(template.strip("/").split("/"))
        route = Route(method, template, segments, EVERYWHERE | set(parameters), answer, status)
        ROUTES.setdefault((method, len(segments)), []).append(route)
        return answer

    return register


def find_route(method: str, path: str) -> Found:
    segments = path.strip("/").split("/")
    for route in ROUTES.get((method, len(segments)), []):
        gids = route.match(segments)
        if gids is not None:
            return Found(route, gids)
    raise no_route()


def template_of(method: str, path: str) -> str:
    """The path with its ids left out, for counting."""
    try:
        return find_route(method, path).route.template
    except ApiError:
        return "unknown route"
