"""A person's undoable deeds are found by the person, the latest first."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-24T20:39:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "find what a person can undo"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="sundial", description=DESCRIPTION)

    async def run():
        await engine_finder().run_ddl('CREATE INDEX undo_of_person ON undo ("user", id)')

    async def run_backwards():
        await engine_finder().run_ddl("DROP INDEX undo_of_person")

    manager.add_raw(run)
    manager.add_raw_backwards(run_backwards)
    return manager
