"""The person's days: 23, 24 or 25 hours long, and what a time on them means."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.timesheet.days import (
    NoSuchTime,
    Span,
    midnight,
    moment_of,
    moments_of,
    span_of_day,
    span_of_week,
    week_of,
    zone_name,
    zone_name_if_twice,
)
from tests.timesheet.zones import changes, lengths, moments_somewhere, weekdays, zones

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
KOLKATA = ZoneInfo("Asia/Kolkata")
KATHMANDU = ZoneInfo("Asia/Kathmandu")
CAIRO = ZoneInfo("Africa/Cairo")
HAVANA = ZoneInfo("America/Havana")
BEIRUT = ZoneInfo("Asia/Beirut")
APIA = ZoneInfo("Pacific/Apia")
NEWFOUNDLAND = ZoneInfo("America/St_Johns")
MOSCOW = ZoneInfo("Europe/Moscow")

dates = st.dates(date(2000, 1, 1), date(2036, 12, 30))
# The last night in which clocks were put back from after midnight to before it was in November 2010.
SINCE_DAYS_ARE_WHOLE = datetime(2011, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        (date(2026, 11, 24), BERLIN, 24),
        (date(2026, 3, 29), BERLIN, 23),
        (date(2026, 10, 25), BERLIN, 25),
        (date(2026, 3, 8), NEW_YORK, 23),
        (date(2026, 11, 1), NEW_YORK, 25),
        (date(2026, 4, 5), LORD_HOWE, 24.5),
        (date(2026, 10, 4), LORD_HOWE, 23.5),
        (date(2026, 4, 24), CAIRO, 23),
        (date(2026, 3, 8), HAVANA, 23),
        (date(2026, 11, 1), HAVANA, 25),
        (date(2026, 3, 29), BEIRUT, 23),
        (date(2026, 10, 24), BEIRUT, 25),
        (date(2026, 11, 24), KOLKATA, 24),
        (date(2026, 11, 24), KATHMANDU, 24),
        (date(2011, 12, 29), APIA, 24),
        (date(2011, 12, 30), APIA, 0),
        (date(2011, 12, 31), APIA, 24),
        (date(2028, 2, 29), BERLIN, 24),
    ],
)
def test_it_knows_how_long_a_day_is(day: date, zone: ZoneInfo, hours: float) -> None:
    assert span_of_day(day, zone).seconds == hours * 3600


def test_it_begins_the_day_where_clocks_skip_midnight() -> None:
    """In Havana the clock goes from 23:59 to 1:00, and back from 1:00 to 0:00."""
    assert midnight(date(2026, 3, 8), HAVANA) == datetime(2026, 3, 8, 5, tzinfo=UTC)
    assert midnight(date(2026, 11, 1), HAVANA) == datetime(2026, 11, 1, 4, tzinfo=UTC)


def test_it_begins_the_day_once_where_clocks_are_put_back_over_midnight() -> None:
    """In Newfoundland it went back from 0:01 to 23:01: that hour belongs to the evening that it looks like."""
    start = midnight(date(2010, 11, 7), NEWFOUNDLAND)
    assert start.astimezone(NEWFOUNDLAND).isoformat() == "2010-11-07T00:00:00-03:30"


@given(dates, zones)
def test_it_lays_days_end_to_end(day: date, zone: ZoneInfo) -> None:
    span = span_of_day(day, zone)
    assert span.starts_at <= span.ends_at == span_of_day(day + timedelta(days=1), zone).starts_at


@given(moments_somewhere())
def test_it_puts_every_moment_in_one_day(place: tuple[ZoneInfo, datetime]) -> None:
    zone, moment = place
    shown = moment.astimezone(zone).date()
    spans = [span_of_day(shown + timedelta(days=ahead), zone) for ahead in range(-2, 3)]
    assert sum(span.starts_at <= moment < span.ends_at for span in spans) == 1


@given(moments_somewhere(first=SINCE_DAYS_ARE_WHOLE))
def test_it_puts_every_moment_in_the_day_its_clock_shows(place: tuple[ZoneInfo, datetime]) -> None:
    zone, moment = place
    day = span_of_day(moment.astimezone(zone).date(), zone)
    assert day.starts_at <= moment < day.ends_at


@given(moments_somewhere(), lengths)
def test_it_splits_an_entry_without_losing_a_second(place: tuple[ZoneInfo, datetime], length: timedelta) -> None:
    zone, start = place
    first = start.astimezone(zone).date()
    days = (span_of_day(first + timedelta(days=ahead), zone) for ahead in range(-1, 7))
    parts = [day.seconds_of(start, start + length) for day in days]
    assert min(parts) >= 0
    assert sum(parts) == pytest.approx(length.total_seconds(), abs=1e-6)


def test_it_counts_nothing_outside() -> None:
    span = Span(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC))
    assert span.seconds_of(datetime(2026, 1, 3, tzinfo=UTC), datetime(2026, 1, 4, tzinfo=UTC)) == 0


@given(dates, weekdays)
def test_it_starts_the_week_where_the_person_says(day: date, week_start: int) -> None:
    first = week_of(day, week_start)
    assert first.isoweekday() == week_start
    assert first <= day < first + timedelta(days=7)


@given(dates, weekdays, zones)
def test_it_makes_a_week_of_its_days(day: date, week_start: int, zone: ZoneInfo) -> None:
    first = week_of(day, week_start)
    days = [span_of_day(first + timedelta(days=ahead), zone) for ahead in range(7)]
    assert span_of_week(day, week_start, zone) == Span(days[0].starts_at, days[-1].ends_at)


def test_it_gives_the_week_of_a_clock_change_its_missing_hour() -> None:
    assert span_of_week(date(2026, 3, 29), 1, BERLIN).seconds == (7 * 24 - 1) * 3600


@given(moments_somewhere())
def test_it_finds_the_moment_of_a_time_again(place: tuple[ZoneInfo, datetime]) -> None:
    zone, moment = place
    local = moment.astimezone(zone)
    found = moments_of(local.date(), local.time(), zone)
    assert moment in found
    assert {one.astimezone(zone).replace(tzinfo=None) for one in found} == {local.replace(tzinfo=None)}
    assert moment_of(local.date(), local.time(), zone) == min(found)


@given(dates, st.times(), zones)
def test_it_finds_no_time_only_where_clocks_are_put_forward(day: date, clock: time, zone: ZoneInfo) -> None:
    found = moments_of(day, clock, zone)
    assert found == sorted(set(found))
    if len(found) != 1:
        noon = datetime.combine(day, time(12), UTC)
        assert any(abs(change - noon) < timedelta(hours=27) for change in changes(zone))


@given(moments_somewhere())
def test_it_names_the_zone_where_it_tells_two_times_apart(place: tuple[ZoneInfo, datetime]) -> None:
    zone, moment = place
    local = moment.astimezone(zone)
    found = moments_of(local.date(), local.time(), zone)
    names = {zone_name(one, zone) for one in found}
    assert len(names) == len(found)
    assert zone_name_if_twice(moment, zone) == (zone_name(moment, zone) if len(found) == 2 else "")


@pytest.mark.parametrize(
    ("zone", "moment", "name"),
    [
        (BERLIN, datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "CEST"),
        (BERLIN, datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "CET"),
        (LORD_HOWE, datetime(2026, 4, 4, 15, 15, tzinfo=UTC), "UTC+10:30"),
        (ZoneInfo("America/Santiago"), datetime(2026, 4, 5, 2, 30, tzinfo=UTC), "UTC-3"),
        (MOSCOW, datetime(2014, 10, 25, 21, 30, tzinfo=UTC), "UTC+4"),
    ],
)
def test_it_writes_the_zone_so_that_it_can_be_read(zone: ZoneInfo, moment: datetime, name: str) -> None:
    assert zone_name_if_twice(moment, zone) == name


def test_it_refuses_a_time_that_the_clocks_jump_over() -> None:
    with pytest.raises(NoSuchTime, match="2:30 does not exist"):
        moment_of(date(2026, 3, 29), time(2, 30), BERLIN)


def test_it_takes_the_first_of_two_equal_times() -> None:
    assert moment_of(date(2026, 10, 25), time(2, 30), BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_it_takes_the_second_where_the_first_would_end_before_it_starts() -> None:
    start = datetime(2026, 10, 25, 0, 45, tzinfo=UTC)
    assert moment_of(date(2026, 10, 25), time(2, 30), BERLIN, after=start) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
