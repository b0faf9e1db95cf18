"""Force synchronization: asking for a pass is creating one, and watching it is reading its row."""

from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from litestar import Controller, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Template

from app.accounts.authentication import UserRequest
from app.integrations.asana.connection import connection_of
from app.integrations.asana.models import SyncRun, Trigger
from app.integrations.asana.progress import progress_of
from app.integrations.asana.sync.runs import request_sync
from app.integrations.status import Standing, integration_status, sync_status
from app.tasks.sync import sync_later
from app.web.guards import requires_administrator, requires_user
from app.web.ids import is_id
from app.web.redirect import safe_next, see_other
from app.web.render import is_htmx, render


class SyncsController(Controller):
    path = "/integrations/asana/syncs"
    guards = [requires_user]

    @post()
    async def create(self, request: UserRequest) -> Response[Any]:
        """Pressed twice it shows the pass there is. Without a working connection it shows what is wrong with it."""
        status = await integration_status(request.user.account_id)
        connection = await connection_of(request.user.account_id)
        if connection and status and status.standing == Standing.active:
            await sync_later(await request_sync(connection, Trigger.forced, request.user))
        if not is_htmx(request):
            return see_other(page_asked_from(request))
        return render(request, "integrations/asana/_sync.html", {"sync": await sync_status(request.user)})

    @get("/{run_id:int}")
    async def show(self, request: UserRequest, run_id: FromPath[int]) -> Template:
        run = await find(request, run_id)
        sync = await sync_status(request.user, run)
        # Lists on the page read themselves again when the pass that the page watched has ended.
        headers = {} if sync is None or sync.is_open else {"HX-Trigger": "sync-finished"}
        return render(request, "integrations/asana/_sync.html", {"sync": sync}, headers=headers)

    @get("/{run_id:int}/progress", guards=[requires_administrator])
    async def progress(self, request: UserRequest, run_id: FromPath[int]) -> Template:
        progress = await progress_of(await find(request, run_id))
        return render(request, "integrations/asana/_progress.html", {"progress": progress})


def page_asked_from(request: UserRequest) -> str:
    """The button stands on several pages; without scripts it leads back to the one that it was pressed on."""
    with suppress(ValueError):
        return safe_next(urlsplit(request.headers.get("Referer", "")).path)
    return safe_next(None)


async def find(request: UserRequest, run_id: int) -> SyncRun:
    theirs = (SyncRun.id == run_id) & (SyncRun.account == request.user.account_id)
    run = await SyncRun.objects().get(theirs) if is_id(run_id) else None
    if run is None:
        raise NotFoundException
    return run
