"""Reading the tree, one branch at a time.

Three views of it: what is active, what is archived (with the active items on the way down to it), and what a person
may track on. In every SQL here `$1` is the account and `$2` the person.
"""

# The SQL below is put together from pieces of this package; values are parameters.
# ruff: noqa: S608

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from asyncpg import Record

from app import database
from app.projects.access import Person, Way, assigned, spine, visible, way_of, ways_up
from app.projects.facts import FACTS, Facts, facts_in

PAGE = 200
# Children are counted up to this many; more are "99+".
MANY = 100
FACES = 3
FIRST = (-1, 0)


class View(StrEnum):
    active = "active"
    archived = "archived"
    tracking = "tracking"


@dataclass(frozen=True)
class Row(Facts):
    """A line of the tree.

    `is_whole`: the person sees all of the item, not only the way down to something below it. `is_assigned`: they are
    assigned to this very item. `assigned_names` are the first few of all who are.
    """

    position: int
    is_whole: bool
    is_assigned: bool
    child_count: int
    tags: tuple[str, ...]
    assigned_names: tuple[str, ...]
    assigned_count: int
    dom_name: ClassVar[str] = "row"

    @property
    def has_children(self) -> bool:
        return self.child_count > 0


@dataclass(frozen=True)
class Branch:
    """Some children of one item in their order, and where to go on."""

    rows: tuple[Row, ...]
    next: tuple[int, int] | None


async def children(
    user: Person,
    parent_id: int | None,
    *,
    archived: bool = False,
    for_tracking: bool = False,
    after: tuple[int, int] = FIRST,
    limit: int = PAGE,
) -> Branch:
    """What stands below the item, as far as the person sees it; with None the roots. Empty where they see nothing.

    `after` is the `next` of the branch before.
    """
    view = View.archived if archived else View.tracking if for_tracking else View.active
    place = await place_in(user, parent_id, view)
    return await branch(user, place, view, after=after, limit=limit) if place else Branch((), None)


@dataclass(frozen=True)
class Parent:
    """What a branch hangs from. `is_whole`: the person sees everything below it, else only the way down to theirs."""

    id: int | None
    is_root: bool
    is_whole: bool


async def place_in(user: Person, parent_id: int | None, view: View) -> Parent | None:
    """None where the person sees nothing below the item."""
    sees_all = user.is_administrator and view is not View.tracking
    if parent_id is None:
        return Parent(None, False, sees_all)
    item = await visible(user, parent_id)
    if item is None:
        return None
    theirs = any(way.is_usable if view is View.tracking else way.is_assigned for way in item.ways)
    return Parent(parent_id, item.is_root, sees_all or theirs)


async def branch(
    user: Person, parent: Parent, view: View, *, after: tuple[int, int] = FIRST, limit: int = PAGE
) -> Branch:
    """`children` for who knows already how the person has the parent."""
    rows = await database.fetch(branch_sql(parent, view), user.account_id, user.id, parent.id, *after, limit + 1)
    shown = tuple(row_of(row, parent.is_whole) for row in rows[:limit])
    return Branch(shown, (shown[-1].position, shown[-1].id) if len(rows) > limit else None)


def branch_sql(parent: Parent, view: View) -> str:
    """$3 is the parent, $4 and $5 the place in the order after which to go on, $6 the limit."""
    places = ROOTS if parent.id is None else PLACES
    in_view: Callable[[str], str] = IN_VIEW[view]
    archive: list[str] = []
    if view is View.archived and parent.id is None:
        in_view = is_anything
    elif view is View.archived and parent.is_root:
        in_view, archive = is_in_archive, [ARCHIVE]
    theirs = "" if parent.is_whole else "AND item.id IN (SELECT item FROM spine)"
    theirs_below = "" if parent.is_whole else f"AND ({assigned('item.id')} OR below.id IN (SELECT item FROM spine))"
    tables = archive if parent.is_whole else [*archive, spine(in_view("item"), open_only=view is not View.archived)]
    return f"""
    {"WITH RECURSIVE " + ", ".join(tables) if tables else ""}
    SELECT {FACTS}, place.position, {assigned("item.id")} AS is_assigned,
           (SELECT count(*) FROM (
               SELECT 1 FROM placement JOIN work_item below ON below.id = placement.item
               WHERE placement.parent = item.id AND {in_view("below")} {theirs_below} LIMIT {MANY}
           ) few) AS child_count,
           ARRAY(SELECT word FROM keyword WHERE keyword.item = item.id AND NOT is_id ORDER BY word LIMIT 3) AS tags,
           ARRAY(SELECT DISTINCT person.name {ASSIGNED_PEOPLE} ORDER BY 1 LIMIT {FACES}) AS assigned_names,
           (SELECT count(DISTINCT person.id) {ASSIGNED_PEOPLE}) AS assigned_count
    FROM ({places}) place JOIN work_item item ON item.id = place.item
    WHERE item.account = $1 AND {in_view("item")} {theirs}
          AND (place.position, item.id) > ($4::integer, $5::bigint)
    ORDER BY place.position, item.id
    LIMIT $6
    """


