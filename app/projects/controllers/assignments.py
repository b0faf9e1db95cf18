"""Assigning people to an item by hand, and taking that back."""

from dataclasses import dataclass
from typing import Any

from litestar import Controller, Response, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.accounts.authentication import UserRequest
from app.projects import assignments
from app.projects.access import Item
from app.projects.controllers.answers import find_item, people_context, refused
from app.projects.own import Refused
from app.web.filters import item_name
from app.web.flash import flash
from app.web.forms import Sent
from app.web.guards import requires_administrator
from app.web.ids import is_id, read_id
from app.web.redirect import see_other
from app.web.render import is_htmx, render


@dataclass
class AssignmentForm:
    user: str = ""


class AssignmentsController(Controller):
    path = "/projects/{item_id:int}/assignments"
    guards = [requires_administrator]
    status_code = 200
    exception_handlers = {Refused: refused}

    @post()
    async def create(self, request: UserRequest, item_id: FromPath[int], data: Sent[AssignmentForm]) -> Response[Any]:
        item = await find_item(request, item_id)
        account_id, user_id = request.user.account_id, read_id(data.user)
        name = await assignments.assign(account_id, item.id, user_id, request.user.id) if user_id is not None else None
        if name is None:
            raise NotFoundException
        return await show_people(request, item, f"{name} is assigned to {item_name(item.name)}.")

    @post("/{assignment_id:int}/delete")
    async def delete(self, request: UserRequest, item_id: FromPath[int], assignment_id: FromPath[int]) -> Response[Any]:
        item = await find_item(request, item_id)
        account_id = request.user.account_id
        name = await assignments.unassign(account_id, item, assignment_id) if is_id(assignment_id) else None
        if name is None:
            raise NotFoundException
        return await show_people(request, item, f"{name} is no longer assigned to {item_name(item.name)} by hand.")


async def show_people(request: UserRequest, item: Item, said: str) -> Response[Any]:
    if is_htmx(request):
        context = {"item": item, "said": said, **await people_context(request, item)}
        return render(request, "projects/_people.html", context)
    flash(request, said)
    return see_other(f"/projects/{item.id}")
