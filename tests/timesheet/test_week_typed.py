"""What hours typed into a cell mean."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.timesheet.days import span_of_day, week_of
from app.timesheet.durations import NotADuration
from app.timesheet.sheet import Entry
from app.timesheet.spans import Habits, NotASpan, Stretch
from app.timesheet.week.fields import HoursField
from app.timesheet.week.grid import Week
from app.timesheet.week.typed import Add, Change, Move, Refused, Remove, understand
from app.timesheet.work import Work
from tests.factories import monday
from tests.timesheet.test_week_grid import BERLIN, MONDAY, PLAN, REVIEW, UTC_ZONE, entry
from tests.timesheet.zones import moments_somewhere

TUESDAY_NOON = monday(12) + timedelta(days=1)
TUESDAY = MONDAY + timedelta(days=1)
NINE_TO_TEN = entry(1, monday(9), monday(10))


def typed(
    text: str,
    *entries: Entry,
    on: Entry | None = None,
    day: date = MONDAY,
    now: datetime = TUESDAY_NOON,
    zone: ZoneInfo = UTC_ZONE,
    first: date = MONDAY,
) -> Change | None:
    """What is typed into the plan's cell. `on` is the entry that the page showed there."""
    habits = Habits(zone, True, now)
    return understand(Week(first, zone, now, entries), HoursField.of(PLAN, day, on), text, habits)


def added(text: str, *entries: Entry, **options: object) -> tuple[datetime, datetime | None]:
    change = typed(text, *entries, **options)  # type: ignore[arg-type]
    assert isinstance(change, Add)
    return change.stretch.started_at, change.stretch.stopped_at


def sentence(text: str, *entries: Entry, **options: object) -> str:
    with pytest.raises((Refused, NotASpan, NotADuration)) as refusal:
        typed(text, *entries, **options)  # type: ignore[arg-type]
    return str(refusal.value)


@pytest.mark.parametrize("text", ["1:30", "90m", "1.5", "1,5", "1h 30m", " 1:30 "])
def test_it_adds_in_the_morning_of_an_empty_day(text: str) -> None:
    assert added(text) == (monday(9), monday(10, 30))


def test_it_adds_after_the_last_entry_of_the_day_whatever_it_was_for() -> None:
    other = entry(2, monday(13), monday(14, 20), REVIEW)
    assert added("1:30", entry(3, monday(10), monday(11), REVIEW), other) == (monday(14, 20), monday(15, 50))


def test_it_puts_what_does_not_fit_after_it_at_the_end_of_the_day() -> None:
    late = entry(2, monday(20), monday(23), REVIEW)
    assert added("2:00", late) == (monday(22), monday(24 - 1) + timedelta(hours=1))


def test_it_counts_back_from_now_what_would_still_be_to_come() -> None:
    morning = TUESDAY_NOON.replace(hour=8)
    assert added("2:00", day=TUESDAY, now=morning) == (morning - timedelta(hours=2), morning)


def test_it_says_how_much_of_today_is_over() -> None:
    assert "only 12:00 of this day" in sentence("13:00", day=TUESDAY)


def test_it_refuses_days_to_come() -> None:
    assert sentence("1:00", day=TUESDAY + timedelta(days=1)) == "That day is still to come."


def test_it_says_how_long_a_short_day_is() -> None:
    sunday = date(2026, 3, 29)
    there = {"day": sunday, "first": date(2026, 3, 23), "zone": BERLIN, "now": datetime(2026, 4, 1, tzinfo=UTC)}
    assert sentence("24:00", **there) == "This day is only 23:00 long."
    start, stop = added("23:00", **there)
    assert stop
    assert stop - start == timedelta(hours=23)


def test_it_takes_from_when_to_when() -> None:
    assert added("9-10:30") == (monday(9), monday(10, 30))
    assert typed("8-9:15", NINE_TO_TEN, on=NINE_TO_TEN) == Move(NINE_TO_TEN, Stretch(monday(8), monday(9, 15)))


def test_it_moves_the_end_and_keeps_the_start() -> None:
    assert typed("2,5", NINE_TO_TEN, on=NINE_TO_TEN) == Move(NINE_TO_TEN, Stretch(monday(9), monday(11, 30)))


def test_it_refuses_an_end_that_is_still_to_come() -> None:
    today = entry(1, monday(11) + timedelta(days=1), monday(11, 30) + timedelta(days=1))
    said = sentence("2:00", today, on=today, day=TUESDAY)
    assert said.startswith("From its start at 11:00 until now there is only 1:00.")


def test_it_refuses_hours_that_would_go_over_midnight() -> None:
    late = entry(1, monday(22), monday(23))
    assert "until the end of the day there is only 2:00" in sentence("3:00", late, on=late)


@pytest.mark.parametrize("text", ["", "0", "0:00", "0m", "-", "  "])
def test_it_deletes_what_is_emptied(text: str) -> None:
    assert typed(text, NINE_TO_TEN, on=NINE_TO_TEN) == Remove(NINE_TO_TEN)


