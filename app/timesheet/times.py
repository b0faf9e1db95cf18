"""Times of day and spans of them as people type them: `9`, `930`, `9:30`, `9pm`, `noon`, `9-10:30`."""

import re
from dataclasses import dataclass
from datetime import time

from app.timesheet.typed import plain

TIME = re.compile(
    r"(?P<hour>\d{1,2})(?: ?[:.h]? ?(?P<minute>[0-5]\d))?(?: ?(?:(?P<half>[ap])\.?(?: ?m\.?)?|h|uhr|o.?clock))?"
    r"(?: (?P<zone>[a-z]{3,5}(?:[+-]\d{1,2}(?::\d\d)?)?))?",
    re.ASCII,
)
NAMED = {"noon": time(12), "midday": time(12), "midnight": time.min}
# The dash of `UTC-3` is no dash between two times, and the `to` of `9to5` stands between them.
BETWEEN = re.compile(r" ?(?:(?<!utc)-|(?<![a-z])(?:to|bis|till|until)(?![a-z])) ?")


class NotATime(ValueError):
    """What was typed is no time of day; the text says what would be."""


@dataclass(frozen=True)
class TypedTime:
    """A time of day, and whether its half of the day was said (`9pm`, `21`) or is still to be guessed (`9`).

    `zone` tells two equal times apart in the night when clocks are put back: `2:30 CET`.
    """

    clock: time
    half_is_open: bool = False
    zone: str = ""

    def other_half(self) -> time:
        return self.clock.replace(hour=(self.clock.hour + 12) % 24)


def parse_time(text: str, *, clock_24h: bool = True) -> TypedTime:
    typed = plain(text)
    if typed in NAMED:
        return TypedTime(NAMED[typed])
    match = TIME.fullmatch(typed)
    if match is None:
        raise NotATime(f"Write a time such as {'9:30, 930 or 14:30' if clock_24h else '9:30 am, 930 or 9pm'}.")
    hour, minute, zone = int(match["hour"]), int(match["minute"] or 0), match["zone"] or ""
    if match["half"]:
        return TypedTime(of_half(hour, minute, match["half"]), zone=zone)
    # 24:00 is how people write the end of a day.
    if hour > 24 or (hour == 24 and minute):
        raise NotATime(f"Hours go from 0 to 24, as in {'9:30 or 14:30' if clock_24h else '9:30 am or 9pm'}.")
    return TypedTime(time(hour % 24, minute), half_is_open=1 <= hour <= 12, zone=zone)


def of_half(hour: int, minute: int, half: str) -> time:
    if not 1 <= hour <= 12:
        raise NotATime("With am or pm, hours go from 1 to 12, as in 9pm.")
    return time(hour % 12 + (12 if half == "p" else 0), minute)


def parse_span(text: str) -> tuple[str, str] | None:
    """The two sides of `9-10:30`, still as typed; None where a single time was typed."""
    sides = BETWEEN.split(plain(text))
    if len(sides) != 2 or not all(sides):
        return None
    return sides[0], sides[1]


def write_time(moment: time, *, clock_24h: bool = True) -> str:
    """As the page shows it, and as `parse_time` reads it back."""
    if clock_24h:
        return f"{moment.hour}:{moment.minute:02d}"
    return f"{moment.hour % 12 or 12}:{moment.minute:02d} {'am' if moment.hour < 12 else 'pm'}"
