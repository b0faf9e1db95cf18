"""The settings of the active integration: the panels of the wizard, who connected it, and the log of its passes."""

from dataclasses import dataclass
from typing import Any

from litestar import Controller, Response, get

from app import database
from app.accounts.authentication import UserRequest
from app.integrations.asana.connection import linked_connection
from app.integrations.asana.controllers.inviting import coworkers_context
from app.integrations.asana.controllers.pages import ENABLE, SETTINGS
from app.integrations.asana.models import AsanaConnection, RunState, SyncRun, Trigger
from app.integrations.asana.outcome import Told, counts_of, left_out_of, told_in_full
from app.integrations.asana.sync.runs import last_runs
from app.integrations.asana.wanted_webhooks import webhook_standing
from app.integrations.asana.workspaces import COUNT_TRIES, ticked_at_first, workspaces_of
from app.integrations.status import integration_status, sync_status
from app.settings import load_settings
from app.tasks.asana import refresh_asana_workspaces_later
from app.web.guards import requires_administrator
from app.web.redirect import go_to, see_other
from app.web.render import render

RUNS_LOOKED_AT = 60
RUNS_TOLD = 10


@dataclass(frozen=True)
class LoggedRun:
    """A pass as the log tells it. `quiet_before`: how many before it went by themselves and changed nothing either."""

    told: Told
    requested_by: str | None
    quiet_before: int


class SettingsController(Controller):
    path = SETTINGS
    guards = [requires_administrator]

    @get()
    async def show(self, request: UserRequest) -> Response[Any]:
        connection = await linked_connection(request.user.account_id)
        if connection is None:
            return see_other(ENABLE)
        standing = await standing_context(request, connection)
        workspaces = standing["workspaces"]
        if not all(workspace.is_fresh for workspace in workspaces):
            await refresh_asana_workspaces_later(connection)
        context = {
            **standing,
            "most_tries": COUNT_TRIES,
            "ticked": ticked_at_first(workspaces),
            **await coworkers_context(connection, back="settings"),
        }
        return render(request, "integrations/asana/settings.html", context)

    @get("/standing")
    async def standing(self, request: UserRequest) -> Response[Any]:
        """The part of the page that changes by itself, read again now and then."""
        connection = await linked_connection(request.user.account_id)
        if connection is None:
            return go_to(request, ENABLE)
        return render(request, "integrations/asana/_standing.html", await standing_context(request, connection))


async def standing_context(request: UserRequest, connection: AsanaConnection) -> dict[str, Any]:
    return {
        "connection": connection,
        "status": await integration_status(request.user.account_id),
        "sync": await sync_status(request.user),
        "workspaces": await workspaces_of(connection.id),
        "webhooks": await webhook_standing(connection),
        "sync_minutes": load_settings().sync_minutes,
        "log": await log_of(connection),
    }


async def log_of(connection: AsanaConnection) -> list[LoggedRun]:
    runs = folded(await last_runs(connection.id, RUNS_LOOKED_AT))[:RUNS_TOLD]
    names = await names_of([run.requested_by for run, _ in runs if run.requested_by])
    return [LoggedRun(told_in_full(run), names.get(run.requested_by), quiet) for run, quiet in runs]


def folded(runs: list[SyncRun]) -> list[tuple[SyncRun, int]]:
    """The many that found nothing stand behind the latest of them, so that they do not push out what did happen."""
    told: list[tuple[SyncRun, int]] = []
    for run in runs:
        if told and is_quiet(run) and is_quiet(told[-1][0]):
            told[-1] = (told[-1][0], told[-1][1] + 1)
        else:
            told.append((run, 0))
    return told


def is_quiet(run: SyncRun) -> bool:
    by_itself = run.trigger in {Trigger.periodic, Trigger.webhook}
    return by_itself and run.state == RunState.done and not counts_of(run) and not left_out_of(run)


async def names_of(user_ids: list[int]) -> dict[int, str]:
    rows = await database.fetch("SELECT id, name FROM person WHERE id = ANY($1::bigint[])", user_ids)
    return {row["id"]: row["name"] for row in rows}
