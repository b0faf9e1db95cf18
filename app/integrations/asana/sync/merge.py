"""From staged rows to items, places, people and keywords: set-based SQL, in one transaction a project.

Listings of one pass are read at different moments, and a task may move between two of them. Each staged row carries
when it was asked for and everything that Asana said about the task's places, so whatever was read last is believed, in
whichever order the projects are merged.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from asyncpg import Connection, Record

from app.integrations.asana.sync.archive import update_archive
from app.integrations.asana.sync.stage import LAST, ROOT, Stage

# Something read later in this pass has told better what this is and where.
OUTDATED = """
UPDATE staged_item staged
SET name = NULL, reason = seen.reason, parent = seen.parent, projects = seen.projects, is_outdated = true
FROM seen WHERE seen.gid = staged.gid AND seen.asked > staged.asked
"""

# A place that an outdated answer only mentioned, without an order, was told again by whatever outdated it.
CONTRADICTED_PLACES = """
DELETE FROM staged_place place USING staged_item staged
WHERE staged.gid = place.gid AND staged.kind = 'task'
  AND (staged.is_outdated AND place.position = $1
    OR CASE WHEN place.project IS NULL THEN place.parent <> staged.parent
            ELSE place.project <> ALL(staged.projects) END)
"""

FIND_ITEMS = """
UPDATE staged_item staged SET item = item.id
FROM work_item item
WHERE item.account = $1 AND item.source = 'asana' AND item.foreign_id = staged.gid
"""

# A section that is no longer listed has been deleted: Asana deletes none that still has tasks in it.
GONE_LISTS = """
INSERT INTO staged_item (gid, kind, reason, makes_item, tells_people, asked, item)
SELECT list.foreign_id, 'list', 'deleted', false, false, 0, list.id
FROM staged_read JOIN work_item project ON project.account = $1 AND project.source = 'asana'
       AND project.foreign_id = staged_read.parent AND project.kind = 'project'
     JOIN placement ON placement.parent = project.id
     JOIN work_item list ON list.id = placement.item AND list.kind = 'list'
WHERE list.archived_at IS NULL OR list.archived_reason = 'above'
ON CONFLICT DO NOTHING
"""

RENAMED = """
SELECT item.id, item.name AS was, staged.name
FROM staged_item staged JOIN work_item item ON item.id = staged.item
WHERE staged.name IS DISTINCT FROM item.name AND staged.name IS NOT NULL AND staged.reason IS NULL
"""

# `last_seen_at` moves once a day at most: written at every pass it would rewrite every row.
UPDATE_ITEMS = """
UPDATE work_item item
SET name = coalesce(staged.name, item.name),
    permalink = coalesce(staged.permalink, item.permalink),
    foreign_group = coalesce(staged.workspace, item.foreign_group),
    foreign_modified_at = coalesce(staged.modified_at, item.foreign_modified_at),
    last_seen_at = now()
FROM staged_item staged
WHERE item.id = staged.item AND NOT staged.is_outdated AND staged.workspace IS NOT NULL
  AND (staged.name <> item.name
    OR staged.permalink IS DISTINCT FROM item.permalink
    OR staged.workspace IS DISTINCT FROM item.foreign_group
    OR staged.modified_at IS DISTINCT FROM item.foreign_modified_at
    OR item.last_seen_at IS NULL OR item.last_seen_at < now() - interval '1 day')
"""

INSERT_ITEMS = """
WITH new AS (
    INSERT INTO work_item (account, kind, source, foreign_id, foreign_group, name, permalink,
        foreign_modified_at, archived_at, archived_reason, last_seen_at, created_at)
    SELECT $1, kind, 'asana', gid, workspace, coalesce(name, ''), permalink,
        modified_at, CASE WHEN reason IS NOT NULL THEN now() END, reason, now(), now()
    FROM staged_item staged
    WHERE item IS NULL AND makes_item AND NOT is_outdated
      AND EXISTS (
        SELECT FROM staged_place place
        WHERE place.gid = staged.gid
          AND (EXISTS (
                SELECT FROM work_item above WHERE above.account = $1 AND above.source = 'asana'
                  AND above.foreign_id IN (place.parent, place.project))
            OR EXISTS (
                SELECT FROM staged_item above
                WHERE above.gid IN (place.parent, place.project) AND above.makes_item)))
    ON CONFLICT (account, source, foreign_id) WHERE foreign_id IS NOT NULL DO NOTHING
    RETURNING id, foreign_id)
