"""Entries made, changed and deleted by hand."""

from datetime import UTC, datetime
from typing import Any

from piccolo.columns import Column

from app import database
from app.projects.access import Person
from app.timesheet.details import Details
from app.timesheet.models import MadeWith, TimeEntry, Verb
from app.timesheet.spans import NotASpan, Stretch
from app.timesheet.tags import ChosenTags, make_tags
from app.timesheet.undo import Deed, undoable
from app.timesheet.work import Work

ADD = """
    INSERT INTO time_entry (account, "user", item, project, note, tags, billable, started_at, stopped_at)
    SELECT $1, $2, $3::bigint, $4::bigint, $5, $6::bigint[], $7::boolean, $8::timestamptz, $9::timestamptz
    WHERE NOT EXISTS (
        SELECT FROM time_entry
        WHERE "user" = $2 AND item IS NOT DISTINCT FROM $3 AND project IS NOT DISTINCT FROM $4
              AND note = $5 AND tags = $6 AND billable = $7 AND started_at = $8 AND stopped_at = $9
    )
    RETURNING id
"""


async def add(user: Person, work: Work, details: Details, stretch: Stretch) -> int | None:
    """Returns what undoes it; None where it is there already."""
    async with undoable(user, Verb.added) as deed:
        await add_in(deed, work, details, stretch)
    return deed.undo_id


async def add_in(deed: Deed, work: Work, details: Details, stretch: Stretch) -> None:
    """Sent twice it is one entry: the same task and details at the very same time means nothing twice."""
    user = deed.user
    said = (details.note, await make_tags(user, details.tags), details.billable)
    values = (work.item_id, work.project_id, *said, stretch.started_at, stretch.stopped_at)
    if entry_id := await database.fetch_value(ADD, user.account_id, user.id, *values):
        deed.made.append(entry_id)


async def change(
    user: Person, entry_id: int, *, was: Stretch, stretch: Stretch, work: Work, details: Details
) -> int | None:
    """Saves what was changed in a form filled from `was`; returns what undoes it, None where nothing is different now.

    A timer stopped elsewhere while its form was open stays stopped: only moments that were typed are written.
    """
    async with undoable(user, Verb.changed) as deed:
        for entry in await deed.take([entry_id]):
            started_at = stretch.started_at if stretch.started_at != was.started_at else entry.started_at
            stopped_at = stretch.stopped_at if stretch.stopped_at != was.stopped_at else entry.stopped_at
            if stopped_at and stopped_at <= started_at:
                raise NotASpan("start", "The timer was stopped before that meanwhile.")
            await entry.change(
                item=work.item_id,
                project=work.project_id,
                note=details.note,
                tags=list(await make_tags(user, details.tags)),
                billable=details.billable,
                started_at=started_at,
                stopped_at=stopped_at,
            )
    return deed.undo_id


async def note(user: Person, entry_id: int, text: str) -> None:
    await update(user, entry_id, {TimeEntry.note: text})


async def mark(user: Person, entry_id: int, tags: ChosenTags) -> None:
    """With these tags and no others; `read_tags` has found them to be the account's."""
    async with database.transaction():
        await update(user, entry_id, {TimeEntry.tags: list(await make_tags(user, tags))})


async def bill(user: Person, entry_id: int, *, billable: bool) -> None:
    await update(user, entry_id, {TimeEntry.billable: billable})


async def put_on(user: Person, entry_id: int, work: Work) -> None:
    """Says what the time was for, while the timer runs or afterwards."""
    await update(user, entry_id, {TimeEntry.item: work.item_id, TimeEntry.project: work.project_id})


async def update(user: Person, entry_id: int, values: dict[Column | str, Any]) -> None:
    """Nothing happens to an entry that is not the person's own."""
    await TimeEntry.update({**values, TimeEntry.changed_by: user.id, TimeEntry.updated_at: datetime.now(UTC)}).where(
        (TimeEntry.id == entry_id) & (TimeEntry.user == user.id)
    )


async def delete(user: Person, entry_id: int, *, only_running: bool = False) -> int | None:
    """Deletes the entry; returns what undoes it, None when there is nothing to delete.

    `only_running` is for discarding a timer: one that was stopped elsewhere meanwhile is kept.
    """
    async with undoable(user, Verb.deleted) as deed:
        for entry in await deed.take([entry_id]):
            if entry.is_running or not only_running:
                await entry.remove()
    return deed.undo_id


class Runs(Exception):
    """There is no second running timer."""

    reason = "A running timer cannot be duplicated. Stop it first."


TWIN = """
    SELECT twin.id FROM time_entry entry JOIN time_entry twin ON twin."user" = entry."user" AND twin.id <> entry.id
    WHERE entry.id = $1 AND twin.started_at = entry.started_at AND twin.stopped_at = entry.stopped_at
          AND twin.item IS NOT DISTINCT FROM $2 AND twin.project IS NOT DISTINCT FROM $3
          AND twin.note = entry.note AND twin.tags = entry.tags AND twin.billable = entry.billable
"""


async def duplicate(user: Person, entry_id: int, work: Work) -> tuple[int | None, int | None]:
    """The same at the same time, to be changed next. Returns the copy's id and what undoes it.

    As long as a copy was not changed, it is the one that is meant when the button is pressed again. Raises Runs.
    """
    async with undoable(user, Verb.duplicated) as deed:
        copy_id: int | None = None
        for entry in await deed.take([entry_id]):
            if entry.is_running:
                raise Runs
            copy_id = await database.fetch_value(TWIN, entry.id, work.item_id, work.project_id)
            if copy_id is None:
                copy = entry.another(item=work.item_id, project=work.project_id, made_with=MadeWith.web)
                await deed.make(copy)
                copy_id = copy.id
    return copy_id, deed.undo_id


async def trim(user: Person, entry_id: int, at: datetime) -> int | None:
    """Ends it at a moment before its end; returns what undoes it. Nothing happens where that is not within it."""
    async with undoable(user, Verb.trimmed) as deed:
        for entry in await deed.take([entry_id]):
            if not entry.is_running and entry.started_at < at < entry.stopped_at:
                await entry.change(stopped_at=at)
    return deed.undo_id
