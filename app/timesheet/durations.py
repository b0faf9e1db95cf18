"""Lengths of time as people type them: `1:30`, `1h 30m`, `90m`, `1.5`, `1,5`.

A number alone is hours, as in a week's table and on most invoices, so `1.5` and `2` mean the same kind of thing.
Minutes need their `m`; who forgets it is asked, never misread: nobody works for 90 hours at a stretch.
"""

import re
from datetime import timedelta
from decimal import Decimal

from app.timesheet.typed import plain

LONGEST = timedelta(hours=24)

HOUR, MINUTE, SECOND = 3600, 60, 1
WORDS = {
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "std"), HOUR),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), MINUTE),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), SECOND),
}
QUARTERS = {"¼": ".25", "½": ".5", "¾": ".75"}

FRACTION = re.compile(r"(?<![\d.,:])(\d{0,2}) ?([¼½¾])")
CLOCK = re.compile(r"(\d{0,3}):([0-5]?\d)(?::([0-5]?\d))?", re.ASCII)
DECIMAL = re.compile(r"(\d{0,3}[.,]\d{1,9}|\d{1,4})(?: ?([a-z]+)\.?)?", re.ASCII)
PART = re.compile(r"(\d{1,5}) ?([a-z]*)\.? ?", re.ASCII)


class NotADuration(ValueError):
    """What was typed is no length of time that can be entered; the text says what would be."""


def parse_duration(text: str) -> timedelta:
    typed = FRACTION.sub(lambda found: (found[1] or "0") + QUARTERS[found[2]], plain(text))
    seconds = read(typed)
    if seconds is None:
        raise NotADuration("Write a duration such as 1:30, 1h 30m, 90m or 1.5.")
    if seconds <= 0:
        raise NotADuration("The duration has to be longer than nothing.")
    if seconds > LONGEST.total_seconds():
        raise NotADuration(too_long(typed))
    return timedelta(seconds=seconds)


def read(typed: str) -> int | None:
    """How many seconds it says; None where it says nothing that is understood."""
    if match := CLOCK.fullmatch(typed):
        hours, minutes, seconds = (int(digits or 0) for digits in match.groups())
        return hours * HOUR + minutes * MINUTE + seconds
    match = DECIMAL.fullmatch(typed)
    if match and WORDS.get(match[2] or "h") == HOUR:
        return of_decimal(match[1])
    return of_parts(typed)


def of_decimal(hours: str) -> int:
    """To the nearest second: `0.33` is 19 minutes and 48 seconds."""
    return round(Decimal(hours.replace(",", ".")) * HOUR)


def of_parts(typed: str) -> int | None:
    """`1h 30m 15s`, the larger first, each at most once. A last number without a word is minutes: `1h30`."""
    total, unit, position = 0, 0, 0
    for match in PART.finditer(typed):
        word = match[2] or ("m" if unit == HOUR else "")
        size = WORDS.get(word)
        if match.start() != position or size is None or (unit and size >= unit):
            return None
        total, unit, position = total + int(match[1]) * size, size, match.end()
    return total if typed and position == len(typed) else None


def too_long(typed: str) -> str:
    sentence = "One entry can be 24 hours long at the most."
    meant = [f"{typed[:-2]}:{typed[-2:]}", f"{typed}m"] if typed.isdigit() and len(typed) > 2 else [f"{typed}m"]
    possible = [text for text in meant if is_possible(text)]
    return f"{sentence} Did you mean {' or '.join(possible)}?" if possible else sentence


def is_possible(typed: str) -> bool:
    seconds = read(typed)
    return seconds is not None and 0 < seconds <= LONGEST.total_seconds()


def write_duration(length: timedelta) -> str:
    """The shortest form that `parse_duration` reads back exactly."""
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    clock = f"{minutes // 60}:{minutes % 60:02d}"
    return f"{clock}:{seconds:02d}" if seconds else clock
