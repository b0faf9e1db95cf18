"""The account's tags: words that entries are marked with, made with the first entry that somebody marks so.

A name is there once, whatever its case. What is archived stays on the entries that have it and is not given to others.
"""

import unicodedata
from dataclasses import dataclass

from asyncpg import Record

from app import database
from app.projects.access import Person

LONGEST_NAME = 60
MOST = 20
TOO_MANY = f"An entry can have {MOST} tags at the most."


class NotTags(Exception):
    """What was typed cannot be an entry's tags, or a tag's name."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def tidy_name(text: str) -> str:
    """One line in Unicode's composed form, so that what looks the same is the same. Empty where nothing is visible."""
    written = "".join(char for char in text if unicodedata.category(char) != "Cc" or char.isspace())
    name = " ".join(unicodedata.normalize("NFC", written).replace(",", " ").split())
    return name if any(char.isprintable() and not char.isspace() for char in name) else ""


def read_names(text: str) -> list[str]:
    """The names in a form's field, each once, as they were typed first. Raises NotTags."""
    names = {name.casefold(): name for name in reversed([tidy_name(part) for part in text.split(",")]) if name}
    if len(names) > MOST:
        raise NotTags(TOO_MANY)
    return [checked(name) for name in reversed(names.values())]


def checked(name: str) -> str:
    if not name:
        raise NotTags("Write a name.")
    if len(name) > LONGEST_NAME:
        raise NotTags(f"A tag can have {LONGEST_NAME} characters at the most; “{name[:20]}…” has {len(name)}.")
    return name


NAMED = """
    SELECT id, name, archived_at FROM tag
    WHERE account = $1 AND lower(name) = ANY (ARRAY(SELECT lower(word) FROM unnest($2::text[]) word))
"""
# By name, so that two people who make the same tags at once never wait for each other crosswise.
MAKE = """
    INSERT INTO tag (account, name)
    SELECT $1, name FROM (SELECT DISTINCT ON (lower(name)) name FROM unnest($2::text[]) name ORDER BY lower(name)) new
    ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True)
class ChosenTags:
    """What a form's field names: ids of tags that are there, and `new`, names of those that are not yet."""

    ids: tuple[int, ...] = ()
    new: tuple[str, ...] = ()


NO_TAGS = ChosenTags()


async def read_tags(user: Person, text: str, keep: tuple[int, ...] = ()) -> ChosenTags:
    """`keep` are tags that the entry has: they may stay although they are archived. Raises NotTags."""
    names = read_names(text)
    if not names:
        return NO_TAGS
    rows = await named(user, names, keep)
    there = {row["name"].lower() for row in rows}
    return ChosenTags(tuple(row["id"] for row in rows), tuple(name for name in names if name.lower() not in there))


async def make_tags(user: Person, chosen: ChosenTags) -> tuple[int, ...]:
    """The ids of all of them, in ascending order; those that are not there yet are made.

    Only where they mark something, in its transaction: what is not saved leaves no tags behind.
    """
    ids = {*chosen.ids}
    if chosen.new:
        names = list(chosen.new)
        await database.execute(MAKE, user.account_id, names)
        ids |= {row["id"] for row in await database.fetch(NAMED, user.account_id, names)}
    return tuple(sorted(ids))


async def find_tags(user: Person, text: str) -> tuple[int, ...]:
    """The ids of those that are there, archived or not. Raises NotTags."""
    rows = await database.fetch(NAMED, user.account_id, read_names(text))
    return tuple(sorted(row["id"] for row in rows))


async def named(user: Person, names: list[str], keep: tuple[int, ...]) -> list[Record]:
    rows = await database.fetch(NAMED, user.account_id, names)
    for row in rows:
        if row["archived_at"] and row["id"] not in keep:
            raise NotTags(f"The tag “{row['name']}” is archived. {way_back(user)}")
    return rows


def way_back(user: Person) -> str:
    if user.is_administrator:
        return "Bring it back on the page of tags, or choose another."
    return "Choose another, or ask an administrator to bring it back."


MANY_OFFERED = 50
# What the person uses most stands first, after the names that begin with what was typed.
OFFERED = """
    WITH mine AS (
        SELECT used.tag, count(*) AS times FROM time_entry, unnest(tags) used (tag)
        WHERE "user" = $2 AND started_at > now() - interval '60 days' GROUP BY used.tag
    )
    SELECT tag.id, tag.name FROM tag LEFT JOIN mine ON mine.tag = tag.id
    WHERE account = $1 AND archived_at IS NULL AND strpos(lower(name), lower($3)) > 0
          AND lower(name) <> ALL (ARRAY(SELECT lower(word) FROM unnest($4::text[]) word))
    ORDER BY lower(name) = lower($3) DESC, starts_with(lower(name), lower($3)) DESC,
             $3 <> '' AND strpos(lower(name), ' ' || lower($3)) > 0 DESC, coalesce(times, 0) DESC, lower(name)
    LIMIT $5
"""


@dataclass(frozen=True)
class Offer:
    """What the field suggests: tags there are, and `new`, the name of one to be made. `refusal` says why not."""

    tags: list[Record]
    new: str = ""
    refusal: str = ""


async def offer(user: Person, typed: str, chosen: str = "") -> Offer:
    taken = [name for part in chosen.split(",") if (name := tidy_name(part))]
    if len(taken) >= MOST:
        return Offer([], refusal=TOO_MANY)
    name = tidy_name(typed)
    tags = await database.fetch(OFFERED, user.account_id, user.id, name, taken, MANY_OFFERED)
    if not name:
        return Offer(tags)
    try:
        there = await named(user, [checked(name)], keep=())
    except NotTags as refusal:
        return Offer(tags, refusal=refusal.reason)
    return Offer(tags, new="" if there or name.casefold() in map(str.casefold, taken) else name)
