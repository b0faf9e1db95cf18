"""Searching as nobody could for long: every way is walked, every word compared. The real search has to agree."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from app import database
from app.accounts.models import User
from app.projects.models import WorkItem

Path = tuple[int, ...]


@dataclass(frozen=True)
class Found:
    rank: int
    size: int
    item: int
    path: Path
    project: int | None


@dataclass
class Tree:
    items: dict[int, WorkItem]
    below: dict[int, list[int]]
    assigned: set[int]
    keywords: dict[int, list[str]]

    @classmethod
    async def seen_by(cls, user: User) -> "Tree":
        below: dict[int, list[int]] = defaultdict(list)
        keywords: dict[int, list[str]] = defaultdict(list)
        for row in await database.fetch("SELECT item, parent FROM placement WHERE account = $1", user.account):
            below[row["parent"]].append(row["item"])
        for row in await database.fetch("SELECT item, word FROM keyword WHERE account = $1", user.account):
            keywords[row["item"]].append(row["word"].lower())
        assigned = await database.fetch('SELECT item FROM assignment WHERE "user" = $1', user.id)
        items = {item.id: item for item in await WorkItem.objects().where(WorkItem.account == user.account)}
        return cls(items, below, {row["item"] for row in assigned}, keywords)

    def paths(self) -> Iterator[Path]:
        waiting: list[Path] = [(item.id,) for item in self.items.values() if item.kind == "root"]
        while waiting:
            path = waiting.pop()
            yield path
            waiting += [(*path, item) for item in self.below[path[-1]] if item not in path]

    def project(self, path: Path) -> int | None:
        return next((id_ for id_ in path if self.items[id_].kind == "project"), None)

    def is_assigned(self, path: Path) -> bool:
        return not self.assigned.isdisjoint(path)

    def is_open(self, path: Path) -> bool:
        return all(self.items[id_].archived_at is None for id_ in path[:-1])

    def rank(self, path: Path, text: str) -> int | None:
        item, text = self.items[path[-1]], text.lower()
        if item.name.lower().startswith(text) or item.foreign_id == text:
            return 0
        if has_words(text, item.name):
            return 1
        if any(word.startswith(text) for word in self.keywords[item.id]):
            return 2
        return 3 if has_words(text, *(self.items[id_].name for id_ in path)) else None

    def found(self, text: str, *, archived: bool) -> Iterator[Found]:
        for path in self.paths():
            item = self.items[path[-1]]
            rank = self.rank(path, text)
            if len(path) > 1 and rank is not None and (item.archived_at is not None) == archived:
                yield Found(rank, len(item.name) if rank < 3 else len(path), item.id, path, self.project(path))


def has_words(text: str, *names: str) -> bool:
    beginnings = re.findall(r"[^\W_]+", text.lower())
    words = re.findall(r"[^\W_]+", " ".join(names).lower())
    return bool(beginnings) and all(any(word.startswith(each) for word in words) for each in beginnings)


async def to_track_on(user: User, text: str, *, archived: bool = False) -> list[tuple[int, int | None, Path]]:
    """Item, project and path of each hit, the best first."""
    tree = await Tree.seen_by(user)
    best: dict[tuple[int, int | None], Found] = {}
    for found in sorted(tree.found(text, archived=archived), key=lambda each: each.path):
        if tree.is_assigned(found.path) and tree.is_open(found.path):
            best.setdefault((found.item, found.project), found)
    return in_order(best.values())


async def to_see(
    user: User, text: str, *, archived: bool = False, everything: bool = False
) -> list[tuple[int, int | None, Path]]:
    tree = await Tree.seen_by(user)
    best: dict[int, Found] = {}
    for found in sorted(
        tree.found(text, archived=archived),
        key=lambda each: (not tree.is_assigned(each.path), not tree.is_open(each.path), each.path),
    ):
        if everything or tree.is_assigned(found.path):
            best.setdefault(found.item, found)
    return in_order(best.values())


def in_order(found: object) -> list[tuple[int, int | None, Path]]:
    ordered = sorted(found, key=lambda each: (each.rank, each.size, each.item, each.path))  # type: ignore[call-overload]
    return [(each.item, each.project, each.path) for each in ordered]
