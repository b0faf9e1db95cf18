"""What became of an entry, as the database wrote it down: for its owner, and for administrators of the account."""

# The SQL below is put together from pieces; values are parameters.
# ruff: noqa: S608

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from asyncpg import Record

from app import database
from app.projects.access import Person
from app.timesheet.models import Change

State = dict[str, Any]

MARK = """
    WITH latest AS (
        UPDATE entry_change SET action = $1
        WHERE id IN (SELECT max(id) FROM entry_change WHERE entry = ANY ($2::bigint[]) AND changed_at = now()
                     GROUP BY entry)
        RETURNING entry
    )
    INSERT INTO entry_change (account, "user", entry, action, changed_by)
    SELECT account, "user", id, $1, "user" FROM time_entry
    WHERE id = ANY ($2::bigint[]) AND id NOT IN (SELECT entry FROM latest)
"""


async def mark(action: Change, *entry_ids: int) -> None:
    """Says of what was just changed, in this transaction, what it was part of."""
    await database.execute(MARK, action, list(entry_ids))


@dataclass(frozen=True)
class Difference:
    """What was and what is: moments, names of tags, a task with its project above it, words, or yes and no.

    `kind` is one of task, start, end, note, tags, billable.
    """

    kind: str
    was: Any
    became: Any


@dataclass(frozen=True)
class Event:
    """Something done to the entry at a moment; `by` is None for Sundial itself."""

    action: Change
    at: datetime
    by: str | None
    differences: list[Difference]

    @property
    def is_end(self) -> bool:
        return any(one.kind == "end" and one.was is None for one in self.differences)


@dataclass(frozen=True)
class History:
    """`events` are newest first. Of an entry that is gone it is not known any more how it was made."""

    id: int
    owner: str
    is_own: bool
    task: tuple[str, ...]
    started_at: datetime
    stopped_at: datetime | None
    made_at: datetime | None
    made_with: str
    events: list[Event]


MAY_SEE = 'account = $2 AND ("user" = $3 OR $4)'
ENTRY = f"SELECT to_jsonb(entry) FROM time_entry entry WHERE id = $1 AND {MAY_SEE}"
CHANGES = f"""
    SELECT change.action, change.changed_at, change.changes, change."user", person.name AS by
    FROM (SELECT * FROM entry_change WHERE entry = $1 AND {MAY_SEE}) change
    LEFT JOIN person ON person.id = change.changed_by
    ORDER BY change.id DESC
"""


async def read(user: Person, entry_id: int) -> History | None:
    """None where there never was such an entry, or where it is neither theirs nor of the account they administer."""
    may_see = (entry_id, user.account_id, user.id, user.is_administrator)
    row, changes = await database.fetch_value(ENTRY, *may_see), await database.fetch(CHANGES, *may_see)
    if row is None and not changes:
        return None
    now: State = msgspec.json.decode(row) if row else {}
    steps = list(steps_back(now, changes))
    # Of one that is gone, all that is known is what it was last.
    last = now or next((before for _, before, _ in steps if before), {})
    names = await Names.of([now, *(before for _, before, _ in steps)], last.get("user") or changes[0]["user"])
    return History(
        id=entry_id,
        owner=names.owner,
        is_own=names.owner_id == user.id,
        task=names.task(last),
        started_at=datetime.fromisoformat(last["started_at"]),
        stopped_at=moment(last["stopped_at"]),
        made_at=moment(now.get("created_at")),
        made_with=now.get("made_with", ""),
        events=[event_of(change, before, after, names) for change, before, after in steps],
    )


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def steps_back(now: State, changes: Iterable[Record]) -> Iterable[tuple[Record, State, State]]:
    """Each change with all of the entry before and after it, worked out from what it is now."""
    after = now
    for change in changes:
        before = after | {name: pair[0] for name, pair in msgspec.json.decode(change["changes"]).items()}
        yield change, before, after
        after = before


def event_of(change: Record, before: State, after: State, names: "Names") -> Event:
    changes: dict[str, list[Any]] = msgspec.json.decode(change["changes"])
    went = "started_at" in changes and changes["started_at"][1] is None
    different = [] if went else list(differences(set(changes), before, after, names))
    return Event(Change(change["action"]), change["changed_at"], change["by"], different)


def differences(changed: set[str], before: State, after: State, names: "Names") -> Iterable[Difference]:
    if changed & {"item", "project"}:
        yield Difference("task", names.task(before), names.task(after))
    for name, kind in (("started_at", "start"), ("stopped_at", "end")):
        if name in changed:
            yield Difference(kind, moment(before[name]), moment(after[name]))
    if "note" in changed:
        yield Difference("note", before["note"], after["note"])
    if "tags" in changed:
        yield Difference("tags", names.tags(before), names.tags(after))
    if "billable" in changed:
        yield Difference("billable", before["billable"], after["billable"])


NAMES = """
    SELECT 'item' AS kind, id, name FROM work_item WHERE id = ANY ($1::bigint[])
    UNION ALL SELECT 'tag', id, name FROM tag WHERE id = ANY ($2::bigint[])
    UNION ALL SELECT 'person', id, name FROM person WHERE id = $3
"""


@dataclass(frozen=True)
class Names:
    """Of all that is spoken of: as they are now, whatever became of it and whoever may see that."""

    found: dict[tuple[str, int], str]
    owner_id: int

    @classmethod
    async def of(cls, states: list[State], owner_id: int) -> "Names":
        items = {state.get(name) for state in states for name in ("item", "project")} - {None}
        tags = {tag for state in states for tag in state.get("tags") or ()}
        rows = await database.fetch(NAMES, list(items), list(tags), owner_id)
        return cls({(row["kind"], row["id"]): row["name"] for row in rows}, owner_id)

    @property
    def owner(self) -> str:
        return self.found["person", self.owner_id]

    def task(self, state: State) -> tuple[str, ...]:
        """The project and the item; empty where there was none."""
        ids = dict.fromkeys(state[name] for name in ("project", "item") if state.get(name))
        return tuple(self.found.get(("item", item_id), "") for item_id in ids)

    def tags(self, state: State) -> list[str]:
        return sorted((self.found["tag", tag] for tag in state["tags"]), key=str.lower)
