"""The day's shape: its entries as stretches of one line, in the colours of their projects."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.timesheet.rounding import MINUTE, shown_minutes
from app.timesheet.sheet import Entry, Sheet

WIDTH = 1_000
HOUR = timedelta(hours=1)
# The line spans at least a usual working day, so that an hour looks like an hour from day to day.
USUAL_START = timedelta(hours=8)
USUAL_END = timedelta(hours=18)
MANY_HOURS = 12


@dataclass(frozen=True)
class Part:
    entry: Entry
    x: float
    width: float


@dataclass(frozen=True)
class Tick:
    x: float
    moment: datetime


@dataclass(frozen=True)
class Track:
    parts: list[Part]
    ticks: list[Tick]


def track_of(sheet: Sheet) -> Track:
    if not sheet.of_day:
        return Track([], [])
    starts_at, ends_at = window(sheet)
    scale = WIDTH / (ends_at - starts_at).total_seconds()

    def x(moment: datetime) -> float:
        clipped = min(max(moment, starts_at), ends_at)
        return round((clipped - starts_at).total_seconds() * scale, 1)

    def part(entry: Entry) -> Part:
        left = x(entry.started_at)
        # A short entry is drawn wide enough to be seen.
        return Part(entry, left, max(2, round(x(end_of(sheet, entry)) - left, 1)))

    hours = round((ends_at - starts_at) / HOUR)
    step = 1 if hours <= MANY_HOURS else 2
    moments = [starts_at + HOUR * number for number in range(0, hours + 1, step)]
    return Track([part(entry) for entry in sheet.of_day], [Tick(x(moment), moment) for moment in moments])


def end_of(sheet: Sheet, entry: Entry) -> datetime:
    """What runs is drawn in whole minutes, as its length is shown."""
    return entry.stopped_at or entry.started_at + shown_minutes(entry, sheet.now) * MINUTE


def window(sheet: Sheet) -> tuple[datetime, datetime]:
    """Whole hours of the day, around all that was recorded in it."""
    span = sheet.span
    first = min(entry.started_at for entry in sheet.of_day)
    last = max(end_of(sheet, entry) for entry in sheet.of_day)
    hours_before = min(first - span.starts_at, USUAL_START) // HOUR
    hours_until = -(-max(last - span.starts_at, USUAL_END) // HOUR)
    starts_at = max(span.starts_at, span.starts_at + HOUR * hours_before)
    return starts_at, min(span.ends_at, span.starts_at + HOUR * hours_until)
