"""The history of an entry: a page of its own, and in the place of the entry's line."""

from litestar import Controller, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from app.accounts.authentication import UserRequest
from app.timesheet import history
from app.timesheet.controllers.answers import page_with
from app.web.guards import requires_user
from app.web.ids import is_id
from app.web.render import is_htmx, render


class HistoryController(Controller):
    path = "/entries/{entry_id:int}/history"
    guards = [requires_user]

    @get()
    async def show(self, request: UserRequest, entry_id: FromPath[int], day: FromQuery[str | None] = None) -> Template:
        """Also of an entry that is gone: whoever deleted it may want to know what it was."""
        found = await history.read(request.user, entry_id) if is_id(entry_id) else None
        if found is None:
            raise NotFoundException
        page = page_with(request.user, found.started_at, day)
        name = "timesheet/_history.html" if is_htmx(request) else "timesheet/history.html"
        return render(request, name, {"history": found, "page": page, "inline": is_htmx(request)})
