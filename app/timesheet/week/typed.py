"""What hours typed into a cell of the week mean: an entry added, moved or deleted, or a sentence why not.

Works on the week as it is now, not as the page showed it. Asks no database.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from app.timesheet.days import NoSuchTime, Span, moment_of
from app.timesheet.durations import NotADuration, parse_duration, read, write_duration
from app.timesheet.rounding import shown_minutes
from app.timesheet.sheet import Entry
from app.timesheet.spans import MORNING, Habits, NotASpan, Stretch, TypedSpan, read_date, read_span
from app.timesheet.times import parse_span
from app.timesheet.typed import plain
from app.timesheet.week.fields import HoursField
from app.timesheet.week.grid import Cell, Week
from app.timesheet.work import Work
from app.web.filters import duration

RUNS = "The timer runs here. Stop it, and then write the hours."


class Refused(Exception):
    """Nothing was saved; the sentence says why. `is_stale` where the page showed what is no longer so."""

    def __init__(self, sentence: str, *, is_stale: bool = False) -> None:
        super().__init__(sentence)
        self.is_stale = is_stale


@dataclass(frozen=True)
class Add:
    work: Work
    stretch: Stretch


@dataclass(frozen=True)
class Move:
    entry: Entry
    stretch: Stretch


@dataclass(frozen=True)
class Remove:
    entry: Entry


Change = Add | Move | Remove


def shown_text(entry: Entry | None, now: datetime) -> str:
    """What the field of an entry holds."""
    return duration(shown_minutes(entry, now) * 60) if entry else ""


def understand(week: Week, field: HoursField, text: str, habits: Habits) -> Change | None:
    """None where it already is as was typed. Raises Refused, NotASpan or NotADuration, each with its sentence."""
    return Typed(week, field, " ".join(text.split()), habits).change()


def is_nothing(typed: str) -> bool:
    return typed in {"", "-", "–"} or read(plain(typed)) == 0


@dataclass(frozen=True)
class Typed:
    week: Week
    field: HoursField
    text: str
    habits: Habits

    @cached_property
    def cell(self) -> Cell:
        return self.week.cell(self.field.work, self.field.day)

    @cached_property
    def entry(self) -> Entry | None:
        """The entry that the field is for, as it is now: the one that it showed, or else the cell's only one."""
        if self.field.shown is None:
            return self.cell.single
        return next((entry for entry in self.cell.entries if entry.id == self.field.shown.entry_id), None)

    @cached_property
    def reader(self) -> "CellReader":
        return CellReader(self.week, self.cell, self.habits)

    def change(self) -> Change | None:
        if self.is_so():
            return None
        if self.is_stale():
            raise self.stale()
        if self.entry is not None:
            refuse_fixed(self.cell, self.entry)
        if is_nothing(self.text):
            return Remove(self.entry) if self.entry else None
        if self.entry is None:
            return Add(self.field.work, self.reader.new(self.text))
        return Move(self.entry, self.reader.changed(self.entry, self.text))

    def is_so(self) -> bool:
        """Nobody touched the field, or what was typed was saved already: sent twice it is done once."""
        if self.entry is None:
            return is_nothing(self.text) and (self.field.shown is not None or not self.cell.entries)
        if self.text == shown_text(self.entry, self.habits.now):
            return True
        if is_nothing(self.text) or not self.cell.is_whole(self.entry):
            return False
        with suppress(Refused, NotASpan, NotADuration):
            return self.reader.changed(self.entry, self.text) == self.entry.stretch
        return False

    def is_stale(self) -> bool:
        if self.field.shown is None:
            return bool(self.cell.entries)
        return self.entry is None or self.field.shown.stretch != self.entry.stretch

    def stale(self) -> Refused:
        if self.cell.running:
            return Refused(RUNS, is_stale=True)
        now = f"It is {duration(self.cell.total.seconds)} now" if self.cell.entries else "The time here is gone now"
        sentence = f"This was changed meanwhile. {now}; “{self.text or '0:00'}” was not saved."
        return Refused(sentence, is_stale=True)


def refuse_fixed(cell: Cell, entry: Entry) -> None:
    if entry.is_running:
        raise Refused(RUNS)
    if not cell.is_whole(entry):
        raise Refused("This time goes over midnight. Open it to change when it was.")


class CellReader:
    """Reads a length or a span of time as a stretch of one day, up to now at the latest."""

    def __init__(self, week: Week, cell: Cell, habits: Habits) -> None:
        self.week = week
        self.cell = cell
        self.habits = habits
        self.date = read_date(cell.day.isoformat(), habits)

    @property
    def limit(self) -> datetime:
        """No entry of this day can go on longer."""
        return min(self.cell.span.ends_at, self.habits.now)

    def new(self, typed: str) -> Stretch:
        return self.spanned(typed) or self.placed(parse_duration(typed))

    def changed(self, entry: Entry, typed: str) -> Stretch:
        return self.spanned(typed) or self.lengthened(entry, parse_duration(typed))

    def spanned(self, typed: str) -> Stretch | None:
        """`9-10:30` says it all."""
        if parse_span(typed) is None:
            return None
        return read_span(TypedSpan(date=self.date.isoformat(), duration=typed), self.habits)

    def lengthened(self, entry: Entry, length: timedelta) -> Stretch:
        """The start stays, the end moves."""
        stopped_at = entry.started_at + length
        if stopped_at > self.limit:
            start, left = self.habits.write(entry.started_at), whole_minutes(self.limit - entry.started_at)
            until = "now" if self.limit == self.habits.now else "the end of the day"
            raise Refused(f"From its start at {start} until {until} there is only {left}. Write from when to when.")
        return Stretch(entry.started_at, stopped_at)

    def placed(self, length: timedelta) -> Stretch:
        """After the last entry of the day, or from the morning on; where that is too late, up to now or to midnight."""
        started_at = max(self.last_stop(), self.cell.span.starts_at)
        if started_at + length > self.limit:
            started_at = self.limit - length
        if started_at < self.cell.span.starts_at:
            raise Refused(self.too_long())
        return Stretch(started_at, started_at + length)

    def too_long(self) -> str:
        fits = whole_minutes(self.limit - self.cell.span.starts_at)
        if self.limit == self.habits.now:
            return f"That is still to come: only {fits} of this day have gone by."
        return f"This day is only {fits} long."

    def last_stop(self) -> datetime:
        entries = [entry for entry in self.week.entries if self.week.touches(self.cell.span, entry)]
        stops = [min(entry.stopped_at, self.limit) for entry in entries if entry.stopped_at]
        return max(stops) if stops else morning(self.cell.day, self.cell.span, self.habits)


def whole_minutes(length: timedelta) -> str:
    """Rounded down: what is said to be left can be written."""
    return write_duration(timedelta(minutes=length // timedelta(minutes=1)))


def morning(day: date, span: Span, habits: Habits) -> datetime:
    try:
        return moment_of(day, MORNING, habits.zone)
    except NoSuchTime:
        return span.starts_at
