"""Which rows without hours a week shows: added, taken out, or taken over from the week before."""

from collections.abc import Iterable
from datetime import date

from app import database
from app.projects.access import Person
from app.timesheet.work import Work

CHOOSE = """
    INSERT INTO week_row (account, "user", week, item, project, is_kept) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT ("user", week, coalesce(item, 0), coalesce(project, 0)) DO UPDATE SET is_kept = excluded.is_kept
"""


async def keep(user: Person, week: date, works: Iterable[Work]) -> None:
    """Shows a row for each, whether there is time in it or not."""
    for work in works:
        await choose(user, week, work, is_kept=True)


async def remove(user: Person, week: date, works: Iterable[Work]) -> None:
    """Shows them no more in this week, unless there is time in them."""
    for work in works:
        await choose(user, week, work, is_kept=False)


async def choose(user: Person, week: date, work: Work, *, is_kept: bool) -> None:
    await database.execute(CHOOSE, user.account_id, user.id, week, work.item_id, work.project_id, is_kept)


EXISTING = "SELECT id FROM work_item WHERE account = $1 AND id = ANY ($2::bigint[])"


async def existing(user: Person, works: Iterable[Work]) -> list[Work]:
    """Those whose item and project there are in the account."""
    works = list(works)
    wanted = {number for work in works for number in (work.item_id, work.project_id) if number}
    found = {row["id"] for row in await database.fetch(EXISTING, user.account_id, list(wanted))}
    return [work for work in works if {work.item_id, work.project_id} - {None} <= found]
