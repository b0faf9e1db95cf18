"""A day worked out from its entries: lines, gaps, overlaps and totals."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.timesheet.sheet import Entry, Sheet
from tests.factories import monday

MONDAY = date(2026, 11, 23)
BERLIN = ZoneInfo("Europe/Berlin")
UTC_ZONE = ZoneInfo("UTC")


def entry(number: int, started_at: datetime, stopped_at: datetime | None) -> Entry:
    return Entry(number, None, None, None, (), False, "", started_at, stopped_at)


def sheet(
    *entries: Entry, day: date = MONDAY, zone: ZoneInfo = UTC_ZONE, now: datetime | None = None, week_start: int = 1
) -> Sheet:
    return Sheet(day, zone, week_start, now or monday(18), entries)


def test_it_lists_the_newest_first() -> None:
    lines = sheet(entry(1, monday(9), monday(10)), entry(2, monday(10), monday(11))).lines
    assert [line.entry.id for line in lines] == [2, 1]


def test_it_adds_up_the_day() -> None:
    assert sheet(entry(1, monday(9), monday(10)), entry(2, monday(10), monday(11, 30))).day_total.seconds == 2.5 * 3600


def test_it_counts_a_running_timer_up_to_now() -> None:
    running = sheet(entry(1, monday(9), None), now=monday(9, 45))
    assert running.day_total.seconds == 45 * 60
    assert running.running
    assert running.lines[0].total.seconds == 45 * 60


def test_it_shows_a_timer_started_in_this_very_moment() -> None:
    assert len(sheet(entry(1, monday(9), None), now=monday(9)).lines) == 1


def test_it_points_out_what_was_not_recorded() -> None:
    later, earlier = sheet(entry(1, monday(9), monday(10)), entry(2, monday(10, 29), monday(11))).lines
    assert later.gap_before
    assert later.gap_before.seconds == 29 * 60
    assert earlier.gap_before is None


def test_it_sees_no_gap_behind_an_entry_that_covers_it() -> None:
    lines = sheet(
        entry(1, monday(9), monday(12)), entry(2, monday(9, 30), monday(10)), entry(3, monday(11), monday(13))
    ).lines
    assert not any(line.gap_before for line in lines)


def test_it_points_out_overlaps_with_what_and_how_long() -> None:
    second, first = sheet(entry(1, monday(9), monday(10)), entry(2, monday(9, 48), monday(11))).lines
    assert second.overlap
    assert (second.overlap.with_entry.id, second.overlap.seconds) == (1, 12 * 60)
    assert first.overlap is None


def test_it_says_nothing_of_less_than_a_minute() -> None:
    second, _ = sheet(entry(1, monday(9), monday(10)), entry(2, monday(10) - timedelta(seconds=59), monday(11))).lines
    assert second.overlap is None
    third, _ = sheet(entry(1, monday(9), monday(10)), entry(2, monday(10) + timedelta(seconds=59), monday(11))).lines
    assert third.gap_before is None


def test_it_splits_an_entry_across_midnight_in_totals_but_not_in_the_list() -> None:
    night = entry(1, monday(23), monday(23) + timedelta(hours=3))
    for day, hours in ((MONDAY, 1), (MONDAY + timedelta(days=1), 2)):
        that_day = sheet(night, day=day, now=monday(23) + timedelta(days=1))
        assert that_day.day_total.seconds == hours * 3600
        assert that_day.lines[0].total.seconds == 3 * 3600
        assert that_day.lines[0].is_split


def test_it_takes_the_days_of_the_person() -> None:
    """23:30 to 0:30 in Berlin is 22:30 to 23:30 in UTC."""
    night = entry(1, monday(22, 30), monday(23, 30))
    assert sheet(night, zone=BERLIN).day_total.seconds == 1800
    assert sheet(night).day_total.seconds == 3600


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("America/New_York", date(2026, 11, 1), 25),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
    ],
)
def test_it_counts_every_hour_of_a_day_when_clocks_change(zone: str, day: date, hours: float) -> None:
    start = datetime.combine(day - timedelta(days=1), datetime.min.time(), UTC)
    days = entry(1, start, start + timedelta(days=4))
    assert sheet(days, day=day, zone=ZoneInfo(zone), now=start + timedelta(days=9)).day_total.seconds == hours * 3600


def test_it_tells_equal_times_apart_when_clocks_are_put_back() -> None:
    """2:30 to 2:30 in Berlin, an hour later."""
    half_past = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    night = entry(1, half_past, half_past + timedelta(hours=1))
    (line,) = sheet(night, day=date(2026, 10, 25), zone=BERLIN).lines
    assert (line.start_zone, line.stop_zone) == ("CEST", "CET")
    (other,) = sheet(entry(2, monday(9), monday(10)), zone=BERLIN).lines
    assert (other.start_zone, other.stop_zone) == ("", "")


def test_it_adds_up_the_week_from_where_the_person_starts_it() -> None:
    sunday = entry(1, monday(9) - timedelta(days=1), monday(10) - timedelta(days=1))
    own = entry(2, monday(9), monday(11))
    assert sheet(sunday, own).week_total.seconds == 2 * 3600
    assert sheet(sunday, own, week_start=7).week_total.seconds == 3 * 3600
    assert sheet(sunday, own).week[0].day == MONDAY
    assert sheet(sunday, own).week[0].total.seconds == 2 * 3600


def test_it_knows_today_where_the_person_is() -> None:
    late = monday(23, 30)
    assert sheet(day=MONDAY, now=late).is_today
    assert sheet(day=date(2026, 11, 24), zone=BERLIN, now=late).is_today


stretches = st.lists(
    st.tuples(st.integers(0, 7 * 1440), st.integers(1, 2 * 1440)).map(
        lambda pair: (monday(0) + timedelta(minutes=pair[0]), monday(0) + timedelta(minutes=sum(pair)))
    ),
    max_size=12,
)


@given(stretches, st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe"]))
def test_it_loses_no_time_between_days(made: list[tuple[datetime, datetime]], zone: str) -> None:
    entries = sorted((entry(number, *pair) for number, pair in enumerate(made)), key=lambda one: one.started_at)
    weeks = [
        sheet(*entries, day=MONDAY + timedelta(weeks=ahead), zone=ZoneInfo(zone), now=monday(0) + timedelta(days=99))
        for ahead in (-1, 0, 1, 2)
    ]
    worked = sum((stop - start).total_seconds() for start, stop in made)
    assert sum(week.week_total.seconds for week in weeks) == pytest.approx(worked)


@given(stretches)
def test_it_leaves_no_gap_where_something_was_recorded(made: list[tuple[datetime, datetime]]) -> None:
    entries = sorted((entry(number, *pair) for number, pair in enumerate(made)), key=lambda one: one.started_at)
    for line in sheet(*entries, now=monday(0) + timedelta(days=99)).lines:
        if gap := line.gap_before:
            assert not any(start < gap.stopped_at and stop > gap.started_at for start, stop in made)
