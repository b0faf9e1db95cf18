"""A signal names the transaction that it tells of, and the end of a session is told as well."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-24T20:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "signals with their transaction, and of sessions"

STATEMENTS = [
    """
    CREATE OR REPLACE FUNCTION tell_of_entry() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        whose bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD."user" ELSE NEW."user" END;
    BEGIN
        PERFORM pg_notify('time_entry', whose || ' ' || pg_current_xact_id());
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE FUNCTION tell_of_session() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_notify('session_ended', OLD.id::text);
        RETURN NULL;
    END
    $$
    """,
    "CREATE TRIGGER tell AFTER DELETE ON session FOR EACH ROW EXECUTE FUNCTION tell_of_session()",
]

BACKWARDS = [
    "DROP TRIGGER tell ON session",
    "DROP FUNCTION tell_of_session",
    """
    CREATE OR REPLACE FUNCTION tell_of_entry() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_notify('time_entry', CASE WHEN TG_OP = 'DELETE' THEN OLD."user" ELSE NEW."user" END::text);
        RETURN NULL;
    END
    $$
    """,
]


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="sundial", description=DESCRIPTION)

    async def run():
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    async def run_backwards():
        for statement in BACKWARDS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
