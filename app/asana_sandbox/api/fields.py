"""opt_fields: which fields of an object an answer holds.

Without opt_fields a single object comes whole and a listed one compact. With it only the gid and what was asked
for come; a name that is not a field is silently left out. A related object asked for bare is compact.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from .view import View


class Absent:
    """The answer has no such key at all, unlike null."""


ABSENT = Absent()


class Field(NamedTuple):
    read: Callable[["View", Any], Any]
    # Of related objects: what they are, and whether there are several.
    kind: str | None = None
    is_many: bool = False
    # Comes only when asked for by name.
    is_opt_in: bool = False


class Kind(NamedTuple):
    fields: dict[str, Field]
    compact: tuple[str, ...] = ("name", "resource_type")
    has_gid: bool = True


class Step(NamedTuple):
    name: str
    field: Field
    below: "Plan | None"


Plan = tuple[Step, ...]
Wanted = dict[str, "Wanted"]
GID = Field(lambda view, thing: thing.gid)
KINDS: dict[str, Kind] = {}
GROUP = re.compile(r"\(([^()]*)\)")
COMMA_OUTSIDE_GROUPS = re.compile(r",(?![^(]*\))")


def render(view: "View", thing: Any, plan: Plan) -> dict[str, Any]:
    answer = {}
    for name, field, below in plan:
        value = field.read(view, thing)
        if value is ABSENT:
            continue
        if below is not None and value is not None:
            many = field.is_many
            value = [render(view, each, below) for each in value] if many else render(view, value, below)
        answer[name] = value
    return answer


@lru_cache(maxsize=2000)
def plan_for(kind: str, opt_fields: str | None, is_whole: bool) -> Plan:
    if opt_fields is not None:
        return _asked(kind, _wanted(opt_fields))
    return _whole(kind) if is_whole else _compact(kind)


def _wanted(opt_fields: str) -> Wanted:
    tree: Wanted = {}
    for part in COMMA_OUTSIDE_GROUPS.split(opt_fields):
        for path in _expand(part.strip()):
            branch = tree
            for name in path.removeprefix("this.").split("."):
                branch = branch.setdefault(name, {})
    return tree


def _expand(path: str) -> list[str]:
    group = GROUP.search(path)
    if not group:
        return [path]
    ways = group[1].split("|")
    return [each for way in ways for each in _expand(path[: group.start()] + way + path[group.end() :])]


def _asked(kind: str, wanted: Wanted) -> Plan:
    fields, steps = KINDS[kind].fields, _gid(kind)
    for name, below in wanted.items():
        field = fields.get(name)
        if field and name != "gid":
            steps.append(Step(name, field, _below(field, below)))
    return tuple(steps)


def _below(field: Field, wanted: Wanted) -> Plan | None:
    if field.kind is None:
        return None
    return _asked(field.kind, wanted) if wanted else _compact(field.kind)


@lru_cache
def _compact(kind: str) -> Plan:
    fields = KINDS[kind].fields
    steps = _gid(kind) + [Step(name, fields[name], _below(fields[name], {})) for name in KINDS[kind].compact]
    return tuple(steps)


@lru_cache
def _whole(kind: str) -> Plan:
    fields = KINDS[kind].fields.items()
    steps = [Step(name, field, _below(field, {})) for name, field in fields if not field.is_opt_in]
    return tuple(_gid(kind) + steps)


def _gid(kind: str) -> list[Step]:
    return [Step("gid", GID, None)] if KINDS[kind].has_gid else []


def same(name: str, *, is_opt_in: bool = False) -> Field:
    """A field that is an attribute of that name."""
    return Field(lambda view, thing: getattr(thing, name), is_opt_in=is_opt_in)


def fixed(value: Any, *, is_opt_in: bool = False) -> Field:
    return Field(lambda view, thing: value, is_opt_in=is_opt_in)


def related(read: Callable[["View", Any], Any], kind: str, *, is_opt_in: bool = False) -> Field:
    return Field(read, kind, is_opt_in=is_opt_in)


def many(read: Callable[["View", Any], Any], kind: str, *, is_opt_in: bool = False) -> Field:
    return Field(read, kind, is_many=True, is_opt_in=is_opt_in)
