"""The timesheet of a week: hours typed into a grid of tasks by days."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Template

from app.accounts.authentication import CurrentUser, UserRequest
from app.projects.access import NotTrackable
from app.timesheet import timer, undo
from app.timesheet.controllers.answers import habits_of, read_date
from app.timesheet.controllers.typed import read_work
from app.timesheet.controllers.undo import go_back
from app.timesheet.days import today, week_of
from app.timesheet.forms import LAST_YEAR, RunningForm, UndoForm, WorkForm
from app.timesheet.long_timers import is_long
from app.timesheet.picker import Undecided
from app.timesheet.spans import FIRST_DAY
from app.timesheet.week import copying, rows
from app.timesheet.week.copying import MOST_ROWS
from app.timesheet.week.fields import HOURS
from app.timesheet.week.grid import DAYS, key_of, read_key
from app.timesheet.week.page import Adding, WeekPage
from app.timesheet.week.queries import read_grid
from app.timesheet.week.saving import save
from app.timesheet.work import NotTheirs
from app.web.flash import flash
from app.web.forms import Sent
from app.web.guards import requires_user
from app.web.ids import read_id
from app.web.redirect import see_other
from app.web.render import is_htmx, render


def page_of(user: CurrentUser, day: date) -> WeekPage:
    first = week_of(day, user.week_start)
    return WeekPage(first, first == week_of(today(ZoneInfo(user.timezone)), user.week_start))


async def read_page(request: UserRequest, day: FromPath[str]) -> WeekPage:
    """The week of any of its days. One that has no day on which time can be entered does not exist."""
    found = read_date(day)
    if not FIRST_DAY.year - 1 <= found.year <= LAST_YEAR:
        raise NotFoundException
    page = page_of(request.user, found)
    if (FIRST_DAY - page.first).days >= DAYS:
        raise NotFoundException
    return page


@dataclass
class CopyForm:
    what: str = ""


Page = NamedDependency[WeekPage]


class WeekController(Controller):
    path = "/timesheet/week"
    guards = [requires_user]
    status_code = 200

    @get()
    async def this_week(self, request: UserRequest) -> Template:
        page = page_of(request.user, today(ZoneInfo(request.user.timezone)))
        return await show(request, arranged(page, request))

    @get("/{day:str}", dependencies={"page": Provide(read_page)})
    async def week(self, request: UserRequest, page: Page, day: FromPath[str]) -> Response[Any]:
        if day != page.first.isoformat():
            return see_other(page.dated)
        return await show(request, arranged(page, request))

    @post("/{day:str}", dependencies={"page": Provide(read_page)})
    async def save(self, request: UserRequest, page: Page) -> Response[Any]:
        form = {name: text for name, text in (await request.form()).items() if isinstance(text, str)}
        page.open = form.get("open", "")
        saved = await save(request.user, page.first, habits_of(request.user), form)
        page.undo, page.refusals = saved.undo_id, saved.refusals
        if saved.refusals:
            return await show(request, page, status_code=422)
        return await show_or_return(request, page)


def arranged(page: WeekPage, request: UserRequest) -> WeekPage:
    """As its address says."""
    asked = request.query_params
    page.open, page.at, page.undo = asked.get("open", ""), asked.get("at", ""), read_id(asked.get("undo", ""))
    return page


class WeekChangesController(Controller):
    """What is done on the page of a week; all of it answers with the week as it then is."""

    path = "/timesheet/week/{day:str}"
    guards = [requires_user]
    status_code = 200
    dependencies = {"page": Provide(read_page)}

    @post("/rows")
    async def add_row(self, request: UserRequest, page: Page, data: Sent[WorkForm]) -> Response[Any]:
        try:
            work = await read_work(request.user, data)
        except (Undecided, NotTrackable, NotTheirs) as refusal:
            page.adding = Adding.refused(data.q or "", refusal)
            return await show(request, page, status_code=422)
        await rows.keep(request.user, page.first, [work])
        page.at = f"{key_of(work)}-{first_open_day(request.user, page)}"
        return await show_or_return(request, page)

    @post("/rows/remove")
    async def remove_rows(self, request: UserRequest, page: Page) -> Response[Any]:
        keys = (await request.form()).getall("row", [])[:MOST_ROWS]
        works = [work for key in keys if isinstance(key, str) and (work := read_key(key))]
        await rows.remove(request.user, page.first, await rows.existing(request.user, works))
        return await show_or_return(request, page)

    @post("/copy")
    async def copy(self, request: UserRequest, page: Page, data: Sent[CopyForm]) -> Response[Any]:
        habits = habits_of(request.user)
        if data.what == HOURS:
            copied = await copying.copy_hours(request.user, page.first, habits)
            page.undo, page.said = copied.undo_id, copied.sentence
        else:
            page.added = [key_of(work) for work in await copying.copy_rows(request.user, page.first, habits)]
            page.said = copying.rows_sentence(len(page.added))
        return await show_or_return(request, page)

    @post("/undo")
    async def undo(self, request: UserRequest, page: Page, data: Sent[UndoForm]) -> Response[Any]:
        await go_back(request.user, data, page)
        page.offers_before = True
        return await show_or_return(request, page)

    @post("/stop")
    async def stop(self, request: UserRequest, page: Page, data: Sent[RunningForm]) -> Response[Any]:
        await timer.stop(request.user, read_id(data.entry))
        return await show_or_return(request, page)


def first_open_day(user: CurrentUser, page: WeekPage) -> date:
    """Where one begins to type in a new row."""
    return today(ZoneInfo(user.timezone)) if page.is_this_week else page.first


async def show(request: UserRequest, page: WeekPage, *, status_code: int = 200) -> Template:
    offer = await undo.offer(request.user, page.undo) if page.undo else None
    grid = await read_grid(request.user, page.first, habits_of(request.user))
    name = "timesheet/week/region.htmx.html" if is_htmx(request) else "timesheet/week/index.html"
    running = grid.week.running
    asks = running is not None and is_long(running, request.user.timer_limit, grid.week.now)
    context = {"grid": grid, "week": grid.week, "page": page, "offer": offer, "asks": asks}
    return render(request, name, context, status_code=status_code)


async def show_or_return(request: UserRequest, page: WeekPage) -> Response[Any]:
    """After something was done: the region for htmx, for a browser the page, fetched anew."""
    if is_htmx(request):
        return await show(request, page)
    if page.said or page.problem:
        flash(request, page.said or page.problem, "done" if page.said else "error")
    return see_other(page.link(open=page.open, at=page.at, undo=page.undo))
