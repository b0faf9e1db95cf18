"""The account's own items, beside those imported: they are added, renamed, moved and removed here.

What was imported is edited where it came from; every attempt here is refused with that reason.
"""

from app import database
from app.projects.access import Item
from app.projects.archive import settle
from app.projects.models import Assignment, Kind, MadeBy, Placement, Source, WorkItem
from app.projects.words import source_name

ROOT_NAME = "Own tasks"
LONGEST_NAME = 300
# What may stand below what.
BELOW = {
    Kind.root: (Kind.project, Kind.task),
    Kind.project: (Kind.list, Kind.task),
    Kind.list: (Kind.task,),
    Kind.task: (Kind.task,),
}


class Refused(Exception):
    """The change is not possible; `reason` says why and what to do instead."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Invalid(Exception):
    """What was typed cannot be taken; the text belongs beside the field."""


def must_be_own(item: Item, attempt: str) -> None:
    """`attempt` is what cannot be done here, as in "It cannot be renamed here"."""
    if not item.is_own:
        source = source_name(item.source)
        raise Refused(f"This comes from {source}. It cannot be {attempt} here: change it in {source}, and it follows.")


def must_not_be_root(item: Item, attempt: str) -> None:
    if item.is_root:
        raise Refused(f"This is the top of your own tasks and cannot be {attempt}.")


async def own_root(account_id: int, made_by: int) -> int:
    """The root of the account's own tasks. It is made when the first is added, and given to whoever does that."""
    root = await WorkItem.objects().get(
        (WorkItem.account == account_id) & (WorkItem.source == Source.own) & (WorkItem.kind == Kind.root)
    )
    if root is not None:
        return int(root.id)
    async with database.transaction():
        root_id: int | None = await database.fetch_value(
            """INSERT INTO work_item (account, kind, source, name) VALUES ($1, 'root', 'own', $2)
            ON CONFLICT (account, source) WHERE kind = 'root' DO NOTHING RETURNING id""",
            account_id,
            ROOT_NAME,
        )
        if root_id is None:
            return await own_root(account_id, made_by)
        await Assignment(
            account=account_id, user=made_by, item=root_id, made_by=MadeBy.hand, assigned_by=made_by
        ).save()
    return root_id


def checked_name(name: str) -> str:
    name = " ".join(name.replace("\0", "").split())
    if not name:
        raise Invalid("Give it a name.")
    if len(name) > LONGEST_NAME:
        raise Invalid(f"At most {LONGEST_NAME} characters, please: these are {len(name)}.")
    return name


def checked_kind(kind: str, parent_kind: str) -> Kind:
    allowed = BELOW[Kind(parent_kind)]
    if kind not in allowed:
        raise Invalid(f"Here you can add a {' or a '.join(allowed)}.")
    return Kind(kind)


async def add_below(account_id: int, parent: Item, kind: str, name: str) -> int:
    """Adds the item as the last one below its parent and returns its id."""
    must_be_own(parent, "given anything below it")
    if parent.is_archived:
        raise Refused("This is archived. Take it out of the archive before adding to it.")
    item = WorkItem(
        account=account_id, kind=checked_kind(kind, parent.kind), source=Source.own, name=checked_name(name)
    )
    async with database.transaction():
        await item.save()
        await place_last(account_id, item.id, parent.id)
    return int(item.id)


async def place_last(account_id: int, item_id: int, parent_id: int) -> None:
    await database.execute(
        """INSERT INTO placement (account, item, parent, position)
        SELECT $1, $2, $3, coalesce(max(position) + 1, 0) FROM placement WHERE parent = $3""",
        account_id,
        item_id,
        parent_id,
    )


async def rename(item: Item, name: str) -> None:
    must_be_own(item, "renamed")
    must_not_be_root(item, "renamed")
    await WorkItem.update({WorkItem.name: checked_name(name)}).where(WorkItem.id == item.id)


async def move(account_id: int, item: Item, parent: Item) -> None:
    """Places the item last under another parent, with everything below it. Entries keep the project they were for."""
    must_be_own(item, "moved")
    must_not_be_root(item, "moved")
    if not parent.is_own:
        raise Refused(f"Own tasks cannot stand among those from {source_name(parent.source)}.")
    if parent.is_archived:
        raise Refused("The place you chose is archived.")
    if item.kind not in BELOW[Kind(parent.kind)]:
        raise Refused(f"A {item.kind} cannot stand under a {parent.kind}.")
    async with database.transaction():
        # Two moves at once could close a circle, so they take turns.
        await database.execute("SELECT pg_advisory_xact_lock(hashtext('projects.move'), $1::integer)", account_id)
        if await stands_under(parent.id, item.id):
            raise Refused("It cannot stand below itself.")
        await Placement.delete().where(Placement.item == item.id)
        await place_last(account_id, item.id, parent.id)
        await settle(item.id)


async def stands_under(item_id: int, above_id: int) -> bool:
    found: bool = await database.fetch_value(
        """WITH RECURSIVE climb(at) AS (
            SELECT $1::bigint UNION SELECT placement.parent FROM climb JOIN placement ON placement.item = climb.at
        ) SELECT EXISTS (SELECT FROM climb WHERE at = $2)""",
        item_id,
        above_id,
    )
    return found


async def remove(item: Item) -> None:
    """Removes an item that nothing hangs on: a slip of the hand. What has time or something below it is archived."""
    must_be_own(item, "deleted")
    must_not_be_root(item, "deleted")
    gone = await database.execute(
        """DELETE FROM work_item WHERE id = $1
        AND NOT EXISTS (SELECT FROM placement WHERE parent = $1)
        AND NOT EXISTS (SELECT FROM time_entry WHERE item = $1 OR project = $1)""",
        item.id,
    )
    if not gone:
        raise Refused("It has tracked time or something below it, so it is kept: archive it instead.")
