"""What the pages of projects have in common: finding the item, its page, and the answer to what is refused."""

from dataclasses import dataclass
from typing import Any

from litestar.exceptions import NotFoundException
from litestar.response import Template

from app.accounts.authentication import CurrentUser, UserRequest
from app.projects.access import Item, Way, visible
from app.projects.assignments import assigned_to, candidates
from app.projects.keywords import keywords_of
from app.projects.models import Kind
from app.projects.own import BELOW, Refused
from app.projects.queries import FIRST, View
from app.projects.totals import total_of
from app.projects.tree import level_at, place_of
from app.web.ids import is_id
from app.web.render import is_htmx, render

# Of what is below an item its page shows so many; a page of twice as many would be too heavy.
LINES = 75


@dataclass
class Problem:
    """What was typed into one of the item's forms and cannot be taken."""

    form: str
    text: str
    typed: dict[str, str]

    def in_form(self, form: str) -> bool:
        return self.form == form


async def find_item(request: UserRequest, item_id: int) -> Item:
    """The item as the person who asks may see it. Others' items do not exist for them."""
    item = await visible(request.user, item_id) if is_id(item_id) else None
    if item is None:
        raise NotFoundException
    return item


def ways_seen(user: CurrentUser, item: Item) -> list[Way]:
    """An item that is somebody's by one of its places does not tell them of the others."""
    seen = [way for way in item.ways if user.is_administrator or way.is_assigned or not item.is_assigned]
    return sorted(seen, key=lambda way: not way.is_usable)


def may_edit(user: CurrentUser, item: Item) -> bool:
    return user.is_administrator and item.is_own


async def item_context(
    request: UserRequest, item: Item, problem: Problem | None = None, after: tuple[int, int] = FIRST
) -> dict[str, Any]:
    user = request.user
    is_whole = user.is_administrator or item.is_assigned
    view = View.archived if item.is_archived else View.active
    return {
        "item": item,
        "is_whole": is_whole,
        "may_edit": may_edit(user, item),
        "ways": ways_seen(user, item),
        "view": view,
        "level": await level_at(user, view, place_of(item), after, LINES),
        "total": await total_of(user.account_id, user.id, item.id, is_project=item.kind == Kind.project)
        if is_whole and not item.is_root
        else None,
        "keywords": await keywords_of(user.account_id, item.id) if is_whole else [],
        "kinds_below": BELOW[Kind(item.kind)],
        "starts": starts(item),
        "problem": problem,
        **await people_context(request, item),
    }


@dataclass(frozen=True)
class Start:
    """A project for which the person may track on the item; `name` tells several apart."""

    project_id: int | None
    name: str


def starts(item: Item) -> list[Start]:
    if item.is_root or item.is_archived:
        return []
    names = {id_: name for way in item.ways for id_, name in way.steps}
    projects = dict.fromkeys(way.project_id for way in item.usable_ways)
    return [Start(project, names.get(project, item.name) if project else item.name) for project in projects]


async def people_context(request: UserRequest, item: Item) -> dict[str, Any]:
    user = request.user
    is_whole = user.is_administrator or item.is_assigned
    return {
        "people": await assigned_to(user.account_id, item) if is_whole else [],
        "candidates": await candidates(user.account_id, item.id) if user.is_administrator else [],
    }


async def show_item(
    request: UserRequest, item: Item, problem: Problem | None = None, *, status_code: int = 200
) -> Template:
    return render(request, "projects/item.html", await item_context(request, item, problem), status_code=status_code)


def refused(request: UserRequest, error: Refused) -> Template:
    """409: the request is understood and allowed, but what it is about does not take it."""
    context = {"reason": error.reason, "item_id": request.path_params.get("item_id")}
    if is_htmx(request):
        headers = {"HX-Retarget": "#problem", "HX-Reswap": "innerHTML"}
        return render(request, "projects/_refused.html", context, status_code=409, headers=headers)
    return render(request, "projects/refused.html", context, status_code=409)
