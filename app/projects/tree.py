"""The tree as the page shows it: some branches open, each line at its place and with the time of that place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from app.projects.access import Item, Person, visible
from app.projects.models import Kind
from app.projects.queries import FIRST, PAGE, Parent, Row, View, branch
from app.projects.totals import totals_in, totals_of_projects
from app.web.ids import read_id

Path = tuple[int, ...]
# So many projects are shown at first; with "Load more" come as many as in any branch.
AT_FIRST = 50


@dataclass
class Node:
    """A line of the tree. An item of two projects has two, told apart by the ids from the root down."""

    row: Row
    path: Path
    project_id: int | None
    is_theirs: bool
    seconds: int = 0
    below: "Level | None" = None
    dom_name: ClassVar[str] = "node"

    @property
    def id(self) -> str:
        return path_text(self.path)

    @property
    def can_track(self) -> bool:
        return self.is_theirs and self.row.kind != Kind.root and self.row.archived_at is None


@dataclass
class Level:
    """The open part of what is below one item. `path` is empty for the roots."""

    path: Path
    nodes: list[Node] = field(default_factory=list)
    next: tuple[int, int] | None = None
    dom_name: ClassVar[str] = "level"

    @property
    def id(self) -> str:
        return path_text(self.path)


@dataclass(frozen=True)
class Above:
    """What a level hangs from: how the person has it, and which project it is in."""

    path: Path
    is_whole: bool
    is_theirs: bool
    project_id: int | None

    @property
    def parent(self) -> Parent:
        return Parent(self.path[-1] if self.path else None, len(self.path) == 1, self.is_whole)


async def whole_tree(user: Person, view: View, open_path: Path = ()) -> list[Node]:
    """The roots with what is directly below them, and one chain of branches opened."""
    roots = await level(user, view, Above((), user.is_administrator, False, None))
    for root in roots.nodes:
        await open_below(user, view, root, open_path, PAGE if open_path else AT_FIRST)
    await add_totals(user, list(every(roots)))
    return roots.nodes


async def open_below(user: Person, view: View, node: Node, open_path: Path, limit: int) -> None:
    here = Above(node.path, node.row.is_whole, node.is_theirs, node.project_id)
    node.below = await level(user, view, here, limit=limit)
    wanted = open_path[: len(node.path) + 1]
    for child in node.below.nodes:
        if child.path == wanted:
            await open_below(user, view, child, open_path, limit)


async def level_at(
    user: Person, view: View, path: Path, after: tuple[int, int] = FIRST, limit: int = PAGE
) -> Level | None:
    """What is below the item at this place; None where the person sees no such place."""
    item = await visible(user, path[-1])
    way = next((way for way in item.ways if (*way.ids, item.id) == path), None) if item else None
    if way is None:
        return None
    here = Above(path, user.is_administrator or way.is_assigned, way.is_assigned, way.project_id)
    found = await level(user, view, here, after, limit)
    await add_totals(user, found.nodes)
    return found


async def level(user: Person, view: View, here: Above, after: tuple[int, int] = FIRST, limit: int = PAGE) -> Level:
    rows = await branch(user, here.parent, view, after=after, limit=limit)
    return Level(here.path, [node_of(row, here) for row in rows.rows], rows.next)


def node_of(row: Row, here: Above) -> Node:
    project_id = row.id if row.kind == Kind.project else here.project_id
    return Node(row, (*here.path, row.id), project_id, here.is_theirs or row.is_assigned)


def every(found: Level) -> Iterator[Node]:
    for node in found.nodes:
        yield node
        if node.below:
            yield from every(node.below)


async def add_totals(user: Person, nodes: Sequence[Node]) -> None:
    """A query for the projects, and one for each project (or none) in which other items are shown."""
    whole = [node for node in nodes if node.row.is_whole and node.row.kind != Kind.root]
    projects = [node for node in whole if node.row.kind == Kind.project]
    set_totals(projects, await totals_of_projects(user.account_id, ids_of(projects)))
    others = [node for node in whole if node.row.kind != Kind.project]
    for project_id in {node.project_id for node in others}:
        inside = [node for node in others if node.project_id == project_id]
        set_totals(inside, await totals_in(user.account_id, project_id, ids_of(inside)))


def ids_of(nodes: Sequence[Node]) -> set[int]:
    return {node.row.id for node in nodes}


def set_totals(nodes: Sequence[Node], seconds: dict[int, int]) -> None:
    for node in nodes:
        node.seconds = seconds.get(node.row.id, 0)


def path_text(path: Path) -> str:
    return "-".join(map(str, path))


def path_of(text: str) -> Path:
    """`1-12-57` as ids; nothing for anything else."""
    parts = text.split("-")
    ids = tuple(number for part in parts if (number := read_id(part)) is not None)
    return ids if len(ids) == len(parts) else ()


def place_of(item: Item) -> Path:
    """The first of the item's places, as it is shown where nothing says which is meant."""
    best = sorted(item.ways, key=lambda way: not way.is_usable)
    return (*best[0].ids, item.id) if best else (item.id,)
