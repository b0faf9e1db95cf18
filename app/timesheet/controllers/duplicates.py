"""Duplicating an entry."""

from typing import Any

from litestar import Controller, Response, post
from litestar.di import NamedDependency, Provide

from app.accounts.authentication import UserRequest
from app.projects.access import NotTrackable
from app.timesheet import entries
from app.timesheet.controllers.answers import OpenForm, Page, day_of, habits_of, show
from app.timesheet.controllers.entries import find_entry
from app.timesheet.forms import EntryForm, Place
from app.timesheet.queries import read_entry
from app.timesheet.sheet import Entry
from app.timesheet.work import NotTheirs, work_on
from app.web.forms import Sent
from app.web.guards import requires_user
from app.web.redirect import see_other
from app.web.render import is_htmx


class DuplicatesController(Controller):
    path = "/entries/{entry_id:int}/duplicates"
    guards = [requires_user]
    status_code = 200
    dependencies = {"entry": Provide(find_entry)}

    @post()
    async def create(self, request: UserRequest, entry: NamedDependency[Entry], data: Sent[Place]) -> Response[Any]:
        """The copy opens in the form, because another time or day is what it is made for."""
        page = Page(day_of(data))
        try:
            work = await work_on(request.user, entry.item_id, entry.project_id)
            copy_id, page.undo = await entries.duplicate(request.user, entry.id, work)
        except (NotTrackable, NotTheirs, entries.Runs) as refusal:
            page.problem = refusal.reason
            return await show(request, page, status_code=422)
        if not is_htmx(request):
            return see_other(f"/entries/{copy_id}/edit?day={page.day_field}")
        if copy := await read_entry(request.user, copy_id or 0):
            page.open = OpenForm(copy.id, EntryForm.of_entry(copy, habits_of(request.user)))
        return await show(request, page)
