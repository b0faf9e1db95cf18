"""A week worked out from its entries: rows, cells and totals both ways."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.timesheet.days import week_of
from app.timesheet.rounding import shown_minutes
from app.timesheet.sheet import Entry, Sheet
from app.timesheet.week.grid import Cell, Grid, Kind, Task, Week
from app.timesheet.work import NO_TASK, Work
from tests.factories import monday

MONDAY = date(2026, 11, 23)
BERLIN = ZoneInfo("Europe/Berlin")
KOLKATA = ZoneInfo("Asia/Kolkata")
UTC_ZONE = ZoneInfo("UTC")
SUNDAY_NIGHT = datetime(2026, 11, 29, 23, tzinfo=UTC)
PLAN, REVIEW = Work(1, 9), Work(2, 9)
ELSEWHERE = Work(1, 8)


def entry(number: int, start: datetime, stop: datetime | None, work: Work = PLAN, note: str = "") -> Entry:
    return Entry(number, work.item_id, work.project_id, "Plan", (), False, note, start, stop)


def week(
    *entries: Entry,
    first: date = MONDAY,
    zone: ZoneInfo = UTC_ZONE,
    now: datetime = SUNDAY_NIGHT,
) -> Week:
    return Week(first, zone, now, entries)


def grid(*entries: Entry, tasks: list[Task] | None = None, **options: object) -> Grid:
    found = week(*entries, **options)  # type: ignore[arg-type]
    return Grid(found, tasks or [Task(work, "Plan") for work in found.by_work])


def cell(*entries: Entry, day: date = MONDAY, **options: object) -> Cell:
    return week(*entries, **options).cell(PLAN, day)  # type: ignore[arg-type]


def local(day: date, hour: int, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=zone).astimezone(UTC)


def test_it_has_a_row_for_each_task_and_project() -> None:
    rows = grid(
        entry(1, monday(9), monday(10)), entry(2, monday(10), monday(11), ELSEWHERE), entry(3, monday(11), monday(12))
    ).rows
    assert {row.task.work: row.total.minutes for row in rows} == {PLAN: 120, ELSEWHERE: 60}


def test_it_orders_rows_by_project_and_name_with_no_task_last() -> None:
    tasks = [
        Task(NO_TASK, None),
        Task(Work(3, 9), "zoo", ("Acquisition",)),
        Task(Work(2, 9), "Apple", ("website",)),
        Task(Work(1, 9), "apple", ("Acquisition",)),
    ]
    assert [row.task.work.item_id for row in Grid(week(), tasks).rows] == [1, 3, 2, None]


def test_it_adds_up_both_ways() -> None:
    tuesday = timedelta(days=1)
    found = grid(
        entry(1, monday(9), monday(10, 30)),
        entry(2, monday(9) + tuesday, monday(10) + tuesday),
        entry(3, monday(12) + tuesday, monday(12, 45) + tuesday, REVIEW),
    )
    assert [row.total.minutes for row in found.rows] == [150, 45]
    assert [total.minutes for total in found.day_totals] == [90, 105, 0, 0, 0, 0, 0]
    assert found.total.minutes == 195


def test_it_gives_each_day_its_part_of_an_entry_over_midnight() -> None:
    night = entry(1, monday(23), monday(23) + timedelta(hours=3))
    parts = [week(night).cell(PLAN, MONDAY + timedelta(days=ahead)) for ahead in (0, 1)]
    assert [part.total.minutes for part in parts] == [60, 120]
    assert {part.kind() for part in parts} == {Kind.several}


def test_it_counts_of_an_entry_into_the_next_week_only_what_lies_in_this_one() -> None:
    sunday = date(2026, 11, 29)
    late = entry(1, local(sunday, 22, UTC_ZONE), local(sunday, 22, UTC_ZONE) + timedelta(hours=5))
    assert grid(late).total.minutes == 120
    assert grid(late, first=date(2026, 11, 30), now=datetime(2026, 12, 1, tzinfo=UTC)).total.minutes == 180


@pytest.mark.parametrize(("sunday", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
def test_it_knows_days_of_23_and_25_hours(sunday: date, hours: int) -> None:
    all_day = entry(1, local(sunday, 0), local(sunday + timedelta(days=1), 0))
    found = cell(all_day, day=sunday, first=week_of(sunday, 1), zone=BERLIN)
    assert found.total.minutes == hours * 60
    assert found.kind() == Kind.single


def test_it_begins_a_week_where_the_person_does() -> None:
    days = week(first=week_of(MONDAY, 7)).days
    assert days[0] == date(2026, 11, 22)
    assert days[0].isoweekday() == 7


def test_a_day_is_the_persons_day() -> None:
    late = entry(1, datetime(2026, 11, 23, 19, tzinfo=UTC), datetime(2026, 11, 23, 20, tzinfo=UTC))
    found = week(late, zone=KOLKATA)
    assert found.cell(PLAN, MONDAY).total.minutes == 0
    assert found.cell(PLAN, MONDAY + timedelta(days=1)).total.minutes == 60


def test_it_tells_what_a_cell_is_for() -> None:
    one, two = entry(1, monday(9), monday(10)), entry(2, monday(11), monday(12))
    assert cell().kind() == Kind.empty
    assert cell(one).kind() == Kind.single
    assert cell(one, two).kind() == Kind.several
    assert cell(entry(3, monday(9), None), now=monday(10)).kind() == Kind.running
    assert cell(one, entry(3, monday(11), None), now=monday(12)).kind() == Kind.several
    assert cell(day=MONDAY + timedelta(days=1), now=monday(12)).kind() == Kind.closed
    assert cell().kind(is_open=False) == Kind.closed
    assert cell(one).kind(is_open=False) == Kind.single


def test_totals_with_the_running_timer_count_on_from_the_same_second() -> None:
    running = entry(2, monday(11, 0) + timedelta(seconds=12), None, REVIEW)
    found = grid(entry(1, monday(9), monday(10)), running, now=monday(11, 30))
    counting = [found.rows[1].total, found.day_totals[0], found.total, found.rows[1].cells[0].total]
    assert found.rows[0].total.counts_from is None
    assert [total.counts_from and total.counts_from.second for total in counting] == [12] * 4
    assert found.total.minutes == 60 + shown_minutes(running, monday(11, 30))


def test_a_timer_that_runs_in_another_week_makes_no_row() -> None:
    running = entry(1, monday(9), None)
    before = week(running, first=date(2026, 11, 16), now=monday(10))
    assert before.by_work == {}
    assert before.running == running


def test_a_timer_begun_this_moment_has_a_cell() -> None:
    assert cell(entry(1, monday(9), None), now=monday(9)).kind() == Kind.running


def test_it_names_the_week() -> None:
    assert week().title == "23 – 29 November"
    assert week(first=date(2026, 11, 30)).title == "30 Nov – 6 Dec"
    assert week(first=date(2026, 12, 28)).title == "28 Dec 2026 – 3 Jan 2027"
    assert week(first=date(2025, 11, 24)).title == "24 – 30 November 2025"


starts = st.integers(0, 10 * 24 * 3600).map(lambda ahead: datetime(2026, 10, 17, tzinfo=UTC) + timedelta(seconds=ahead))
lengths = st.integers(1, 2 * 24 * 3600).map(lambda seconds: timedelta(seconds=seconds))
works = st.sampled_from([PLAN, REVIEW, ELSEWHERE, NO_TASK])
entries = st.lists(st.tuples(starts, lengths, works), max_size=12)


@given(entries, st.sampled_from([BERLIN, KOLKATA, ZoneInfo("America/Sao_Paulo")]), st.sampled_from([1, 6, 7]))
def test_rows_columns_and_the_days_pages_say_the_same(
    made: list[tuple[datetime, timedelta, Work]], zone: ZoneInfo, week_start: int
) -> None:
    """In the week when clocks are put back."""
    now = datetime(2026, 11, 1, tzinfo=UTC)
    found = [entry(number, start, start + length, work) for number, (start, length, work) in enumerate(made)]
    first = week_of(date(2026, 10, 25), week_start)
    sheet = Sheet(first, zone, week_start, now, found)
    shown = grid(*found, first=first, zone=zone, now=now)
    assert sum(row.total.minutes for row in shown.rows) == shown.total.minutes
    assert [total.minutes for total in shown.day_totals] == [day.total.minutes for day in sheet.week]
    assert shown.total == sheet.week_total
