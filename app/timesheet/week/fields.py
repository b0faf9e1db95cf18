"""The fields of the week's form: which cell or note each is for, and what it showed, all in its name.

A page that was left open knows what it showed, so that hours changed elsewhere meanwhile are not written over.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from app.timesheet.sheet import Entry
from app.timesheet.spans import Stretch
from app.timesheet.work import Work
from app.web.ids import read_id

HOURS = "hours"
NOTE = "note"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
# More digits make no moment of these centuries.
LONGEST_NUMBER = 17


@dataclass(frozen=True)
class Shown:
    """The entry that a cell showed, and when it was."""

    entry_id: int
    stretch: Stretch


@dataclass(frozen=True)
class HoursField:
    """Hours of one day. `shown` is None where the cell was empty."""

    work: Work
    day: date
    shown: Shown | None = None

    @property
    def name(self) -> str:
        parts = [HOURS, self.work.item_id or "", self.work.project_id or "", self.day.isoformat()]
        if self.shown:
            stretch = self.shown.stretch
            parts += [self.shown.entry_id, number_of(stretch.started_at), number_of(stretch.stopped_at)]
        return ".".join(map(str, parts))

    @classmethod
    def of(cls, work: Work, day: date, entry: Entry | None = None) -> "HoursField":
        return cls(work, day, Shown(entry.id, entry.stretch) if entry else None)

    @classmethod
    def read(cls, name: str) -> "HoursField | None":
        """None for a name that this page did not write."""
        match name.split("."):
            case ["hours", item, project, day]:
                return cls.of_parts(item, project, day)
            case ["hours", item, project, day, entry, start, stop]:
                shown = read_shown(entry, start, stop)
                return cls.of_parts(item, project, day, shown) if shown else None
        return None

    @classmethod
    def of_parts(cls, item: str, project: str, day: str, shown: Shown | None = None) -> "HoursField | None":
        try:
            found = date.fromisoformat(day)
        except ValueError:
            return None
        work = Work(read_id(item), read_id(project))
        return cls(work, found, shown) if item == str(work.item_id or "") else None


def read_shown(entry: str, start: str, stop: str) -> Shown | None:
    entry_id, started_at, stopped_at = read_id(entry), read_moment(start), read_moment(stop)
    return Shown(entry_id, Stretch(started_at, stopped_at)) if entry_id and started_at and stopped_at else None


def number_of(moment: datetime | None) -> int | str:
    return (moment - EPOCH) // MICROSECOND if moment else ""


def read_moment(text: str) -> datetime | None:
    number = read_id(text) if len(text) < LONGEST_NUMBER else None
    return EPOCH + number * MICROSECOND if number is not None else None


def note_name(entry: Entry) -> str:
    return f"{NOTE}.{entry.id}"


def read_note_name(name: str) -> int | None:
    """The entry whose note the field is."""
    kind, _, entry_id = name.partition(".")
    return read_id(entry_id) if kind == NOTE else None
