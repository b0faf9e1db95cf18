"""One row for all forgotten runs of the same kind and end."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-24T17:51:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "index for totals of forgotten runs"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="sundial", description=DESCRIPTION)

    async def run():
        await engine_finder().run_ddl("CREATE UNIQUE INDEX sync_total_once ON sync_total (trigger, kind, state, failure)")

    manager.add_raw(run)
    return manager
