"""What happens to a time entry is written down, and told to whoever listens."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-24T20:29:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "history of entries, and signals"

STATEMENTS = [
    "CREATE UNIQUE INDEX tag_once ON tag (account, lower(name))",
    "CREATE INDEX entry_change_entry ON entry_change (entry)",
    "ALTER TABLE person ADD CONSTRAINT timer_limit_within_a_day CHECK (timer_limit BETWEEN 1 AND 24)",
    # Columns that tell nothing about the time itself.
    """
    CREATE FUNCTION entry_changes(was jsonb, became jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
        SELECT coalesce(jsonb_object_agg(key, jsonb_build_array(old.value, became -> key)), '{}')
        FROM jsonb_each(was) old
        WHERE key NOT IN ('id', 'account', 'user', 'made_with', 'created_at', 'updated_at', 'changed_by', 'kept_at',
                          'reminded_at')
              AND old.value IS DISTINCT FROM became -> key
    $$
    """,
    """
    CREATE FUNCTION keep_entry_change() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        found jsonb;
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            found := entry_changes(to_jsonb(OLD), to_jsonb(NEW));
            IF found <> '{}' THEN
                INSERT INTO entry_change (account, "user", entry, action, changed_by, changes)
                VALUES (NEW.account, NEW."user", NEW.id, 'changed', NEW.changed_by, found);
            END IF;
        -- Where a whole account is deleted there is nobody left to tell.
        ELSIF TG_OP = 'DELETE' AND EXISTS (SELECT FROM person WHERE id = OLD."user") THEN
            INSERT INTO entry_change (account, "user", entry, action, changed_by, changes)
            VALUES (OLD.account, OLD."user", OLD.id, 'deleted', OLD."user", entry_changes(to_jsonb(OLD), '{}'));
        ELSIF TG_OP = 'INSERT' AND EXISTS (SELECT FROM entry_change WHERE entry = NEW.id) THEN
            INSERT INTO entry_change (account, "user", entry, action, changed_by)
            VALUES (NEW.account, NEW."user", NEW.id, 'restored', NEW."user");
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE FUNCTION tell_of_entry() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_notify('time_entry', CASE WHEN TG_OP = 'DELETE' THEN OLD."user" ELSE NEW."user" END::text);
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER keep_change AFTER INSERT OR UPDATE OR DELETE ON time_entry
    FOR EACH ROW EXECUTE FUNCTION keep_entry_change()
    """,
    """
    CREATE TRIGGER tell AFTER INSERT OR UPDATE OR DELETE ON time_entry
    FOR EACH ROW EXECUTE FUNCTION tell_of_entry()
    """,
]


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="sundial", description=DESCRIPTION)

    async def run():
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    async def run_backwards():
        for statement in (
            "DROP TRIGGER tell ON time_entry",
            "DROP TRIGGER keep_change ON time_entry",
            "DROP FUNCTION tell_of_entry, keep_entry_change, entry_changes",
        ):
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
