"""What the timesheet's forms send. Everything arrives as text, so that whatever was typed can be shown again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from app.timesheet.sheet import Entry
from app.timesheet.spans import FIRST_DAY, Habits, Stretch, TypedSpan
from app.timesheet.work import Work
from app.web.filters import item_name
from app.web.ids import read_id

LAST_YEAR = 2100


@dataclass
class Place:
    """The page that a form was on: its day, empty where it was today's."""

    day: str = ""


@dataclass
class DetailsForm(Place):
    """`tags` are names with commas between them; `billable` is a checkbox."""

    note: str = ""
    tags: str = ""
    billable: str = ""


@dataclass
class TimerForm(DetailsForm):
    """`q` holds the words of the search box, where no script turned them into an item."""

    item: str = ""
    project: str = ""
    q: str = ""


@dataclass
class RunningForm(Place):
    entry: str = ""


@dataclass
class StartTimeForm(RunningForm):
    start: str = ""


@dataclass
class EndTimeForm(RunningForm):
    end: str = ""


@dataclass
class NoteForm(Place):
    note: str = ""


@dataclass
class TagsForm(Place):
    tags: str = ""


@dataclass
class TagForm:
    name: str = ""


@dataclass
class MergeForm:
    into: str = ""


@dataclass
class BillableForm(Place):
    billable: str = ""


@dataclass
class UndoForm(Place):
    undo: str = ""


@dataclass
class SplitForm(Place):
    """`shown` is what stood in `at` when the form opened, for the moment `exact`; `choice` one of those offered.

    `exact_start` and `exact_end` are the entry as it was then.
    """

    at: str = ""
    shown: str = ""
    exact: str = ""
    choice: str = ""
    exact_start: str = ""
    exact_end: str = ""


@dataclass
class MergerForm(Place):
    """`exact_start` and `exact_end` are of what the two become."""

    earlier: str = ""
    exact_start: str = ""
    exact_end: str = ""


@dataclass
class TrimForm(Place):
    at: str = ""


@dataclass
class WorkForm(Place):
    """What time is for: an item, the words in the search box where there is one, or one of several hits offered.

    `shown` are the words that stood in the box when it opened, `choice` is such a hit, as `item-project`.
    """

    item: str = ""
    project: str = ""
    q: str | None = None
    shown: str | None = None
    choice: str = ""

    @property
    def words(self) -> str | None:
        """What was typed to be searched for; None where nothing was, and the item says it all."""
        if self.choice or self.q is None or (self.q == self.shown and self.item):
            return None
        return self.q.strip()

    @property
    def chosen(self) -> Work:
        item, _, project = self.choice.partition("-")
        return Work(read_id(item or self.item), read_id(project if item else self.project))


@dataclass
class EntryForm(WorkForm, DetailsForm):
    """`exact_start` and `exact_end` are the moments that the form was filled from."""

    date: str = ""
    start: str = ""
    end: str = ""
    duration: str = ""
    exact_start: str = ""
    exact_end: str = ""

    @property
    def span(self) -> TypedSpan:
        return TypedSpan(self.date, self.start, self.end, self.duration)

    @property
    def was(self) -> Stretch | None:
        started_at = moment(self.exact_start)
        return Stretch(started_at, moment(self.exact_end)) if started_at else None

    @classmethod
    def of_query(cls, query: Mapping[str, str]) -> "EntryForm":
        return cls(**{name: query[name] for name in cls.__dataclass_fields__ if name in query})

    @classmethod
    def filled(cls, stretch: Stretch, habits: Habits) -> "EntryForm":
        shown = habits.show(stretch)
        return cls(
            date=shown.date,
            start=shown.start,
            end=shown.end,
            duration=shown.duration,
            exact_start=stretch.started_at.isoformat(),
            exact_end=stretch.stopped_at.isoformat() if stretch.stopped_at else "",
        )

    @classmethod
    def of_entry(cls, entry: Entry, habits: Habits) -> "EntryForm":
        return replace(
            cls.filled(Stretch(entry.started_at, entry.stopped_at), habits),
            item=str(entry.item_id or ""),
            project=str(entry.project_id or ""),
            q=item_name(entry.name) if entry.item_id else "",
            note=entry.note,
            tags=", ".join(entry.tag_names),
            billable="on" if entry.billable else "",
        )


@dataclass
class SeveralForm(WorkForm):
    """`entry` are the ids of those that are ticked: one value or several."""

    entry: str | list[str] = ""
    tags: str = ""
    billable: str = ""

    @property
    def ids(self) -> list[int]:
        sent = [self.entry] if isinstance(self.entry, str) else self.entry
        return sorted({entry_id for text in sent if (entry_id := read_id(text)) is not None})


def moment(text: str) -> datetime | None:
    """A moment from a hidden field; None for anything that this page did not write there."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo and FIRST_DAY.year <= found.year <= LAST_YEAR else None
