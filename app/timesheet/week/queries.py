"""Questions the week asks the database."""

from collections.abc import Iterable
from datetime import date, timedelta

from app import database
from app.projects.access import Person, Way
from app.projects.facts import FACTS, Facts, facts_in
from app.projects.queries import paths_for, way_for
from app.timesheet.days import Span, midnight
from app.timesheet.queries import above, entries_between, entry_of, seen_in
from app.timesheet.spans import Habits
from app.timesheet.week.grid import DAYS, Grid, Task, Week
from app.timesheet.work import NO_TASK, Work

# Rows without hours that a week takes over from the one before.
MOST_RECENT = 12
MOST_ADDED = 40
NO_LONGER = "You can no longer track on this task here. Its time stays."


def span_of(first: date, habits: Habits) -> Span:
    return Span(midnight(first, habits.zone), midnight(first + timedelta(days=DAYS), habits.zone))


async def read_week(user: Person, first: date, habits: Habits) -> Week:
    """The entries alone: their paths are those of the rows."""
    rows = await entries_between(user, span_of(first, habits))
    return Week(first, habits.zone, habits.now, [entry_of(row) for row in rows], seen_in(rows))


async def read_grid(user: Person, first: date, habits: Habits) -> Grid:
    week = await read_week(user, first, habits)
    kept, removed = await chosen_rows(user, first)
    recent = await recent_works(user, span_of(week.previous, habits), MOST_RECENT)
    empty = [work for work in dict.fromkeys([*kept, *recent]) if work not in removed and work not in week.by_work]
    tasks = await read_tasks(user, [*week.by_work, *empty])
    return Grid(week, [task for task in tasks if task.work in week.by_work or not task.refusal])


CHOSEN = """
    SELECT week >= $2 AS is_this_week, item, project, is_kept FROM week_row
    WHERE "user" = $1 AND week >= $2::date - 7 AND week < $2::date + 7 ORDER BY week DESC, id DESC
"""


async def chosen_rows(user: Person, first: date) -> tuple[list[Work], set[Work]]:
    """What was added to this week and to the one before, and what was taken out of this one."""
    kept, removed = [], set()
    for row in await database.fetch(CHOSEN, user.id, first):
        work = Work(row["item"], row["project"])
        if row["is_kept"]:
            kept.append(work)
        elif row["is_this_week"]:
            removed.add(work)
    return kept[:MOST_ADDED], removed


RECENT = """
    SELECT item, project FROM time_entry
    WHERE "user" = $1 AND started_at < $3 AND stopped_at > $2
    GROUP BY item, project ORDER BY max(started_at) DESC LIMIT $4
"""


async def recent_works(user: Person, span: Span, limit: int) -> list[Work]:
    """What was tracked on in that time, the latest first."""
    rows = await database.fetch(RECENT, user.id, span.starts_at, span.ends_at, limit)
    return [Work(row["item"], row["project"]) for row in rows]


ITEMS = f"SELECT {FACTS} FROM work_item item WHERE item.account = $1 AND item.id = ANY ($2::bigint[])"  # noqa: S608


async def read_tasks(user: Person, works: Iterable[Work]) -> list[Task]:
    """The names and paths of what rows are for, and whether they take new time."""
    works = list(works)
    ids = {work.item_id for work in works if work.item_id}
    rows = await database.fetch(ITEMS, user.account_id, list(ids)) if ids else []
    facts = {row["id"]: Facts(**facts_in(row)) for row in rows}
    paths = await paths_for(user, ids)
    tasks = (task_of(work, facts.get(work.item_id or 0), paths.get(work.item_id or 0, [])) for work in works)
    return [task for task in tasks if task is not None]


def task_of(work: Work, facts: Facts | None, ways: list[Way]) -> Task | None:
    if work == NO_TASK:
        return Task(work, None)
    if facts is None:
        return None
    way = way_for(ways, work.project_id)
    path = above(way.names) if way else ()
    return Task(work, facts.name, path, refusal(work, facts, ways), facts.is_archived)


def refusal(work: Work, facts: Facts, ways: list[Way]) -> str:
    """Why there can be no new time: as `work_on` would have it for this very task and project."""
    if facts.is_archived:
        return f"{facts.why_archived} It takes no new time."
    way = way_for([way for way in ways if way.is_usable], work.project_id)
    return NO_LONGER if facts.is_root or way is None or way.project_id != work.project_id else ""
