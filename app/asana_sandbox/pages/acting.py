"""As whom somebody looks at the sandbox: one of its people, switched at will, remembered in a cookie."""

from typing import Any

from litestar import Request

from app.asana_sandbox.model import Person
from app.asana_sandbox.world import World

COOKIE = "sandbox_acting_as"


def acting_person(request: Request[Any, Any, Any], world: World) -> Person:
    people = world.state.people
    return people.get(request.cookies.get(COOKIE, "")) or next(iter(people.values()))
