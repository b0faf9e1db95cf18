"""How much finished time each project has is kept by the database, in step with every entry."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-24T21:21:30:000000"
VERSION = "1.38.0"
DESCRIPTION = "keep the time of projects"

FORWARDS = (
    "CREATE INDEX project_time_project ON project_time (project) INCLUDE (length)",
    # Where a whole account is deleted there are no projects left.
    """
    CREATE FUNCTION keep_project_time() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND (OLD.project, OLD.started_at, OLD.stopped_at)
                                IS NOT DISTINCT FROM (NEW.project, NEW.started_at, NEW.stopped_at) THEN
            RETURN NULL;
        END IF;
        IF TG_OP <> 'INSERT' AND OLD.project IS NOT NULL AND OLD.stopped_at IS NOT NULL
           AND EXISTS (SELECT FROM account WHERE id = OLD.account) THEN
            INSERT INTO project_time (account, project, length)
            VALUES (OLD.account, OLD.project, OLD.started_at - OLD.stopped_at);
        END IF;
        IF TG_OP <> 'DELETE' AND NEW.project IS NOT NULL AND NEW.stopped_at IS NOT NULL THEN
            INSERT INTO project_time (account, project, length)
            VALUES (NEW.account, NEW.project, NEW.stopped_at - NEW.started_at);
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER keep_project_time AFTER INSERT OR DELETE OR UPDATE OF project, started_at, stopped_at ON time_entry
    FOR EACH ROW EXECUTE FUNCTION keep_project_time()
    """,
    # Nobody changes an entry between this and the trigger: making it has locked the table.
    """
    INSERT INTO project_time (account, project, length)
    SELECT account, project, sum(stopped_at - started_at) FROM time_entry
    WHERE project IS NOT NULL AND stopped_at IS NOT NULL GROUP BY account, project
    """,
)
BACKWARDS = ("DROP TRIGGER keep_project_time ON time_entry", "DROP FUNCTION keep_project_time")


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
