"""One item's page, and what administrators change of the account's own items there."""

from dataclasses import dataclass
from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from app.accounts.authentication import UserRequest
from app.projects import own
from app.projects.access import Item
from app.projects.archive import archive_by_hand, revive_by_hand
from app.projects.controllers.answers import Problem, find_item, item_context, may_edit, refused, show_item
from app.projects.controllers.tree import after_of
from app.projects.own import Invalid, Refused
from app.web.filters import item_name
from app.web.flash import flash
from app.web.forms import Sent
from app.web.guards import requires_administrator, requires_user
from app.web.redirect import see_other
from app.web.render import is_htmx, render


@dataclass
class NameForm:
    name: str = ""


class ItemsController(Controller):
    path = "/projects/{item_id:int}"
    guards = [requires_user]
    status_code = 200
    exception_handlers = {Refused: refused}

    @get()
    async def show(self, request: UserRequest, item_id: FromPath[int], after: FromQuery[str] = "") -> Template:
        item = await find_item(request, item_id)
        return render(request, "projects/item.html", await item_context(request, item, after=after_of(after)))

    @get("/heading")
    async def heading(self, request: UserRequest, item_id: FromPath[int]) -> Response[Any]:
        return await show_heading(request, await find_item(request, item_id))

    @get("/name", guards=[requires_administrator])
    async def edit_name(self, request: UserRequest, item_id: FromPath[int]) -> Template:
        item = await find_item(request, item_id)
        own.must_be_own(item, "renamed")
        own.must_not_be_root(item, "renamed")
        return await show_name_form(request, item, Problem("name", "", {"name": item.name}))

    @post("/name", guards=[requires_administrator])
    async def rename(self, request: UserRequest, item_id: FromPath[int], data: Sent[NameForm]) -> Response[Any]:
        item = await find_item(request, item_id)
        try:
            await own.rename(item, data.name)
        except Invalid as invalid:
            problem = Problem("name", str(invalid), {"name": data.name})
            return await show_name_form(request, item, problem, status_code=422)
        return await show_heading(request, await find_item(request, item_id))

    @post("/archive", guards=[requires_administrator])
    async def archive(self, request: UserRequest, item_id: FromPath[int]) -> Response[Any]:
        item = await find_item(request, item_id)
        own.must_be_own(item, "archived")
        own.must_not_be_root(item, "archived")
        await archive_by_hand(request.user.account_id, item.id)
        flash(request, f"{item_name(item.name)} is archived. Its time stays; new time is not taken.")
        return see_other(f"/projects/{item.id}")

    @post("/unarchive", guards=[requires_administrator])
    async def unarchive(self, request: UserRequest, item_id: FromPath[int]) -> Response[Any]:
        item = await find_item(request, item_id)
        own.must_be_own(item, "taken out of the archive")
        await revive_by_hand(request.user.account_id, item.id)
        back = await find_item(request, item_id)
        if back.is_archived:
            flash(request, "What it stands below is archived: take that out of the archive too.", kind="notice")
        else:
            flash(request, f"{item_name(item.name)} is active again.")
        return see_other(f"/projects/{item.id}")

    @post("/delete", guards=[requires_administrator])
    async def delete(self, request: UserRequest, item_id: FromPath[int]) -> Response[Any]:
        item = await find_item(request, item_id)
        await own.remove(item)
        flash(request, f"{item_name(item.name)} is deleted.")
        above = item.ways[0].ids if item.ways else ()
        return see_other(f"/projects/{above[-1]}" if above else "/projects")


async def show_heading(request: UserRequest, item: Item) -> Response[Any]:
    if not is_htmx(request):
        return see_other(f"/projects/{item.id}")
    return render(request, "projects/_heading.html", {"item": item, "may_edit": may_edit(request.user, item)})


async def show_name_form(request: UserRequest, item: Item, problem: Problem, *, status_code: int = 200) -> Template:
    if is_htmx(request):
        return render(request, "projects/_name_form.html", {"item": item, "problem": problem}, status_code=status_code)
    return await show_item(request, item, problem, status_code=status_code)
