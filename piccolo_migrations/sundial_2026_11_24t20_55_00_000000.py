"""Every way from a root down to an item as a row of its own, so that a search need not climb.

The rows follow from work_item and placement, and the database keeps them so: whoever adds, moves, renames, archives or
removes items, and however many at once, need not know of them.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-24T20:55:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "ways"

# `path` are the ids from the root to the item itself, `named` the words of its name, `words` those and the words of all
# that is above it. `name` is what names are compared with that somebody begins to type.
TABLE = """
CREATE TABLE way (
    account bigint NOT NULL,
    item bigint NOT NULL,
    path bigint[] NOT NULL,
    project bigint,
    is_active boolean NOT NULL,
    name text COLLATE "C" NOT NULL,
    named tsvector NOT NULL,
    words tsvector NOT NULL
)
"""

INDEXES = (
    "CREATE UNIQUE INDEX way_path ON way (path)",
    "CREATE INDEX way_item ON way (item)",
    "CREATE INDEX way_name ON way (account, name) WHERE is_active",
    "CREATE INDEX way_name_archived ON way (account, name) WHERE NOT is_active",
    # Rows that came lately wait in a list that every search reads through: a short one.
    "CREATE INDEX way_words ON way USING gin (named, words, path) WITH (gin_pending_list_limit = 256) WHERE is_active",
    """CREATE INDEX way_words_archived ON way USING gin (named, words, path) WITH (gin_pending_list_limit = 256)
        WHERE NOT is_active""",
)

# Two changes at once would each miss what the other adds below or above its own, so an account's take turns. A
# statement of a function sees what was committed before it began: the lock comes first.
#
# Deeper than a hundred levels nobody looks, and a row's path has to fit into a page of its index.
REFRESH = """
CREATE FUNCTION refresh_ways(of_account bigint, changed bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    affected bigint[];
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('ways'), of_account::integer);
    WITH RECURSIVE below(item) AS (
        SELECT unnest(changed)
        UNION
        SELECT placement.item FROM below JOIN placement ON placement.parent = below.item
    )
    SELECT array_agg(item) INTO affected FROM below;
    DELETE FROM way WHERE item = ANY (affected);
    INSERT INTO way (account, item, path, project, is_active, name, named, words)
    WITH RECURSIVE fresh AS (
        (
            SELECT item.id, ARRAY[item.id] AS path, NULL::bigint AS project, item.archived_at, item.name,
                   item.search AS named, item.search AS words
            FROM work_item item WHERE item.id = ANY (affected) AND item.kind = 'root'
            UNION ALL
            SELECT item.id, above.path || item.id,
                   coalesce(above.project, CASE WHEN item.kind = 'project' THEN item.id END),
                   item.archived_at, item.name, item.search, above.words || item.search
            FROM placement
            JOIN way above ON above.item = placement.parent
            JOIN work_item item ON item.id = placement.item
            WHERE placement.item = ANY (affected) AND item.id <> ALL (above.path) AND cardinality(above.path) < 100
        )
        UNION ALL
        SELECT item.id, above.path || item.id,
               coalesce(above.project, CASE WHEN item.kind = 'project' THEN item.id END),
               item.archived_at, item.name, item.search, above.words || item.search
        FROM fresh above
        JOIN placement ON placement.parent = above.id
        JOIN work_item item ON item.id = placement.item
        WHERE item.id <> ALL (above.path) AND cardinality(above.path) < 100
    )
    SELECT of_account, id, path, project, archived_at IS NULL, lower(left(name, 200)), strip(named), strip(words)
    FROM fresh;
END
$$
"""

PLACED = """
CREATE FUNCTION placed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refresh_ways(account, array_agg(DISTINCT item)) FROM changed GROUP BY account;
    RETURN NULL;
END
$$
"""

# Where only an order has changed, every way is as it was.
PLACED_ELSEWHERE = """
CREATE FUNCTION placed_elsewhere() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refresh_ways(account, array_agg(DISTINCT moved.item))
    FROM became JOIN was USING (id, account),
         LATERAL unnest(ARRAY[was.item, became.item]) moved(item)
    WHERE (was.item, was.parent) <> (became.item, became.parent)
    GROUP BY account;
    RETURN NULL;
