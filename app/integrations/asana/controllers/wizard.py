"""The steps after Asana's consent: workspaces, keywords, done. Inviting co-workers has a file of its own."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from app.accounts.authentication import UserRequest
from app.integrations.asana.connection import choose_workspaces, synchronize_keywords
from app.integrations.asana.controllers.pages import (
    DONE,
    KEYWORDS,
    PEOPLE,
    WORKSPACES,
    ConnectedController,
    back_of,
    onward,
)
from app.integrations.asana.models import AsanaConnection, Trigger
from app.integrations.asana.progress import latest_progress
from app.integrations.asana.sync.runs import request_sync
from app.integrations.asana.workspaces import COUNT_TRIES, Workspace, imported_from, ticked_at_first, workspaces_of
from app.integrations.status import integration_status
from app.tasks.asana import refresh_asana_workspaces_later
from app.tasks.sync import sync_later
from app.web.flash import flash
from app.web.render import render


class WorkspacesController(ConnectedController):
    path = WORKSPACES

    @get()
    async def index(self, request: UserRequest, connection: NamedDependency[AsanaConnection]) -> Template:
        workspaces = await workspaces_of(connection.id)
        if not all(workspace.is_fresh for workspace in workspaces):
            await refresh_asana_workspaces_later(connection)
        return await workspaces_page(request, workspaces, ticked_at_first(workspaces))

    @get("/{workspace_id:int}/count")
    async def count(
        self,
        request: UserRequest,
        connection: NamedDependency[AsanaConnection],
        workspace_id: FromPath[int],
        tries: FromQuery[int] = 0,
    ) -> Template:
        found = [each for each in await workspaces_of(connection.id) if each.id == workspace_id]
        if not found:
            raise NotFoundException
        context = {"workspace": found[0], "tries": tries + 1, "most_tries": COUNT_TRIES}
        return render(request, "integrations/asana/_project_count.html", context)

    @post()
    async def choose(self, request: UserRequest, connection: NamedDependency[AsanaConnection]) -> Response[Any]:
        form = await request.form()
        back = back_of(form)
        workspaces = await workspaces_of(connection.id)
        chosen = {each.gid for each in workspaces} & set(form.getall("workspace", []))
        if not chosen:
            return await workspaces_page(request, workspaces, chosen, is_refused=True, back=back)
        left_out = [each for each in workspaces if each.is_selected and each.gid not in chosen]
        imported = await imported_from(connection.account, [each.gid for each in left_out])
        if imported and "confirmed" not in form:
            question = {"chosen": chosen, "left_out": left_out, "imported": imported, "back": back}
            return render(request, "integrations/asana/leave_out.html", question)
        await choose_workspaces(connection, sorted(chosen))
        is_first = not any(each.is_selected for each in workspaces)
        trigger = Trigger.first if is_first else Trigger.workspaces
        await sync_later(await request_sync(connection, trigger, request.user))
        flash(request, "Saved. Sundial is reading your workspaces now.")
        return onward(back, PEOPLE)


class KeywordsController(ConnectedController):
    path = KEYWORDS

    @get()
    async def show(self, request: UserRequest, connection: NamedDependency[AsanaConnection]) -> Template:
        context = {
            "keywords_enabled": connection.keywords_enabled,
            "back": "",
            "progress": await latest_progress(connection.id),
        }
        return render(request, "integrations/asana/keywords.html", context)

    @post()
    async def save(self, request: UserRequest, connection: NamedDependency[AsanaConnection]) -> Redirect:
        form = await request.form()
        if await synchronize_keywords(connection, "synchronize" in form):
            await sync_later(await request_sync(connection, Trigger.workspaces, request.user))
        flash(request, "Saved.")
        return onward(back_of(form), DONE)


class DoneController(ConnectedController):
    path = DONE

    @get()
    async def show(self, request: UserRequest, connection: NamedDependency[AsanaConnection]) -> Template:
        context = {
            "status": await integration_status(request.user.account_id),
            "workspaces": [each for each in await workspaces_of(connection.id) if each.is_selected],
            "progress": await latest_progress(connection.id),
        }
        return render(request, "integrations/asana/done.html", context)


async def workspaces_page(
    request: UserRequest,
    workspaces: list[Workspace],
    ticked: set[str],
    *,
    is_refused: bool = False,
    back: str = "",
) -> Template:
    context = {
        "status": await integration_status(request.user.account_id),
        "workspaces": workspaces,
        "ticked": ticked,
        "is_refused": is_refused,
        "back": back,
        "most_tries": COUNT_TRIES,
    }
    status_code = 422 if is_refused else 200
    return render(request, "integrations/asana/workspaces.html", context, status_code=status_code)