@pytest.mark.parametrize("text", ["", "0", "0:00"])
def test_it_does_nothing_where_there_is_nothing(text: str) -> None:
    assert typed(text) is None
    assert typed(text, on=NINE_TO_TEN) is None


def test_it_does_nothing_where_nobody_typed() -> None:
    odd = entry(1, monday(9), monday(9, 29) + timedelta(seconds=40))
    assert typed("0:30", odd, on=odd) is None


@pytest.mark.parametrize("text", ["1:30", "90m", "9-10:30"])
def test_sent_twice_it_is_done_once(text: str) -> None:
    after = entry(1, monday(9), monday(10, 30))
    assert typed(text, after) is None
    assert typed(text, after, on=NINE_TO_TEN) is None


def test_it_writes_over_nothing_that_changed_meanwhile() -> None:
    longer = entry(1, monday(9), monday(12))
    assert sentence("1:30", longer, on=NINE_TO_TEN).startswith("This was changed meanwhile. It is 3:00 now;")
    assert sentence("", longer, on=NINE_TO_TEN).endswith("“0:00” was not saved.")
    assert sentence("1:30", longer).startswith("This was changed meanwhile.")
    assert sentence("1:30", on=NINE_TO_TEN).startswith("This was changed meanwhile. The time here is gone now;")


def test_it_leaves_the_running_timer_alone() -> None:
    running = entry(1, monday(9) + timedelta(days=1), None)
    said = "The timer runs here. Stop it, and then write the hours."
    assert sentence("1:30", running, day=TUESDAY) == said
    assert sentence("1:30", running, day=TUESDAY, on=entry(1, running.started_at, TUESDAY_NOON)) == said


def test_it_changes_one_of_several() -> None:
    two = (NINE_TO_TEN, entry(2, monday(11), monday(12)))
    assert typed("0:30", *two, on=two[1]) == Move(two[1], Stretch(monday(11), monday(11, 30)))
    assert typed("0", *two, on=two[1]) == Remove(two[1])


def test_it_leaves_alone_what_goes_over_midnight() -> None:
    night = entry(1, monday(23), monday(23) + timedelta(hours=3))
    assert "goes over midnight" in sentence("1:00", night, on=night)


@pytest.mark.parametrize("text", ["later", "99", "1:99", "-1", "12:99", "1e400h", "9-25"])
def test_it_says_what_can_be_written(text: str) -> None:
    assert sentence(text)


@pytest.mark.parametrize("on", [None, NINE_TO_TEN])
def test_a_fields_name_says_what_it_is_for(on: Entry | None) -> None:
    field = HoursField.of(PLAN, MONDAY, on)
    assert HoursField.read(field.name) == field


@pytest.mark.parametrize(
    "name",
    [
        "",
        "hours",
        "hours.1.9",
        "hours.1.9.yesterday",
        "hours.x.9.2026-11-23",
        "hours.1.9.2026-11-23.1",
        "hours.1.9.2026-11-23.1.2.x",
        "hours.1.9.2026-11-23.1." + "9" * 20 + ".1",
        "note.1",
    ],
)
def test_other_names_are_for_nothing(name: str) -> None:
    assert HoursField.read(name) is None


minutes = st.integers(1, 24 * 60)
made = st.lists(st.tuples(st.integers(-10 * 60, 34 * 60), minutes, st.sampled_from([PLAN, REVIEW])), max_size=4)


@given(moments_somewhere(), minutes, made, st.integers(0, 60 * 60))
def test_a_cell_shows_what_was_typed_or_it_was_refused(
    somewhere: tuple[ZoneInfo, datetime], length: int, others: list[tuple[int, int, Work]], later: int
) -> None:
    """Whatever else there is, on a day when clocks are changed or any other, today or long after."""
    zone, moment = somewhere
    day = moment.astimezone(zone).date()
    first, span = week_of(day, 1), span_of_day(day, zone)
    now = moment + timedelta(seconds=later)
    found = [
        entry(number, span.starts_at + timedelta(minutes=start), span.starts_at + timedelta(minutes=start + long), work)
        for number, (start, long, work) in enumerate(others, 1)
    ]
    week = Week(first, zone, now, [one for one in found if one.stopped_at and one.stopped_at <= now])
    before = week.cell(PLAN, day)
    try:
        field = HoursField.of(PLAN, day, before.single)
        change = understand(week, field, f"{length}m", Habits(zone, True, now))
    except Refused:
        return
    after = [one for one in week.entries if before.single is None or one.id != before.single.id]
    if change is None:
        return
    assert isinstance(change, Add | Move)
    assert change.stretch.stopped_at
    assert span.starts_at <= change.stretch.started_at < change.stretch.stopped_at <= min(now, span.ends_at)
    new = entry(99, change.stretch.started_at, change.stretch.stopped_at)
    assert Week(first, zone, now, [*after, new]).cell(PLAN, day).total.minutes == length
