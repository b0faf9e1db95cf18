"""Several entries changed at once, by the bar below the list."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Controller, Response, post

from app.accounts.authentication import CurrentUser, UserRequest
from app.timesheet import several
from app.timesheet.controllers.answers import Page, Refusal, context_of, day_of, show, show_or_return
from app.timesheet.controllers.selection import NotSaid, Selection
from app.timesheet.controllers.typed import read_work
from app.timesheet.forms import SeveralForm
from app.timesheet.tags import NO_TAGS, find_tags, read_tags
from app.timesheet.work import NO_TASK, Work
from app.web.forms import Sent
from app.web.guards import requires_user
from app.web.render import is_htmx, render


class SeveralController(Controller):
    path = "/entries/several"
    guards = [requires_user]
    status_code = 200

    @post("/task")
    async def set_task(self, request: UserRequest, data: Sent[SeveralForm]) -> Response[Any]:
        return await answer(request, data, set_task)

    @post("/task/remove")
    async def remove_task(self, request: UserRequest, data: Sent[SeveralForm]) -> Response[Any]:
        return await answer(request, data, remove_task)

    @post("/tags")
    async def add_tags(self, request: UserRequest, data: Sent[SeveralForm]) -> Response[Any]:
        return await answer(request, data, add_tags)

    @post("/tags/remove")
    async def remove_tags(self, request: UserRequest, data: Sent[SeveralForm]) -> Response[Any]:
        return await answer(request, data, remove_tags)

    @post("/billable")
    async def bill(self, request: UserRequest, data: Sent[SeveralForm]) -> Response[Any]:
        return await answer(request, data, bill)

    @post("/delete")
    async def delete(self, request: UserRequest, data: Sent[SeveralForm]) -> Response[Any]:
        return await answer(request, data, delete)


async def set_task(user: CurrentUser, form: SeveralForm) -> int | None:
    return await several.set_task(user, form.ids, await chosen_work(user, form))


async def remove_task(user: CurrentUser, form: SeveralForm) -> int | None:
    return await several.set_task(user, form.ids, NO_TASK)


async def chosen_work(user: CurrentUser, form: SeveralForm) -> Work:
    work = await read_work(user, form)
    if work == NO_TASK:
        raise NotSaid("task", "Choose a task.")
    return work


async def add_tags(user: CurrentUser, form: SeveralForm) -> int | None:
    tags = await read_tags(user, form.tags)
    if tags == NO_TAGS:
        raise NotSaid("tags", "Write at least one tag.")
    return await several.add_tags(user, form.ids, tags)


async def remove_tags(user: CurrentUser, form: SeveralForm) -> int | None:
    return await several.remove_tags(user, form.ids, await find_tags(user, form.tags))


async def bill(user: CurrentUser, form: SeveralForm) -> int | None:
    return await several.bill(user, form.ids, billable=bool(form.billable))


async def delete(user: CurrentUser, form: SeveralForm) -> int | None:
    return await several.delete(user, form.ids)


async def answer(
    request: UserRequest, form: SeveralForm, do: Callable[[CurrentUser, SeveralForm], Awaitable[int | None]]
) -> Response[Any]:
    """Where anything about it is refused, nothing was changed, and all stays chosen."""
    page = Page(day_of(form))
    try:
        page.undo = await do(request.user, form)
    except (*Refusal, NotSaid) as refusal:
        page.several = Selection(form).refuse(refusal)
        return await show_several(request, page)
    if page.undo is None:
        page.problem = "Nothing is different now." if form.ids else "Choose entries first."
    if not is_htmx(request):
        return await show_or_return(request, page)
    return render(request, "timesheet/several.htmx.html", await context_of(request.user, page))


async def show_several(request: UserRequest, page: Page) -> Response[Any]:
    """The bar alone for htmx, for a browser the page with the bar and what is ticked."""
    if is_htmx(request):
        return render(request, "timesheet/_several.html", {"page": page}, status_code=422)
    return await show(request, page, status_code=422)
