"""What a pass changed and could not read, as one person may be told of it: names only of what they may see."""

import json
from dataclasses import dataclass

from app import database
from app.integrations.asana import words
from app.integrations.asana.models import SyncRun
from app.integrations.asana.progress import OPEN, seconds_of
from app.projects.access import Person, assigned

KINDS = ("added", "renamed", "moved", "archived", "revived")


@dataclass(frozen=True)
class Change:
    kind: str
    item_id: int
    name: str
    was: str | None = None


@dataclass(frozen=True)
class LeftOut:
    """Something that was left as it is, because it could not be read."""

    word: str
    project: str | None = None
    workspace: str | None = None

    @property
    def name(self) -> str | None:
        return self.project or self.workspace


@dataclass(frozen=True)
class ChangeGroup:
    """All changes of one kind. `hidden` are known by name, but not to this person; `further` were too many to note."""

    kind: str
    count: int
    changes: list[Change]
    hidden: int

    @property
    def further(self) -> int:
        return max(0, self.count - len(self.changes) - self.hidden)


@dataclass(frozen=True)
class Told:
    """`unnamed_left_out` counts what could not be read and may not be named to this person."""

    run: SyncRun
    groups: list[ChangeGroup]
    left_out: list[LeftOut]
    unnamed_left_out: int

    @property
    def is_open(self) -> bool:
        return self.run.state in OPEN

    @property
    def line(self) -> str:
        return words.outcome(self.run, counts_of(self.run), seconds_of(self.run))


async def told_to(user: Person, run: SyncRun) -> Told:
    seen, left_out = await changes_seen_by(user, run), left_out_of(run)
    if user.is_administrator:
        return Told(run, grouped(run, seen), left_out, 0)
    return Told(run, grouped(run, seen), [], len(left_out))


def told_in_full(run: SyncRun) -> Told:
    """For those who may see everything."""
    return Told(run, grouped(run, changes_of(run)), left_out_of(run), 0)


def grouped(run: SyncRun, seen: list[Change]) -> list[ChangeGroup]:
    noted = changes_of(run)
    groups = []
    for kind, count in counts_of(run).items():
        theirs = [change for change in seen if change.kind == kind]
        hidden = sum(change.kind == kind for change in noted) - len(theirs)
        groups.append(ChangeGroup(kind, count, theirs, hidden))
    return groups


def counts_of(run: SyncRun) -> dict[str, int]:
    """Only what happened at all, in the order in which it is told."""
    return {kind: count for kind in KINDS if (count := getattr(run, kind))}


def changes_of(run: SyncRun) -> list[Change]:
    """The first few hundred, which is all that a run remembers by name."""
    return [Change(**change) for change in json.loads(run.changes)]


def left_out_of(run: SyncRun) -> list[LeftOut]:
    return [LeftOut(**warning) for warning in json.loads(run.warnings)]


async def changes_seen_by(user: Person, run: SyncRun) -> list[Change]:
    changes = changes_of(run)
    if user.is_administrator or not changes:
        return changes
    theirs = await theirs_among(user, [change.item_id for change in changes])
    return [change for change in changes if change.item_id in theirs]


THEIRS = f"""
    WITH RECURSIVE climb (item, at) AS (
        SELECT id, id FROM work_item WHERE account = $1 AND id = ANY($3::bigint[])
        UNION
        SELECT climb.item, placement.parent FROM climb JOIN placement ON placement.item = climb.at
    )
    SELECT DISTINCT item FROM climb WHERE {assigned("climb.at")}
"""  # noqa: S608 - made of the access rule's own SQL


async def theirs_among(user: Person, item_ids: list[int]) -> set[int]:
    """Those that the person is assigned to, directly or through anything above."""
    return {row["item"] for row in await database.fetch(THEIRS, user.account_id, user.id, item_ids)}
