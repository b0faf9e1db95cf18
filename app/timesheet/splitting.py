"""An entry divided in two at a moment within it."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

from app.projects.access import Person
from app.timesheet.days import NoSuchTime, midnight, moment_of
from app.timesheet.history import mark
from app.timesheet.models import Change, Verb
from app.timesheet.spans import Habits, Stretch
from app.timesheet.times import NotATime, TypedTime, parse_time
from app.timesheet.undo import undoable

MANY = 7


class NotSplit(ValueError):
    """It cannot be divided there. `options` are the moments that may be meant, where a time comes more than once."""

    def __init__(self, sentence: str, options: list[datetime] | None = None) -> None:
        super().__init__(sentence)
        self.options = options or []


async def split(user: Person, entry_id: int, at: datetime, *, was: Stretch) -> int | None:
    """Both parts keep task, note, tags and billable. Returns what undoes it.

    `was` is what the form showed: pressed twice, the entry is divided once. The part that runs stays the entry it
    was, for whoever is about to stop it.
    """
    async with undoable(user, Verb.divided) as deed:
        for entry in await deed.take([entry_id]):
            if entry.stopped_at == at != was.stopped_at or entry.started_at == at != was.started_at:
                continue
            refuse_outside(at, Stretch(entry.started_at, entry.stopped_at))
            here, there = ("started_at", "stopped_at") if entry.is_running else ("stopped_at", "started_at")
            part = entry.another(**{there: at})
            await entry.change(**{here: at})
            await deed.make(part)
            await mark(Change.divided, entry.id, part.id)
    return deed.undo_id


def middle(stretch: Stretch) -> datetime:
    """In whole minutes, unless the entry is too short for that."""
    length = end_of(stretch) - stretch.started_at
    exact = stretch.started_at + length / 2
    whole = exact.replace(second=0, microsecond=0)
    return whole if whole > stretch.started_at else exact


def midnights(stretch: Stretch, habits: Habits) -> list[datetime]:
    """Where days begin within it: what people split a night's work at."""
    found = [midnight(day, habits.zone) for day in days_of(stretch, habits)[:MANY]]
    return [moment for moment in found if is_within(moment, stretch)]


def read_moment(text: str, stretch: Stretch, habits: Habits) -> datetime:
    """The moment within the entry at which the person's clock shows what was typed. Raises NotSplit."""
    try:
        typed = parse_time(text)
    except NotATime as refusal:
        raise NotSplit(str(refusal)) from refusal
    found, skipped = moments_shown(typed, stretch, habits)
    within = sorted(moment for moment in found if is_within(moment, stretch))
    if not within:
        raise NotSplit(skipped or outside(stretch, habits))
    if len(within) > 1:
        raise NotSplit("The clock shows that more than once. Which one?", within[:MANY])
    return within[0]


def moments_shown(typed: TypedTime, stretch: Stretch, habits: Habits) -> tuple[set[datetime], str]:
    """When the clock shows the time on the entry's days, and the sentence where clocks are put forward over it.

    Who lives by a 12 hour clock may mean either half of the day.
    """
    found, skipped = set(), ""
    both = typed.half_is_open and not habits.clock_24h
    for day, clock in product(days_of(stretch, habits), {typed.clock, typed.other_half()} if both else {typed.clock}):
        try:
            first = moment_of(day, clock, habits.zone)
        except NoSuchTime as refusal:
            skipped = str(refusal)
        else:
            found |= {first, moment_of(day, clock, habits.zone, after=first)}
    return found, skipped


def days_of(stretch: Stretch, habits: Habits) -> list[date]:
    first = stretch.started_at.astimezone(habits.zone).date()
    last = end_of(stretch).astimezone(habits.zone).date()
    return [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]


def end_of(stretch: Stretch) -> datetime:
    return stretch.stopped_at or max(datetime.now(UTC), stretch.started_at)


def is_within(moment: datetime, stretch: Stretch) -> bool:
    return stretch.started_at < moment < end_of(stretch)


def refuse_outside(at: datetime, stretch: Stretch) -> None:
    if not is_within(at, stretch):
        raise NotSplit("The entry was changed meanwhile and that is no longer within it.")


def outside(stretch: Stretch, habits: Habits) -> str:
    until = habits.write(stretch.stopped_at) if stretch.stopped_at else "now"
    return f"That is not within the entry, which goes from {habits.write(stretch.started_at)} to {until}."