UPDATE staged_item staged SET item = new.id, is_new = true FROM new WHERE new.foreign_id = staged.gid
RETURNING staged.item AS id, coalesce(staged.name, '') AS name, staged.reason
"""

RESOLVE_PLACES = """
INSERT INTO resolved_place (item, parent, position)
SELECT staged.item, coalesce(parent.id, project.id), place.position
FROM staged_place place JOIN staged_item staged ON staged.gid = place.gid
     LEFT JOIN work_item parent ON parent.account = $1 AND parent.source = 'asana'
       AND parent.foreign_id = place.parent
       AND (parent.kind <> 'list' OR parent.archived_reason IS NULL OR parent.archived_reason = 'above'
         OR EXISTS (SELECT FROM staged_item list WHERE list.gid = parent.foreign_id AND list.reason IS NULL))
     LEFT JOIN work_item project ON project.account = $1 AND project.source = 'asana'
       AND project.foreign_id = place.project
WHERE staged.item IS NOT NULL AND coalesce(parent.id, project.id) <> staged.item
ON CONFLICT DO NOTHING
"""

# Asked for by itself, alive, and in no project and under no task that we have.
LEFT_EVERYTHING = """
UPDATE staged_item staged SET reason = 'removed'
WHERE kind = 'task' AND reason IS NULL AND NOT is_outdated AND projects = '{}'
  AND NOT EXISTS (SELECT FROM resolved_place WHERE resolved_place.item = staged.item)
"""

PLACE = """
INSERT INTO placement (account, item, parent, position)
SELECT $1, item, parent, position FROM resolved_place
ON CONFLICT (item, parent) DO UPDATE SET position = excluded.position
WHERE excluded.position <> placement.position AND excluded.position <> $2
"""

# Of a task that has a place now: the other ones that this pass knows to be over. A task has one parent at most; it is
# in the projects that it names, in one place of each; and it is not where a listing read to its end did not show it.
LEAVE = """
DELETE FROM placement
USING staged_item staged, (
    SELECT parent.id, parent.kind, parent.foreign_id, parent.archived_at IS NULL AS is_active,
           CASE parent.kind WHEN 'project' THEN parent.foreign_id ELSE project.foreign_id END AS project
    FROM work_item parent
         LEFT JOIN placement above ON above.item = parent.id AND parent.kind = 'list'
         LEFT JOIN work_item project ON project.id = above.parent
) parent
WHERE placement.item = staged.item AND parent.id = placement.parent AND staged.kind = 'task'
  AND EXISTS (SELECT FROM resolved_place WHERE resolved_place.item = staged.item)
  AND NOT EXISTS (
    SELECT FROM resolved_place WHERE resolved_place.item = staged.item AND resolved_place.parent = parent.id)
  AND (parent.kind = 'task' AND parent.foreign_id <> staged.parent
    OR parent.project <> ALL(staged.projects)
    OR parent.project IN (SELECT place.project FROM staged_place place WHERE place.gid = staged.gid)
    OR parent.foreign_id IN (SELECT staged_read.parent FROM staged_read WHERE with_tasks) AND NOT staged.is_outdated)
RETURNING staged.item AS id, (SELECT name FROM work_item WHERE work_item.id = staged.item) AS name, parent.is_active
"""

SEEN = """
INSERT INTO seen SELECT gid, reason, parent, projects, asked FROM staged_item WHERE asked > 0
ON CONFLICT (gid) DO UPDATE
SET reason = excluded.reason, parent = excluded.parent, projects = excluded.projects, asked = excluded.asked
WHERE excluded.asked >= seen.asked
"""

MISSING = """
INSERT INTO missing
SELECT placement.item, placement.parent, $2
FROM staged_read JOIN work_item parent ON parent.account = $1 AND parent.source = 'asana'
       AND parent.foreign_id = staged_read.parent
     JOIN placement ON placement.parent = parent.id
     JOIN work_item item ON item.id = placement.item AND item.kind = 'task' AND item.archived_at IS NULL