END
$$
"""

# Anything but a root has no way before it has a place.
ITEMS_ADDED = """
CREATE FUNCTION items_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refresh_ways(account, array_agg(id)) FROM added WHERE kind = 'root' GROUP BY account;
    RETURN NULL;
END
$$
"""

ITEMS_CHANGED = """
CREATE FUNCTION items_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refresh_ways(account, array_agg(id)) FROM became JOIN was USING (id, account)
    WHERE (was.name, was.kind) IS DISTINCT FROM (became.name, became.kind)
    GROUP BY account;
    PERFORM pg_advisory_xact_lock(hashtext('ways'), account::integer)
    FROM (SELECT DISTINCT became.account FROM became JOIN was USING (id)
          WHERE (was.archived_at IS NULL) <> (became.archived_at IS NULL)) moved;
    UPDATE way SET is_active = became.archived_at IS NULL FROM became JOIN was USING (id)
    WHERE way.item = became.id AND (was.archived_at IS NULL) <> (became.archived_at IS NULL);
    RETURN NULL;
END
$$
"""

ITEMS_GONE = """
CREATE FUNCTION items_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM way USING gone WHERE way.item = gone.id;
    RETURN NULL;
END
$$
"""

TRIGGERS = (
    """CREATE TRIGGER ways_placed AFTER INSERT ON placement REFERENCING NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION placed()""",
    """CREATE TRIGGER ways_left AFTER DELETE ON placement REFERENCING OLD TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION placed()""",
    """CREATE TRIGGER ways_moved AFTER UPDATE ON placement REFERENCING OLD TABLE AS was NEW TABLE AS became
        FOR EACH STATEMENT EXECUTE FUNCTION placed_elsewhere()""",
    """CREATE TRIGGER ways_added AFTER INSERT ON work_item REFERENCING NEW TABLE AS added
        FOR EACH STATEMENT EXECUTE FUNCTION items_added()""",
    """CREATE TRIGGER ways_changed AFTER UPDATE ON work_item REFERENCING OLD TABLE AS was NEW TABLE AS became
        FOR EACH STATEMENT EXECUTE FUNCTION items_changed()""",
    """CREATE TRIGGER ways_gone AFTER DELETE ON work_item REFERENCING OLD TABLE AS gone
        FOR EACH STATEMENT EXECUTE FUNCTION items_gone()""",
)

# Compiling a question takes longer than any of ours does. Whoever does not own the database has to say so by hand.
NO_COMPILER = """
DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I SET jit = off', current_database());
EXCEPTION WHEN insufficient_privilege THEN
    RAISE NOTICE 'jit stays on';
END $$
"""

FILL = "SELECT refresh_ways(account, array_agg(id)) FROM work_item GROUP BY account"

FORWARDS = (
    TABLE,
    REFRESH,
    PLACED,
    PLACED_ELSEWHERE,
    ITEMS_ADDED,
    ITEMS_CHANGED,
    ITEMS_GONE,
    *TRIGGERS,
    FILL,
    *INDEXES,
    # What was searched before: nothing reads it any more.
    "DROP INDEX work_item_search",
    "ANALYZE way",
    NO_COMPILER,
)
BACKWARDS = (
    "CREATE INDEX work_item_search ON work_item USING gin (search)",
    "DROP TRIGGER ways_placed ON placement",
    "DROP TRIGGER ways_left ON placement",
    "DROP TRIGGER ways_moved ON placement",
    "DROP TRIGGER ways_added ON work_item",
    "DROP TRIGGER ways_changed ON work_item",
    "DROP TRIGGER ways_gone ON work_item",
    "DROP FUNCTION placed, placed_elsewhere, items_added, items_changed, items_gone, refresh_ways",
    "DROP TABLE way",
)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="sundial", description=DESCRIPTION)

    async def run():
        for statement in FORWARDS:
            await engine_finder().run_ddl(statement)

    async def run_backwards():
        for statement in BACKWARDS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
