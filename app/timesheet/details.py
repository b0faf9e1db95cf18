"""What an entry says besides its task and its time."""

from dataclasses import dataclass

from app.projects.access import Person
from app.timesheet.forms import DetailsForm
from app.timesheet.models import tidy_note
from app.timesheet.tags import NO_TAGS, ChosenTags, read_tags


@dataclass(frozen=True)
class Details:
    note: str = ""
    tags: ChosenTags = NO_TAGS
    billable: bool = False


NO_DETAILS = Details()


async def read_details(user: Person, form: DetailsForm, keep: tuple[int, ...] = ()) -> Details:
    """From what was typed; `keep` as in `read_tags`. Raises NotTags."""
    return Details(tidy_note(form.note), await read_tags(user, form.tags, keep), bool(form.billable))
