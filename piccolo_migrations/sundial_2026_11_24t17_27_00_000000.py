from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Integer
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-24T17:27:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "requests to read"


async def forwards():
    manager = MigrationManager(
        migration_id=ID, app_name="sundial", description=DESCRIPTION
    )

    manager.add_column(
        table_class_name="AsanaProjectState",
        tablename="asana_project_state",
        column_name="requests_to_read",
        db_column_name="requests_to_read",
        column_class_name="Integer",
        column_class=Integer,
        params={
            "default": None,
            "null": True,
            "primary_key": False,
            "unique": False,
            "index": False,
            "index_method": IndexMethod.btree,
            "choices": None,
            "db_column_name": None,
            "secret": False,
        },
        schema=None,
    )

    return manager
