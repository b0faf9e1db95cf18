"""Two neighbouring entries for the same task made into one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from app import database
from app.projects.access import Person
from app.timesheet.durations import LONGEST
from app.timesheet.history import mark
from app.timesheet.models import LONGEST_NOTE, Change, TimeEntry, Verb
from app.timesheet.spans import Stretch
from app.timesheet.tags import MOST
from app.timesheet.undo import undoable
from app.timesheet.work import Work


class NotMerged(Exception):
    """They cannot be one entry; `reason` is the sentence that says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Part(Protocol):
    """What is asked of either entry: a row of the database, or an entry as the page shows it."""

    @property
    def started_at(self) -> datetime: ...
    @property
    def stopped_at(self) -> datetime | None: ...
    @property
    def note(self) -> str: ...
    @property
    def tags(self) -> Sequence[int]: ...
    @property
    def billable(self) -> bool: ...


@dataclass(frozen=True)
class Merger:
    """What the two become. Nothing that was said is lost, and time between them counts from now on."""

    earlier: Part
    later: Part

    @property
    def stretch(self) -> Stretch:
        """From the first start to the last end. Where one of them runs, it runs on."""
        ends = (self.earlier.stopped_at, self.later.stopped_at)
        stopped_at = None if ends[0] is None or ends[1] is None else max(ends[0], ends[1])
        return Stretch(self.earlier.started_at, stopped_at)

    @property
    def note(self) -> str:
        return "; ".join(dict.fromkeys(note for note in (self.earlier.note, self.later.note) if note))

    @property
    def tags(self) -> list[int]:
        return sorted({*self.earlier.tags, *self.later.tags})

    @property
    def billable(self) -> bool:
        return self.earlier.billable or self.later.billable

    @property
    def between(self) -> timedelta:
        """From the end of the one to the start of the other; less than nothing where they overlap."""
        end = self.earlier.stopped_at or datetime.now(UTC)
        return self.later.started_at - min(end, self.later.stopped_at or end)


BEFORE = """
    SELECT id FROM time_entry WHERE "user" = $1 AND (started_at, id) < ($2, $3)
    ORDER BY started_at DESC, id DESC LIMIT 1
"""


async def before(user: Person, entry_id: int, started_at: datetime) -> int | None:
    """The entry before it, by their starts."""
    found: int | None = await database.fetch_value(BEFORE, user.id, started_at, entry_id)
    return found


def refuse_unlike(earlier: Work, later: Work) -> None:
    if earlier != later:
        raise NotMerged("The entry before it is for another task. Give both the same task first.")


def refuse_unfit(merger: Merger) -> None:
    end = merger.stretch.stopped_at or datetime.now(UTC)
    if end - merger.stretch.started_at > LONGEST:
        raise NotMerged("Together they would be longer than 24 hours.")
    if len(merger.note) > LONGEST_NOTE:
        raise NotMerged(f"Their notes together are longer than {LONGEST_NOTE:,} characters. Shorten one of them first.")
    if len(merger.tags) > MOST:
        raise NotMerged(f"Together they have more than {MOST} tags. Take some away first.")


async def merge(user: Person, entry_id: int, earlier_id: int, *, seen: Stretch) -> int | None:
    """Makes it one with the entry before, as was `seen` when it was confirmed. Returns what undoes it.

    Raises NotMerged, also where one of them is no longer what it was.
    """
    async with undoable(user, Verb.merged) as deed:
        taken = {entry.id: entry for entry in await deed.take([earlier_id, entry_id])}
        if len(taken) < 2:
            raise NotMerged("One of the two is gone meanwhile.")
        earlier, later = taken[earlier_id], taken[entry_id]
        refuse_unlike(work_of(earlier), work_of(later))
        merger = Merger(earlier, later)
        if merger.stretch != seen or await before(user, later.id, later.started_at) != earlier.id:
            raise NotMerged("They were changed meanwhile. This is what they would become now.")
        refuse_unfit(merger)
        await become_one(earlier, later, merger)
    return deed.undo_id


def work_of(entry: TimeEntry) -> Work:
    return Work(entry.item, entry.project)


async def become_one(earlier: TimeEntry, later: TimeEntry, merger: Merger) -> None:
    """The one that runs stays, for whoever is about to stop it; else the first."""
    kept, other = (later, earlier) if later.is_running else (earlier, later)
    values = {"note": merger.note, "tags": merger.tags, "billable": merger.billable}
    stretch, both = merger.stretch, (kept.id, other.id)
    await other.remove()
    await kept.change(started_at=stretch.started_at, stopped_at=stretch.stopped_at, **values)
    await mark(Change.merged, *both)
