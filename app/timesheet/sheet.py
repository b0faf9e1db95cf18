"""A day of the timesheet worked out from its entries: lines, gaps, overlaps and totals. Asks no database.

Every length is in the whole minutes that the page shows (`rounding` says how), so a day's total is the sum of its
lines and a week's the sum of its days; what the timer adds to goes on counting, to the same second everywhere.

What a page has dozens of are named tuples: they are made and compared several times as quickly as frozen data classes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.timesheet.days import Span, midnight, span_of_day, week_of, zone_name_if_twice
from app.timesheet.durations import LONGEST
from app.timesheet.rounding import shown_minutes, shown_minutes_between
from app.timesheet.spans import Stretch
from app.timesheet.work import Work

# Gaps and overlaps shorter than this are not worth a line.
WORTH_SHOWING = timedelta(minutes=1)


class Label(NamedTuple):
    """A tag as an entry shows it."""

    name: str
    is_archived: bool

    def order(self) -> str:
        return self.name.casefold()


class Entry(NamedTuple):
    """A time entry as the page shows it. `name` is None where it has no task yet."""

    id: int
    item_id: int | None
    project_id: int | None
    name: str | None
    path: tuple[str, ...]
    is_archived: bool
    note: str
    started_at: datetime
    stopped_at: datetime | None
    kept_at: datetime | None = None
    tags: tuple[int, ...] = ()
    labels: tuple[Label, ...] = ()
    billable: bool = False

    @property
    def dom_name(self) -> str:
        return "time_entry"

    @property
    def is_running(self) -> bool:
        return self.stopped_at is None

    @property
    def tag_names(self) -> list[str]:
        return [label.name for label in self.labels]

    @property
    def tags_to_continue(self) -> str:
        """What another entry like this one is marked with: an archived tag is given to none."""
        return ", ".join(label.name for label in self.labels if not label.is_archived)

    @property
    def work(self) -> Work:
        return Work(self.item_id, self.project_id)

    @property
    def stretch(self) -> Stretch:
        return Stretch(self.started_at, self.stopped_at)

    @property
    def hue(self) -> str:
        return self.work.hue


class Gap(NamedTuple):
    """Time between two entries that nothing was recorded for."""

    started_at: datetime
    stopped_at: datetime

    @property
    def seconds(self) -> float:
        return (self.stopped_at - self.started_at).total_seconds()


class Overlap(NamedTuple):
    """`can_trim` where the other could simply end as this one starts, and nothing after that would be lost."""

    with_entry: Entry
    seconds: float
    can_trim: bool


class Total(NamedTuple):
    """Whole minutes, as they are shown.

    `counts_from` is set where a running timer still adds to it: the moment from which a clock would show the same.
    It does so until `counts_until`, the end of the day.
    """

    minutes: int
    counts_from: datetime | None = None
    counts_until: datetime | None = None

    @property
    def seconds(self) -> int:
        return self.minutes * 60


class Line(NamedTuple):
    """A line of the list. `total` is the whole entry, `here` the part of it in this day.

    `started_on` and `stopped_on` are the days of an entry that crosses midnight, where they are not this one;
    `start_zone` and `stop_zone` tell equal times apart on the night when clocks are put back.
    """

    entry: Entry
    total: Total
    here: Total
    started_on: date | None
    stopped_on: date | None
    start_zone: str
    stop_zone: str
    overlap: Overlap | None
    gap_before: Gap | None
    goes_on: bool

    @property
    def is_split(self) -> bool:
        return self.total.minutes != self.here.minutes


class DayTotal(NamedTuple):
    day: date
    total: Total


@dataclass(frozen=True)
class Sheet:
    """One day, within its week. `entries` are all that touch the week, and the one that runs.

    `seen` is the database's snapshot that they were read in: it tells whether a change is among them (js/live.js).
    """

    day: date
    zone: ZoneInfo
    week_start: int
    now: datetime
    entries: Sequence[Entry]
    seen: str = ""

    def end_of(self, entry: Entry) -> datetime:
        return entry.stopped_at or max(self.now, entry.started_at)

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    @property
    def is_today(self) -> bool:
        return self.day == self.today

    @property
    def previous(self) -> date:
        return self.day - timedelta(days=1)

    @property
    def next(self) -> date:
        return self.day + timedelta(days=1)

    @cached_property
    def span(self) -> Span:
        return span_of_day(self.day, self.zone)

    @cached_property
    def running(self) -> Entry | None:
        return next((entry for entry in self.entries if entry.is_running), None)

    @cached_property
    def of_day(self) -> list[Entry]:
        """The day's entries by their start. One that crosses midnight belongs to both days."""
        return [entry for entry in self.entries if self.touches(self.span, entry)]

    def touches(self, span: Span, entry: Entry) -> bool:
        # One that runs belongs to the day of this very moment, though it has no length in it yet.
        end = self.end_of(entry)
        reaches = end >= span.starts_at if entry.is_running else end > span.starts_at
        return max(entry.started_at, span.starts_at) < span.ends_at and reaches

    @cached_property
    def day_total(self) -> Total:
        return next(of_day.total for of_day in self.week if of_day.day == self.day)

    @cached_property
    def week(self) -> tuple[DayTotal, ...]:
        first = week_of(self.day, self.week_start)
        days = [first + timedelta(days=ahead) for ahead in range(7)]
        bounds = [*(midnight(day, self.zone) for day in days), midnight(first + timedelta(days=7), self.zone)]
        minutes = shown_minutes_between(bounds, self.entries, self.now)
        return tuple(
            DayTotal(day, self.total(came_to, day == self.today)) for day, came_to in zip(days, minutes, strict=True)
        )

    @cached_property
    def week_total(self) -> Total:
        minutes = sum(of_day.total.minutes for of_day in self.week)
        return self.total(minutes, any(of_day.day == self.today for of_day in self.week))

    def total(self, minutes: int, has_now: bool) -> Total:
        """`has_now` where this moment is among what is added up, so that the timer adds to it."""
        if self.running is None or not has_now:
            return Total(minutes)
        others = timedelta(minutes=minutes - shown_minutes(self.running, self.now))
        return Total(minutes, self.running.started_at - others, midnight(self.today + timedelta(days=1), self.zone))

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Newest first. What an entry has to do with those before it stands in its own line."""
        lines = []
        latest: Entry | None = None
        for entry in self.of_day:
            lines.append(self.line(entry, latest))
            if latest is None or self.end_of(entry) > self.end_of(latest):
                latest = entry
        return tuple(lines[::-1])

    def line(self, entry: Entry, latest: Entry | None) -> Line:
        whole = Total(shown_minutes(entry, self.now), entry.started_at if entry.is_running else None)
        return Line(
            entry=entry,
            total=whole,
            here=self.here(entry, whole),
            started_on=self.other_day(entry.started_at),
            stopped_on=self.other_day(self.end_of(entry)),
            start_zone=zone_name_if_twice(entry.started_at, self.zone),
            stop_zone=zone_name_if_twice(self.end_of(entry), self.zone),
            overlap=self.overlap(entry, latest) if latest else None,
            gap_before=self.gap(entry, latest) if latest else None,
            goes_on=self.goes_on(entry),
        )

    def goes_on(self, entry: Entry) -> bool:
        """Whether it could be one with the entry before it: for the same task, and no longer than an entry may be."""
        before = self.before.get(entry.id)
        if before is None or before.work != entry.work:
            return False
        return max(self.end_of(before), self.end_of(entry)) - before.started_at <= LONGEST

    @cached_property
    def before(self) -> dict[int, Entry]:
        """The entry before each, by their starts."""
        return {later.id: earlier for earlier, later in pairwise(self.entries)}

    def here(self, entry: Entry, whole: Total) -> Total:
        if not entry.is_running and self.is_within(entry):
            return whole
        (minutes,) = shown_minutes_between([self.span.starts_at, self.span.ends_at], [entry], self.now)
        return self.total(minutes, entry.is_running and self.is_today)

    def is_within(self, entry: Entry) -> bool:
        return self.span.starts_at <= entry.started_at and self.end_of(entry) <= self.span.ends_at

    def other_day(self, moment: datetime) -> date | None:
        if self.span.starts_at <= moment <= self.span.ends_at:
            return None
        return moment.astimezone(self.zone).date()

    def overlap(self, entry: Entry, latest: Entry) -> Overlap | None:
        shared = min(self.end_of(entry), self.end_of(latest)) - entry.started_at
        if shared < WORTH_SHOWING:
            return None
        ends_first = not latest.is_running and self.end_of(latest) <= self.end_of(entry)
        return Overlap(latest, shared.total_seconds(), ends_first and latest.started_at < entry.started_at)

    def gap(self, entry: Entry, latest: Entry) -> Gap | None:
        gap = Gap(self.end_of(latest), entry.started_at)
        return gap if gap.stopped_at - gap.started_at >= WORTH_SHOWING else None
