"""Finding items by the beginnings of words, of their own name or of what they stand under.

The database keeps a row for each way down to an item, with all its words (the migration "ways" makes them). Which of
its indexes answers soonest depends on how much the person has.
"""

from dataclasses import dataclass
from typing import ClassVar

from asyncpg import Record

from app import database
from app.projects.access import Person
from app.projects.facts import Facts, facts_in
from app.projects.reach import Extent, Reach, reach_of
from app.projects.search_sql import Look, search_sql

# What separates words, in names (the column `search` in the migrations) and in what is typed alike.
PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
SPACES = str.maketrans(PUNCTUATION, " " * len(PUNCTUATION))
LONGEST_TEXT = 200
MOST_WORDS = 8


@dataclass(frozen=True)
class Hit(Facts):
    """An item that was found, at one of its places: `path` are the names above it, the root first.

    `is_usable`: the person may track on it by this way.
    """

    path: tuple[str, ...]
    path_ids: tuple[int, ...]
    project_id: int | None
    is_usable: bool
    dom_name: ClassVar[str] = "hit"


async def search(
    user: Person, text: str, limit: int = 50, *, for_tracking: bool = False, archived: bool = False
) -> list[Hit]:
    """The best `limit` hits: names that begin with the text first, then names that hold it, then by their path.

    The text may also be an item's foreign id or the beginning of a keyword. `for_tracking` finds what the person may
    track on, an item of several projects once for each that may be used; otherwise each item is found once.
    """
    text = text.replace("\0", "").strip()[:LONGEST_TEXT]
    if not text:
        return []
    reach = await reach_of(user)
    sees_all = user.is_administrator and not for_tracking
    if not reach.items and not sees_all:
        return []
    look = Look(Extent.everything if sees_all else reach.extent, for_tracking, archived)
    return await hits(user, reach, look, text, limit)


async def hits(user: Person, reach: Reach, look: Look, text: str, limit: int) -> list[Hit]:
    rows = await database.fetch(search_sql(look), user.account_id, text, query_of(text), reach.items, limit)
    return [hit_of(row) for row in rows]


def query_of(text: str) -> str:
    """Each word by its beginning. Quotes and backslashes are punctuation: no word holds any."""
    return " & ".join(f"'{word}':*" for word in text.translate(SPACES).split()[:MOST_WORDS])


def hit_of(row: Record) -> Hit:
    return Hit(
        **facts_in(row),
        path=tuple(row["names"]),
        path_ids=tuple(row["path"][:-1]),
        project_id=row["project"],
        is_usable=row["is_usable"],
    )
