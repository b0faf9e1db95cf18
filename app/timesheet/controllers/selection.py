"""The entries that are ticked in the list, and what was refused to do with them."""

from dataclasses import dataclass, field

from app.projects.access import NotTrackable
from app.timesheet.forms import SeveralForm
from app.timesheet.picker import Option, Undecided
from app.timesheet.tags import NotTags
from app.timesheet.work import NotTheirs


class NotSaid(Exception):
    """Nothing was said that could be done; `part` is where it would be."""

    def __init__(self, part: str, reason: str) -> None:
        super().__init__(reason)
        self.part, self.reason = part, reason


@dataclass
class Selection:
    """`part` of the bar is where `error` belongs: task, tags or the whole."""

    form: SeveralForm = field(default_factory=SeveralForm)
    part: str = ""
    error: str = ""
    options: list[Option] = field(default_factory=list)

    @property
    def is_begun(self) -> bool:
        return self != Selection()

    @property
    def ids(self) -> set[int]:
        return set(self.form.ids)

    def refuse(self, refusal: Exception) -> "Selection":
        if isinstance(refusal, NotSaid):
            self.part, self.error = refusal.part, refusal.reason
        elif isinstance(refusal, NotTags):
            self.part, self.error = "tags", refusal.reason
        elif isinstance(refusal, Undecided | NotTrackable | NotTheirs):
            self.part, self.error = "task", refusal.reason
        if isinstance(refusal, Undecided):
            self.options = refusal.options
        return self
