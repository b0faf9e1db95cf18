"""The week before, once more: its rows, or its entries at the same times of the same weekdays."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from app import database
from app.projects.access import Person
from app.timesheet.models import Verb
from app.timesheet.sheet import Entry
from app.timesheet.spans import Habits, Stretch
from app.timesheet.undo import undoable
from app.timesheet.week import rows
from app.timesheet.week.grid import DAYS, Week
from app.timesheet.week.queries import read_grid, read_tasks, read_week, recent_works, span_of
from app.timesheet.work import Work
from app.web.filters import plural

WEEK = timedelta(days=DAYS)
MOST_ROWS = 60


class LeftOut(StrEnum):
    """Why an entry was not copied."""

    there = "there"
    closed = "closed"
    to_come = "to come"


WORDS = {
    LeftOut.there: "{} here already",
    LeftOut.closed: "{} on tasks that take no new time",
    LeftOut.to_come: "{} still to come",
}


@dataclass
class Copied:
    """`undo_id` is what takes the copies away again."""

    made: int = 0
    left_out: Counter[LeftOut] = field(default_factory=Counter)
    undo_id: int | None = None

    @property
    def sentence(self) -> str:
        if not self.made and not self.left_out:
            return "There was no time in the week before."
        made = plural(self.made, "entry", "entries") if self.made else "Nothing"
        left_out = [WORDS[why].format(count) for why, count in sorted(self.left_out.items())]
        return f"{made} copied from the week before" + (f"; {', '.join(left_out)}." if left_out else ".")


async def copy_rows(user: Person, first: date, habits: Habits) -> list[Work]:
    """Every row of the week before that is not here yet and takes new time."""
    shown = {row.task.work for row in (await read_grid(user, first, habits)).rows}
    tracked = await recent_works(user, span_of(first - WEEK, habits), MOST_ROWS)
    tasks = await read_tasks(user, [work for work in tracked if work not in shown])
    missing = [task.work for task in tasks if not task.refusal]
    await rows.keep(user, first, missing)
    return missing


def rows_sentence(count: int) -> str:
    if not count:
        return "All rows of the week before are here already."
    return f"{plural(count, 'row')} copied from the week before."


COPY = """
    INSERT INTO time_entry (account, "user", item, project, note, tags, billable, started_at, stopped_at)
    SELECT account, "user", item, project, note, tags, billable, $3, $4 FROM time_entry
    WHERE id = $1 AND "user" = $2
    RETURNING id
"""


async def copy_hours(user: Person, first: date, habits: Habits) -> Copied:
    """Pressed twice it is done once: what begins here at the same time on the same task is there already."""
    copied = Copied()
    async with undoable(user, Verb.copied) as deed:
        before, week = await read_week(user, first - WEEK, habits), await read_week(user, first, habits)
        found = [entry for entry in before.entries if entry.stopped_at and entry.started_at >= before.starts_at]
        open_works = await takes_time(user, {entry.work for entry in found})
        for entry in found:
            stretch = a_week_later(entry, habits.zone)
            if why := left_out(entry, stretch, week, open_works):
                copied.left_out[why] += 1
            else:
                moments = (stretch.started_at, stretch.stopped_at)
                deed.made.append(await database.fetch_value(COPY, entry.id, user.id, *moments))
    copied.made, copied.undo_id = len(deed.made), deed.undo_id
    return copied


def left_out(entry: Entry, stretch: Stretch, week: Week, open_works: set[Work]) -> LeftOut | None:
    if stretch.stopped_at and stretch.stopped_at > week.now:
        return LeftOut.to_come
    if any((one.work, one.started_at) == (entry.work, stretch.started_at) for one in week.entries):
        return LeftOut.there
    return None if entry.work in open_works else LeftOut.closed


async def takes_time(user: Person, works: Iterable[Work]) -> set[Work]:
    return {task.work for task in await read_tasks(user, works) if not task.refusal}


def a_week_later(entry: Entry, zone: ZoneInfo) -> Stretch:
    """At the same times by the person's clock, or just as long where the clocks are changed in between."""
    assert entry.stopped_at
    started_at, stopped_at = later(entry.started_at, zone), later(entry.stopped_at, zone)
    if stopped_at <= started_at:
        stopped_at = started_at + (entry.stopped_at - entry.started_at)
    return Stretch(started_at, stopped_at)


def later(moment: datetime, zone: ZoneInfo) -> datetime:
    """A time of day that the clocks skip is an hour later, as they are."""
    return (moment.astimezone(zone) + WEEK).replace(fold=0).astimezone(UTC)
