"""Undoing what was done to entries."""

from typing import Any

from litestar import Controller, Response, post
from litestar.exceptions import NotFoundException

from app.accounts.authentication import UserRequest
from app.timesheet import undo
from app.timesheet.controllers.answers import Page, day_of, show_or_return
from app.timesheet.forms import UndoForm
from app.web.forms import Sent
from app.web.guards import requires_user
from app.web.ids import read_id


class UndoController(Controller):
    path = "/entries/undo"
    guards = [requires_user]
    status_code = 200

    @post()
    async def undo(self, request: UserRequest, data: Sent[UndoForm]) -> Response[Any]:
        """What was done before that is offered next, so that one may go on going back."""
        page, undo_id = Page(day_of(data)), read_id(data.undo) or 0
        try:
            if not await undo.undo(request.user, undo_id):
                raise NotFoundException
        except undo.NotUndone as refusal:
            page.problem = refusal.reason
            return await show_or_return(request, page)
        before = await undo.offer_before(request.user, undo_id)
        page.said, page.undo = "Undone.", before.id if before else None
        return await show_or_return(request, page)
