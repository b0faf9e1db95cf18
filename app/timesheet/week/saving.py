"""Saving what was typed into the week: each field for itself, so that one that is wrong stops no other."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.projects.access import NotTrackable, Person
from app.timesheet import entries
from app.timesheet.details import NO_DETAILS
from app.timesheet.durations import NotADuration
from app.timesheet.models import TimeEntry, tidy_note
from app.timesheet.sheet import Entry
from app.timesheet.spans import Habits, NotASpan
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
    """`undo_id` is what undoes all that was saved; None where nothing was."""

    refusals: dict[HoursField, Refusal]
    undo_id: int | None


async def save(user: Person, first: date, habits: Habits, form: Mapping[str, str]) -> Saved:
    async with undoable(user) as deed:
        await save_notes(deed, form)
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
    match change:
        case Add(work, stretch):
            await entries.add_in(deed, await allowed(deed.user, work), NO_DETAILS, stretch)
        case Move(entry, stretch):
            held = await hold(deed, entry)
            await held.change(started_at=stretch.started_at, stopped_at=stretch.stopped_at)
        case Remove(entry):
            held = await hold(deed, entry)
            await held.remove()


async def allowed(user: Person, work: Work) -> Work:
    """Time for this task would go to another project by now, and so into another row."""
    if await work_on(user, work.item_id, work.project_id) != work:
        raise Refused(NO_LONGER)
    return work


async def hold(deed: Deed, entry: Entry) -> TimeEntry:
    """Nobody else changes the entry from here on, and nobody has since it was read."""
    for held in await deed.take([entry.id]):
        if (held.started_at, held.stopped_at) == (entry.started_at, entry.stopped_at):
            return held
    raise Refused("This was changed at the same moment. Look again.", is_stale=True)


async def save_notes(deed: Deed, form: Mapping[str, str]) -> None:
    typed = {entry_id: tidy_note(text) for name, text in form.items() if (entry_id := read_note_name(name))}
    for entry in await deed.take(list(typed)[:MOST_FIELDS]):
        if typed[entry.id] != entry.note:
            await entry.change(note=typed[entry.id])
