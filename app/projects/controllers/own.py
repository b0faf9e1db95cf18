"""Adding own items and moving them: what administrators do beside what is imported."""

from dataclasses import dataclass
from typing import Any

from litestar import Controller, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from app.accounts.authentication import UserRequest
from app.projects import own
from app.projects.access import Item, find
from app.projects.controllers.answers import Problem, find_item, item_context, refused, show_item
from app.projects.controllers.tree import show_tree
from app.projects.models import Kind
from app.projects.own import Invalid, Refused
from app.projects.places import places_for
from app.web.filters import item_name
from app.web.flash import flash
from app.web.forms import Sent
from app.web.guards import requires_administrator
from app.web.ids import read_id
from app.web.redirect import see_other
from app.web.render import is_htmx, render


@dataclass
class ItemForm:
    name: str = ""
    kind: str = Kind.task


@dataclass
class PlaceForm:
    parent: str = ""


class OwnItemsController(Controller):
    path = "/projects"
    guards = [requires_administrator]
    status_code = 200
    exception_handlers = {Refused: refused}

    @post("/own")
    async def add_first(self, request: UserRequest, data: Sent[ItemForm]) -> Response[Any]:
        """The first of the account's own items makes their root as well."""
        try:
            own.checked_kind(data.kind, Kind.root)
            own.checked_name(data.name)
        except Invalid as invalid:
            problem = Problem("own", str(invalid), {"name": data.name, "kind": data.kind})
            return await show_tree(request, problem=problem, status_code=422)
        root_id = await own.own_root(request.user.account_id, request.user.id)
        await own.add_below(request.user.account_id, await find_item(request, root_id), data.kind, data.name)
        flash(request, f"{item_name(data.name)} is added.")
        return see_other("/projects")

    @post("/{item_id:int}/children")
    async def add_below(self, request: UserRequest, item_id: FromPath[int], data: Sent[ItemForm]) -> Response[Any]:
        return await add(request, await find_item(request, item_id), data)

    @get("/{item_id:int}/place")
    async def choose_place(self, request: UserRequest, item_id: FromPath[int], q: FromQuery[str] = "") -> Template:
        item = await find_item(request, item_id)
        own.must_be_own(item, "moved")
        own.must_not_be_root(item, "moved")
        places = await places_for(request.user, item, q)
        return render(request, "projects/move.html", {"item": item, "places": places, "q": q.strip()})

    @post("/{item_id:int}/place")
    async def move(self, request: UserRequest, item_id: FromPath[int], data: Sent[PlaceForm]) -> Response[Any]:
        item = await find_item(request, item_id)
        parent_id = read_id(data.parent)
        parent = await find(request.user, parent_id) if parent_id is not None else None
        if parent is None:
            raise NotFoundException
        await own.move(request.user.account_id, item, parent)
        flash(request, f"{item_name(item.name)} now stands in {item_name(parent.name)}.")
        return see_other(f"/projects/{item.id}")


async def add(request: UserRequest, parent: Item, data: ItemForm) -> Response[Any]:
    problem = None
    try:
        await own.add_below(request.user.account_id, parent, data.kind, data.name)
    except Invalid as invalid:
        problem = Problem("below", str(invalid), {"name": data.name, "kind": data.kind})
    if is_htmx(request):
        context = {**await item_context(request, parent, problem), "added": problem is None}
        return render(request, "projects/_below.html", context, status_code=422 if problem else 200)
    if problem:
        return await show_item(request, parent, problem, status_code=422)
    flash(request, f"{item_name(data.name)} is added.")
    return see_other(f"/projects/{parent.id}")
