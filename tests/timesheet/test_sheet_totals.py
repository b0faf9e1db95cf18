"""Totals of a sheet, for whatever was recorded wherever: they add up, also while the timer runs on in an open page."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.timesheet.rounding import shown_minutes, to_minutes
from app.timesheet.sheet import Entry, Sheet, Total
from tests.factories import monday
from tests.timesheet.zones import lengths, moments_somewhere, weekdays, zones

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def entry(number: int, started_at: datetime, stopped_at: datetime | None) -> Entry:
    return Entry(number, None, None, None, (), False, "", started_at, stopped_at)


@st.composite
def sheets(draw: st.DrawFn, *, running: bool = False) -> Sheet:
    """A day with up to ten entries around it, and with a timer that runs up to some moment of the day."""
    zone, now = draw(moments_somewhere())
    away = st.timedeltas(-DAY * 8, DAY * 3)
    stretches = draw(st.lists(st.tuples(away, lengths), max_size=10))
    made = [(now + ahead, now + ahead + length) for ahead, length in sorted(stretches)]
    entries = [entry(number, start, min(stop, max(now, start + MINUTE))) for number, (start, stop) in enumerate(made)]
    if running:
        entries.append(entry(99, now - draw(lengths | st.just(timedelta())), None))
        entries.sort(key=lambda one: one.started_at)
    day = now.astimezone(zone).date() + timedelta(days=draw(st.sampled_from([0, 0, 0, -1, 1, -6])))
    return Sheet(day, zone, draw(weekdays), now, entries)


def counted(total: Total, then: datetime) -> int:
    """What the page shows of a total when it has counted on until then."""
    if total.counts_from is None:
        return total.minutes
    return to_minutes(min(then, total.counts_until or then) - total.counts_from)


def minutes_of(sheet: Sheet) -> dict[str, int]:
    """All that is shown of time."""
    return totals_of(sheet, sheet.now)


def totals_of(sheet: Sheet, then: datetime) -> dict[str, int]:
    days = {f"day {of_day.day}": counted(of_day.total, then) for of_day in sheet.week}
    lines = {f"line {line.entry.id}": counted(line.total, then) for line in sheet.lines}
    here = {f"here {line.entry.id}": counted(line.here, then) for line in sheet.lines}
    return {"day": counted(sheet.day_total, then), "week": counted(sheet.week_total, then), **days, **lines, **here}


any_sheet = sheets() | sheets(running=True)


@given(any_sheet)
def test_the_day_is_the_sum_of_its_lines(sheet: Sheet) -> None:
    assert sheet.day_total.minutes == sum(line.here.minutes for line in sheet.lines)


@given(any_sheet)
def test_the_week_is_the_sum_of_its_days(sheet: Sheet) -> None:
    assert sheet.week_total.minutes == sum(of_day.total.minutes for of_day in sheet.week)
    assert sheet.day_total in [of_day.total for of_day in sheet.week]


@given(any_sheet)
def test_a_line_shows_the_whole_entry_and_no_more_of_it_here(sheet: Sheet) -> None:
    for line in sheet.lines:
        assert line.total.minutes == shown_minutes(line.entry, sheet.now) >= line.here.minutes >= 0
        assert line.is_split == (line.total.minutes != line.here.minutes)


@given(sheets(running=True), st.timedeltas(timedelta(), DAY * 2))
def test_it_counts_on_to_what_a_new_page_would_show(sheet: Sheet, passed: timedelta) -> None:
    """When the day is over its count is final, and what comes then is the new page's."""
    then = sheet.now + passed
    shown, later = totals_of(sheet, then), minutes_of(replace(sheet, now=then))
    if then.astimezone(sheet.zone).date() != sheet.today:
        del shown["week"]
        for of_day in sheet.week:
            if of_day.day > sheet.today:
                del shown[f"day {of_day.day}"]
        if sheet.day > sheet.today:
            del shown["day"]
    assert {name: minutes for name, minutes in shown.items() if later[name] != minutes} == {}


@given(sheets(running=True), st.timedeltas(timedelta(), DAY * 2))
def test_its_totals_agree_at_every_moment(sheet: Sheet, passed: timedelta) -> None:
    then = sheet.now + passed
    shown = totals_of(sheet, then)
    assert shown["week"] == sum(minutes for name, minutes in shown.items() if name.startswith("day "))
    assert shown["day"] == sum(minutes for name, minutes in shown.items() if name.startswith("here "))
    assert shown["day"] == shown[f"day {sheet.day}"]


@given(sheets(running=True), st.timedeltas(timedelta(), MINUTE))
def test_it_never_jumps(sheet: Sheet, passed: timedelta) -> None:
    """From one moment to another within a minute, nothing goes back or on by more than a minute."""
    before, after = totals_of(sheet, sheet.now), totals_of(sheet, sheet.now + passed)
    assert all(0 <= after[name] - before[name] <= 1 for name in before)


