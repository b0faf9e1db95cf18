"""Durations as people type them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.timesheet.durations import LONGEST, NotADuration, parse_duration, write_duration
from app.web import filters
from tests.timesheet.keyboards import any_text, spelled

lengths = st.integers(1, int(LONGEST.total_seconds())).map(lambda seconds: timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("1:30", 90),
        ("01:30", 90),
        (":45", 45),
        ("0:05", 5),
        ("1:30:00", 90),
        ("1h 30m", 90),
        ("1h30m", 90),
        ("1h30", 90),
        ("1h 30", 90),
        ("1 h 30 min", 90),
        ("1 hour 30 minutes", 90),
        ("  1H  30M ", 90),
        ("90m", 90),
        ("90 min", 90),
        ("1.5", 90),
        ("1,5", 90),
        (".5", 30),
        ("1.5h", 90),
        ("1,25 hours", 75),
        ("2", 120),
        ("2h", 120),
        ("24", 1440),
        ("120s", 2),
        ("1h 2m 60s", 63),
        ("1:5", 65),
        (" 1 : 30 ", 90),
        ("1 hour 5", 65),
        ("1hr", 60),
        ("1 std", 60),
        ("1 Std. 30 Min.", 90),
        ("½", 30),
        ("1½", 90),
        ("1 ½ h", 90),
        ("2¼", 135),
        ("1.333333333", 80),
        ("１：３０", 90),
        ("１．５ｈ", 90),
        ("١:٣٠", 90),
        ("१.५", 90),
    ],
)
def test_it_reads_what_people_type(typed: str, minutes: int) -> None:
    assert parse_duration(typed) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "1h 30x", "1m 30", "30m 1h", "1h 1h", "1h 1.5m", "1 30", "1\0", "1" * 5000),
        *("soon", "h", "m", "nan", "∞", ":", ".", "½½", "1²", "①", "Ⅷ", "-1", "−1", "+1", "1e3", "0x10", "1/2"),
        *("1:75", "1.2.3", "1..5", "1.5m", "1:30-2:30", "x1h 30m", "about 1h", "1h+30m", "1h, 30m"),
    ],
)
def test_it_says_what_would_be_understood(typed: str) -> None:
    with pytest.raises(NotADuration, match="such as 1:30"):
        parse_duration(typed)


@pytest.mark.parametrize("typed", ["0", "0:00", "0m", "0.0", "0h 0m", "0.0001"])
def test_it_refuses_nothing(typed: str) -> None:
    with pytest.raises(NotADuration, match="longer than nothing"):
        parse_duration(typed)


@pytest.mark.parametrize("typed", ["24:01", "25h", "1441m", "24.1", "999:59", "24h 1s", "86401s", "9999", "99999m"])
def test_it_refuses_more_than_a_day(typed: str) -> None:
    with pytest.raises(NotADuration, match="24 hours"):
        parse_duration(typed)


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        ("45", "Did you mean 45m?"),
        ("90", "Did you mean 90m?"),
        ("930", "Did you mean 9:30 or 930m?"),
        ("130", "Did you mean 1:30 or 130m?"),
        ("175", "Did you mean 175m?"),
        ("2000", "Did you mean 20:00?"),
        ("２０００", "Did you mean 20:00?"),
    ],
)
def test_it_asks_what_was_meant(typed: str, question: str) -> None:
    with pytest.raises(NotADuration) as refusal:
        parse_duration(typed)
    assert str(refusal.value).endswith(question)


@pytest.mark.parametrize("typed", ["25h", "9999", "24.1", "25:00"])
def test_it_asks_nothing_where_nothing_else_can_be_meant(typed: str) -> None:
    with pytest.raises(NotADuration) as refusal:
        parse_duration(typed)
    assert str(refusal.value) == "One entry can be 24 hours long at the most."


@given(st.integers(25, 9999))
def test_it_reads_what_it_asks_for(number: int) -> None:
    with pytest.raises(NotADuration) as refusal:
        parse_duration(str(number))
    for meant in str(refusal.value).partition("Did you mean ")[2].rstrip("?").split(" or "):
        assert not meant or timedelta() < parse_duration(meant) <= LONGEST


@given(lengths)
def test_it_reads_back_what_it_writes(length: timedelta) -> None:
    assert parse_duration(write_duration(length)) == length


@given(lengths)
def test_it_reads_what_the_pages_show(length: timedelta) -> None:
    seconds = length.total_seconds()
    rounded = timedelta(minutes=filters.whole_minutes(seconds))
    assert parse_duration(filters.duration(seconds)) == parse_duration(filters.duration_words(seconds)) == rounded
    assert parse_duration(filters.stopwatch(seconds)) == length


@given(st.integers(0, 23), st.integers(1, 59))
def test_it_reads_every_spelling_of_a_length_alike(hours: int, minutes: int) -> None:
    length = timedelta(hours=hours, minutes=minutes)
    spellings = (f"{hours}:{minutes:02d}", f"{hours}h {minutes}m", f"{hours}h{minutes}", f"{hours * 60 + minutes}m")
    assert {parse_duration(spelling) for spelling in spellings} == {length}


notations = st.sampled_from(
    [
        lambda seconds: f"{seconds}s",
        lambda seconds: f"{seconds / 3600:.6f}",
        lambda seconds: f"{seconds / 3600:.6f} h".replace(".", ","),
        lambda seconds: f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}",
        lambda seconds: f"{seconds // 3600}h {seconds // 60 % 60}m {seconds % 60}s",
        lambda seconds: f"{seconds // 3600} hours {seconds % 3600} seconds",
    ]
)


@given(notations, st.integers(1, 86_400), st.integers(1, 86_400))
def test_it_reads_more_as_longer(notation: Callable[[int], str], one: int, other: int) -> None:
    assert parse_duration(notation(one)) == timedelta(seconds=one)
    assert (parse_duration(notation(one)) < parse_duration(notation(other))) == (one < other)


@given(st.data(), notations, st.integers(1, 86_400))
def test_it_cares_for_neither_case_nor_spaces_nor_script(
    data: st.DataObject, notation: Callable[[int], str], seconds: int
) -> None:
    assert parse_duration(data.draw(spelled(notation(seconds)))) == timedelta(seconds=seconds)


@given(any_text)
def test_it_answers_any_text_with_a_length_or_a_refusal(text: str) -> None:
    try:
        length = parse_duration(text)
    except NotADuration:
        return
    assert timedelta() < length <= LONGEST
