"""What was done to a person's entries, kept so that it can be undone: wholly, once, and while nobody changed them."""

from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec

from app import database
from app.projects.access import Person
from app.timesheet.history import mark
from app.timesheet.models import Change, TimeEntry, Undo, Verb
from app.timesheet.timer import lock

Row = dict[str, Any]
Step = tuple[Row | None, Row | None]

# Whether the entry is still as it was left is not a question of these.
BESIDE_THE_POINT = {"updated_at", "changed_by", "kept_at", "reminded_at"}


class NotUndone(Exception):
    """It cannot be undone any more; `reason` is the sentence that says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass
class Deed:
    """Entries that are changed together. `undo_id` is what undoes it: None where nothing came of it.

    Without a `verb` it is called after what came of it.
    """

    user: Person
    verb: Verb | None = None
    was: dict[int, Row] = field(default_factory=dict)
    made: list[int] = field(default_factory=list)
    undo_id: int | None = None

    async def take(self, entry_ids: Collection[int]) -> list[TimeEntry]:
        """The person's own among these, by their start. Nobody else changes them before the deed is done.

        One that is taken again was what it was when it was taken first.
        """
        self.was = await rows_of(self.user, entry_ids) | self.was
        query = TimeEntry.objects().where(TimeEntry.id.is_in([0, *self.was]))
        return [entry for entry in await query.order_by(TimeEntry.started_at, TimeEntry.id) if entry.id in entry_ids]

    async def make(self, entry: TimeEntry) -> None:
        await entry.save()
        self.made.append(entry.id)

    async def keep(self) -> None:
        touched = [*self.was, *self.made]
        became = await rows_of(self.user, touched)
        pairs = [(self.was.get(entry_id), became.get(entry_id)) for entry_id in touched]
        if steps := [(was, is_now) for was, is_now in pairs if core(was) != core(is_now)]:
            verb = self.verb or verb_of(steps)
            undo = Undo(user=self.user.id, verb=verb, steps=msgspec.json.encode(steps).decode())
            await undo.save()
            self.undo_id = undo.id


def verb_of(steps: list[Step]) -> Verb:
    if all(was is None for was, _ in steps):
        return Verb.added
    return Verb.deleted if all(became is None for _, became in steps) else Verb.changed


@asynccontextmanager
async def undoable(user: Person, verb: Verb | None = None) -> AsyncIterator[Deed]:
    """One transaction, in which nobody else starts a timer for this person or does another such deed."""
    async with database.transaction():
        await lock(user.id)
        deed = Deed(user, verb)
        yield deed
        await deed.keep()


ROWS = """
    SELECT id, to_jsonb(entry) AS row FROM time_entry entry
    WHERE "user" = $1 AND id = ANY ($2::bigint[]) ORDER BY id FOR UPDATE
"""


async def rows_of(user: Person, entry_ids: Collection[int]) -> dict[int, Row]:
    rows = await database.fetch(ROWS, user.id, list(entry_ids)) if entry_ids else []
    return {row["id"]: msgspec.json.decode(row["row"]) for row in rows}


def core(row: Row | None) -> Row | None:
    return row and {name: value for name, value in row.items() if name not in BESIDE_THE_POINT}


@dataclass(frozen=True)
class Offer:
    """Something that can be undone, as the page says it. `count` are the entries that it was done to."""

    id: int
    verb: Verb
    count: int


# What was done before that is offered next, but not what the person has long forgotten.
OFFER = """
    SELECT id, verb, jsonb_array_length(steps) AS count FROM undo WHERE "user" = $1 AND undone_at IS NULL
"""
THIS_OFFER = f"{OFFER} AND id = $2"
OFFER_BEFORE = f"""{OFFER} AND id < $2 AND made_at > now() - interval '15 minutes' ORDER BY id DESC LIMIT 1"""


async def offer(user: Person, undo_id: int) -> Offer | None:
    return await read_offer(THIS_OFFER, user, undo_id)


async def offer_before(user: Person, undo_id: int) -> Offer | None:
    return await read_offer(OFFER_BEFORE, user, undo_id)


async def read_offer(sql: str, user: Person, undo_id: int) -> Offer | None:
    row = await database.fetch_one(sql, user.id, undo_id)
    return Offer(row["id"], Verb(row["verb"]), row["count"]) if row else None


async def undo(user: Person, undo_id: int) -> bool:
    """Puts everything back as it was. False where the person never did such a thing; raises NotUndone."""
    async with database.transaction():
        await lock(user.id)
        deed = await Undo.objects().where((Undo.id == undo_id) & (Undo.user == user.id)).first()
        if deed is None:
            return False
        if deed.undone_at is not None:
            raise NotUndone("That is undone already.")
        steps = msgspec.json.decode(deed.steps, type=list[Step])
        await refuse_changed(user, steps)
        await refuse_missing(steps)
        await put_back(user, steps)
        deed.undone_at = datetime.now(UTC)
        await deed.save([Undo.undone_at])
        return True


async def refuse_changed(user: Person, steps: list[Step]) -> None:
    touched = [(was or became or {})["id"] for was, became in steps]
    now = await rows_of(user, touched)
    for entry_id, (_, became) in zip(touched, steps, strict=True):
        if core(now.get(entry_id)) != core(became):
            raise NotUndone("It was changed since, so it stays as it is now.")
    runs = await TimeEntry.running_for(user.id)
    if runs and runs.id not in touched and any(was and was["stopped_at"] is None for was, _ in steps):
        raise NotUndone("Another timer runs now. Stop it first.")


MISSING = """
    SELECT needed FROM unnest($1::bigint[]) needed
    WHERE NOT EXISTS (SELECT FROM work_item WHERE id = needed FOR KEY SHARE)
"""


async def refuse_missing(steps: list[Step]) -> None:
    needed = {was[name] for was, _ in steps if was for name in ("item", "project")} - {None}
    if await database.fetch(MISSING, list(needed)):
        raise NotUndone("Its task is gone, so it cannot be brought back.")


REMOVE = "DELETE FROM time_entry WHERE id = ANY ($1::bigint[])"
WRITE = """
    UPDATE time_entry entry
    SET item = was.item, project = was.project, note = was.note, tags = was.tags, billable = was.billable,
        started_at = was.started_at, stopped_at = was.stopped_at, changed_by = $2, updated_at = now()
    FROM jsonb_populate_recordset(NULL::time_entry, $1::jsonb) was WHERE entry.id = was.id
"""
INSERT = "INSERT INTO time_entry SELECT * FROM jsonb_populate_recordset(NULL::time_entry, $1::jsonb)"


async def put_back(user: Person, steps: list[Step]) -> None:
    made = [became["id"] for was, became in steps if was is None and became]
    changed = [was for was, became in steps if was and became]
    await database.execute(REMOVE, made)
    await database.execute(WRITE, as_json(changed), user.id)
    await database.execute(INSERT, as_json(was for was, became in steps if was and became is None))
    await mark(Change.undone, *(row["id"] for row in changed))


def as_json(rows: Iterable[Row]) -> str:
    return msgspec.json.encode(list(rows)).decode()
