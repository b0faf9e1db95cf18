"""Entries by hand: added, changed, deleted and brought back."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from app.accounts.authentication import UserRequest
from app.timesheet import entries
from app.timesheet.controllers.answers import (
    OpenForm,
    Page,
    Refusal,
    close_form,
    day_of,
    habits_of,
    page_with,
    read_day,
    show,
    show_form,
    show_or_return,
)
from app.timesheet.controllers.typed import read_work
from app.timesheet.days import span_of_day, today
from app.timesheet.details import Details, read_details
from app.timesheet.forms import BillableForm, EntryForm, NoteForm, Place, TagsForm, WorkForm, moment
from app.timesheet.models import tidy_note
from app.timesheet.queries import last_stop_on, read_entry
from app.timesheet.sheet import Entry
from app.timesheet.spans import NotASpan, Stretch, read_date, read_span, refuse_impossible
from app.timesheet.tags import NotTags, read_tags
from app.timesheet.work import NO_TASK, Work
from app.web.forms import Sent
from app.web.guards import requires_user
from app.web.ids import is_id
from app.web.render import render


async def find_entry(request: UserRequest, entry_id: FromPath[int]) -> Entry:
    """The person's own entry. Anybody else's is as if it did not exist."""
    entry = await read_entry(request.user, entry_id) if is_id(entry_id) else None
    if entry is None:
        raise NotFoundException
    return entry


class EntriesController(Controller):
    path = "/entries"
    guards = [requires_user]
    status_code = 200
    dependencies = {"entry": Provide(find_entry)}

    @get("/new")
    async def new(
        self, request: UserRequest, day: FromQuery[str] = "", start: FromQuery[str] = "", stop: FromQuery[str] = ""
    ) -> Template:
        """An empty form, or one filled from the gap between two moments."""
        page = Page(read_day(day) if day else None)
        page.open = OpenForm(None, filled_form(request, page, moment(start), moment(stop)))
        return await show_form(request, page)

    @get("/reading")
    async def reading(self, request: UserRequest) -> Template:
        """How the times that are being typed are understood; nothing as long as they are not."""
        form = EntryForm.of_query(request.query_params)
        stretch = None
        with suppress(NotASpan):
            stretch = await understood(request, form, form.was)
        return render(request, "timesheet/_reading.html", {"stretch": stretch, "habits": habits_of(request.user)})

    @post()
    async def add(self, request: UserRequest, data: Sent[EntryForm]) -> Response[Any]:
        page, opened = Page(day_of(data)), OpenForm(None, data)
        said = await read_form(request, opened)
        with opened.naming():
            if said:
                refuse_impossible(said.stretch, habits_of(request.user))
                page.undo = await entries.add(request.user, said.work, said.details, said.stretch)
        if opened.errors:
            page.open = opened
            return await show_form(request, page, status_code=422)
        return await close_form(request, page, opened.dom_id)

    @get("/{entry_id:int}/edit")
    async def edit(
        self, request: UserRequest, entry: NamedDependency[Entry], day: FromQuery[str | None] = None
    ) -> Template:
        page, habits = page_with(request.user, entry.started_at, day), habits_of(request.user)
        page.open = OpenForm(entry.id, EntryForm.of_entry(entry, habits), entry.is_running)
        return await show_form(request, page)

    @post("/{entry_id:int}")
    async def update(self, request: UserRequest, entry: NamedDependency[Entry], data: Sent[EntryForm]) -> Response[Any]:
        page, opened = Page(day_of(data)), OpenForm(entry.id, data, entry.is_running)
        was = data.was or entry.stretch
        said = await read_form(request, opened, entry, was)
        with opened.naming():
            if said:
                page.undo = await entries.change(
                    request.user, entry.id, was=was, stretch=said.stretch, work=said.work, details=said.details
                )
        if opened.errors:
            page.open = opened
            return await show_form(request, page, status_code=422)
        return await close_form(request, page, opened.dom_id)

    @post("/{entry_id:int}/note")
    async def note(self, request: UserRequest, entry: NamedDependency[Entry], data: Sent[NoteForm]) -> Response[Any]:
        await entries.note(request.user, entry.id, tidy_note(data.note))
        return await show_or_return(request, Page(day_of(data)))

    @post("/{entry_id:int}/tags")
    async def mark(self, request: UserRequest, entry: NamedDependency[Entry], data: Sent[TagsForm]) -> Response[Any]:
        page = Page(day_of(data))
        try:
            tags = await read_tags(request.user, data.tags, keep=entry.tags)
        except NotTags as refusal:
            page.problem, page.typed_tags = refusal.reason, data.tags
            return await show(request, page, status_code=422)
        await entries.mark(request.user, entry.id, tags)
        return await show_or_return(request, page)

    @post("/{entry_id:int}/billable")
    async def bill(
        self, request: UserRequest, entry: NamedDependency[Entry], data: Sent[BillableForm]
    ) -> Response[Any]:
        await entries.bill(request.user, entry.id, billable=bool(data.billable))
        return await show_or_return(request, Page(day_of(data)))

    @post("/{entry_id:int}/task")
    async def task(self, request: UserRequest, entry: NamedDependency[Entry], data: Sent[WorkForm]) -> Response[Any]:
        page = Page(day_of(data))
        try:
            work = await read_work(request.user, data, keep=entry.work)
        except Refusal as refusal:
            form = replace(EntryForm.of_entry(entry, habits_of(request.user)), q=data.q)
            page.open = OpenForm(entry.id, form, entry.is_running).refuse(refusal)
            return await show(request, page, status_code=422)
        await entries.put_on(request.user, entry.id, work)
        return await show_or_return(request, page)

    @post("/{entry_id:int}/delete")
    async def delete(self, request: UserRequest, entry: NamedDependency[Entry], data: Sent[Place]) -> Response[Any]:
        undo = await entries.delete(request.user, entry.id)
        return await show_or_return(request, Page(day_of(data), undo=undo))


def filled_form(request: UserRequest, page: Page, start: datetime | None, stop: datetime | None) -> EntryForm:
    habits = habits_of(request.user)
    if start and stop:
        return EntryForm.filled(Stretch(start, stop), habits)
    return EntryForm(date=(page.day or today(habits.zone)).isoformat())


@dataclass(frozen=True)
class Said:
    """What a form says of an entry."""

    work: Work
    details: Details
    stretch: Stretch


async def read_form(
    request: UserRequest, opened: OpenForm, entry: Entry | None = None, was: Stretch | None = None
) -> Said | None:
    """None where something in it is wrong; the form then names all of it. `entry` is what it is open for."""
    form, user = opened.form, request.user
    with opened.naming():
        work = await read_work(user, form, keep=entry.work if entry else NO_TASK)
    with opened.naming():
        stretch = await understood(request, form, was or form.was)
    with opened.naming():
        details = await read_details(user, form, keep=entry.tags if entry else ())
    return None if opened.errors else Said(work, details, stretch)


async def understood(request: UserRequest, form: EntryForm, was: Stretch | None) -> Stretch:
    """When the entry is, from what was typed."""
    habits = habits_of(request.user)
    after = None
    if not form.start and not form.end:
        # A day that cannot be read is refused below, together with what else is wrong.
        with suppress(NotASpan):
            after = await last_stop_on(request.user, span_of_day(read_date(form.date, habits), habits.zone))
    return read_span(form.span, habits, was=was, after=after)
