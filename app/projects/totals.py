"""How much time was tracked, by everyone, on items and what is below them.

An entry counts once, in the project it was for. Finished time of whole projects is summed up as it is tracked, by the
database (project_time): a page shows dozens of them. Only that of lists and tasks is collected from what is below them.
"""

from collections.abc import Collection
from dataclasses import dataclass

from app import database

SECONDS = "extract(epoch FROM sum(coalesce(entry.stopped_at, now()) - entry.started_at))::bigint"

OF_PROJECTS = """
    SELECT project AS item, extract(epoch FROM sum(length))::bigint AS seconds FROM (
        SELECT project, length FROM project_time WHERE account = $1 AND project = ANY ($2::bigint[])
        UNION ALL
        SELECT project, now() - started_at FROM time_entry
        WHERE account = $1 AND project = ANY ($2::bigint[]) AND stopped_at IS NULL
    ) part
    GROUP BY project
    HAVING sum(length) <> interval '0'
"""

BELOW = f"""
    WITH RECURSIVE under(shown, item) AS (
        SELECT id, id FROM unnest($2::bigint[]) id
        UNION
        SELECT under.shown, placement.item FROM under JOIN placement ON placement.parent = under.item
    )
    SELECT under.shown AS item, {SECONDS} AS seconds
    FROM under JOIN time_entry entry ON entry.item = under.item
    WHERE entry.account = $1 AND %s
    GROUP BY under.shown
"""  # noqa: S608 - made of this module's own pieces

IN_PROJECT = BELOW % "entry.project = $3"
IN_NO_PROJECT = BELOW % "entry.project IS NULL"


async def totals_of_projects(account_id: int, project_ids: Collection[int]) -> dict[int, int]:
    """Seconds by project; projects without time are left out."""
    rows = await database.fetch(OF_PROJECTS, account_id, list(project_ids)) if project_ids else []
    return {row["item"]: row["seconds"] for row in rows}


async def totals_in(account_id: int, project_id: int | None, item_ids: Collection[int]) -> dict[int, int]:
    """Seconds on each item and below it that were for the project, or for none."""
    if not item_ids:
        return {}
    ids = list(item_ids)
    if project_id is None:
        rows = await database.fetch(IN_NO_PROJECT, account_id, ids)
    else:
        rows = await database.fetch(IN_PROJECT, account_id, ids, project_id)
    return {row["item"]: row["seconds"] for row in rows}


@dataclass(frozen=True)
class Total:
    """`own` is the asking person's part of `all`."""

    all: int
    own: int


OF_ITEM = """
    WITH RECURSIVE under(item) AS (
        SELECT $3::bigint
        UNION
        SELECT placement.item FROM under JOIN placement ON placement.parent = under.item
    ), spent AS (
        SELECT "user", coalesce(stopped_at, now()) - started_at AS length FROM time_entry
        WHERE account = $1 AND (project = $3 OR (item IN (SELECT item FROM under) AND NOT $4))
    )
    SELECT coalesce(extract(epoch FROM sum(length)), 0)::bigint AS all_of_it,
           coalesce(extract(epoch FROM sum(length) FILTER (WHERE "user" = $2)), 0)::bigint AS own
    FROM spent
"""


async def total_of(account_id: int, user_id: int, item_id: int, *, is_project: bool) -> Total:
    """All time on one item and below it; for a project what was for it, and not what its tasks got for others."""
    row = await database.fetch_one(OF_ITEM, account_id, user_id, item_id, is_project)
    return Total(row["all_of_it"], row["own"]) if row else Total(0, 0)