WHERE staged_read.with_tasks
  AND NOT EXISTS (SELECT FROM staged_item WHERE staged_item.item = placement.item)
ON CONFLICT DO NOTHING
"""

# A delivery that came in the meantime has set another moment: the project stays dirty.
MARK = """
INSERT INTO asana_project_state AS state (connection, item, last_run_id, event_token, event_token_saved_at,
    last_read_at, default_section, requests_to_read)
SELECT $1, id, $4, $5, now(), $6, $7, $8 FROM work_item WHERE account = $2 AND source = 'asana' AND foreign_id = $3
ON CONFLICT (item) DO UPDATE
SET last_run_id = excluded.last_run_id, event_token = excluded.event_token, event_token_saved_at = now(),
    last_read_at = coalesce(excluded.last_read_at, state.last_read_at),
    default_section = CASE WHEN $6::timestamptz IS NULL THEN state.default_section ELSE excluded.default_section END,
    requests_to_read = coalesce(excluded.requests_to_read, state.requests_to_read),
    dirty_at = CASE WHEN state.dirty_at = $9 THEN NULL ELSE state.dirty_at END
"""

# Streams in which nothing happened.
MARK_QUIET = """
UPDATE asana_project_state state
SET event_token = told.token, event_token_saved_at = now(),
    dirty_at = CASE WHEN state.dirty_at = told.dirty_at THEN NULL ELSE state.dirty_at END
FROM unnest($2::text[], $3::text[], $4::timestamptz[]) AS told (gid, token, dirty_at)
     JOIN work_item item ON item.account = $1 AND item.source = 'asana' AND item.foreign_id = told.gid
WHERE state.item = item.id
"""

PEOPLE = """
INSERT INTO asana_person (connection, gid, name, email, workspace_gids, last_seen_at)
SELECT $1, gid, name, email, '{}', now() FROM staged_person
ON CONFLICT (connection, gid) DO UPDATE
SET name = excluded.name, email = coalesce(excluded.email, asana_person.email)
WHERE (excluded.name, coalesce(excluded.email, asana_person.email)) IS DISTINCT FROM
      (asana_person.name, asana_person.email)
"""

NO_LONGER_INVOLVED = """
DELETE FROM asana_involvement involvement USING staged_item staged, asana_person person
WHERE involvement.item = staged.item AND person.id = involvement.person AND person.connection = $1
  AND staged.tells_people AND NOT staged.is_outdated
  AND NOT EXISTS (
    SELECT FROM staged_involvement told WHERE told.gid = staged.gid AND told.person = person.gid)
"""

INVOLVED = """
INSERT INTO asana_involvement (person, item)
SELECT person.id, staged.item
FROM staged_involvement told JOIN staged_item staged ON staged.gid = told.gid
     JOIN asana_person person ON person.connection = $1 AND person.gid = told.person
WHERE staged.item IS NOT NULL AND NOT staged.is_outdated
ON CONFLICT DO NOTHING
"""

OLD_KEYWORDS = """
DELETE FROM keyword USING staged_item staged
WHERE keyword.item = staged.item AND keyword.made_by = 'asana' AND staged.kind = 'task'
  AND NOT staged.is_outdated AND staged.name IS NOT NULL
  AND NOT EXISTS (SELECT FROM staged_keyword told WHERE told.gid = staged.gid AND told.word = keyword.word)
