"""How moments, durations and names are written on a page."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import pass_context
from jinja2.runtime import Context

from app.web.marks import marked

NO_NAME = "Untitled"


def dom_id(row: Any, part: str = "") -> str:
    """The id of a row's element on the page: `time_entry_41`, with a part `time_entry_41_form`."""
    name = row._meta.tablename if hasattr(row, "_meta") else row.dom_name
    return f"{name}_{row.id}_{part}" if part else f"{name}_{row.id}"


def item_name(name: str | None) -> str:
    return name.strip() if name and name.strip() else NO_NAME


def whole_minutes(seconds: float) -> int:
    """Half a minute is rounded up, and what is there at all is shown as a minute at least."""
    return max(int(seconds + 30) // 60, 1 if seconds > 0 else 0)


def duration(seconds: float) -> str:
    """Hours and minutes, as on a clock: 8040 -> 2:14."""
    hours, minutes = divmod(whole_minutes(seconds), 60)
    return f"{hours}:{minutes:02d}"


def duration_words(seconds: float) -> str:
    """Hours and minutes to be read: 24720 -> 6 h 52 m."""
    hours, minutes = divmod(whole_minutes(seconds), 60)
    return f"{hours} h {minutes:02d} m" if hours else f"{minutes} m"


def stopwatch(seconds: float) -> str:
    """Hours, minutes and seconds: 8049 -> 2:14:09."""
    minutes, left = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{left:02d}"


def seconds(count: float) -> str:
    """How long something took: 1.8 -> 1.8 s, 200 -> 3 min 20 s."""
    if count < 60:
        return f"{count:.1f} s"
    minutes, left = divmod(int(count), 60)
    return f"{minutes} min {left} s"


@pass_context
def clock(context: Context, moment: datetime) -> str:
    """The time of day where the person is, in their 12 or 24 hour habit."""
    local = moment.astimezone(zone_of(context))
    user = context.get("current_user")
    if user is None or user.clock_24h:
        return f"{local.hour}:{local.minute:02d}"
    return f"{local.hour % 12 or 12}:{local.minute:02d} {'am' if local.hour < 12 else 'pm'}"


@pass_context
def day(context: Context, moment: datetime | date) -> str:
    """Tuesday 24 November, with the year where it is not this one."""
    local = moment.astimezone(zone_of(context)).date() if isinstance(moment, datetime) else moment
    year = f" {local.year}" if local.year != datetime.now(zone_of(context)).year else ""
    return f"{local:%A} {local.day} {local:%B}{year}"


@pass_context
def day_and_clock(context: Context, moment: datetime) -> str:
    local = moment.astimezone(zone_of(context))
    return f"{local.day} {local:%b} {local.year}, {clock(context, moment)}"


def age(moment: datetime) -> float:
    """How many seconds ago something was."""
    return max(0.0, (datetime.now(UTC) - moment).total_seconds())


def ago(moment: datetime) -> str:
    seconds = int(age(moment))
    for size, word in ((86_400, "day"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            count = seconds // size
            plural = "s" if word == "day" and count > 1 else ""
            return f"{count} {word}{plural} ago"
    return "just now"


def plural(count: int, one: str, many: str | None = None) -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def initials(name: str) -> str:
    words = [word for word in name.split() if word[0].isalnum()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def hue(name: str) -> str:
    """One of eight colours, always the same for one name."""
    return str(sum(name.encode()) % 8)


def zone_of(context: Context) -> ZoneInfo:
    user = context.get("current_user")
    return ZoneInfo(user.timezone if user else "UTC")


ALL: dict[str, Callable[..., str | float]] = {
    "item_name": item_name,
    "duration": duration,
    "duration_words": duration_words,
    "stopwatch": stopwatch,
    "seconds": seconds,
    "clock": clock,
    "day": day,
    "day_and_clock": day_and_clock,
    "age": age,
    "ago": ago,
    "plural": plural,
    "initials": initials,
    "hue": hue,
    "marked": marked,
}
