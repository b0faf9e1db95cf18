"""The running timer: at most one a person, and always by the server's clock."""

from datetime import UTC, datetime

from asyncpg import UniqueViolationError

from app import database
from app.projects.access import NotTrackable, Person
from app.timesheet.details import NO_DETAILS, Details
from app.timesheet.models import SHORTEST, MadeWith, TimeEntry
from app.timesheet.tags import make_tags
from app.timesheet.work import Work

ATTEMPTS = 3


async def start(
    user: Person, work: Work, details: Details = NO_DETAILS, *, made_with: MadeWith = MadeWith.web
) -> TimeEntry:
    """Starts a timer and stops the one that runs at the same moment. What runs already simply goes on."""
    for _ in range(ATTEMPTS - 1):
        try:
            return await start_once(user, work, details, made_with)
        except UniqueViolationError:
            # Somebody made a running entry without asking for the lock; now that it is there, it is stopped like any.
            continue
    return await start_once(user, work, details, made_with)


async def start_once(user: Person, work: Work, details: Details, made_with: MadeWith) -> TimeEntry:
    async with database.transaction():
        await lock(user.id)
        running = await TimeEntry.running_for(user.id)
        entry = TimeEntry(
            account=user.account_id,
            user=user.id,
            item=work.item_id,
            project=work.project_id,
            note=details.note,
            tags=list(await make_tags(user, details.tags)),
            billable=details.billable,
            made_with=made_with,
        )
        if running and says_the_same(running, entry):
            return running
        entry.started_at = await stop_at(running, datetime.now(UTC)) if running else datetime.now(UTC)
        await entry.save()
        return entry


LOCK = "SELECT 1 FROM person WHERE id = $1 AND deactivated_at IS NULL FOR NO KEY UPDATE"


async def lock(user_id: int) -> None:
    """Whoever else starts a timer for this person waits until this transaction ends.

    Raises NotTrackable for somebody deactivated while they were pressing the button.
    """
    if not await database.execute(LOCK, user_id):
        raise NotTrackable("Your access to this account is turned off.")


def says_the_same(one: TimeEntry, other: TimeEntry) -> bool:
    """Other tags make another entry, as another note does: what is started says all of what it is."""
    said = ("item", "project", "note", "tags", "billable")
    return all(getattr(one, name) == getattr(other, name) for name in said)


async def stop_at(running: TimeEntry, moment: datetime) -> datetime:
    """Stops the entry, and returns when: two servers' clocks may differ, and no entry ends before it starts."""
    stopped_at = max(moment, running.started_at + SHORTEST)
    await running.change(stopped_at=stopped_at)
    return stopped_at


STOP = """
    UPDATE time_entry
    SET stopped_at = greatest($3, started_at + interval '1 microsecond'), updated_at = $3, changed_by = $1
    WHERE "user" = $1 AND stopped_at IS NULL AND ($2::bigint IS NULL OR id = $2)
"""


async def stop(user: Person, entry_id: int | None = None) -> bool:
    """Stops the timer. With `entry_id` only that one: a page left open must not stop what was started elsewhere."""
    return await database.execute(STOP, user.id, entry_id, datetime.now(UTC)) > 0
