"""Choosing a task: the lists that the search box and the drop-down show, and a page of their own without scripts."""

from typing import Any

from litestar import Controller, get
from litestar.params import FromQuery
from litestar.response import Template

from app.accounts.authentication import UserRequest
from app.timesheet import picker
from app.timesheet.controllers.typed import meant_by
from app.timesheet.picker import MANY_HITS, Tree
from app.web.guards import requires_user
from app.web.ids import LARGEST_POSITION, read_id
from app.web.render import render


class PickerController(Controller):
    path = "/picker"
    guards = [requires_user]

    @get()
    async def index(
        self,
        request: UserRequest,
        q: FromQuery[str] = "",
        note: FromQuery[str] = "",
        tags: FromQuery[str] = "",
        billable: FromQuery[str] = "",
        under: FromQuery[str] = "",
        project: FromQuery[str] = "",
    ) -> Template:
        """Without scripts: what was found, or a branch of the tree, each with a button that starts."""
        context = {
            **await found(request, q),
            "note": note,
            "tags": tags,
            "billable": billable,
            "trees": [] if q.strip() else await trees_for(request, under, project),
        }
        return render(request, "timesheet/picker.html", context)

    @get("/options")
    async def options(self, request: UserRequest, q: FromQuery[str] = "", free: FromQuery[str] = "") -> Template:
        """What the search box shows: with nothing typed what was tracked lately."""
        return render(request, "timesheet/_options.html", {**await found(request, q), "free": bool(free)})

    @get("/tree")
    async def tree(
        self, request: UserRequest, under: FromQuery[str] = "", project: FromQuery[str] = "", after: FromQuery[str] = ""
    ) -> Template:
        """A branch of the drop-down."""
        return render(request, "timesheet/_tree.html", {"trees": await trees_for(request, under, project, after)})


async def found(request: UserRequest, q: str) -> dict[str, Any]:
    """With nothing typed what was tracked on lately."""
    q = q.strip()
    meant = meant_by(q)
    options = await picker.found(request.user, meant) if q else await picker.recent(request.user)
    return {"q": q, "options": options, "is_address": meant != q, "has_more": bool(q) and len(options) == MANY_HITS}


async def trees_for(request: UserRequest, under: str, project: str, after: str = "") -> list[Tree]:
    parent_id = read_id(under)
    if parent_id is None:
        return await picker.trees(request.user)
    return [await picker.tree(request.user, parent_id, read_id(project), read_place(after))]


def read_place(text: str) -> tuple[int, int]:
    """Where to go on, as `position-id`."""
    position, _, item_id = text.partition("-")
    return (min(read_id(position) or 0, LARGEST_POSITION), read_id(item_id) or 0) if text else picker.FIRST
