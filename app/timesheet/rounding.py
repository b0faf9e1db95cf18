"""Lengths in whole minutes, as every page shows them. Nothing that is rounded is ever stored.

An entry shows its length rounded half up; a finished one shows a minute at least, for it is there. What it gives to a
day is the difference of two such roundings, counted from its start, so its days add up to it. Every total is a sum of
what is shown.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from app.timesheet.days import midnight

MINUTE = timedelta(minutes=1)
HALF_A_MINUTE = timedelta(seconds=30)
DAY = timedelta(days=1)


class Timed(Protocol):
    """An entry, or anything else that lasts from one moment to another, or to now."""

    @property
    def started_at(self) -> datetime: ...

    @property
    def stopped_at(self) -> datetime | None: ...


def to_minutes(length: timedelta) -> int:
    """Half a minute is rounded up."""
    return (length + HALF_A_MINUTE) // MINUTE


def shown_minutes(entry: Timed, now: datetime) -> int:
    """The whole entry. One that runs begins with 0, as its clock does."""
    if entry.stopped_at is None:
        return max(0, to_minutes(now - entry.started_at))
    return max(1, to_minutes(entry.stopped_at - entry.started_at))


def shown_minutes_until(moment: datetime, entry: Timed, now: datetime) -> int:
    """What of the entry lies before a moment."""
    if moment <= entry.started_at:
        return 0
    if moment < (entry.stopped_at or now):
        return to_minutes(moment - entry.started_at)
    return shown_minutes(entry, now)


def shown_minutes_by_day(entry: Timed, days: Iterable[date], zone: ZoneInfo, now: datetime) -> list[int]:
    """What the entry gives to each of these days. Over all the days that it touches that is all of it."""
    return [
        shown_minutes_until(midnight(day + DAY, zone), entry, now)
        - shown_minutes_until(midnight(day, zone), entry, now)
        for day in days
    ]


def shown_minutes_between(bounds: Sequence[datetime], entries: Iterable[Timed], now: datetime) -> list[int]:
    """What all the entries come to from each of these moments, in their order, to the next one."""
    minutes = [0] * (len(bounds) - 1)
    for entry in entries:
        first = bisect_right(bounds, entry.started_at, 1) - 1
        last = bisect_left(bounds, entry.stopped_at or now, first, len(minutes))
        if last == first + 1 and bounds[first] <= entry.started_at and (entry.stopped_at or now) <= bounds[last]:
            minutes[first] += shown_minutes(entry, now)
            continue
        so_far = shown_minutes_until(bounds[first], entry, now)
        for index in range(first, last):
            before, so_far = so_far, shown_minutes_until(bounds[index + 1], entry, now)
            minutes[index] += so_far - before
    return minutes
