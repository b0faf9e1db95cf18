"""Dividing an entry in two."""

from datetime import datetime
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery
from litestar.response import Template

from app.accounts.authentication import CurrentUser, UserRequest
from app.timesheet.controllers.answers import Page, close_form, day_of, habits_of, page_with, show_panel
from app.timesheet.controllers.entries import find_entry
from app.timesheet.controllers.panels import SplitPanel, option_of
from app.timesheet.forms import SplitForm, moment
from app.timesheet.sheet import Entry
from app.timesheet.spans import Stretch
from app.timesheet.splitting import NotSplit, middle, midnights, read_moment, split
from app.web.filters import dom_id
from app.web.forms import Sent
from app.web.guards import requires_user


class SplitsController(Controller):
    path = "/entries/{entry_id:int}/split"
    guards = [requires_user]
    status_code = 200
    dependencies = {"entry": Provide(find_entry)}

    @get()
    async def new(
        self, request: UserRequest, entry: NamedDependency[Entry], day: FromQuery[str | None] = None
    ) -> Template:
        return await show_panel(
            request,
            page_with(request.user, entry.started_at, day),
            panel_for(request.user, entry, middle(entry.stretch)),
        )

    @post()
    async def create(self, request: UserRequest, entry: NamedDependency[Entry], data: Sent[SplitForm]) -> Response[Any]:
        page = Page(day_of(data))
        was = Stretch(moment(data.exact_start) or entry.started_at, moment(data.exact_end))
        try:
            at = chosen(request.user, entry, data)
            page.undo = await split(request.user, entry.id, at, was=was)
        except NotSplit as refusal:
            panel = panel_for(request.user, entry, moment(data.exact) or middle(entry.stretch))
            panel.at, panel.error = data.at, str(refusal)
            panel.options = [option_of(request.user, at) for at in refusal.options]
            return await show_panel(request, page, panel, status_code=422)
        return await close_form(request, page, dom_id(entry))


def chosen(user: CurrentUser, entry: Entry, form: SplitForm) -> datetime:
    """One of the moments that were offered, or else what was typed."""
    exact = moment(form.choice) or (moment(form.exact) if form.at.strip() == form.shown else None)
    return exact or read_moment(form.at, entry.stretch, habits_of(user))


def panel_for(user: CurrentUser, entry: Entry, exact: datetime) -> SplitPanel:
    habits = habits_of(user)
    shown = habits.write(exact)
    return SplitPanel(entry, at=shown, shown=shown, exact=exact, midnights=midnights(entry.stretch, habits))
