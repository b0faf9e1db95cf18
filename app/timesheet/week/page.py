"""What the page of a week shows besides the grid itself."""

from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from app.projects.access import NotTrackable
from app.timesheet.picker import Option, Undecided
from app.timesheet.sheet import Entry
from app.timesheet.week.fields import HoursField, note_name
from app.timesheet.week.grid import Cell, Kind
from app.timesheet.week.saving import Refusal
from app.timesheet.week.typed import shown_text
from app.timesheet.work import NotTheirs

Refusals = dict[HoursField, Refusal]


@dataclass(frozen=True)
class Field:
    """An input: what it is called, what it showed before anybody typed, and what it holds."""

    name: str
    shown: str
    refusal: Refusal | None = None

    @property
    def text(self) -> str:
        return self.refusal.typed if self.refusal and not self.refusal.is_stale else self.shown


@dataclass
class Adding:
    """The box that adds a row, after it could not: the words typed, and what they may mean."""

    q: str = ""
    sentence: str = ""
    options: list[Option] = field(default_factory=list)

    @classmethod
    def refused(cls, q: str, refusal: Undecided | NotTrackable | NotTheirs) -> "Adding":
        return cls(q, refusal.reason, refusal.options if isinstance(refusal, Undecided) else [])


@dataclass
class WeekPage:
    """`open` is the key of the cell whose entries are shown below its row, `at` of the one that gets the focus.

    `undo` is what can be undone: what is `said`, or something before that. `added` are the rows that were copied.
    """

    first: date
    is_this_week: bool
    open: str = ""
    at: str = ""
    undo: int | None = None
    offers_before: bool = False
    added: list[str] = field(default_factory=list)
    said: str = ""
    problem: str = ""
    refusals: Refusals = field(default_factory=dict)
    adding: Adding = field(default_factory=Adding)

    @property
    def path(self) -> str:
        """This week has no date, so that a page left open goes on with the next one."""
        return "/timesheet/week" if self.is_this_week else self.dated

    @property
    def dated(self) -> str:
        return f"/timesheet/week/{self.first.isoformat()}"

    def link(self, **query: object) -> str:
        given = {name: value for name, value in query.items() if value}
        return self.path + (f"?{urlencode(given)}" if given else "")

    @property
    def address(self) -> str:
        """Where the same is shown again, the way to undo included."""
        return self.link(open=self.open, undo=self.undo)

    def hours(self, cell: Cell) -> Field:
        shown = shown_text(cell.single, cell.now)
        return Field(HoursField.of(cell.work, cell.day, cell.single).name, shown, self.refusal_at(cell))

    def hours_of(self, cell: Cell, entry: Entry) -> Field:
        """In the panel of a cell with several entries each has its own."""
        name = HoursField.of(cell.work, cell.day, entry)
        return Field(name.name, shown_text(entry, cell.now), self.refusals_of(cell).get(entry.id))

    def note(self, entry: Entry) -> Field:
        return Field(note_name(entry), entry.note)

    def refusal_at(self, cell: Cell) -> Refusal | None:
        """At the cell stands what stands at none of the entries below it."""
        in_panel = {entry.id for entry in cell.entries if self.open == cell.key and cell.kind() == Kind.several}
        found = (refusal for entry_id, refusal in self.refusals_of(cell).items() if entry_id not in in_panel)
        return next(found, None)

    def refusals_of(self, cell: Cell) -> dict[int | None, Refusal]:
        return {
            typed_in.shown.entry_id if typed_in.shown else None: refusal
            for typed_in, refusal in self.refusals.items()
            if (typed_in.work, typed_in.day) == (cell.work, cell.day)
        }
