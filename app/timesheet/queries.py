"""Questions the timesheet asks the database."""

# The SQL below is put together from pieces; values are parameters.
# ruff: noqa: S608

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from asyncpg import Record

from app import database
from app.projects.access import Person
from app.timesheet.days import Span, span_of_day, span_of_week
from app.timesheet.sheet import Entry, Label, Sheet


def entries_sql(named: str) -> str:
    """A person's entries ($2, of the account $1). Where `named` holds they come with the name of their task, with what
    stands above it and with their tags.

    Whatever became of the task, and whoever may see that now: its name stays with the entry. Of several ways down to it
    the one through the entry's project is shown, or else one that the person has.
    """
    return f"""
    SELECT entry.id, entry.item, entry.project, entry.note, entry.started_at, entry.stopped_at, entry.kept_at,
           entry.tags, entry.billable, item.name, item.archived_at IS NOT NULL AS is_archived,
           CASE WHEN {named} THEN ARRAY(
               SELECT above.name FROM unnest((
                   SELECT trim_array(way.path, 1) FROM way WHERE way.item = entry.item
                   ORDER BY way.project IS NOT DISTINCT FROM entry.project DESC, way.path && ARRAY(
                       SELECT assignment.item FROM assignment WHERE assignment."user" = $2) DESC, way.path
                   LIMIT 1)) WITH ORDINALITY step (id, number)
               JOIN work_item above ON above.id = step.id ORDER BY step.number) END AS path,
           label.names AS labels, label.are_archived, pg_current_snapshot()::text AS seen
    FROM time_entry entry LEFT JOIN work_item item ON {named} AND item.id = entry.item
    LEFT JOIN LATERAL (
        SELECT array_agg(tag.name) AS names, array_agg(tag.archived_at IS NOT NULL) AS are_archived
        FROM tag WHERE {named} AND tag.id = ANY (entry.tags)) label ON true
    WHERE entry.account = $1 AND entry."user" = $2
    """


BETWEEN = """AND (entry.stopped_at IS NULL OR (entry.started_at < $4 AND entry.stopped_at > $3))
    ORDER BY entry.started_at, entry.id"""
RUNNING = "entry.stopped_at IS NULL"
OF_DAY = "(entry.started_at < $6 AND entry.stopped_at > $5)"
# Only the day's own entries, and the one that runs, are shown by name; the week names its rows.
ENTRIES = entries_sql(RUNNING) + BETWEEN
SHEET = entries_sql(f"({RUNNING} OR {OF_DAY})") + BETWEEN


async def read_sheet(user: Person, day: date, zone: ZoneInfo, week_start: int) -> Sheet:
    week, of_day = span_of_week(day, week_start, zone), span_of_day(day, zone)
    bounds = (week.starts_at, week.ends_at, of_day.starts_at, of_day.ends_at)
    rows = await database.fetch(SHEET, user.account_id, user.id, *bounds)
    return Sheet(day, zone, week_start, datetime.now(UTC), [entry_of(row) for row in rows], seen_in(rows))


async def entries_between(user: Person, span: Span) -> list[Record]:
    """Only the one that runs is named."""
    return await database.fetch(ENTRIES, user.account_id, user.id, span.starts_at, span.ends_at)


def seen_in(rows: list[Record]) -> str:
    """The snapshot that rows were read in. Where there are none it is not known, and every change is news."""
    return rows[0]["seen"] if rows else ""


def entry_of(row: Record) -> Entry:
    return Entry(
        id=row["id"],
        item_id=row["item"],
        project_id=row["project"],
        name=row["name"] if row["item"] else None,
        path=above(row["path"] or ()),
        is_archived=row["is_archived"],
        note=row["note"],
        started_at=row["started_at"],
        stopped_at=row["stopped_at"],
        kept_at=row["kept_at"],
        tags=tuple(row["tags"]),
        labels=labels_of(row),
        billable=row["billable"],
    )


def above(names: Sequence[str]) -> tuple[str, ...]:
    """What stands above an item, without the root that everything stands under."""
    return tuple(names[1:])


def labels_of(row: Record) -> tuple[Label, ...]:
    if not row["labels"]:
        return ()
    return tuple(sorted(map(Label, row["labels"], row["are_archived"]), key=Label.order))


ENTRY = entries_sql("true") + "AND entry.id = $3"


async def read_entry(user: Person, entry_id: int) -> Entry | None:
    row = await database.fetch_one(ENTRY, user.account_id, user.id, entry_id)
    return entry_of(row) if row else None


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
