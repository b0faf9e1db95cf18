"""The timesheet as an answer: the whole page for a browser, its changing region for htmx."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from litestar import Response
from litestar.exceptions import NotFoundException
from litestar.response import Template

from app import database
from app.accounts.authentication import CurrentUser, UserRequest
from app.integrations.status import integration_status, sync_status_in
from app.projects.access import NotTrackable
from app.timesheet.controllers.panels import Panel
from app.timesheet.controllers.selection import Selection
from app.timesheet.forms import LAST_YEAR, EntryForm, Place, TimerForm
from app.timesheet.long_timers import question_about
from app.timesheet.picker import Option, Undecided
from app.timesheet.queries import Beginnings, beginnings, read_sheet
from app.timesheet.sheet import Sheet
from app.timesheet.spans import FIRST_DAY, Habits, NotASpan
from app.timesheet.tags import NotTags
from app.timesheet.track import track_of
from app.timesheet.undo import offer
from app.timesheet.work import NotTheirs
from app.web.flash import flash
from app.web.redirect import see_other
from app.web.render import is_htmx, render

Refusal = (NotTrackable, NotTheirs, Undecided, NotASpan, NotTags)


@dataclass
class OpenForm:
    """The form that is open on the page: of the entry with this id, or of a new one."""

    entry_id: int | None
    form: EntryForm
    is_running: bool = False
    errors: dict[str, str] = field(default_factory=dict)
    options: list[Option] = field(default_factory=list)

    @property
    def dom_id(self) -> str:
        return f"time_entry_{self.entry_id}" if self.entry_id else "new_entry"

    @property
    def action(self) -> str:
        return f"/entries/{self.entry_id}" if self.entry_id else "/entries"

    @property
    def first(self) -> str:
        """The field to begin with: one that is wrong, or else what is most often filled in."""
        wrong = (name for name in ("task", "tags", "date", "start", "end", "duration") if name in self.errors)
        return next(wrong, "note" if self.entry_id else "task")

    @contextmanager
    def naming(self) -> Iterator[None]:
        """What is refused is named in the form, and the rest of it can be read all the same."""
        try:
            yield
        except Refusal as refusal:
            self.refuse(refusal)

    def refuse(self, refusal: Exception) -> "OpenForm":
        if isinstance(refusal, NotASpan):
            self.errors |= refusal.errors
        elif isinstance(refusal, NotTags):
            self.errors["tags"] = refusal.reason
        elif isinstance(refusal, Undecided | NotTrackable | NotTheirs):
            self.errors["task"] = refusal.reason
        if isinstance(refusal, Undecided):
            self.options = refusal.options
        return self


@dataclass
class Page:
    """What the timesheet shows besides the entries themselves.

    `typed` is what the start bar holds again after it was refused, `typed_tags` the running timer's field of tags,
    `refused` its start or its end: what was typed, and why it cannot be.
    """

    day: date | None
    open: OpenForm | None = None
    panel: Panel | None = None
    several: Selection = field(default_factory=Selection)
    undo: int | None = None
    said: str = ""
    problem: str = ""
    typed: TimerForm = field(default_factory=TimerForm)
    typed_tags: str | None = None
    refused: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def is_busy(self) -> bool:
        """Whether anything stands among the entries that is about to be done to them."""
        return bool(self.open or self.panel or self.several.is_begun)

    @property
    def path(self) -> str:
        return f"/timesheet/{self.day_field}" if self.day else "/timesheet"

    @property
    def address(self) -> str:
        """Where the same is shown again, the way to undo included."""
        return self.path + (f"?{urlencode({'undo': self.undo})}" if self.undo else "")

    @property
    def day_field(self) -> str:
        """Empty on today's page, so that one left open over midnight goes on with the new day."""
        return self.day.isoformat() if self.day else ""


def habits_of(user: CurrentUser) -> Habits:
    return Habits(ZoneInfo(user.timezone), user.clock_24h, datetime.now(UTC))


def read_date(text: str) -> date:
    """The date of an address."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFoundException from None


def read_day(text: str) -> date:
    """The day of an address, one on which time can be entered."""
    day = read_date(text)
    if not day >= FIRST_DAY or day.year > LAST_YEAR:
        raise NotFoundException
    return day


def day_of(place: Place) -> date | None:
    """The day of the page that a form was on."""
    return read_day(place.day) if place.day else None


async def context_of(user: CurrentUser, page: Page) -> dict[str, Any]:
    habits = habits_of(user)
    async with database.one_connection():
        sheet = await read_sheet(user, page.day or habits.today, habits.zone, user.week_start)
        integration = await integration_status(user.account_id, user.id)
    return {
        "sheet": sheet,
        "page": page,
        "track_of": track_of,
        "question": await question_about(user, sheet.running, user.timer_limit, habits),
        "habits": habits,
        "undo": await offer(user, page.undo) if page.undo else None,
        "beginnings": await beginnings_for(user, sheet),
        "sync": await sync_status_in(user, integration),
    }


async def beginnings_for(user: CurrentUser, sheet: Sheet) -> Beginnings | None:
    """Only a day without entries has to say how to begin."""
    return None if sheet.of_day or sheet.running else await beginnings(user)


async def show(request: UserRequest, page: Page, *, status_code: int = 200) -> Template:
    name = "timesheet/region.htmx.html" if is_htmx(request) else "timesheet/index.html"
    return render(request, name, await context_of(request.user, page), status_code=status_code)


async def show_or_return(request: UserRequest, page: Page) -> Response[Any]:
    """After something was done: the region for htmx, for a browser the page, fetched anew."""
    if is_htmx(request):
        return await show(request, page)
    if page.said or page.problem:
        flash(request, page.said or page.problem, "done" if page.said else "error")
    return see_other(page.address)


async def close_form(request: UserRequest, page: Page, dom_id: str) -> Response[Any]:
    """After a form was saved: it goes, and the region is shown as it is now."""
    if not is_htmx(request):
        return see_other(page.address)
    context = await context_of(request.user, page)
    return render(request, "timesheet/saved.htmx.html", {**context, "closed": dom_id})


async def show_form(request: UserRequest, page: Page, *, status_code: int = 200) -> Template:
    """The open form alone for htmx, for a browser the page with the form in its place."""
    if is_htmx(request):
        return render(request, "timesheet/_form.html", {"page": page}, status_code=status_code)
    return await show(request, page, status_code=status_code)


def page_with(user: CurrentUser, started_at: datetime, day: str | None) -> Page:
    """`day` is the page's, empty on today's. Without it the day is shown on which the entry was started."""
    if day is None:
        return Page(started_at.astimezone(ZoneInfo(user.timezone)).date())
    return Page(read_day(day) if day else None)


async def show_panel(request: UserRequest, page: Page, panel: Panel, *, status_code: int = 200) -> Template:
    """The panel alone for htmx, for a browser the page with the panel in its place."""
    page.panel = panel
    if is_htmx(request):
        return render(request, panel.template, {"page": page}, status_code=status_code)
    return await show(request, page, status_code=status_code)
