"""Tracked time. Knows work items, not where they come from."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum

from piccolo.columns import JSONB, Array, BigInt, BigSerial, Boolean, ForeignKey, Interval, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.table import Table

from app.accounts.models import Account, User
from app.projects.models import WorkItem

# The database keeps microseconds, and an entry that ends has to end after it starts.
SHORTEST = timedelta(microseconds=1)
LONGEST_NOTE = 2_000
# All that an entry says, in contrast to what became of it.
SAID = ("account", "user", "item", "project", "started_at", "stopped_at", "note", "tags", "billable", "made_with")


class MadeWith(StrEnum):
    web = "web"
    plugin = "plugin"
    phone = "phone"
    desktop = "desktop"
    api = "api"


class Tag(Table, tablename="tag"):
    """A word that entries of an account are marked with. It may be renamed and archived, and is never deleted."""

    id = BigSerial(primary_key=True)
    account = ForeignKey(Account, on_delete=OnDelete.cascade, null=False)
    name = Varchar(length=60)
    archived_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz(default=TimestamptzNow())


class TimeEntry(Table, tablename="time_entry"):
    """A stretch of time from one moment to another, or to now. The database allows one running entry a person.

    `tags` are ids of tags. They stand in the row itself: an entry that is copied, split, deleted and brought back
    stays one row, and a tag is never deleted. `changed_by` is who made the last change, None for Sundial itself; the
    database writes each change down with it. `kept_at`: when the person said that a long timer is right.
    `reminded_at`: when they were written to about it.
    """

    id = BigSerial(primary_key=True)
    account = ForeignKey(Account, on_delete=OnDelete.cascade, null=False)
    user = ForeignKey(User, on_delete=OnDelete.cascade, null=False)
    item = ForeignKey(WorkItem, on_delete=OnDelete.restrict, null=True, default=None)
    project = ForeignKey(WorkItem, on_delete=OnDelete.restrict, null=True, default=None)
    started_at = Timestamptz()
    stopped_at = Timestamptz(null=True, default=None)
    note = Text(default="")
    tags = Array(BigInt(), default=list)
    billable = Boolean(default=False)
    made_with = Varchar(length=10, default=MadeWith.web, choices=MadeWith)
    created_at = Timestamptz(default=TimestamptzNow())
    updated_at = Timestamptz(default=TimestamptzNow())
    changed_by = ForeignKey(User, on_delete=OnDelete.set_null, null=True, default=None)
    kept_at = Timestamptz(null=True, default=None)
    reminded_at = Timestamptz(null=True, default=None)

    @classmethod
    async def running_for(cls, user_id: int) -> "TimeEntry | None":
        return await cls.objects().where((cls.user == user_id) & cls.stopped_at.is_null()).first()

    @property
    def is_running(self) -> bool:
        return self.stopped_at is None

    async def change(self, **values: object) -> None:
        """Saves these columns and no others, as a change made by the entry's owner."""
        values = {"changed_by": self.user, "updated_at": datetime.now(UTC), **values}
        for name, value in values.items():
            setattr(self, name, value)
        await self.save(list(values))

    def another(self, **values: object) -> "TimeEntry":
        """A new entry, not saved yet, that says the same as this one except for these values."""
        same = (
            "account",
            "user",
            "item",
            "project",
            "started_at",
            "stopped_at",
            "note",
            "tags",
            "billable",
            "made_with",
        )
        return TimeEntry(**{**{name: getattr(self, name) for name in same}, **values})


class Change(StrEnum):
    changed = "changed"
    deleted = "deleted"
    restored = "restored"
    divided = "divided"
    merged = "merged"
    undone = "undone"


class EntryChange(Table, tablename="entry_change"):
    """What became of an entry: written by a trigger of the database, so that no way to change one can forget it.

    `changes` are the columns that differ, each as a pair of what was and what is; of a deleted entry all of them.
    The entry itself may be gone, so `entry` is only its number. That it was divided, merged or undone is written beside
    it by those verbs, at the same moment.
    """

    id = BigSerial(primary_key=True)
    account = ForeignKey(Account, on_delete=OnDelete.cascade, null=False)
    user = ForeignKey(User, on_delete=OnDelete.cascade, null=False)
    entry = BigInt()
    action = Varchar(length=10, choices=Change)
    changed_by = ForeignKey(User, on_delete=OnDelete.set_null, null=True, default=None)
    changed_at = Timestamptz(default=TimestamptzNow())
    changes = JSONB(default="{}")


class Verb(StrEnum):
    """What was done to entries and can be undone."""

    added = "added"
    deleted = "deleted"
    divided = "divided"
    merged = "merged"
    duplicated = "duplicated"
    trimmed = "trimmed"
    changed = "changed"
    copied = "copied"


class Undo(Table, tablename="undo"):
    """Something done to entries, kept for a day so that it can be undone.

    `steps` are the entries' rows, each as a pair of what was and what became of it: null before it was made and after
    it was deleted.
    """

    id = BigSerial(primary_key=True)
    user = ForeignKey(User, on_delete=OnDelete.cascade, null=False)
    verb = Varchar(length=10, choices=Verb)
    steps = JSONB(default="[]")
    made_at = Timestamptz(default=TimestamptzNow())
    undone_at = Timestamptz(null=True, default=None)


class ProjectTime(Table, tablename="project_time"):
    """How much finished time projects have, as the sum of its rows: a trigger of the database adds one for each change.

    A row is never changed, so that people who track on one project do not wait for each other; at night the rows of a
    project become one.
    """

    id = BigSerial(primary_key=True)
    account = ForeignKey(Account, on_delete=OnDelete.cascade, null=False)
    project = ForeignKey(WorkItem, on_delete=OnDelete.cascade, null=False)
    length = Interval()


def tidy_note(text: str) -> str:
    """One line of text; what PostgreSQL cannot store (NUL) is left out."""
    return " ".join(text.replace("\0", "").split())[:LONGEST_NOTE]
