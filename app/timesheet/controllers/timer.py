"""The running timer: started, stopped, discarded, corrected, and asked about when it runs for long."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from litestar import Controller, Response, get, post
from litestar.response import Template

from app.accounts.authentication import CurrentUser, UserRequest
from app.projects.access import NotTrackable
from app.timesheet import entries, long_timers, timer
from app.timesheet.controllers.answers import Page, context_of, day_of, habits_of, show, show_or_return
from app.timesheet.details import read_details
from app.timesheet.forms import EndTimeForm, RunningForm, StartTimeForm, TimerForm
from app.timesheet.queries import read_entry
from app.timesheet.running import running_of
from app.timesheet.sheet import Entry
from app.timesheet.spans import NotASpan
from app.timesheet.start_time import move_start, read_start
from app.timesheet.tags import NotTags
from app.timesheet.work import NotTheirs, work_on
from app.web.forms import Sent
from app.web.guards import requires_user
from app.web.ids import read_id
from app.web.redirect import go_to, see_other
from app.web.render import is_htmx, render


class TimerController(Controller):
    path = "/timer"
    guards = [requires_user]
    status_code = 200

    @get()
    async def now(self, request: UserRequest) -> Response[Any]:
        """What pages show of it above their content; by itself it is a part of no page."""
        if not is_htmx(request):
            return see_other("/timesheet")
        return render(request, "timesheet/_now.html", {"timer_now": await running_of(request.user)})

    @post()
    async def start(self, request: UserRequest, data: Sent[TimerForm]) -> Response[Any]:
        item_id = read_id(data.item)
        if item_id is None and data.q.strip():
            return go_to(request, f"/picker?{urlencode(asked(data))}")
        try:
            work = await work_on(request.user, item_id, read_id(data.project))
            details = await read_details(request.user, data)
        except (NotTrackable, NotTheirs, NotTags) as refusal:
            return await show(request, Page(day_of(data), problem=refusal.reason, typed=data), status_code=422)
        await timer.start(request.user, work, details)
        return await show_or_return(request, Page(day_of(data)))

    @post("/stop")
    async def stop(self, request: UserRequest, data: Sent[RunningForm]) -> Response[Any]:
        await timer.stop(request.user, read_id(data.entry))
        return await show_or_return(request, Page(day_of(data)))

    @post("/start-time")
    async def start_time(self, request: UserRequest, data: Sent[StartTimeForm]) -> Response[Any]:
        page, habits = Page(day_of(data)), habits_of(request.user)
        if entry := await running_entry(request.user, data):
            try:
                started_at = read_start(data.start, entry.started_at, habits)
            except NotASpan as refusal:
                page.refused["start"] = (data.start, str(refusal))
                return await refuse(request, page, "timesheet/_since.html", f"#running_{entry.id}_since")
            await move_start(request.user, entry.id, started_at, habits.now)
        return await show_or_return(request, page)

    @post("/end")
    async def end(self, request: UserRequest, data: Sent[EndTimeForm]) -> Response[Any]:
        """Ends a timer that was left running, when it should have been."""
        page, habits = Page(day_of(data)), habits_of(request.user)
        if entry := await running_entry(request.user, data):
            try:
                stopped_at = long_timers.read_end(data.end, entry, habits)
            except NotASpan as refusal:
                page.refused["end"] = (data.end, str(refusal))
                return await refuse(request, page, "timesheet/_long.html", "#long_timer")
            await long_timers.end(request.user, entry.id, stopped_at, habits.now)
        return await show_or_return(request, page)

    @post("/keep")
    async def keep(self, request: UserRequest, data: Sent[RunningForm]) -> Response[Any]:
        """It is right that it runs for so long."""
        await long_timers.keep(request.user, read_id(data.entry) or 0, datetime.now(UTC))
        return await show_or_return(request, Page(day_of(data)))

    @post("/discard")
    async def discard(self, request: UserRequest, data: Sent[RunningForm]) -> Response[Any]:
        undo = await entries.delete(request.user, read_id(data.entry) or 0, only_running=True)
        return await show_or_return(request, Page(day_of(data), undo=undo))


async def running_entry(user: CurrentUser, form: RunningForm) -> Entry | None:
    """None where it was stopped elsewhere meanwhile: then the page is only shown as it is."""
    entry = await read_entry(user, read_id(form.entry) or 0)
    return entry if entry and entry.is_running else None


async def refuse(request: UserRequest, page: Page, template: str, place: str) -> Template:
    """The form with what was typed in it and the reason: a morph of the whole region would leave it as it was."""
    if not is_htmx(request):
        return await show(request, page, status_code=422)
    context = await context_of(request.user, page)
    headers = {"HX-Retarget": place, "HX-Reswap": "outerHTML"}
    return render(request, template, context, status_code=422, headers=headers)


def asked(form: TimerForm) -> dict[str, str]:
    """What the page of tasks needs to know to start the same."""
    details = {"tags": form.tags, "billable": form.billable}
    return {"q": form.q, "note": form.note} | {name: value for name, value in details.items() if value}
