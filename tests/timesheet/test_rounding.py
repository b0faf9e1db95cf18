"""Whole minutes where time is shown: an entry's days add up to it, and totals to what stands above them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.timesheet.days import midnight, span_of_day
from app.timesheet.rounding import (
    shown_minutes,
    shown_minutes_between,
    shown_minutes_by_day,
    shown_minutes_until,
)
from tests.factories import monday
from tests.timesheet.zones import MICROSECOND, lengths, moments, moments_somewhere, zones

MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
LATER = datetime(2040, 1, 1, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")


@dataclass(frozen=True)
class Lasting:
    started_at: datetime
    stopped_at: datetime | None


def lasting(length: timedelta, start: datetime | None = None) -> Lasting:
    start = start or monday(9)
    return Lasting(start, start + length)


def days_around(entry: Lasting, zone: ZoneInfo, now: datetime) -> list[date]:
    """All days that it touches, and one more at either end."""
    first = entry.started_at.astimezone(zone).date() - DAY
    last = (entry.stopped_at or now).astimezone(zone).date() + DAY
    return [first + DAY * ahead for ahead in range((last - first).days + 1)]


entries = st.builds(
    lambda place, length: (place[0], Lasting(place[1], place[1] + length)), moments_somewhere(), lengths
)


@pytest.mark.parametrize(
    ("length", "minutes"),
    [
        (timedelta(minutes=5), 5),
        (timedelta(minutes=5, seconds=29.999999), 5),
        (timedelta(minutes=5, seconds=30), 6),
        (timedelta(seconds=90), 2),
        (timedelta(seconds=30), 1),
        (timedelta(seconds=29), 1),
        (MICROSECOND, 1),
        (timedelta(hours=24), 1440),
    ],
)
def test_it_rounds_half_up_and_shows_what_is_there(length: timedelta, minutes: int) -> None:
    assert shown_minutes(lasting(length), LATER) == minutes


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 0), (29, 0), (30, 1), (89, 1), (90, 2), (-3, 0)])
def test_it_lets_a_timer_begin_with_nothing(seconds: int, minutes: int) -> None:
    """Two servers' clocks may differ, so that it seems to start in the future."""
    assert shown_minutes(Lasting(monday(9), None), monday(9) + timedelta(seconds=seconds)) == minutes


def test_it_gives_a_minute_across_midnight_to_one_of_the_days() -> None:
    """20 seconds on either side are one minute, not two and not none."""
    night = lasting(timedelta(seconds=40), monday(0) - timedelta(seconds=20))
    assert shown_minutes_by_day(night, [MONDAY - DAY, MONDAY], UTC_ZONE, LATER) == [0, 1]


@given(lengths)
def test_it_is_never_further_off_than_half_a_minute(length: timedelta) -> None:
    shown = shown_minutes(lasting(length), LATER)
    assert shown >= 1
    assert abs(shown * MINUTE - length) <= timedelta(seconds=30) or (shown == 1 and length < MINUTE)


@given(lengths, lengths)
def test_it_shows_no_less_for_what_is_longer(one: timedelta, other: timedelta) -> None:
    shorter, longer = sorted((one, other))
    assert shown_minutes(lasting(shorter), LATER) <= shown_minutes(lasting(longer), LATER)


@given(lengths)
def test_it_changes_nothing_when_the_timer_is_stopped(length: timedelta) -> None:
    """But in its first half minute, when the clock still shows nothing."""
    assume(length >= timedelta(seconds=30))
    now = monday(9) + length
    assert shown_minutes(Lasting(monday(9), None), now) == shown_minutes(Lasting(monday(9), now), now)


@given(entries)
def test_its_days_add_up_to_it(case: tuple[ZoneInfo, Lasting]) -> None:
    zone, entry = case
    parts = shown_minutes_by_day(entry, days_around(entry, zone, LATER), zone, LATER)
    assert sum(parts) == shown_minutes(entry, LATER)
    assert parts[0] == parts[-1] == 0
    assert min(parts) >= 0


@given(entries)
def test_a_running_ones_days_add_up_to_it(case: tuple[ZoneInfo, Lasting]) -> None:
    zone, entry = case
    assert entry.stopped_at
    running = Lasting(entry.started_at, None)
    days = days_around(entry, zone, entry.stopped_at)
    assert sum(shown_minutes_by_day(running, days, zone, entry.stopped_at)) == shown_minutes(running, entry.stopped_at)


@given(entries)
def test_each_day_gets_its_own_part_to_the_minute(case: tuple[ZoneInfo, Lasting]) -> None:
    zone, entry = case
    assert entry.stopped_at
    days = days_around(entry, zone, LATER)
    for day, minutes in zip(days, shown_minutes_by_day(entry, days, zone, LATER), strict=True):
        exact = span_of_day(day, zone).seconds_of(entry.started_at, entry.stopped_at)
        assert abs(minutes * 60 - exact) <= 60


@given(zones, st.data())
def test_it_adds_up_many_as_it_adds_up_each(zone: ZoneInfo, data: st.DataObject) -> None:
    """Whatever they touch of these days, and whether one of them runs."""
    start = data.draw(moments(zone))
    now = start + DAY * 3
    starts = st.timedeltas(-DAY * 2, DAY * 3).map(lambda away: start + away)
    made = st.builds(lambda at, length: Lasting(at, at + length), starts, lengths)
    many = [*data.draw(st.lists(made, max_size=8)), Lasting(data.draw(starts), None)]
    days = [start.astimezone(zone).date() + DAY * ahead for ahead in range(5)]
    each = [shown_minutes_by_day(entry, days, zone, now) for entry in many]
    bounds = [midnight(day, zone) for day in [*days, days[-1] + DAY]]
    assert shown_minutes_between(bounds, many, now) == [sum(parts) for parts in zip(*each, strict=True)]


@given(entries, st.timedeltas(-DAY, DAY * 5))
def test_it_shows_no_less_of_it_as_time_goes_on(case: tuple[ZoneInfo, Lasting], away: timedelta) -> None:
    _, entry = case
    moment = entry.started_at + away
    until = shown_minutes_until(moment, entry, LATER)
    assert 0 <= until <= shown_minutes_until(moment + MINUTE, entry, LATER) <= shown_minutes(entry, LATER)