ASSIGNED_PEOPLE = """FROM assignment JOIN person ON person.id = assignment."user"
    WHERE assignment.item = item.id AND person.deactivated_at IS NULL"""
PLACES = "SELECT item, position FROM placement WHERE parent = $3"
ROOTS = """SELECT id AS item, (source = 'own')::integer AS position FROM work_item
    WHERE account = $1 AND kind = 'root' AND $3::bigint IS NULL"""


def is_active(item: str) -> str:
    return f"{item}.archived_at IS NULL"


def is_archived_or_above(item: str) -> str:
    """Looked for level by level below the item, and no further than the first that is archived."""
    return f"""EXISTS (
        WITH RECURSIVE under AS (
            SELECT {item}.id AS at, {item}.archived_at IS NOT NULL AS is_archived
            UNION ALL
            SELECT child.id, child.archived_at IS NOT NULL
            FROM under JOIN placement ON placement.parent = under.at JOIN work_item child ON child.id = placement.item
        )
        SELECT 1 FROM under WHERE is_archived
    )"""


# At the top of a tree the same is found from the archived items upward: below it there is too much to look through.
ARCHIVE = """above_archived(item) AS (
    SELECT placement.parent FROM work_item item JOIN placement ON placement.item = item.id
    WHERE item.account = $1 AND item.archived_at IS NOT NULL
    UNION
    SELECT placement.parent FROM above_archived JOIN placement ON placement.item = above_archived.item
)"""


def is_in_archive(item: str) -> str:
    return f"({item}.archived_at IS NOT NULL OR {item}.id IN (SELECT item FROM above_archived))"


def is_anything(_: str) -> str:
    """Roots are shown in any case; the page leaves out those with nothing below."""
    return "true"


IN_VIEW = {View.active: is_active, View.tracking: is_active, View.archived: is_archived_or_above}


def row_of(row: Record, whole: bool) -> Row:
    """Of an item that is only on the way down to theirs, a person learns the name and no more."""
    is_whole = whole or row["is_assigned"]
    return Row(
        **facts_in(row),
        position=row["position"],
        is_whole=is_whole,
        is_assigned=row["is_assigned"],
        child_count=row["child_count"],
        tags=tuple(row["tags"]) if is_whole else (),
        assigned_names=tuple(row["assigned_names"]) if is_whole else (),
        assigned_count=row["assigned_count"] if is_whole else 0,
    )


PATHS = f"""
    SELECT item.id, way.ids, way.names, way.project, way.is_assigned, way.is_open
    FROM work_item item CROSS JOIN LATERAL {ways_up("item")} way
    WHERE item.account = $1 AND item.id = ANY ($3::bigint[])
    ORDER BY item.id, (way.is_assigned AND way.is_open) DESC, way.places
"""


async def paths_for(user: Person, item_ids: Collection[int]) -> dict[int, list[Way]]:
    """For each item the ways down to it, those first that the person may use."""
    paths: dict[int, list[Way]] = defaultdict(list)
    if item_ids:
        for row in await database.fetch(PATHS, user.account_id, user.id, list(item_ids)):
            paths[row["id"]].append(way_of(row))
    return paths


def way_for(ways: list[Way], project_id: int | None) -> Way | None:
    """The way through this project, else the first."""
    through = (way for way in ways if way.project_id == project_id)
    return next(through, ways[0] if ways else None)