@given(sheets(), zones)
def test_it_moves_time_to_other_days_for_who_travels_and_loses_none(sheet: Sheet, other: ZoneInfo) -> None:
    assert all_weeks(sheet) == all_weeks(replace(sheet, zone=other))


def all_weeks(sheet: Sheet) -> int:
    """What the weeks around come to; nothing was recorded outside of them."""
    weeks = (replace(sheet, day=sheet.day + timedelta(weeks=ahead)) for ahead in range(-3, 4))
    return sum(week.week_total.minutes for week in weeks)


@given(any_sheet)
def test_gaps_and_what_was_recorded_cover_the_day(sheet: Sheet) -> None:
    """From its first entry to its last there is nothing else, but for gaps too short to show."""
    gaps = [(line.gap_before.started_at, line.gap_before.stopped_at) for line in sheet.lines if line.gap_before]
    assert sorted(gaps) == holes([(one.started_at, sheet.end_of(one)) for one in sheet.of_day])


def holes(stretches: Sequence[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Where none of them is, from the first to the last of them, for a minute or longer: looked for at every edge."""
    edges = sorted({edge for stretch in stretches for edge in stretch})
    free: list[tuple[datetime, datetime]] = []
    for start, stop in pairwise(edges):
        if any(first < stop and last > start for first, last in stretches):
            continue
        if free and free[-1][1] == start:
            start = free.pop()[0]
        free.append((start, stop))
    return [(start, stop) for start, stop in free if stop - start >= MINUTE]


@given(any_sheet)
def test_overlaps_are_real(sheet: Sheet) -> None:
    for line in sheet.lines:
        if line.overlap:
            both = (line.entry, line.overlap.with_entry)
            shared = min(map(sheet.end_of, both)) - max(one.started_at for one in both)
            assert line.overlap.seconds == shared.total_seconds() >= 60


@given(any_sheet)
def test_what_overlaps_is_pointed_out(sheet: Sheet) -> None:
    for line in sheet.lines:
        earlier = [one for one in sheet.of_day if sheet.of_day.index(one) < sheet.of_day.index(line.entry)]
        shared = [min(sheet.end_of(one), sheet.end_of(line.entry)) - line.entry.started_at for one in earlier]
        assert bool(line.overlap) == any(length >= MINUTE for length in shared)


# Entries of under a minute, of several days, and around New Year and a leap day.


def test_it_adds_what_it_shows_and_not_what_is_behind_it() -> None:
    """Ten times 20 seconds are ten lines of a minute."""
    short = [entry(n, monday(9, n), monday(9, n) + timedelta(seconds=20)) for n in range(10)]
    assert Sheet(monday(9).date(), ZoneInfo("UTC"), 1, monday(18), short).day_total.minutes == 10


def test_it_counts_a_timer_forgotten_for_three_days_on_each() -> None:
    forgotten = [entry(1, monday(17, 30), None)]
    now = monday(9, 15) + 3 * DAY
    sheet = Sheet(now.date(), ZoneInfo("UTC"), 1, now, forgotten)
    assert [of_day.total.minutes for of_day in sheet.week] == [390, 1440, 1440, 555, 0, 0, 0]
    assert sheet.week_total.minutes == sheet.lines[0].total.minutes


@pytest.mark.parametrize(
    ("start", "week_start", "first", "days"),
    [
        (datetime(2026, 12, 31, 23, tzinfo=UTC), 1, "2026-12-28", [0, 0, 0, 60, 60, 0, 0]),
        (datetime(2028, 2, 28, 23, tzinfo=UTC), 7, "2028-02-27", [0, 60, 60, 0, 0, 0, 0]),
        (datetime(2028, 2, 29, 23, tzinfo=UTC), 7, "2028-02-27", [0, 0, 60, 60, 0, 0, 0]),
        (datetime(2027, 2, 28, 23, tzinfo=UTC), 7, "2027-02-28", [60, 60, 0, 0, 0, 0, 0]),
    ],
)
def test_it_goes_over_the_edge_of_a_year_and_of_february(
    start: datetime, week_start: int, first: str, days: list[int]
) -> None:
    night = [entry(1, start, start + timedelta(hours=2))]
    sheet = Sheet(start.date(), ZoneInfo("UTC"), week_start, start + DAY * 9, night)
    assert sheet.week[0].day.isoformat() == first
    assert [of_day.total.minutes for of_day in sheet.week] == days


def test_it_shows_a_timer_started_at_the_stroke_of_midnight() -> None:
    (line,) = Sheet(monday(0).date(), ZoneInfo("UTC"), 1, monday(0), [entry(1, monday(0), None)]).lines
    assert (line.total.minutes, line.is_split) == (0, False)


def test_a_timer_is_on_the_new_day_from_its_first_moment_on() -> None:
    midnight = datetime(2026, 11, 24, tzinfo=UTC)
    running = entry(1, midnight - timedelta(microseconds=1), None)
    sheet = Sheet(midnight.date(), ZoneInfo("UTC"), 1, midnight, [running])
    assert [line.entry for line in sheet.lines] == [running]
