"""How far a person's assignments reach, found before anything is searched: it decides which way of looking is short."""

# The SQL below is put together from pieces of this module; values are parameters.
# ruff: noqa: S608

from dataclasses import dataclass
from enum import StrEnum

from app import database
from app.projects.access import Person

# No more ways than this are looked through one by one; of somebody with very many assignments, no more than that.
LITTLE = 3_000
MUCH = 20_000
# An index is asked for each assignment by itself, and for every hit it compares them all.
FEW = 50


class Extent(StrEnum):
    """What is looked through: everything, a little, what an index finds by a few assignments, or by many."""

    everything = "everything"
    little = "little"
    few = "few"
    many = "many"


@dataclass(frozen=True)
class Reach:
    """`items` are those that the person is assigned to, without those below another one of them."""

    extent: Extent
    items: tuple[int, ...]


def is_among(path: str, items: str) -> str:
    """Whether any step of a path is one of these. In this shape PostgreSQL hashes them once; as EXISTS it would go
    through all of them for every path.
    """
    return f"coalesce((SELECT bool_or(step IN ({items})) FROM unnest({path}) step), false)"


ABOVE = "trim_array(way.path, 1)"

ASSIGNED = f"""
    WITH assigned AS MATERIALIZED (
        SELECT DISTINCT item FROM assignment WHERE account = $1 AND "user" = $2
    )
    SELECT NOT EXISTS (
               SELECT FROM work_item
               WHERE account = $1 AND kind = 'root' AND id NOT IN (SELECT item FROM assigned)
           ) AS is_everything,
           ARRAY(
               SELECT item FROM assigned WHERE EXISTS (
                   SELECT FROM way WHERE way.item = assigned.item
                     AND NOT {is_among(ABOVE, "SELECT item FROM assigned")})
           ) AS items
"""


def ways_within(items: str) -> str:
    """A subquery with the ways that lead to these items and to all that is below them, each once."""
    return f"""(
        SELECT below.* FROM (
            SELECT path, trim_array(path, 1) || (item + 1) AS path_beyond FROM way
            WHERE item = ANY ({items}::bigint[])
              AND NOT {is_among(ABOVE, f"SELECT unnest({items}::bigint[])")}
            OFFSET 0
        ) top CROSS JOIN LATERAL (
            SELECT * FROM way WHERE path >= top.path AND path < top.path_beyond OFFSET 0
        ) below
    )"""


COUNT = f"SELECT count(*) FROM (SELECT FROM {ways_within('$1')} way LIMIT $2) counted"


async def reach_of(user: Person) -> Reach:
    row = await database.fetch_one(ASSIGNED, user.account_id, user.id)
    assert row is not None
    items = tuple(row["items"])
    if row["is_everything"]:
        return Reach(Extent.everything, items)
    most = LITTLE if len(items) <= FEW else MUCH
    count = await database.fetch_value(COUNT, items, most + 1)
    if count <= most:
        return Reach(Extent.little, items)
    return Reach(Extent.few if len(items) <= FEW else Extent.many, items)