"""

NEW_KEYWORDS = """
INSERT INTO keyword (account, item, word, made_by, is_id)
SELECT $1, staged.item, told.word, 'asana', told.is_id
FROM staged_keyword told JOIN staged_item staged ON staged.gid = told.gid
WHERE staged.item IS NOT NULL AND NOT staged.is_outdated
ON CONFLICT (item, word, made_by) DO NOTHING
"""


@dataclass
class Outcome:
    """What a merge changed: rows of id and name, renamed ones also of what they were called."""

    added: list[Record] = field(default_factory=list)
    renamed: list[Record] = field(default_factory=list)
    moved: list[Record] = field(default_factory=list)
    archived: list[Record] = field(default_factory=list)
    revived: list[Record] = field(default_factory=list)
    # Whether somebody came, left, or is involved in something else than before.
    people_changed: bool = False

    @property
    def has_changes(self) -> bool:
        return bool(self.added or self.renamed or self.moved or self.archived or self.revived)


@dataclass(frozen=True)
class Target:
    """Whose rows are written, and in which run."""

    account: int
    connection: int
    connected_at: datetime
    run: int


@dataclass(frozen=True)
class Reached:
    """How far a project has been read: all of it at `read_at`, or where that is none, up to its event token."""

    project: str
    event_token: str | None
    dirty_at: datetime | None = None
    read_at: datetime | None = None
    default_section: str | None = None
    requests: int | None = None


async def merge(database: Connection, target: Target, stage: Stage) -> Outcome:
    """Everything that is staged. Belongs into a transaction, at whose end the staged rows are gone."""
    await stage.send(database)
    await database.execute(OUTDATED)
    await database.execute(CONTRADICTED_PLACES, LAST)
    await database.execute(FIND_ITEMS, target.account)
    await database.execute(GONE_LISTS, target.account)
    outcome = Outcome(renamed=await database.fetch(RENAMED))
    await database.execute(UPDATE_ITEMS)
    new = await database.fetch(INSERT_ITEMS, target.account)
    outcome.added = [row for row in new if row["reason"] is None]
    outcome.moved = await merge_places(database, target)
    outcome.archived, outcome.revived = await update_archive(database)
    outcome.people_changed = await merge_people(database, target)
    await merge_keywords(database, target)
    await database.execute(SEEN)
    return outcome


async def merge_places(database: Connection, target: Target) -> list[Record]:
    await database.execute(RESOLVE_PLACES, target.account)
    await database.execute(LEFT_EVERYTHING)
    await database.execute(PLACE, target.account, LAST)
    left = await database.fetch(LEAVE)
    # What leaves a place in the archive has moved for nobody.
    return list({row["id"]: row for row in left if row["is_active"]}.values())


async def merge_people(database: Connection, target: Target) -> bool:
    """Whether anything changed."""
    statements = (PEOPLE, NO_LONGER_INVOLVED, INVOLVED)
    touched = [await database.execute(statement, target.connection) for statement in statements]
    return any(not status.endswith(" 0") for status in touched)


async def merge_keywords(database: Connection, target: Target) -> None:
    await database.execute(OLD_KEYWORDS)
    await database.execute(NEW_KEYWORDS, target.account)


async def forget_keywords(database: Connection, account: int) -> None:
    await database.execute("DELETE FROM keyword WHERE account = $1 AND made_by = 'asana'", account)


async def note_missing(database: Connection, target: Target, project: str) -> int:
    """Remembers what used to stand in this project, is active, and was not in it now. Returns how many."""
    await database.execute(MISSING, target.account, project)
    count: int = await database.fetchval("SELECT count(*) FROM missing WHERE project = $1", project)
    return count


async def mark(database: Connection, target: Target, reached: Reached) -> None:
    """Remembers how far the project has been read. In a complete pass it need not be read again, should another worker
    have to go on with it.
    """
    await database.execute(
        MARK,
        target.connection,
        target.account,
        reached.project,
        target.run,
        reached.event_token,
        reached.read_at,
        reached.default_section,
        reached.requests,
        reached.dirty_at,
    )


async def mark_quiet(database: Connection, target: Target, reached: Sequence[Reached]) -> None:
    gids = [each.project for each in reached]
    tokens, dirty = [each.event_token for each in reached], [each.dirty_at for each in reached]
    await database.execute(MARK_QUIET, target.account, gids, tokens, dirty)


async def ensure_root(database: Connection, account: int) -> int:
    await database.execute(
        """INSERT INTO work_item (account, kind, source, foreign_id, name, created_at)
        VALUES ($1, 'root', 'asana', $2, 'Asana', now()) ON CONFLICT DO NOTHING""",
        account,
        ROOT,
    )
    root: int = await database.fetchval(
        "SELECT id FROM work_item WHERE account = $1 AND source = 'asana' AND kind = 'root'", account
    )
    return root
