"""Correcting when the running timer was started."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from app import database
from app.projects.access import Person
from app.timesheet.days import moments_of, zone_name
from app.timesheet.spans import Habits, NotASpan
from app.timesheet.times import NotATime, TypedTime, parse_time


def read_start(typed: str, started_at: datetime, habits: Habits) -> datetime:
    """The moment nearest to the start as it is, of those when the clock showed what was typed. What was not changed
    stays to the second. Raises NotASpan.
    """
    text = " ".join(typed.split())
    if text == habits.write(started_at):
        return started_at
    try:
        moments = list(moments_around(started_at, parse_time(text, clock_24h=habits.clock_24h), habits))
    except NotATime as refusal:
        raise NotASpan("start", str(refusal)) from refusal
    if not moments:
        raise NotASpan("start", f"That is still to come: it is {habits.write(habits.now)} now.")
    return min(moments, key=lambda moment: abs(moment - started_at))


def moments_around(started_at: datetime, typed: TypedTime, habits: Habits) -> Iterator[datetime]:
    for day, clock in times_around(started_at.astimezone(habits.zone).date(), typed, habits):
        for moment in moments_of(day, clock, habits.zone):
            if moment <= habits.now and typed.zone in ("", zone_name(moment, habits.zone).lower()):
                yield moment


def times_around(middle: date, typed: TypedTime, habits: Habits) -> Iterator[tuple[date, time]]:
    """Who lives by a 12 hour clock and writes `2` may mean the afternoon."""
    clocks = [typed.clock, *([typed.other_half()] if typed.half_is_open and not habits.clock_24h else [])]
    return ((middle + timedelta(days=ahead), clock) for ahead in (-1, 0, 1) for clock in clocks)


MOVE = """
    UPDATE time_entry SET started_at = $3, updated_at = $4, changed_by = $1
    WHERE "user" = $1 AND id = $2 AND stopped_at IS NULL
"""


async def move_start(user: Person, entry_id: int, started_at: datetime, now: datetime) -> None:
    """Nothing happens to a timer that was stopped meanwhile."""
    await database.execute(MOVE, user.id, entry_id, started_at, now)
