"""A row is said something of once a week."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-24T20:36:30:000000"
VERSION = "1.38.0"
DESCRIPTION = "week rows once"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="sundial", description=DESCRIPTION)

    async def run():
        await engine_finder().run_ddl(
            """CREATE UNIQUE INDEX week_row_once ON week_row ("user", week, coalesce(item, 0), coalesce(project, 0))"""
        )
        await engine_finder().run_ddl("CREATE INDEX week_row_item ON week_row (item)")
        await engine_finder().run_ddl("CREATE INDEX week_row_project ON week_row (project)")

    async def run_backwards():
        for name in ("week_row_once", "week_row_item", "week_row_project"):
            await engine_finder().run_ddl(f"DROP INDEX {name}")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
