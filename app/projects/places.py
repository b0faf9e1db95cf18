"""Where one of the account's own items may be moved to."""

from dataclasses import dataclass

from app import database
from app.projects.access import Item, Person, Way
from app.projects.own import BELOW
from app.projects.queries import paths_for

MOST = 100

PLACES = """
    WITH RECURSIVE under(item) AS (
        SELECT $2::bigint
        UNION
        SELECT placement.item FROM under JOIN placement ON placement.parent = under.item
    )
    SELECT id, kind, name FROM work_item
    WHERE account = $1 AND source = 'own' AND archived_at IS NULL AND kind = ANY ($3::text[])
          AND id NOT IN (SELECT item FROM under)
          AND ($4 = '' OR position(lower($4) IN lower(name)) > 0)
    ORDER BY array_position(ARRAY['root', 'project', 'list', 'task'], kind::text), lower(name), id
    LIMIT $5
"""


@dataclass(frozen=True)
class PlaceToMove:
    id: int
    kind: str
    name: str
    path: tuple[str, ...]
    is_here: bool


async def places_for(user: Person, item: Item, text: str) -> list[PlaceToMove]:
    """Items whose name holds the text and under which the item may stand; whole projects before single tasks."""
    kinds = [parent for parent, below in BELOW.items() if item.kind in below]
    rows = await database.fetch(PLACES, user.account_id, item.id, kinds, text.replace("\0", "").strip(), MOST)
    paths = await paths_for(user, [row["id"] for row in rows])
    here = {way.ids[-1] for way in item.ways if way.ids}
    return [
        PlaceToMove(row["id"], row["kind"], row["name"], names_above(paths, row["id"]), row["id"] in here)
        for row in rows
    ]


def names_above(paths: dict[int, list[Way]], item_id: int) -> tuple[str, ...]:
    ways = paths.get(item_id)
    return ways[0].names if ways else ()
