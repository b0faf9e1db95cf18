"""Work items and where they stand in the tree.

An item has a source and a foreign id; what that source is, others know.
"""

from enum import StrEnum

from piccolo.columns import BigSerial, Boolean, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.table import Table

from app.accounts.models import Account, User


class Kind(StrEnum):
    root = "root"
    project = "project"
    list = "list"
    task = "task"


class Source(StrEnum):
    own = "own"
    asana = "asana"


class ArchivedReason(StrEnum):
    """Why an item is archived. `above` means: nothing of its own, but every place it stands in is archived."""

    completed = "completed"
    archived = "archived"
    deleted = "deleted"
    removed = "removed"
    hidden = "hidden"
    workspace = "workspace"
    unlinked = "unlinked"
    by_hand = "by_hand"
    above = "above"


class MadeBy(StrEnum):
    asana = "asana"
    hand = "hand"


class WorkItem(Table, tablename="work_item"):
    """A root, project, list or task. One row for ever: archived and revived, never deleted, so time keeps its name."""

    id = BigSerial(primary_key=True)
    account = ForeignKey(Account, on_delete=OnDelete.cascade, null=False)
    kind = Varchar(length=10, choices=Kind)
    source = Varchar(length=10, default=Source.own, choices=Source)
    foreign_id = Varchar(length=64, null=True, default=None)
    foreign_group = Varchar(length=64, null=True, default=None, help_text="the foreign id of what it came from")
    name = Text(default="")
    permalink = Text(null=True, default=None)
    archived_at = Timestamptz(null=True, default=None)
    archived_reason = Varchar(length=12, null=True, default=None, choices=ArchivedReason)
    foreign_modified_at = Timestamptz(null=True, default=None)
    last_seen_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz(default=TimestamptzNow())


class Placement(Table, tablename="placement"):
    """One place of an item in the tree: under a parent, in an order. An item of several projects has several."""

    id = BigSerial(primary_key=True)
    account = ForeignKey(Account, on_delete=OnDelete.cascade, null=False)
    item = ForeignKey(WorkItem, on_delete=OnDelete.cascade, null=False)
    parent = ForeignKey(WorkItem, on_delete=OnDelete.cascade, null=False)
    position = Integer(default=0)


class Assignment(Table, tablename="assignment"):
    """A person may track on an item and on everything below it."""

    id = BigSerial(primary_key=True)
    account = ForeignKey(Account, on_delete=OnDelete.cascade, null=False)
    user = ForeignKey(User, on_delete=OnDelete.cascade, null=False)
    item = ForeignKey(WorkItem, on_delete=OnDelete.cascade, null=False)
    made_by = Varchar(length=10, choices=MadeBy)
    assigned_by = ForeignKey(User, on_delete=OnDelete.set_null, null=True)
    created_at = Timestamptz(default=TimestamptzNow())


class Keyword(Table, tablename="keyword"):
    id = BigSerial(primary_key=True)
    account = ForeignKey(Account, on_delete=OnDelete.cascade, null=False)
    item = ForeignKey(WorkItem, on_delete=OnDelete.cascade, null=False)
    word = Text()
    made_by = Varchar(length=10, choices=MadeBy)
    is_id = Boolean(default=False)
