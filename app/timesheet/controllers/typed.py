"""What somebody typed or pasted to find a task by."""

from app.integrations.asana.addresses import pointed_at
from app.projects.access import Person
from app.timesheet import picker
from app.timesheet.forms import WorkForm
from app.timesheet.work import NO_TASK, Work


def meant_by(text: str) -> str:
    """Of an address of Asana the id that it leads to, any other text as it is."""
    return pointed_at(text) or text


async def read_work(user: Person, form: WorkForm, keep: Work = NO_TASK) -> Work:
    """As the picker's, with addresses understood."""
    return await picker.read_work(user, form, keep, meant=meant_by)
