"""When an entry was, from what was typed: any two of start, end and duration, in the person's zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.timesheet.spans import Habits, NotASpan, Stretch, TypedSpan, read_span

NOW = datetime(2026, 11, 24, 14, 5, 30, tzinfo=UTC)
DAY = "2026-11-23"


def habits(zone: str = "UTC", *, clock_24h: bool = True, now: datetime = NOW) -> Habits:
    return Habits(ZoneInfo(zone), clock_24h, now)


def utc(day: int, hour: int, minute: int = 0, second: int = 0, *, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, second, tzinfo=UTC)


def read(start: str = "", end: str = "", duration: str = "", *, day: str = DAY, by: Habits | None = None) -> Stretch:
    return read_span(TypedSpan(day, start, end, duration), by or habits())


@pytest.mark.parametrize(
    ("start", "end", "duration"),
    [
        ("9", "10:30", ""),
        ("9:00", "", "1:30"),
        ("", "10:30", "90m"),
        ("9-10:30", "", ""),
        ("", "", "9-10:30"),
        (" 9 – 10:30 ", "", ""),
        ("9am", "10.30", "1.5"),
        ("", "", "1h 30m"),
    ],
)
def test_it_reads_any_two_of_the_three(start: str, end: str, duration: str) -> None:
    assert read(start, end, duration) == Stretch(utc(23, 9), utc(23, 10, 30))


def test_it_puts_a_duration_alone_before_now_today() -> None:
    assert read(duration="90m", day="2026-11-24") == Stretch(NOW - timedelta(minutes=90), NOW)


def test_it_puts_a_duration_alone_after_the_last_entry_of_another_day() -> None:
    stretch = read_span(TypedSpan(DAY, duration="1h"), habits(), after=utc(23, 15, 12))
    assert stretch == Stretch(utc(23, 15, 12), utc(23, 16, 12))


def test_it_goes_across_midnight() -> None:
    assert read("22:00", "1:30") == Stretch(utc(23, 22), utc(24, 1, 30))
    assert read("22:00", "24:00") == Stretch(utc(23, 22), utc(24, 0))
    assert read("0", "24") == Stretch(utc(23, 0), utc(24, 0))


@pytest.mark.parametrize(
    ("start", "end", "hours"), [("9", "5", 8), ("9am", "5", 8), ("11", "1", 2), ("9pm", "1", 4), ("9", "5am", 20)]
)
def test_it_takes_the_afternoon_for_who_has_a_12_hour_clock(start: str, end: str, hours: int) -> None:
    stretch = read(start, end, by=habits(clock_24h=False))
    assert stretch.stopped_at
    assert stretch.stopped_at - stretch.started_at == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("typed", "hours"),
    [("1-5", (13, 17)), ("12-1", (12, 13)), ("5-9", (17, 21)), ("6-2", (6, 14)), ("7-3", (7, 15)), ("1am-5", (1, 5))],
)
def test_it_takes_small_hours_for_the_afternoon_unless_the_day_would_end(typed: str, hours: tuple[int, int]) -> None:
    assert read(typed, by=habits(clock_24h=False)) == Stretch(utc(23, hours[0]), utc(23, hours[1]))


def test_it_takes_the_morning_where_the_afternoon_is_still_to_come() -> None:
    """It is five past two."""
    american = habits(clock_24h=False)
    assert read("1-3", day="2026-11-24", by=american) == Stretch(utc(24, 1), utc(24, 3))
    assert read("1-2", day="2026-11-24", by=american) == Stretch(utc(24, 13), utc(24, 14))
    assert read("", "2", "1h", day="2026-11-24", by=american) == Stretch(utc(24, 13), utc(24, 14))
    assert read("", "3", "1h", day="2026-11-24", by=american) == Stretch(utc(24, 2), utc(24, 3))


def test_it_takes_the_night_for_who_has_a_24_hour_clock() -> None:
    assert read("9", "5").stopped_at == utc(24, 5)


@pytest.mark.parametrize(
    ("start", "end", "duration", "field", "sentence"),
    [
        ("", "", "", "start", "When did it start"),
        ("", "10", "", "start", "When did it start"),
        ("9", "", "", "end", "When did it end"),
        ("nine", "10", "", "start", "Write a time such as"),
        ("9", "later", "", "end", "Write a time such as"),
        ("9", "", "long", "duration", "Write a duration such as"),
        ("9", "", "25h", "duration", "24 hours"),
        ("9", "9", "", "end", "later than the start"),
        ("9", "10", "2h", "duration", "it is 1:00"),
    ],
)
def test_it_says_at_which_field(start: str, end: str, duration: str, field: str, sentence: str) -> None:
    with pytest.raises(NotASpan, match=sentence) as refusal:
        read(start, end, duration)
    assert refusal.value.field == field


def test_it_names_all_that_is_wrong_at_once() -> None:
    with pytest.raises(NotASpan) as refusal:
        read("nine", "25", "long", day="soon")
    assert list(refusal.value.errors) == ["date", "start", "end", "duration"]
    with pytest.raises(NotASpan) as refusal:
        read("15", "16", day="2026-11-24")
    assert list(refusal.value.errors) == ["start", "end"]


@pytest.mark.parametrize(
    ("start", "end", "duration", "field"),
    [("14:06", "", "1m", "start"), ("13", "14:06", "", "end"), ("9", "8", "", "end")],
)
def test_it_refuses_what_is_still_to_come(start: str, end: str, duration: str, field: str) -> None:
    with pytest.raises(NotASpan, match="still to come: it is 14:05 now") as refusal:
        read(start, end, duration, day="2026-11-24")
    assert refusal.value.field == field


@pytest.mark.parametrize(
    "day", ["", "24.11.2026", "2026-02-30", "0001-01-01", "1999-12-31", "2026-11-25", "9999-12-31"]
)
def test_it_refuses_days_that_cannot_be_meant(day: str) -> None:
    with pytest.raises(NotASpan) as refusal:
        read("9", "10", day=day)
    assert refusal.value.field == "date"


def test_it_takes_the_day_of_the_person() -> None:
    """At 20:00 UTC it is already tomorrow in Kolkata, half an hour off the full hours."""
    kolkata = habits("Asia/Kolkata", now=utc(24, 20))
    assert read("0:30", "1", day="2026-11-25", by=kolkata) == Stretch(utc(24, 19), utc(24, 19, 30))


# Editing: what stands in the form unchanged stays exactly as it was.

WAS = Stretch(utc(23, 9, 0, 23), utc(23, 10, 9, 59))
SHOWN = habits().show(WAS)


def edit(**typed: str) -> Stretch:
    return read_span(TypedSpan(**{**vars(SHOWN), **typed}), habits(), was=WAS)


def test_it_shows_whole_minutes() -> None:
    assert TypedSpan(DAY, "9:00", "10:09", "1:10") == SHOWN


def test_it_keeps_the_seconds_of_what_was_not_changed() -> None:
    assert edit() == WAS
    assert edit(end="11") == Stretch(WAS.started_at, utc(23, 11))
    assert edit(start="8") == Stretch(utc(23, 8), WAS.stopped_at)


def test_it_moves_the_end_with_the_duration() -> None:
    assert edit(duration="2h") == Stretch(WAS.started_at, WAS.started_at + timedelta(hours=2))
    assert edit(start="8", duration="1h") == Stretch(utc(23, 8), utc(23, 9))


def test_it_keeps_the_length_when_only_the_day_is_changed() -> None:
    assert edit(date="2026-11-20") == Stretch(utc(20, 9, 0, 23), utc(20, 10, 9, 59))


def test_it_takes_the_end_along_to_another_day() -> None:
    assert edit(date="2026-11-20", start="8") == Stretch(utc(20, 8), utc(20, 10, 9, 59))
    assert edit(date="2026-11-20", end="11") == Stretch(utc(20, 9, 0, 23), utc(20, 11))


def test_it_counts_from_what_is_left_where_a_field_is_emptied() -> None:
    length = timedelta(hours=1, minutes=9, seconds=36)
    assert edit(end="", start="8") == Stretch(utc(23, 8), utc(23, 8) + length)
    assert edit(start="", end="11") == Stretch(utc(23, 11) - length, utc(23, 11))


def test_it_refuses_a_start_after_the_end_that_stays() -> None:
    with pytest.raises(NotASpan, match="later than the start"):
        edit(start="12")


def test_it_keeps_an_entry_running() -> None:
    running = Stretch(utc(24, 9, 0, 23), None)
    shown = habits().show(running)
    assert shown.end == shown.duration == ""
    assert read_span(shown, habits(), was=running) == running
    earlier = read_span(TypedSpan(shown.date, "8:30"), habits(), was=running)
    assert earlier == Stretch(utc(24, 8, 30), None)


def test_it_lets_a_timer_that_ran_for_days_be_what_it_is() -> None:
    long = Stretch(utc(20, 9), utc(23, 10))
    assert read_span(habits().show(long), habits(), was=long) == long


# Clock changes.

BERLIN = habits("Europe/Berlin")
LORD_HOWE = habits("Australia/Lord_Howe")


def test_it_counts_real_hours_over_a_clock_change() -> None:
    spring = read("1:30", "3:30", day="2026-03-29", by=BERLIN)
    autumn = read("1:30", "3:30", day="2026-10-25", by=BERLIN)
    assert spring.stopped_at == spring.started_at + timedelta(hours=1)
    assert autumn.stopped_at == autumn.started_at + timedelta(hours=3)


def test_it_counts_the_half_hour_of_lord_howe() -> None:
    autumn = read("1:00", "3:00", day="2026-04-05", by=LORD_HOWE)
    assert autumn.stopped_at == autumn.started_at + timedelta(hours=2, minutes=30)


@pytest.mark.parametrize(("start", "end", "field"), [("2:30", "4", "start"), ("1", "2:30", "end")])
def test_it_refuses_a_time_that_the_clocks_jump_over(start: str, end: str, field: str) -> None:
    with pytest.raises(NotASpan, match="2:30 does not exist") as refusal:
        read(start, end, day="2026-03-29", by=BERLIN)
    assert refusal.value.field == field


def test_it_goes_on_to_the_next_day_where_the_first_such_time_was_jumped_over_before_the_start() -> None:
    assert read("4", "2:30", day="2026-03-29", by=BERLIN) == Stretch(utc(29, 2, month=3), utc(30, 0, 30, month=3))


def test_it_takes_the_one_of_two_equal_times_whose_zone_is_said() -> None:
    for zone, hour in (("CEST", 0), ("cet", 1)):
        assert read(f"2:30 {zone}", "4", day="2026-10-25", by=BERLIN).started_at == utc(25, hour, 30, month=10)
    with pytest.raises(NotASpan, match="On this day 2:30 is CEST or CET"):
        read("2:30 PST", "4", day="2026-10-25", by=BERLIN)
    with pytest.raises(NotASpan, match="On this day 9:00 is CET"):
        read("9:00 UTC", "10", by=BERLIN)


def test_it_knows_no_day_that_the_calendar_jumped_over() -> None:
    """Samoa went from the 29th of December 2011 to the 31st."""
    apia = habits("Pacific/Apia")
    with pytest.raises(NotASpan, match="no such day") as refusal:
        read("9", "10", day="2011-12-30", by=apia)
    assert refusal.value.field == "date"
    night = read("23", "1", day="2011-12-29", by=apia)
    assert night == Stretch(datetime(2011, 12, 30, 9, tzinfo=UTC), datetime(2011, 12, 30, 11, tzinfo=UTC))


def test_it_ends_in_the_second_of_two_equal_hours_where_the_first_is_too_early() -> None:
    assert read("2:45", "2:30", day="2026-10-25", by=BERLIN).stopped_at == utc(25, 1, 30, month=10)


def test_it_keeps_the_second_of_two_equal_times_when_edited() -> None:
    second = Stretch(utc(25, 1, 30, month=10), utc(25, 2, 30, month=10))
    shown = BERLIN.show(second)
    assert (shown.start, shown.end) == ("2:30 CET", "3:30")
    edited = read_span(TypedSpan(shown.date, shown.start, "4:00", shown.duration), BERLIN, was=second)
    assert edited == Stretch(second.started_at, utc(25, 3, month=10))
