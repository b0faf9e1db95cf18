"""The timesheet of a day."""

from litestar import Controller, get
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from app.accounts.authentication import UserRequest
from app.timesheet.controllers.answers import Page, read_day, show
from app.web.guards import requires_user
from app.web.ids import read_id


class TimesheetController(Controller):
    path = "/timesheet"
    guards = [requires_user]

    @get()
    async def today(self, request: UserRequest, undo: FromQuery[str] = "") -> Template:
        return await show(request, Page(None, undo=read_id(undo)))

    @get("/{day:str}")
    async def day(self, request: UserRequest, day: FromPath[str], undo: FromQuery[str] = "") -> Template:
        return await show(request, Page(read_day(day), undo=read_id(undo)))
