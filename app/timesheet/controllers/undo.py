"""Undoing what was done to entries."""

from typing import Any

from litestar import Controller, Response, post
from litestar.exceptions import NotFoundException

from app.accounts.authentication import CurrentUser, UserRequest
from app.timesheet import undo
from app.timesheet.controllers.answers import Page, day_of, show_or_return
from app.timesheet.forms import UndoForm
from app.timesheet.week.page import WeekPage
from app.web.forms import Sent
from app.web.guards import requires_user
from app.web.ids import read_id


class UndoController(Controller):
    path = "/entries/undo"
    guards = [requires_user]
    status_code = 200

    @post()
    async def undo(self, request: UserRequest, data: Sent[UndoForm]) -> Response[Any]:
        page = Page(day_of(data))
        await go_back(request.user, data, page)
        return await show_or_return(request, page)


async def go_back(user: CurrentUser, form: UndoForm, page: Page | WeekPage) -> None:
    """Undoes it. What was done before that is offered next, so that one may go on going back."""
    undo_id = read_id(form.undo) or 0
    try:
        if not await undo.undo(user, undo_id):
            raise NotFoundException
    except undo.NotUndone as refusal:
        page.problem = refusal.reason
        return
    before = await undo.offer_before(user, undo_id)
    page.said, page.undo = "Undone.", before.id if before else None
