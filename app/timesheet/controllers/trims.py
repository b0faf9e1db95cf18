"""Ending an entry where the next one begins."""

from typing import Any

from litestar import Controller, Response, post
from litestar.di import NamedDependency, Provide

from app.accounts.authentication import UserRequest
from app.timesheet import entries
from app.timesheet.controllers.answers import Page, day_of, show_or_return
from app.timesheet.controllers.entries import find_entry
from app.timesheet.forms import TrimForm, moment
from app.timesheet.sheet import Entry
from app.web.forms import Sent
from app.web.guards import requires_user


class TrimsController(Controller):
    path = "/entries/{entry_id:int}/trim"
    guards = [requires_user]
    status_code = 200
    dependencies = {"entry": Provide(find_entry)}

    @post()
    async def create(self, request: UserRequest, entry: NamedDependency[Entry], data: Sent[TrimForm]) -> Response[Any]:
        page, at = Page(day_of(data)), moment(data.at)
        if at is not None:
            page.undo = await entries.trim(request.user, entry.id, at)
        if page.undo is None:
            page.problem = "It was changed meanwhile. Look at it again."
        return await show_or_return(request, page)
