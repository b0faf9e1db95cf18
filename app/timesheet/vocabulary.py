"""The account's tags as administrators keep them: listed, made, renamed, merged, archived and brought back."""

from dataclasses import dataclass
from typing import ClassVar

from asyncpg import Record, UniqueViolationError

from app import database
from app.projects.access import Person
from app.timesheet.tags import NotTags, checked, tidy_name

MANY = 100


@dataclass(frozen=True)
class Word:
    """A tag, and how many entries have it."""

    id: int
    name: str
    is_archived: bool
    entries: int
    dom_name: ClassVar[str] = "tag"


@dataclass(frozen=True)
class Vocabulary:
    """A page of the account's tags. `next` is where the following one starts, None where there is none."""

    words: list[Word]
    next: int | None


class NameTaken(NotTags):
    """`word` is the other tag, which is called that already."""

    def __init__(self, word: Word) -> None:
        state = "an archived tag" if word.is_archived else "a tag"
        super().__init__(f"There is {state} “{word.name}” already.")
        self.word = word


# What is archived comes last.
LISTED = """
    SELECT id, name, archived_at FROM tag WHERE account = $1 AND strpos(lower(name), lower($2)) > 0
    ORDER BY archived_at IS NOT NULL, lower(name) OFFSET $3 LIMIT $4
"""
BY_ID = "SELECT id, name, archived_at FROM tag WHERE account = $1 AND id = $2"
BY_NAME = "SELECT id, name, archived_at FROM tag WHERE account = $1 AND lower(name) = lower($2) AND id <> $3"
# One pass over the entries, however many tags are counted.
COUNTED = """
    SELECT used.tag, count(*) AS times FROM time_entry, unnest(tags) used (tag)
    WHERE account = $1 AND tags && $2::bigint[] AND used.tag = ANY ($2::bigint[]) GROUP BY used.tag
"""


async def vocabulary(account_id: int, typed: str = "", start: int = 0) -> Vocabulary:
    rows = await database.fetch(LISTED, account_id, tidy_name(typed), start, MANY + 1)
    words = await counted(account_id, rows[:MANY])
    return Vocabulary(words, start + MANY if len(rows) > MANY else None)


async def word(account_id: int, tag_id: int) -> Word | None:
    return next(iter(await counted(account_id, await database.fetch(BY_ID, account_id, tag_id))), None)


async def counted(account_id: int, rows: list[Record]) -> list[Word]:
    if not rows:
        return []
    counts = await database.fetch(COUNTED, account_id, [row["id"] for row in rows])
    times = {row["tag"]: row["times"] for row in counts}
    return [Word(row["id"], row["name"], row["archived_at"] is not None, times.get(row["id"], 0)) for row in rows]


MAKE = "INSERT INTO tag (account, name) VALUES ($1, $2) ON CONFLICT DO NOTHING"


async def make(account_id: int, typed: str) -> None:
    """Raises NotTags, as all that follow do; NameTaken where there is one of that name."""
    name = checked(tidy_name(typed))
    if not await database.execute(MAKE, account_id, name):
        await refuse_taken(account_id, name)


RENAME = "UPDATE tag SET name = $3 WHERE account = $1 AND id = $2"


async def rename(account_id: int, tag_id: int, typed: str) -> None:
    """Changes it everywhere: entries hold the tag, not its name."""
    name = checked(tidy_name(typed))
    await refuse_taken(account_id, name, besides=tag_id)
    try:
        await database.execute(RENAME, account_id, tag_id, name)
    except UniqueViolationError:
        await refuse_taken(account_id, name, besides=tag_id)


async def refuse_taken(account_id: int, name: str, besides: int = 0) -> None:
    for other in await counted(account_id, await database.fetch(BY_NAME, account_id, name, besides)):
        raise NameTaken(other)


ARCHIVE = "UPDATE tag SET archived_at = coalesce(archived_at, now()) WHERE account = $1 AND id = $2"
REVIVE = "UPDATE tag SET archived_at = NULL WHERE account = $1 AND id = $2"


async def archive(account_id: int, tag_id: int) -> None:
    """It stays on the entries that have it, and is given to no others."""
    await database.execute(ARCHIVE, account_id, tag_id)


async def revive(account_id: int, tag_id: int) -> None:
    await database.execute(REVIVE, account_id, tag_id)


# In the order of their ids, so that it never waits crosswise for somebody who changes several of their entries.
MOVE = """
    WITH held AS MATERIALIZED (
        SELECT id FROM time_entry WHERE account = $1 AND tags @> ARRAY[$2::bigint] ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE time_entry
    SET tags = ARRAY(SELECT DISTINCT CASE one WHEN $2 THEN $3 ELSE one END FROM unnest(tags) one ORDER BY 1),
        changed_by = $4, updated_at = now()
    FROM held WHERE time_entry.id = held.id
"""


async def merge(person: Person, tag_id: int, into_id: int) -> None:
    """Every entry that has the one has the other instead. What is left of it is archived, for histories name it."""
    async with database.transaction():
        await database.execute(MOVE, person.account_id, tag_id, into_id, person.id)
        await archive(person.account_id, tag_id)
