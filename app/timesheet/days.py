"""A person's days: which moments belong to a date in a time zone, and which moment a time on a date is.

Days are not always 24 hours long, and a time of day may come twice or not at all when clocks are changed.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


class NoSuchTime(ValueError):
    """The clocks are put forward over this time of day."""


@dataclass(frozen=True)
class Span:
    """From one moment up to another, as a day or a week is."""

    starts_at: datetime
    ends_at: datetime

    @property
    def seconds(self) -> float:
        return (self.ends_at - self.starts_at).total_seconds()

    def seconds_of(self, started_at: datetime, stopped_at: datetime) -> float:
        """How much of a stretch of time lies in here."""
        inside = min(self.ends_at, stopped_at) - max(self.starts_at, started_at)
        return max(0.0, inside.total_seconds())


def today(zone: ZoneInfo) -> date:
    return datetime.now(zone).date()


@lru_cache(maxsize=10_000)
def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a day. Where clocks skip midnight itself, that is the moment they are changed.

    Where they are put back over it, some of the evening comes after the next day began, and midnight comes twice:
    the day begins with the one that leaves less time on the wrong side.
    """
    first, second = both_moments(day, time.min, zone)
    halfway = first + (second - first) / 2
    return second if first < second and halfway.astimezone(zone).date() < day else first


def both_moments(day: date, clock: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The same twice, but where clocks are changed: before and after that."""
    first, second = (datetime.combine(day, clock, zone).replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return first, second


def moments_of(day: date, clock: time, zone: ZoneInfo) -> list[datetime]:
    """When the person's clock shows this: none where clocks are put forward over it, two where they are put back."""
    first, second = both_moments(day, clock, zone)
    if first.astimezone(zone).replace(tzinfo=None) != datetime.combine(day, clock):
        return []
    return [first] if first == second else [first, second]


def span_of_day(day: date, zone: ZoneInfo) -> Span:
    return Span(midnight(day, zone), midnight(day + timedelta(days=1), zone))


def week_of(day: date, week_start: int) -> date:
    """The first date of the week that the day belongs to; `week_start` is an ISO weekday."""
    return day - timedelta(days=(day.isoweekday() - week_start) % 7)


def span_of_week(day: date, week_start: int, zone: ZoneInfo) -> Span:
    first = week_of(day, week_start)
    return Span(midnight(first, zone), midnight(first + timedelta(days=7), zone))


def zone_name(moment: datetime, zone: ZoneInfo) -> str:
    """`CEST`, or `UTC+10:30` where there are no letters, or the same before and after clocks are put back."""
    local = moment.astimezone(zone)
    other = local.replace(fold=1 - local.fold)
    name = local.tzname() or ""
    if name.isalpha() and (name != other.tzname() or local.utcoffset() == other.utcoffset()):
        return name
    offset = (local.utcoffset() or timedelta()) // timedelta(minutes=1)
    hours, minutes = divmod(abs(offset), 60)
    return f"UTC{'-' if offset < 0 else '+'}{hours}" + (f":{minutes:02d}" if minutes else "")


@lru_cache(maxsize=10_000)
def zone_name_if_twice(moment: datetime, zone: ZoneInfo) -> str:
    """`CEST` or `CET` for a moment whose time of day the clock shows twice; empty for all others."""
    local = moment.astimezone(zone)
    comes_twice = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
    return zone_name(moment, zone) if comes_twice else ""


def moment_of(day: date, clock: time, zone: ZoneInfo, *, after: datetime | None = None) -> datetime:
    """The moment at which this time is shown by the person's clock.

    When clocks are put back a time comes twice: the first is meant, unless only the second lies after `after`
    (the start of the entry whose end this is). When they are put forward over it, there is none: NoSuchTime.
    """
    moments = moments_of(day, clock, zone)
    if not moments:
        raise NoSuchTime(f"{clock.hour}:{clock.minute:02d} does not exist on this day: clocks go forward over it.")
    return next((moment for moment in moments if after is None or moment > after), moments[0])
