"""Who may see an item and who may track on it.

A person has an item when they are assigned to it or to anything above one of its places. The question is always
asked from the item upward: a tree of a hundred thousand items is wide, but only a handful deep.
In every SQL here `$1` is the account and `$2` the person.
"""

# The SQL below is put together from pieces of this package; values are parameters.
# ruff: noqa: S608

from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from asyncpg import Record

from app import database
from app.projects.facts import FACTS, Facts, facts_in


class Person(Protocol):
    """What is asked of whoever asks; `CurrentUser` is one."""

    @property
    def id(self) -> int: ...
    @property
    def account_id(self) -> int: ...
    @property
    def is_administrator(self) -> bool: ...


class NotTrackable(Exception):
    """The person has the item, and yet it takes no time now; `reason` is the sentence that says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Way:
    """One way from a root down to an item: what stands above it, the root first."""

    ids: tuple[int, ...]
    names: tuple[str, ...]
    project_id: int | None
    is_assigned: bool
    is_open: bool

    @property
    def is_usable(self) -> bool:
        return self.is_assigned and self.is_open

    @property
    def steps(self) -> list[tuple[int, str]]:
        return list(zip(self.ids, self.names, strict=True))


@dataclass(frozen=True)
class Item(Facts):
    """A work item together with the places where it stands."""

    ways: tuple[Way, ...] = field(default=(), repr=False)
    dom_name: ClassVar[str] = "work_item"

    @property
    def is_assigned(self) -> bool:
        return any(way.is_assigned for way in self.ways)

    @property
    def usable_ways(self) -> list[Way]:
        return [way for way in self.ways if way.is_usable]

    def project_for(self, asked: int | None) -> int | None:
        """The project that time is for: the one asked for if it may be used, else the first that may."""
        usable = [way.project_id for way in self.usable_ways]
        return asked if asked in usable else next(iter(usable), None)


def ways_up(item: str) -> str:
    """A subquery with every way from `item`, a work_item of the FROM list, up to a root; columns as in `Way`."""
    return f"""(
        WITH RECURSIVE climb AS (
            SELECT {item}.id AS at, {item}.kind, ARRAY[]::bigint[] AS places, ARRAY[]::bigint[] AS ids,
                   ARRAY[]::text[] AS names,
                   CASE WHEN {item}.kind = 'project' THEN {item}.id END AS project,
                   {assigned(f"{item}.id")} AS is_assigned, true AS is_open
            UNION ALL
            SELECT parent.id, parent.kind, climb.places || placement.id, parent.id || climb.ids,
                   parent.name || climb.names,
                   CASE WHEN parent.kind = 'project' THEN parent.id ELSE climb.project END,
                   climb.is_assigned OR {assigned("parent.id")}, climb.is_open AND parent.archived_at IS NULL
            FROM climb
            JOIN placement ON placement.item = climb.at
            JOIN work_item parent ON parent.id = placement.parent
            WHERE parent.id <> ALL (climb.ids)
        )
        SELECT places, ids, names, project, is_assigned, is_open FROM climb WHERE kind = 'root'
    )"""


def assigned(item: str) -> str:
    return f'EXISTS (SELECT 1 FROM assignment WHERE assignment.item = {item} AND assignment."user" = $2)'


def spine(base: str = "true", *, open_only: bool = True) -> str:
    """`spine(item)` for a WITH RECURSIVE: what the person is assigned to and all that is above it.

    Those above are shown as the way down to what the person has, without their other branches. `base` may narrow
    down the assigned items.
    """
    open_parent = "AND parent.archived_at IS NULL" if open_only else ""
    open_item = "AND item.archived_at IS NULL" if open_only else ""
    return f"""spine(item) AS (
        SELECT item.id FROM assignment JOIN work_item item ON item.id = assignment.item
        WHERE item.account = $1 AND assignment."user" = $2 AND {base} {open_item}
        UNION
        SELECT parent.id FROM spine
        JOIN placement ON placement.item = spine.item
        JOIN work_item parent ON parent.id = placement.parent {open_parent}
    )"""


STANDING = f"""
    SELECT {FACTS}, way.ids, way.names, way.project, way.is_assigned, way.is_open
    FROM work_item item LEFT JOIN LATERAL {ways_up("item")} way ON true
    WHERE item.account = $1 AND item.id = $3
    ORDER BY way.places
"""


async def find(user: Person, item_id: int) -> Item | None:
    """The account's item with all its places, whoever may use them."""
    rows = await database.fetch(STANDING, user.account_id, user.id, item_id)
    return item_of(rows) if rows else None


async def visible(user: Person, item_id: int) -> Item | None:
    """The item, if the person may see it: because they have it, or on the way down to something they have.

    Of the latter they may know the name and no more; `item.is_assigned` tells the two apart.
    """
    item = await find(user, item_id)
    if item is None or user.is_administrator or item.is_assigned or await is_on_spine(user, item_id):
        return item
    return None


async def trackable(user: Person, item_id: int) -> Item | None:
    """The item, if the person may track on it now; None when it is not theirs, as if it did not exist.

    Raises NotTrackable when it is theirs and takes no time. Administrators too track only on what they are assigned to.
    """
    item = await find(user, item_id)
    if item is None or not item.is_assigned:
        return None
    if item.is_root:
        raise NotTrackable("Choose a project or a task: a whole tree takes no time itself.")
    if item.is_archived:
        raise NotTrackable(f"{item.why_archived} It takes no new time.")
    if not item.usable_ways:
        raise NotTrackable("The project through which you have this task is archived. It takes no new time.")
    return item


async def is_on_spine(user: Person, item_id: int) -> bool:
    found: bool = await database.fetch_value(
        f"WITH RECURSIVE {spine(open_only=False)} SELECT EXISTS (SELECT 1 FROM spine WHERE item = $3)",
        user.account_id,
        user.id,
        item_id,
    )
    return found


def item_of(rows: list[Record]) -> Item:
    """One item from its rows, one for each way."""
    return Item(**facts_in(rows[0]), ways=tuple(way_of(row) for row in rows if row["ids"] is not None))


def way_of(row: Record) -> Way:
    return Way(
        ids=tuple(row["ids"]),
        names=tuple(row["names"]),
        project_id=row["project"],
        is_assigned=row["is_assigned"],
        is_open=row["is_open"],
    )
