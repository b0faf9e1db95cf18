"""What the form writes is read back, and whatever is typed is a stretch that can be or a refusal, in every zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import time_machine
from hypothesis import assume, given
from hypothesis import strategies as st

from app.timesheet.days import moments_of
from app.timesheet.durations import LONGEST
from app.timesheet.forms import EntryForm
from app.timesheet.spans import Habits, NotASpan, Stretch, TypedSpan, read_span
from tests.timesheet.keyboards import any_text
from tests.timesheet.zones import lengths, moments, moments_somewhere, zones

NOW = datetime(2037, 1, 1, 14, 5, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FIELDS = {"date", "start", "end", "duration"}


@st.composite
def habits(draw: st.DrawFn, zone: ZoneInfo | None = None) -> Habits:
    return Habits(zone or draw(zones), draw(st.booleans()), NOW)


@st.composite
def recorded(draw: st.DrawFn) -> tuple[Habits, Stretch]:
    """An entry, and how the person who looks at it writes time."""
    zone, start = draw(moments_somewhere())
    return draw(habits(zone)), Stretch(start, start + draw(lengths))


def minute_of(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def on_the_clock(moment: datetime, by: Habits) -> datetime:
    """What the clock shows, as if none were ever changed."""
    return moment.astimezone(by.zone).replace(tzinfo=None)


def without_was(form: EntryForm) -> TypedSpan:
    """As if somebody typed it anew."""
    return TypedSpan(form.date, form.start, form.end)


@given(recorded())
def test_a_form_that_was_not_changed_changes_nothing(case: tuple[Habits, Stretch]) -> None:
    by, was = case
    form = EntryForm.filled(was, by)
    assert form.was == was
    assert read_span(form.span, by, was=form.was) == was


@given(recorded())
def test_what_the_form_shows_can_be_typed(case: tuple[Habits, Stretch]) -> None:
    """To the minute, on the nights when clocks are changed as well. What goes once around the clock needs its length,
    for its end looks earlier than it is.
    """
    by, was = case
    assert was.stopped_at
    assume(MINUTE <= was.stopped_at - was.started_at < LONGEST - MINUTE)
    assume(on_the_clock(was.stopped_at, by) - on_the_clock(was.started_at, by) < LONGEST)
    again = read_span(without_was(EntryForm.filled(was, by)), by)
    assert again == Stretch(minute_of(was.started_at), minute_of(was.stopped_at))


@given(recorded(), st.sampled_from(["note", "end", "duration"]))
def test_what_was_not_changed_stays_to_the_microsecond(case: tuple[Habits, Stretch], changed: str) -> None:
    by, was = case
    assert was.stopped_at
    form = EntryForm.filled(was, by)
    if changed == "end":
        form.end = by.write(was.started_at + timedelta(hours=5))
    if changed == "duration":
        form.duration = "3h"
    assume(form.span != EntryForm.filled(was, by).span or changed == "note")
    assert read_span(form.span, by, was=was).started_at == was.started_at


@given(recorded(), st.integers(-400, 400))
def test_moving_it_to_another_day_keeps_its_clock_time_and_its_length(case: tuple[Habits, Stretch], days: int) -> None:
    by, was = case
    assert was.stopped_at
    assume(was.stopped_at - was.started_at <= LONGEST)
    local = was.started_at.astimezone(by.zone)
    day = local.date() + timedelta(days=days)
    assume(days and date(2000, 1, 1) <= day <= date(2036, 12, 30))
    form = EntryForm.filled(was, by)
    form.date = day.isoformat()
    try:
        moved = read_span(form.span, by, was=was)
    except NotASpan as refusal:
        assert not moments_of(day, local.time(), by.zone), refusal  # noqa: PT017
        return
    assert moved.stopped_at
    assert moved.started_at.astimezone(by.zone).replace(tzinfo=None) == datetime.combine(day, local.time())
    assert moved.stopped_at - moved.started_at == was.stopped_at - was.started_at


@given(moments_somewhere(), st.booleans(), st.integers(1, 1440))
def test_it_is_as_long_as_was_typed(place: tuple[ZoneInfo, datetime], clock_24h: bool, minutes: int) -> None:
    zone, moment = place
    by = Habits(zone, clock_24h, NOW)
    day = moment.astimezone(zone).date().isoformat()
    for typed in (
        TypedSpan(day, start=by.write(moment), duration=f"{minutes}m"),
        TypedSpan(day, end=by.write(moment), duration=f"{minutes}m"),
        TypedSpan(day, duration=f"{minutes}m"),
    ):
        stretch = read_span(typed, by, after=moment)
        assert stretch.stopped_at
        assert stretch.stopped_at - stretch.started_at == timedelta(minutes=minutes)


anything = st.builds(
    TypedSpan,
    date=st.dates(date(1999, 12, 30), date(2037, 1, 3)).map(date.isoformat) | any_text,
    start=any_text,
    end=any_text,
    duration=any_text,
)
times = st.sampled_from(["", "0", "1", "5", "9", "12", "23:30", "24", "1:30", "2", "2:30", "9pm", "9-5", "1-5", "90m"])
plausible = st.builds(
    TypedSpan, st.dates(date(2000, 1, 1), date(2036, 12, 30)).map(date.isoformat), times, times, times
)


@given(anything | plausible, habits(), recorded() | st.none())
def test_it_answers_anything_typed(typed: TypedSpan, by: Habits, case: tuple[Habits, Stretch] | None) -> None:
    was = case[1] if case else None
    try:
        stretch = read_span(typed, by, was=was)
    except NotASpan as refusal:
        check_sentences(refusal)
        return
    assert stretch.stopped_at
    assert timedelta() < stretch.stopped_at - stretch.started_at <= LONGEST
    assert stretch.stopped_at <= NOW


def check_sentences(refusal: NotASpan) -> None:
    assert refusal.field in refusal.errors
    assert set(refusal.errors) <= FIELDS
    assert all(sentence.endswith((".", "?")) for sentence in refusal.errors.values())


@given(moments_somewhere(), st.booleans(), st.data())
def test_nothing_is_later_than_now(place: tuple[ZoneInfo, datetime], clock_24h: bool, data: st.DataObject) -> None:
    """Whatever time it is; a duration alone ends in this moment."""
    zone, now = place
    with time_machine.travel(now, tick=False):
        by = Habits(zone, clock_24h, datetime.now(UTC))
        today = by.today.isoformat()
        stretch = read_span(TypedSpan(today, duration="25m"), by)
        assert stretch == Stretch(now - timedelta(minutes=25), now)
        typed = TypedSpan(today, start=by.write(data.draw(moments(zone))), duration="1m")
        try:
            stretch = read_span(typed, by)
        except NotASpan:
            return
        assert stretch.stopped_at
        assert stretch.stopped_at <= now
