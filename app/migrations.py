"""Runs what is in piccolo_migrations, and makes the queue's own tables."""

import contextlib
import io

from piccolo.apps.migrations.commands.forwards import ForwardsMigrationManager

from app.piccolo_conf import DB
from app.tasks.queue import close_queue, open_queue

# Any number that nothing else uses: two releases at once take turns.
LOCK = 7_305_001


async def migrate_database() -> str:
    """Brings the database up to date and returns what Piccolo said of it."""
    holder = await DB.get_new_connection()
    said = io.StringIO()
    try:
        await holder.execute("SELECT pg_advisory_lock($1)", LOCK)
        with contextlib.redirect_stdout(said):
            await ForwardsMigrationManager(app_name="sundial", migration_id="all").run()
        await open_queue()
        await close_queue()
    finally:
        await holder.close()
    return said.getvalue()
