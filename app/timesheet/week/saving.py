"""Saving what was typed into the week: each field for itself, so that one that is wrong stops no other."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from piccolo.columns import Column

from app import database
from app.projects.access import NotTrackable, Person
from app.timesheet import entries
from app.timesheet.details import NO_DETAILS
from app.timesheet.durations import NotADuration
from app.timesheet.models import TimeEntry, Verb, tidy_note
from app.timesheet.sheet import Entry
from app.timesheet.spans import Habits, NotASpan, Stretch
from app.timesheet.undo import Deed, undoable
from app.timesheet.week.fields import HoursField, read_note_name
from app.timesheet.week.grid import Week
from app.timesheet.week.queries import NO_LONGER, read_week
from app.timesheet.week.typed import Add, Change, Move, Refused, Remove, understand
from app.timesheet.work import NotTheirs, Work, work_on

# No grid has more; whoever sends more than that has not typed it.
MOST_FIELDS = 1_000


@dataclass(frozen=True)
class Refusal:
    """What was typed, and the sentence beside it. Where the page was out of date, what is there now is shown."""

    typed: str
    sentence: str
    is_stale: bool


@dataclass(frozen=True)
class Saved:
    """`undo_id` is what brings back the entries that were deleted."""

    refusals: dict[HoursField, Refusal]
    undo_id: int | None


async def save(user: Person, first: date, habits: Habits, form: Mapping[str, str]) -> Saved:
    async with undoable(user, Verb.deleted) as deed:
        await save_notes(user, form)
        refusals = await save_hours(deed, first, habits, hours_in(form))
    return Saved(refusals, deed.undo_id)


def hours_in(form: Mapping[str, str]) -> dict[HoursField, str]:
    fields = {HoursField.read(name): text for name, text in list(form.items())[:MOST_FIELDS]}
    return {found: text for found, text in fields.items() if found}


async def save_hours(
    deed: Deed, first: date, habits: Habits, hours: Mapping[HoursField, str]
) -> dict[HoursField, Refusal]:
    refusals: dict[HoursField, Refusal] = {}
    week: Week | None = None
    for typed_in, text in hours.items():
        # Each finds the day as the one before has left it.
        week = week or await read_week(deed.user, first, habits)
        if typed_in.day not in week.days:
            continue
        try:
            change = understand(week, typed_in, text, habits)
            if change:
                await carry_out(deed, change)
                week = None
        except (Refused, NotASpan, NotADuration, NotTrackable, NotTheirs) as refusal:
            refusals[typed_in] = Refusal(text, sentence_of(refusal), getattr(refusal, "is_stale", False))
    return refusals


def sentence_of(refusal: Exception) -> str:
    return refusal.reason if isinstance(refusal, NotTheirs) else str(refusal)


async def carry_out(deed: Deed, change: Change) -> None:
    """Only what is deleted can be undone: hours that were written over stand where they were written."""
    match change:
        case Add(work, stretch):
            await entries.add(deed.user, await allowed(deed.user, work), NO_DETAILS, stretch)
        case Move(entry, stretch):
            await hold(deed.user, entry)
            await move(deed.user, entry, stretch)
        case Remove(entry):
            await hold(deed.user, entry)
            for taken in await deed.take([entry.id]):
                await taken.remove()


async def move(user: Person, entry: Entry, stretch: Stretch) -> None:
    values: dict[Column | str, Any] = {TimeEntry.started_at: stretch.started_at}
    await entries.update(user, entry.id, values | {TimeEntry.stopped_at: stretch.stopped_at})


async def allowed(user: Person, work: Work) -> Work:
    """Time for this task would go to another project by now, and so into another row."""
    if await work_on(user, work.item_id, work.project_id) != work:
        raise Refused(NO_LONGER)
    return work


HOLD = """
    SELECT id FROM time_entry WHERE id = $1 AND "user" = $2 AND started_at = $3 AND stopped_at = $4 FOR UPDATE
"""


async def hold(user: Person, entry: Entry) -> None:
    """Nobody else changes the entry from here on, and nobody has since it was read."""
    if await database.fetch_value(HOLD, entry.id, user.id, entry.started_at, entry.stopped_at) is None:
        raise Refused("This was changed at the same moment. Look again.", is_stale=True)


NOTES = 'SELECT id, note FROM time_entry WHERE "user" = $1 AND id = ANY ($2::bigint[])'


async def save_notes(user: Person, form: Mapping[str, str]) -> None:
    typed = {entry_id: tidy_note(text) for name, text in form.items() if (entry_id := read_note_name(name))}
    rows = await database.fetch(NOTES, user.id, list(typed)[:MOST_FIELDS]) if typed else []
    for row in rows:
        if typed[row["id"]] != row["note"]:
            await entries.note(user, row["id"], typed[row["id"]])
