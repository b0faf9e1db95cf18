"""A timer that has been running for longer than its owner finds likely. It asks; nothing is ended by itself."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from statistics import median_low
from zoneinfo import ZoneInfo

from app import database
from app.projects.access import Person
from app.timesheet.days import moments_of
from app.timesheet.sheet import Entry
from app.timesheet.spans import Habits, NotASpan, Stretch, read_span

# Fewer days say nothing about when somebody usually stops.
ENOUGH_DAYS = 5
LOOKED_BACK = timedelta(days=28)


def asks_at(started_at: datetime, kept_at: datetime | None, limit: int) -> datetime:
    """`limit` is in hours. Who said that the time is right is asked again when as much has passed once more."""
    return max(started_at, kept_at or started_at) + timedelta(hours=limit)


@dataclass(frozen=True)
class Question:
    """`end` is proposed, as the person writes times."""

    entry: Entry
    seconds: float
    end: str


def is_long(entry: Entry, limit: int, now: datetime) -> bool:
    return entry.is_running and now >= asks_at(entry.started_at, entry.kept_at, limit)


async def question_about(user: Person, entry: Entry | None, limit: int, habits: Habits) -> Question | None:
    if entry is None or not is_long(entry, limit, habits.now):
        return None
    end = await likely_end(user, entry, limit, habits)
    return Question(entry, (habits.now - entry.started_at).total_seconds(), habits.write(end))


LAST_STOPS = """
    SELECT stopped_at FROM time_entry WHERE "user" = $1 AND stopped_at > $2 AND stopped_at < $3
"""


async def likely_end(user: Person, entry: Entry, limit: int, habits: Habits) -> datetime:
    """When the person usually stops, where that lies after the start; or else when the limit was reached."""
    rows = await database.fetch(LAST_STOPS, user.id, entry.started_at - LOOKED_BACK, entry.started_at)
    usual = usual_end((row["stopped_at"] for row in rows), habits.zone)
    moment = next_time(usual, entry.started_at, habits.zone) if usual else None
    if moment and entry.started_at < moment < habits.now:
        return moment
    # A whole day after the start the clock shows the start again.
    return entry.started_at + timedelta(hours=min(limit, 23))


def usual_end(stops: Iterable[datetime], zone: ZoneInfo) -> time | None:
    """The middle one of the times at which the days of late ended."""
    latest = {moment.date(): moment.time() for moment in sorted(stop.astimezone(zone) for stop in stops)}
    return median_low(latest.values()).replace(second=0, microsecond=0) if len(latest) >= ENOUGH_DAYS else None


def next_time(clock: time, after: datetime, zone: ZoneInfo) -> datetime | None:
    day = after.astimezone(zone).date()
    moments = [moment for ahead in (0, 1) for moment in moments_of(day + timedelta(days=ahead), clock, zone)]
    return next((moment for moment in moments if moment > after), None)


def read_end(typed: str, entry: Entry, habits: Habits) -> datetime:
    """The first such time after the start. Raises NotASpan where that is still to come."""
    was = Stretch(entry.started_at, None)
    stretch = read_span(replace(habits.show(was), end=typed), habits, was=was)
    if stretch.stopped_at is None:
        raise NotASpan("end", "When did it end? Write a time such as 18:00.")
    return stretch.stopped_at


KEEP = """
    UPDATE time_entry SET kept_at = $3, changed_by = $1 WHERE "user" = $1 AND id = $2 AND stopped_at IS NULL
"""
END = """
    UPDATE time_entry SET stopped_at = $3, updated_at = $4, changed_by = $1
    WHERE "user" = $1 AND id = $2 AND stopped_at IS NULL AND started_at < $3
"""


async def keep(user: Person, entry_id: int, now: datetime) -> None:
    await database.execute(KEEP, user.id, entry_id, now)


async def end(user: Person, entry_id: int, stopped_at: datetime, now: datetime) -> None:
    """Nothing happens to a timer that was stopped meanwhile."""
    await database.execute(END, user.id, entry_id, stopped_at, now)
