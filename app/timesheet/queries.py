"""Questions the timesheet asks the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from asyncpg import Record

from app import database
from app.projects.access import Person, Way
from app.projects.queries import paths_for, way_for
from app.timesheet.days import Span, span_of_day, span_of_week
from app.timesheet.sheet import Entry, Label, Sheet
from app.timesheet.tags import labels_for

# Whatever became of its task, and whoever may see that now: the name stays with the entry.
OWN_ENTRIES = """
    SELECT entry.id, entry.item, entry.project, entry.note, entry.started_at, entry.stopped_at, entry.kept_at,
           entry.tags, entry.billable, item.name, item.archived_at IS NOT NULL AS is_archived,
           pg_current_snapshot()::text AS seen
    FROM time_entry entry LEFT JOIN work_item item ON item.id = entry.item
    WHERE entry."user" = $1
"""
ENTRIES = f"""{OWN_ENTRIES}
      AND (entry.stopped_at IS NULL OR (entry.started_at < $3 AND entry.stopped_at > $2))
    ORDER BY entry.started_at, entry.id
"""


async def read_sheet(user: Person, day: date, zone: ZoneInfo, week_start: int) -> Sheet:
    week = span_of_week(day, week_start, zone)
    async with database.one_connection():
        rows = await database.fetch(ENTRIES, user.id, week.starts_at, week.ends_at)
        of_day = span_of_day(day, zone)
        named = [row for row in rows if is_named(row, of_day)]
        paths = await paths_for(user, {row["item"] for row in named if row["item"]})
        labels = await labels_for({tag for row in named for tag in row["tags"]})
    entries = [entry_of(row, paths.get(row["item"], []), labels) for row in rows]
    return Sheet(day, zone, week_start, datetime.now(UTC), entries, seen_in(rows))


def seen_in(rows: list[Record]) -> str:
    """The snapshot that rows were read in. Where there are none it is not known, and every change is news."""
    return rows[0]["seen"] if rows else ""


def is_named(row: Record, span: Span) -> bool:
    """Only the day's own entries, and the one that runs, are shown by name."""
    return row["stopped_at"] is None or bool(row["started_at"] < span.ends_at and row["stopped_at"] > span.starts_at)


def entry_of(row: Record, ways: list[Way], labels: Mapping[int, Label]) -> Entry:
    return Entry(
        id=row["id"],
        item_id=row["item"],
        project_id=row["project"],
        name=row["name"] if row["item"] else None,
        path=path_of(ways, row["project"]),
        is_archived=bool(row["is_archived"]),
        note=row["note"],
        started_at=row["started_at"],
        stopped_at=row["stopped_at"],
        kept_at=row["kept_at"],
        tags=tuple(row["tags"]),
        labels=tuple(sorted((labels[tag] for tag in row["tags"] if tag in labels), key=Label.order)),
        billable=row["billable"],
    )


def path_of(ways: list[Way], project_id: int | None) -> tuple[str, ...]:
    """What stands above, without the root that everything stands under."""
    way = way_for(ways, project_id)
    return way.names[1:] if way else ()


ENTRY = f"{OWN_ENTRIES} AND entry.id = $2"


async def read_entry(user: Person, entry_id: int) -> Entry | None:
    row = await database.fetch_one(ENTRY, user.id, entry_id)
    if row is None:
        return None
    paths = await paths_for(user, [row["item"]] if row["item"] else [])
    return entry_of(row, paths.get(row["item"], []), await labels_for(set(row["tags"])))


LAST_STOP = """
    SELECT max(stopped_at) FROM time_entry WHERE "user" = $1 AND stopped_at > $2 AND stopped_at < $3
"""


async def last_stop_on(user: Person, span: Span) -> datetime | None:
    """When the last entry of a day ends: where a duration alone is put."""
    moment: datetime | None = await database.fetch_value(LAST_STOP, user.id, span.starts_at, span.ends_at)
    return moment


@dataclass(frozen=True)
class Beginnings:
    """How far the person is: whether there is anything to track on, and whether they ever tracked."""

    has_tasks: bool
    has_entries: bool


BEGINNINGS = """
    SELECT EXISTS (SELECT 1 FROM assignment JOIN work_item item ON item.id = assignment.item
                   WHERE assignment."user" = $1 AND item.archived_at IS NULL) AS has_tasks,
           EXISTS (SELECT 1 FROM time_entry WHERE "user" = $1) AS has_entries
"""


async def beginnings(user: Person) -> Beginnings:
    row = await database.fetch_one(BEGINNINGS, user.id)
    return Beginnings(**dict(row)) if row else Beginnings(has_tasks=False, has_entries=False)
