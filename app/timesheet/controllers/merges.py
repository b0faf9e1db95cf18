"""Making an entry one with the entry before it."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery
from litestar.response import Template

from app.accounts.authentication import CurrentUser, UserRequest
from app.timesheet.controllers.answers import Page, close_form, day_of, page_with, show_panel
from app.timesheet.controllers.entries import find_entry
from app.timesheet.controllers.panels import MergePanel
from app.timesheet.forms import MergerForm, moment
from app.timesheet.merging import Merger, NotMerged, before, merge, refuse_unfit, refuse_unlike
from app.timesheet.queries import read_entry
from app.timesheet.sheet import Entry
from app.timesheet.spans import Stretch
from app.web.filters import dom_id
from app.web.forms import Sent
from app.web.guards import requires_user
from app.web.ids import read_id


class MergesController(Controller):
    path = "/entries/{entry_id:int}/merge"
    guards = [requires_user]
    status_code = 200
    dependencies = {"entry": Provide(find_entry)}

    @get()
    async def new(
        self, request: UserRequest, entry: NamedDependency[Entry], day: FromQuery[str | None] = None
    ) -> Template:
        return await show_panel(
            request, page_with(request.user, entry.started_at, day), await panel_for(request.user, entry)
        )

    @post()
    async def create(
        self, request: UserRequest, entry: NamedDependency[Entry], data: Sent[MergerForm]
    ) -> Response[Any]:
        page, earlier_id = Page(day_of(data)), read_id(data.earlier) or 0
        seen = Stretch(moment(data.exact_start) or entry.started_at, moment(data.exact_end))
        try:
            page.undo = await merge(request.user, entry.id, earlier_id, seen=seen)
        except NotMerged as refusal:
            panel = await panel_for(request.user, entry)
            panel.problem = panel.problem or refusal.reason
            return await show_panel(request, page, panel, status_code=422)
        return await close_form(request, page, dom_id(entry))


async def panel_for(user: CurrentUser, entry: Entry) -> MergePanel:
    earlier_id = await before(user, entry.id, entry.started_at)
    earlier = await read_entry(user, earlier_id) if earlier_id else None
    if earlier is None:
        return MergePanel(entry, problem="There is no entry before it.")
    merger = Merger(earlier, entry)
    try:
        refuse_unlike(earlier.work, entry.work)
        refuse_unfit(merger)
    except NotMerged as refusal:
        return MergePanel(entry, earlier, problem=refusal.reason)
    return MergePanel(entry, earlier, merger)
