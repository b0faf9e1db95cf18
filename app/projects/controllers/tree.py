"""The page Projects: the tree, its branches one by one, and what a search finds."""

from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Controller, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Template

from app.accounts.authentication import UserRequest
from app.integrations.asana.addresses import pointed_at
from app.integrations.status import IntegrationStatus, Standing, integration_status
from app.projects.controllers.answers import Problem
from app.projects.queries import FIRST, View
from app.projects.search import search
from app.projects.tree import Node, level_at, path_of, whole_tree
from app.web.guards import requires_user
from app.web.ids import LARGEST_POSITION
from app.web.render import is_htmx, render

MOST_HITS = 100


class TreeController(Controller):
    path = "/projects"
    guards = [requires_user]

    @get()
    async def index(
        self,
        request: UserRequest,
        q: FromQuery[str] = "",
        view: FromQuery[str] = "",
        opened: Annotated[str, QueryParameter(name="open")] = "",
    ) -> Template:
        return await show_tree(request, q.strip(), view_of(view), opened)

    @get("/branches/{path:str}")
    async def branch(
        self, request: UserRequest, path: FromPath[str], view: FromQuery[str] = "", after: FromQuery[str] = ""
    ) -> Template:
        """What is below one item, or the next piece of it."""
        place = path_of(path)
        level = await level_at(request.user, view_of(view), place, after_of(after)) if place else None
        if level is None:
            raise NotFoundException
        name = "projects/_more.html" if after else "projects/_level.html"
        return render(request, name, {"level": level, "view": view_of(view)})


async def show_tree(
    request: UserRequest,
    q: str = "",
    view: View = View.active,
    opened: str = "",
    *,
    problem: Problem | None = None,
    status_code: int = 200,
) -> Template:
    context = {"q": q, "view": view, "problem": problem, **await list_context(request, q, view, opened)}
    if is_htmx(request):
        headers = {"HX-Replace-Url": address(q, view)}
        return render(request, "projects/_list.html", context, status_code=status_code, headers=headers)
    return render(request, "projects/index.html", context, status_code=status_code)


async def list_context(request: UserRequest, q: str, view: View, opened: str) -> dict[str, Any]:
    status = await integration_status(request.user.account_id)
    importing = is_importing(status)
    if q:
        found = await search(request.user, pointed_at(q) or q, MOST_HITS, archived=view is View.archived)
        return {"hits": found, "most_hits": MOST_HITS, "state": None, "is_importing": importing}
    trees = await whole_tree(request.user, view, path_of(opened))
    return {
        "hits": None,
        "trees": trees,
        "state": None if any_below(trees) else state_of(request, status, view),
        "is_importing": importing,
        "may_add_own": request.user.is_administrator and view is View.active and not any(t.row.is_own for t in trees),
    }


def state_of(request: UserRequest, status: IntegrationStatus | None, view: View) -> str:
    """Why there is nothing to see; the template has a sentence and the next step for each."""
    if view is View.archived:
        return "nothing_archived"
    if is_importing(status):
        return "importing"
    if status is None or status.standing is Standing.unlinked or status.standing is Standing.setting_up:
        return "not_connected"
    return "nothing_imported" if request.user.is_administrator else "nothing_assigned"


def is_importing(status: IntegrationStatus | None) -> bool:
    """During the first pass, whose items are still coming."""
    return status is not None and status.read_at is None and status.open_run_id is not None


def any_below(trees: list[Node]) -> bool:
    return any(tree.below and tree.below.nodes for tree in trees)


def view_of(text: str) -> View:
    return View.archived if text == View.archived else View.active


def after_of(text: str) -> tuple[int, int]:
    """`12-345`, a position and an id, of the line after which to go on."""
    place = path_of(text)
    return (place[0], place[1]) if len(place) == 2 and place[0] <= LARGEST_POSITION else FIRST


def address(q: str, view: View) -> str:
    """The page as it can be bookmarked."""
    wanted = {"q": q.strip()} if q.strip() else {}
    if view is View.archived:
        wanted["view"] = view.value
    return "/projects" + (f"?{urlencode(wanted)}" if wanted else "")
