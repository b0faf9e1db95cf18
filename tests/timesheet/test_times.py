"""Times of day and spans of them as people type them."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.timesheet.times import NotATime, parse_span, parse_time, write_time
from tests.timesheet.keyboards import any_text, spelled

minutes = st.builds(time, st.integers(0, 23), st.integers(0, 59))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("9", time(9)),
        ("09", time(9)),
        ("930", time(9, 30)),
        ("0930", time(9, 30)),
        ("1430", time(14, 30)),
        ("9:30", time(9, 30)),
        ("9.30", time(9, 30)),
        ("9h30", time(9, 30)),
        ("9h", time(9)),
        ("9pm", time(21)),
        ("9 PM", time(21)),
        ("9p", time(21)),
        ("9:30pm", time(21, 30)),
        ("930pm", time(21, 30)),
        ("9:30 p.m.", time(21, 30)),
        ("12am", time(0)),
        ("12pm", time(12)),
        ("12:30 am", time(0, 30)),
        ("0", time(0)),
        ("24:00", time(0)),
        ("23:59", time(23, 59)),
        ("14h30", time(14, 30)),
        ("9 h 30", time(9, 30)),
        ("9 30", time(9, 30)),
        ("9 : 30", time(9, 30)),
        ("9 Uhr", time(9)),
        ("9 o'clock", time(9)),
        ("9 a.m.", time(9)),
        ("12p", time(12)),
        ("noon", time(12)),
        ("Midnight", time(0)),
        ("９：３０", time(9, 30)),
        ("٩:٣٠", time(9, 30)),
    ],
)
def test_it_reads_what_people_type(typed: str, meant: time) -> None:
    assert parse_time(typed).clock == meant


@pytest.mark.parametrize(
    "typed",
    [
        *("", "9pm pm", "9\0", "1" * 5000),
        *(
            "9:3",
            "9:60",
            "25",
            "24:01",
            "13pm",
            "0am",
            "9m",
            "-9",
            "9:30:00",
            "9-10",
            "99999",
            ":30",
            "9:",
            "9.5",
            "9²",
        ),
        *("noonish", "nine", "now", "9pam", "9apm"),
    ],
)
def test_it_refuses_what_is_no_time(typed: str) -> None:
    with pytest.raises(NotATime):
        parse_time(typed)


def test_it_knows_when_the_half_of_the_day_is_open() -> None:
    assert parse_time("5").half_is_open
    assert parse_time("5").other_half() == time(17)
    assert not parse_time("5am").half_is_open
    assert not parse_time("17").half_is_open
    assert not parse_time("0").half_is_open


@given(minutes, st.booleans())
def test_it_reads_back_what_it_writes(moment: time, clock_24h: bool) -> None:
    assert parse_time(write_time(moment, clock_24h=clock_24h)).clock == moment


@given(minutes, st.booleans(), st.data())
def test_it_cares_for_neither_case_nor_spaces_nor_script(moment: time, clock_24h: bool, data: st.DataObject) -> None:
    typed = data.draw(spelled(write_time(moment, clock_24h=clock_24h)))
    assert parse_time(typed, clock_24h=clock_24h).clock == moment


@given(minutes)
def test_it_reads_every_spelling_of_a_time_alike(moment: time) -> None:
    hour, minute, half = moment.hour % 12 or 12, f"{moment.minute:02d}", "am" if moment.hour < 12 else "pm"
    whole = [f"{moment.hour}{sign}{minute}" for sign in (":", ".", "h", "")] + [f"{moment.hour:02d}{minute}"]
    halves = [f"{hour}{sign}{minute}{half[:length]}" for sign in (":", ".", "") for length in (1, 2)]
    assert {parse_time(spelling).clock for spelling in whole + halves} == {moment}


def test_it_says_what_would_be_understood_in_the_persons_habit() -> None:
    for clock_24h, example in ((True, "14:30"), (False, "9pm")):
        for typed in ("soon", "25"):
            with pytest.raises(NotATime, match=example):
                parse_time(typed, clock_24h=clock_24h)


@given(any_text, st.booleans())
def test_it_answers_any_text_with_a_time_or_a_refusal(text: str, clock_24h: bool) -> None:
    try:
        read = parse_time(text, clock_24h=clock_24h)
    except NotATime:
        return
    assert time.min <= read.clock <= time.max


@pytest.mark.parametrize(
    "typed",
    [
        "9-10:30",
        "9 - 10:30",
        "9–10:30",
        "9 to 10:30",
        " 9 — 10:30 ",
        "9to10:30",
        "9 bis 10:30",
        "９〜１０：３０",
        "9 −10:30",
    ],
)
def test_it_splits_a_span(typed: str) -> None:
    assert parse_span(typed) == ("9", "10:30")


@pytest.mark.parametrize("typed", ["9", "", "9-", "-9", "9-10-11", "tomorrow", "2:30 UTC-3"])
def test_it_leaves_what_is_no_span(typed: str) -> None:
    assert parse_span(typed) is None


@given(minutes, minutes, st.booleans(), st.sampled_from(["-", " - ", "–", " — ", " to ", " TO "]))
def test_it_splits_a_span_of_any_two_times(start: time, end: time, clock_24h: bool, between: str) -> None:
    sides = parse_span(write_time(start, clock_24h=clock_24h) + between + write_time(end, clock_24h=clock_24h))
    assert sides
    assert [parse_time(side).clock for side in sides] == [start, end]


@given(any_text)
def test_it_splits_any_text_or_leaves_it(text: str) -> None:
    assert parse_span(text) is None or all(parse_span(text) or ())
