"""Indexes for catch-ups and webhooks, and room in the queue for a nightly pass beside the ones people wait for."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-24T17:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes for catch-up and webhooks"

STATEMENTS = (
    "CREATE UNIQUE INDEX asana_team_once ON asana_team (connection, gid)",
    "CREATE UNIQUE INDEX asana_webhook_once ON asana_webhook (connection, workspace_gid, item) NULLS NOT DISTINCT",
    "CREATE INDEX asana_webhook_item ON asana_webhook (item)",
    "CREATE INDEX asana_project_state_connection ON asana_project_state (connection)",
    "DROP INDEX sync_run_one_queued",
    """CREATE UNIQUE INDEX sync_run_one_queued ON sync_run (connection, (trigger = 'nightly'))
        WHERE state = 'queued'""",
    "CREATE INDEX sync_run_open ON sync_run (connection) WHERE state IN ('queued', 'running')",
)


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="sundial", description=DESCRIPTION)

    async def run():
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
