"""Several of a person's entries changed at once: all of them or none, and undone together.

Ids that are not the person's own are as if they were not there.
"""

# The SQL below is put together from pieces; values are parameters.
# ruff: noqa: S608

from collections.abc import Collection

from app import database
from app.projects.access import Person
from app.timesheet.models import Verb
from app.timesheet.tags import MOST, ChosenTags, NotTags, make_tags
from app.timesheet.undo import undoable
from app.timesheet.work import Work

CHANGED = 'changed_by = $1, updated_at = now() WHERE "user" = $1 AND id = ANY ($2::bigint[])'
SET_TASK = f"UPDATE time_entry SET item = $3, project = $4, {CHANGED}"
BILL = f"UPDATE time_entry SET billable = $3, {CHANGED}"
ADD_TAGS = f"""
    UPDATE time_entry SET tags = ARRAY(SELECT DISTINCT unnest(tags || $3::bigint[]) ORDER BY 1), {CHANGED}
"""
REMOVE_TAGS = f"""
    UPDATE time_entry SET tags = ARRAY(SELECT tag FROM unnest(tags) tag WHERE tag <> ALL ($3::bigint[]) ORDER BY 1),
    {CHANGED}
"""
DELETE = 'DELETE FROM time_entry WHERE "user" = $1 AND id = ANY ($2::bigint[])'


async def set_task(user: Person, entry_ids: Collection[int], work: Work) -> int | None:
    return await change(user, entry_ids, SET_TASK, work.item_id, work.project_id)


async def bill(user: Person, entry_ids: Collection[int], *, billable: bool) -> int | None:
    return await change(user, entry_ids, BILL, billable)


async def add_tags(user: Person, entry_ids: Collection[int], tags: ChosenTags) -> int | None:
    """Raises NotTags where one of them would have too many."""
    async with undoable(user, Verb.changed) as deed:
        taken = await deed.take(entry_ids)
        if any(len({*entry.tags, *tags.ids}) + len(tags.new) > MOST for entry in taken):
            raise NotTags(f"One of the entries would have more than {MOST} tags.")
        if taken:
            await database.execute(ADD_TAGS, user.id, list(entry_ids), list(await make_tags(user, tags)))
    return deed.undo_id


async def remove_tags(user: Person, entry_ids: Collection[int], tags: Collection[int]) -> int | None:
    return await change(user, entry_ids, REMOVE_TAGS, list(tags))


async def delete(user: Person, entry_ids: Collection[int]) -> int | None:
    return await change(user, entry_ids, DELETE, verb=Verb.deleted)


async def change(
    user: Person, entry_ids: Collection[int], sql: str, *values: object, verb: Verb = Verb.changed
) -> int | None:
    """Returns what undoes it; None where nothing is different now."""
    async with undoable(user, verb) as deed:
        await deed.take(entry_ids)
        await database.execute(sql, user.id, list(entry_ids), *values)
    return deed.undo_id
