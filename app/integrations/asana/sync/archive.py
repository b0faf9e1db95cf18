"""Archiving and reviving what is staged: the reasons of an item's own come from Asana, `above` follows from them."""

from asyncpg import Connection, Record

from app.projects.archive import settle_archive

ARCHIVE_OWN = """
UPDATE work_item item SET archived_at = coalesce(item.archived_at, now()), archived_reason = staged.reason
FROM staged_item staged, work_item before
WHERE item.id = staged.item AND before.id = item.id
  AND staged.reason IS NOT NULL AND item.archived_reason IS DISTINCT FROM staged.reason
RETURNING item.id, item.name, before.archived_at IS NULL AS was_active
"""

# The item itself is alive again. Whether it is active depends on what it stands under.
CLEAR_OWN = """
UPDATE work_item item SET archived_reason = 'above'
FROM staged_item staged
WHERE item.id = staged.item AND staged.reason IS NULL
  AND item.archived_at IS NOT NULL AND item.archived_reason NOT IN ('above', 'by_hand')
"""


async def update_archive(database: Connection) -> tuple[list[Record], list[Record]]:
    """Brings the archive in line with what is staged. Returns what it archived and what it revived."""
    own = await database.fetch(ARCHIVE_OWN)
    await database.execute(CLEAR_OWN)
    staged = [row["item"] for row in await database.fetch("SELECT item FROM staged_item WHERE item IS NOT NULL")]
    settled = await settle_archive(database, staged)
    archived = [row for row in own if row["was_active"]] + settled.archived
    return without(archived, settled.revived), without(settled.revived, archived)


def without(rows: list[Record], others: list[Record]) -> list[Record]:
    """What went one way and back in the same merge has not changed for anybody."""
    back = {row["id"] for row in others}
    return [row for row in rows if row["id"] not in back]
