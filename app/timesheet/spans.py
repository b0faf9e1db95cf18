"""When an entry was, read from a form: a day, and two of start, end and duration, as people type them.

What was not changed in the form stays exactly as it was: a note corrected must not move an entry to whole minutes,
nor to the other of two equal times in the night when clocks are put back.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from app.timesheet.days import moments_of, span_of_day, zone_name, zone_name_if_twice
from app.timesheet.durations import LONGEST, NotADuration, parse_duration, write_duration
from app.timesheet.rounding import MINUTE, shown_minutes
from app.timesheet.times import NotATime, TypedTime, parse_span, parse_time, write_time

FIRST_DAY = date(2000, 1, 1)
MORNING = time(9)
# `1` to `6` without am or pm, by a 12 hour clock: rather after lunch than before dawn.
PROBABLY_PM = range(1, 7)


class NotASpan(ValueError):
    """Something typed cannot be used: which field, and a sentence for it. `errors` holds all that are wrong at once."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.errors = {field: sentence}


@dataclass(frozen=True)
class TypedSpan:
    """The four fields, as text."""

    date: str = ""
    start: str = ""
    end: str = ""
    duration: str = ""


@dataclass(frozen=True)
class Stretch:
    started_at: datetime
    stopped_at: datetime | None


@dataclass(frozen=True)
class Habits:
    """How the person reads and writes time, and what time it is."""

    zone: ZoneInfo
    clock_24h: bool
    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def write_clock(self, clock: time) -> str:
        return write_time(clock, clock_24h=self.clock_24h)

    def write(self, moment: datetime) -> str:
        """With its zone in the night when clocks are put back and the same time comes twice."""
        clock = self.write_clock(moment.astimezone(self.zone).time())
        return f"{clock} {zone_name_if_twice(moment, self.zone)}".strip()

    def show(self, stretch: Stretch) -> TypedSpan:
        """What the form's fields hold for a stretch of time."""
        stopped_at = stretch.stopped_at
        return TypedSpan(
            date=stretch.started_at.astimezone(self.zone).date().isoformat(),
            start=self.write(stretch.started_at),
            end=self.write(stopped_at) if stopped_at else "",
            duration=write_minutes(stretch) if stopped_at else "",
        )


def write_minutes(stretch: Stretch) -> str:
    """As its line in the list says it."""
    return write_duration(shown_minutes(stretch, stretch.stopped_at or stretch.started_at) * MINUTE)


def read_span(
    typed: TypedSpan, habits: Habits, *, was: Stretch | None = None, after: datetime | None = None
) -> Stretch:
    """`was` is what the form was filled from. `after` is where a duration alone is put on a day that is over."""
    reader = SpanReader(spread(typed), habits, was)
    if was and reader.typed == reader.shown:
        return was
    reader.refuse_unreadable()
    stretch = reader.moved() or reader.stretch(after)
    refuse_impossible(stretch, habits)
    return stretch


def spread(typed: TypedSpan) -> TypedSpan:
    """`9-10:30` in the field of the start or of the duration fills both ends."""
    typed = TypedSpan(*(" ".join(text.split()) for text in (typed.date, typed.start, typed.end, typed.duration)))
    if sides := parse_span(typed.start):
        return replace(typed, start=sides[0], end=sides[1])
    if sides := parse_span(typed.duration):
        return replace(typed, start=sides[0], end=sides[1], duration="")
    return typed


def refuse_impossible(stretch: Stretch, habits: Habits) -> None:
    moments = (("start", stretch.started_at), ("end", stretch.stopped_at))
    still_to_come = f"That is still to come: it is {habits.write(habits.now)} now."
    refuse_together([NotASpan(field, still_to_come) for field, moment in moments if moment and moment > habits.now])
    if stretch.stopped_at and stretch.stopped_at <= stretch.started_at:
        raise NotASpan("end", "The end has to be later than the start.")
    if stretch.stopped_at and stretch.stopped_at - stretch.started_at > LONGEST:
        raise NotASpan("duration", "One entry can be 24 hours long at the most.")


