"""A week of the timesheet worked out from its entries: rows of cells, and totals both ways. Asks no database.

Every length is in the whole minutes that the pages show (`rounding` says how), and every total is the sum of its cells.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

from app.timesheet.days import Span, span_of_day
from app.timesheet.rounding import shown_minutes, shown_minutes_between
from app.timesheet.sheet import Entry, Total
from app.timesheet.work import NO_TASK, Work
from app.web.ids import read_id

DAYS = 7


class Kind(StrEnum):
    """How a cell may be used: typed into, opened, or only looked at."""

    empty = "empty"
    single = "single"
    running = "running"
    several = "several"
    closed = "closed"


@dataclass(frozen=True)
class Task:
    """What a row is for. `refusal` is the sentence that says why it takes no new time; empty where it does."""

    work: Work
    name: str | None
    path: tuple[str, ...] = ()
    refusal: str = ""
    is_archived: bool = False

    @property
    def key(self) -> str:
        return key_of(self.work)

    @property
    def hue(self) -> str:
        return self.work.hue

    @property
    def order(self) -> tuple[object, ...]:
        """Project by project and always the same, so that no row moves while hours are typed. No task comes last."""
        names = tuple(name.casefold() for name in (*self.path, self.name or ""))
        return self.work == NO_TASK, names, self.work.item_id or 0, self.work.project_id or 0


def key_of(work: Work) -> str:
    return f"{work.item_id or ''}-{work.project_id or ''}"


def read_key(key: str) -> Work | None:
    item, _, project = key.partition("-")
    work = Work(read_id(item), read_id(project))
    return work if key_of(work) == key else None


@dataclass(frozen=True)
class Cell:
    """What was tracked for one thing on one day. `entries` are all that touch the day, `minutes` their parts in it."""

    work: Work
    day: date
    span: Span
    now: datetime
    entries: tuple[Entry, ...]
    total: Total

    @property
    def key(self) -> str:
        return f"{key_of(self.work)}-{self.day.isoformat()}"

    @property
    def single(self) -> Entry | None:
        """The entry that the cell's hours are, where there is one and all of it lies in the day."""
        return self.entries[0] if len(self.entries) == 1 and self.is_whole(self.entries[0]) else None

    def is_whole(self, entry: Entry) -> bool:
        """An entry that runs, or crosses midnight, is not one that typed hours can change."""
        stopped_at = entry.stopped_at
        return stopped_at is not None and self.span.starts_at <= entry.started_at and stopped_at <= self.span.ends_at

    @property
    def running(self) -> Entry | None:
        return next((entry for entry in self.entries if entry.is_running), None)

    @property
    def is_future(self) -> bool:
        return self.span.starts_at > self.now

    @property
    def notes(self) -> list[str]:
        return [entry.note for entry in self.entries if entry.note]

    def kind(self, *, is_open: bool = True) -> Kind:
        """`is_open` says whether its row takes new time."""
        if self.single:
            return Kind.single
        if len(self.entries) == 1 and self.running:
            return Kind.running
        if self.entries:
            return Kind.several
        return Kind.closed if self.is_future or not is_open else Kind.empty


@dataclass(frozen=True)
class Row:
    """`is_removable`: there is no time in it, so it may be taken out of the week."""

    task: Task
    cells: tuple[Cell, ...]
    total: Total

    @property
    def is_removable(self) -> bool:
        return not any(cell.entries for cell in self.cells)


@dataclass(frozen=True)
class Week:
    """The seven days from `first` on, with all entries that touch them and the one that runs.

    `seen` is as in a sheet.
    """

    first: date
    zone: ZoneInfo
    now: datetime
    entries: Sequence[Entry]
    seen: str = ""

    @cached_property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=ahead) for ahead in range(DAYS)]

    @cached_property
    def spans(self) -> list[Span]:
        return [span_of_day(day, self.zone) for day in self.days]

    @property
    def starts_at(self) -> datetime:
        return self.spans[0].starts_at

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    @property
    def is_this_week(self) -> bool:
        return self.today in self.days

    @property
    def previous(self) -> date:
        return self.first - timedelta(days=DAYS)

    @property
    def next(self) -> date:
        return self.first + timedelta(days=DAYS)

    @property
    def last(self) -> date:
        return self.days[-1]

    @property
    def title(self) -> str:
        """`23 – 29 November` or `30 Nov – 6 Dec`, with the year where it is not this one."""
        first, last = self.first, self.last
        year = f" {last.year}" if last.year != self.today.year or first.year != last.year else ""
        if first.month == last.month:
            return f"{first.day} – {last.day} {last:%B}{year}"
        first_year = f" {first.year}" if first.year != last.year else ""
        return f"{first.day} {first:%b}{first_year} – {last.day} {last:%b}{year}"

    @cached_property
    def running(self) -> Entry | None:
        return next((entry for entry in self.entries if entry.is_running), None)

    @cached_property
    def by_work(self) -> dict[Work, list[Entry]]:
        """Only what has a part in these days: the timer that runs now may be for another week."""
        found = defaultdict(list)
        for entry in self.entries:
            if any(self.touches(span, entry) for span in self.spans):
                found[entry.work].append(entry)
        return found

    def touches(self, span: Span, entry: Entry) -> bool:
        # A timer started in this very moment has no length yet, and is there all the same.
        stopped_at = entry.stopped_at or self.now
        return entry.started_at < span.ends_at and (stopped_at > span.starts_at or entry.started_at >= span.starts_at)

    def cell(self, work: Work, day: date) -> Cell:
        span = self.spans[(day - self.first).days]
        entries = [entry for entry in self.by_work.get(work, []) if self.touches(span, entry)]
        (minutes,) = shown_minutes_between([span.starts_at, span.ends_at], entries, self.now)
        is_counting = day == self.today and any(entry.is_running for entry in entries)
        return Cell(work, day, span, self.now, tuple(entries), self.total(minutes, is_counting))

    def total(self, minutes: int, is_counting: bool) -> Total:
        if self.running is None or not is_counting:
            return Total(minutes)
        others = timedelta(minutes=minutes - shown_minutes(self.running, self.now))
        until = self.spans[self.days.index(self.today)].ends_at
        return Total(minutes, self.running.started_at - others, until)

    def sum_of(self, totals: Iterable[Total]) -> Total:
        parts = list(totals)
        return self.total(sum(part.minutes for part in parts), any(part.counts_from for part in parts))


@dataclass(frozen=True)
class Grid:
    week: Week
    tasks: Sequence[Task]

    @cached_property
    def rows(self) -> list[Row]:
        return [self.row(task) for task in sorted(self.tasks, key=lambda task: task.order)]

    def row(self, task: Task) -> Row:
        cells = tuple(self.week.cell(task.work, day) for day in self.week.days)
        return Row(task, cells, self.week.sum_of(cell.total for cell in cells))

    @cached_property
    def day_totals(self) -> list[Total]:
        return [self.week.sum_of(row.cells[index].total for row in self.rows) for index in range(DAYS)]

    @cached_property
    def total(self) -> Total:
        return self.week.sum_of(self.day_totals)
