"""What being archived does to what stands below.

An item is active when it has no reason of its own to be archived and some place of it is under an active item. A change
at one item can change only what is below it, so both ways go down from there level by level, a statement for each.
"""

from collections.abc import Collection
from dataclasses import dataclass

from asyncpg import Connection, Record

from app import database
from app.projects.models import ArchivedReason


@dataclass(frozen=True)
class Settled:
    """Rows of `id` and `name`: what went to the archive and what came back."""

    archived: list[Record]
    revived: list[Record]


REVIVE_LEVEL = """
    UPDATE work_item item SET archived_at = NULL, archived_reason = NULL
    WHERE item.id = ANY ($1::bigint[]) AND item.archived_reason = 'above'
      AND EXISTS (
        SELECT FROM placement JOIN work_item parent ON parent.id = placement.parent
        WHERE placement.item = item.id AND parent.archived_at IS NULL)
    RETURNING item.id, item.name
"""

ARCHIVE_LEVEL = """
    UPDATE work_item item SET archived_at = now(), archived_reason = 'above'
    WHERE item.id = ANY ($1::bigint[]) AND item.archived_at IS NULL AND item.kind <> 'root'
      AND NOT EXISTS (
        SELECT FROM placement JOIN work_item parent ON parent.id = placement.parent
        WHERE placement.item = item.id AND parent.archived_at IS NULL)
    RETURNING item.id, item.name
"""

CHILDREN = "SELECT DISTINCT item FROM placement WHERE parent = ANY ($1::bigint[])"


async def settle_archive(connection: Connection, item_ids: Collection[int]) -> Settled:
    """Brings `above` in line, at the items and below them, after their own reasons or their places have changed.

    Whoever takes an own reason away sets `above` in its place; here it is found whether that is so.
    """
    ids = [*item_ids, *await children_of(connection, item_ids)]
    revived = await downwards(connection, REVIVE_LEVEL, ids)
    archived = await downwards(connection, ARCHIVE_LEVEL, ids)
    return Settled(archived, revived)


async def downwards(connection: Connection, statement: str, ids: list[int]) -> list[Record]:
    changed: list[Record] = []
    while ids:
        level = await connection.fetch(statement, ids)
        changed += level
        ids = await children_of(connection, [row["id"] for row in level])
    return changed


async def children_of(connection: Connection, ids: Collection[int]) -> list[int]:
    return [row["item"] for row in await connection.fetch(CHILDREN, list(ids))] if ids else []


async def archive_by_hand(account_id: int, item_id: int) -> Settled:
    """Archives the item, and what then stands only under archived items. An own reason that it has already stays."""
    async with database.transaction():
        await database.execute(
            """UPDATE work_item SET archived_at = coalesce(archived_at, now()), archived_reason = $3
            WHERE account = $1 AND id = $2 AND (archived_reason IS NULL OR archived_reason = 'above')""",
            account_id,
            item_id,
            ArchivedReason.by_hand.value,
        )
        return await settle(item_id)


async def revive_by_hand(account_id: int, item_id: int) -> Settled:
    """Takes the hand's reason away: the item is active again if something it stands under is."""
    async with database.transaction():
        await database.execute(
            """UPDATE work_item SET archived_reason = 'above'
            WHERE account = $1 AND id = $2 AND archived_reason = $3""",
            account_id,
            item_id,
            ArchivedReason.by_hand.value,
        )
        return await settle(item_id)


async def settle(item_id: int) -> Settled:
    async with database.connection() as connection:
        return await settle_archive(connection, [item_id])