def refuse_together(refusals: list[NotASpan]) -> None:
    """Raises the first, which then names what the others name, too."""
    for other in refusals[1:]:
        refusals[0].errors |= other.errors
    if refusals:
        raise refusals[0]


class SpanReader:
    def __init__(self, typed: TypedSpan, habits: Habits, was: Stretch | None) -> None:
        self.typed = typed
        self.habits = habits
        self.was = was
        self.shown = habits.show(was) if was else TypedSpan()

    def changed(self, field: str) -> bool:
        return bool(getattr(self.typed, field) != getattr(self.shown, field))

    def refuse_unreadable(self) -> None:
        """Names every field that means nothing by itself, before what they mean together is looked at."""
        refusals = []
        for field in ("day", "typed_start", "typed_end", "length"):
            try:
                getattr(self, field)
            except NotASpan as refusal:
                refusals.append(refusal)
        refuse_together(refusals)

    @cached_property
    def day(self) -> date:
        return read_date(self.typed.date, self.habits)

    @cached_property
    def typed_start(self) -> TypedTime | None:
        return self.clock("start") if self.changed("start") else self.kept("started_at")

    @cached_property
    def typed_end(self) -> TypedTime | None:
        """None where the end follows from the rest, or stays as it was."""
        if self.changed("end"):
            return self.clock("end")
        goes_along = self.changed("date") and not self.changed("duration")
        return self.kept("stopped_at") if goes_along else None

    def kept(self, name: str) -> TypedTime | None:
        """The time of day that the form showed, to the second."""
        moment: datetime | None = getattr(self.was, name, None)
        return TypedTime(moment.astimezone(self.habits.zone).time()) if moment else None

    @cached_property
    def length(self) -> timedelta | None:
        if not self.typed.duration:
            return None
        if not self.changed("duration"):
            return self.old_length if not (self.typed.start and self.typed.end) else None
        try:
            return parse_duration(self.typed.duration)
        except NotADuration as refusal:
            raise NotASpan("duration", str(refusal)) from refusal

    def clock(self, field: str) -> TypedTime | None:
        text = getattr(self.typed, field)
        try:
            return parse_time(text, clock_24h=self.habits.clock_24h) if text else None
        except NotATime as refusal:
            raise NotASpan(field, str(refusal)) from refusal

    @property
    def old_length(self) -> timedelta | None:
        return self.was.stopped_at - self.was.started_at if self.was and self.was.stopped_at else None

    def moved(self) -> Stretch | None:
        """Only the day was changed: the same time on the other day, just as long."""
        if not (self.typed_start and self.old_length) or any(map(self.changed, ("start", "end", "duration"))):
            return None
        started_at = self.moment("start", self.day, self.typed_start)
        return Stretch(started_at, started_at + self.old_length)

    def stretch(self, after: datetime | None) -> Stretch:
        if self.typed_start is None:
            return self.backwards(after)
        if self.was and not self.changed("start") and not self.changed("date"):
            return Stretch(self.was.started_at, self.end(self.was.started_at))
        return self.afternoon(self.typed_start) or self.from_start(self.typed_start)

    def from_start(self, typed: TypedTime) -> Stretch:
        started_at = self.moment("start", self.day, typed)
        return Stretch(started_at, self.end(started_at))

    def afternoon(self, typed: TypedTime) -> Stretch | None:
        """Who lives by a 12 hour clock and works `1-5` means the afternoon, if that can be and ends on its day."""
        if self.habits.clock_24h or not typed.half_is_open or typed.clock.hour not in PROBABLY_PM:
            return None
        with suppress(NotASpan):
            stretch = self.from_start(replace(typed, clock=typed.other_half()))
            end_of_day = span_of_day(self.day, self.habits.zone).ends_at
            if (stretch.stopped_at or stretch.started_at) <= min(self.habits.now, end_of_day):
                return stretch
        return None

    def end(self, started_at: datetime) -> datetime | None:
        if self.typed_end:
            return self.agreeing(started_at, self.end_after(started_at, self.typed_end))
        if self.length:
            return started_at + self.length
        if not self.typed.end and not (self.was and self.was.stopped_at is None):
            raise NotASpan("end", "When did it end? Write an end or a duration.")
        return self.was.stopped_at if self.was else None

    def agreeing(self, started_at: datetime, stopped_at: datetime) -> datetime:
        if self.length and abs(stopped_at - started_at - self.length) >= MINUTE:
            real = write_minutes(Stretch(started_at, stopped_at))
            raise NotASpan("duration", f"From start to end it is {real}. Leave one of the three empty.")
        return stopped_at

    def end_after(self, started_at: datetime, typed: TypedTime) -> datetime:
        """The first time the clock shows this end after the start, on its day or on the next."""
        start = started_at.astimezone(self.habits.zone)
        for clock, day in self.ends(typed, start):
            moments = moments_of(day, clock, self.habits.zone)
            if (day, clock) <= (start.date(), start.time()) and all(moment <= started_at for moment in moments):
                continue
            moment = self.moment("end", day, replace(typed, clock=clock), after=started_at)
            if moment > started_at:
                return moment
        raise NotASpan("end", "The end has to be later than the start.")

    def ends(self, typed: TypedTime, start: datetime) -> Iterator[tuple[time, date]]:
        """Who lives by a 12 hour clock and works `9` to `5` means the afternoon. `0-24` is a day, `9-9` a slip."""
        yield typed.clock, start.date()
        next_day = span_of_day(start.date(), self.habits.zone).ends_at.astimezone(self.habits.zone).date()
        if typed.half_is_open and not self.habits.clock_24h:
            yield typed.other_half(), start.date()
        if typed.clock != start.time() or typed.clock == time.min:
            yield typed.clock, next_day

    def backwards(self, after: datetime | None) -> Stretch:
        """No start was typed: counted back from the end, or a duration alone, put where it fits."""
        if self.length is None:
            raise NotASpan("start", "When did it start? Write a start and an end, or a duration.")
        if self.typed_end:
            stopped_at = self.last_end(self.typed_end)
            return Stretch(stopped_at - self.length, stopped_at)
        if self.day == self.habits.today:
            return Stretch(self.habits.now - self.length, self.habits.now)
        started_at = after or self.moment("start", self.day, TypedTime(MORNING))
        return Stretch(started_at, started_at + self.length)

    def last_end(self, typed: TypedTime) -> datetime:
        """`5` by a 12 hour clock is five in the afternoon, once that is over."""
        if not self.habits.clock_24h and typed.half_is_open and typed.clock.hour in PROBABLY_PM:
            later = moments_of(self.day, typed.other_half(), self.habits.zone)
            if later and later[0] <= self.habits.now:
                return later[0]
        return self.moment("end", self.day, typed)

    def moment(self, field: str, day: date, typed: TypedTime, *, after: datetime | None = None) -> datetime:
        """When the clock shows this: of two equal times the one whose zone was said, the first later than `after`."""
        zone, written = self.habits.zone, self.habits.write_clock(typed.clock)
        moments = moments_of(day, typed.clock, zone)
        if not moments:
            raise NotASpan(field, f"{written} does not exist on this day: clocks go forward over it.")
        names = [zone_name(moment, zone) for moment in moments]
        meant = [moment for moment, name in zip(moments, names, strict=True) if typed.zone in ("", name.lower())]
        if not meant:
            raise NotASpan(field, f"On this day {written} is {' or '.join(names)}.")
        return next((moment for moment in meant if after is None or moment > after), meant[0])


def read_date(text: str, habits: Habits) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as refusal:
        raise NotASpan("date", "Write the day as year-month-day, such as 2026-11-24.") from refusal
    if day < FIRST_DAY:
        raise NotASpan("date", f"Time can be entered from {FIRST_DAY.year} on.")
    if day > habits.today:
        raise NotASpan("date", "That day is still to come.")
    if not span_of_day(day, habits.zone).seconds:
        raise NotASpan("date", "There was no such day where you are: the calendar jumped over it.")
    return day
