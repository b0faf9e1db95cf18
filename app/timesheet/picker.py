"""Choosing what to track on: what was tracked lately, what is found, and the tree."""

from collections.abc import Callable
from dataclasses import dataclass

from app import database
from app.projects.access import Person, Way
from app.projects.models import Kind
from app.projects.queries import Branch, Row, children, paths_for
from app.projects.search import search
from app.timesheet.forms import WorkForm
from app.timesheet.work import NO_TASK, Work, work_on
from app.web.filters import item_name

MANY_HITS = 30
FEW_RECENT = 8
BRANCH = 120
FIRST = (-1, 0)


@dataclass(frozen=True)
class Option:
    """An item at one of its places. `path` are the names above it, without the root."""

    item_id: int
    project_id: int | None
    name: str
    path: tuple[str, ...]

    @property
    def choice(self) -> str:
        """The item and its project in one form field."""
        return f"{self.item_id}-{self.project_id or ''}"

    @property
    def hue(self) -> str:
        return Work(self.item_id, self.project_id).hue


@dataclass(frozen=True)
class Tree:
    """A branch of the tree. `project_id` is the project it is below, and so what time there counts for."""

    heading: str | None
    parent_id: int
    project_id: int | None
    branch: Branch

    def project_of(self, row: Row) -> int | None:
        return row.id if row.kind == Kind.project else self.project_id

    def choice(self, row: Row) -> str:
        return f"{row.id}-{self.project_of(row) or ''}"


async def found(user: Person, text: str) -> list[Option]:
    hits = await search(user, text, MANY_HITS, for_tracking=True)
    return [Option(hit.id, hit.project_id, hit.name, hit.path[1:]) for hit in hits]


# How often and how lately at once: a day on which it was tracked counts one (however many entries it had), a week later
# half of that, and so on. What was left off just now, and is most often what comes next, counts two more, which is
# forgotten by the next morning. So what one does daily stands first, after a lunch break below what one was just at.
RECENT = """
    SELECT item, project, name FROM (
        SELECT entry.item, entry.project, item.name, max(entry.started_at) AS last,
               extract(epoch FROM now() - max(entry.started_at)) / 3600 AS hours_ago,
               floor(extract(epoch FROM now() - entry.started_at) / 86400) AS days_ago
        FROM time_entry entry JOIN work_item item ON item.id = entry.item
        WHERE entry."user" = $1 AND entry.started_at > now() - interval '60 days' AND item.archived_at IS NULL
        GROUP BY entry.item, entry.project, item.name, days_ago
    ) day
    GROUP BY item, project, name
    ORDER BY sum(0.5 ^ (days_ago / 7)) + 2 * 0.5 ^ (min(hours_ago) / 4) DESC, max(last) DESC
    LIMIT $2
"""


async def recent(user: Person) -> list[Option]:
    """What was tracked on lately and often, and still can be, at the place where it was."""
    rows = await database.fetch(RECENT, user.id, FEW_RECENT * 3)
    paths = await paths_for(user, {row["item"] for row in rows})
    options = [
        Option(row["item"], way.project_id, row["name"], way.names[1:])
        for row in rows
        if (way := usable_way(paths.get(row["item"], []), row["project"]))
    ]
    return list(dict.fromkeys(options))[:FEW_RECENT]


def usable_way(ways: list[Way], project_id: int | None) -> Way | None:
    usable = [way for way in ways if way.is_usable]
    through = (way for way in usable if way.project_id == project_id)
    return next(through, usable[0] if usable else None)


async def trees(user: Person) -> list[Tree]:
    """What the person sees first: everything directly below each root, under the root's name."""
    roots = await children(user, None, for_tracking=True)
    return [
        Tree(root.name, root.id, None, await children(user, root.id, for_tracking=True, limit=BRANCH))
        for root in roots.rows
    ]


async def tree(user: Person, parent_id: int, project_id: int | None, after: tuple[int, int] = FIRST) -> Tree:
    """One branch, from `after` on."""
    return Tree(
        None, parent_id, project_id, await children(user, parent_id, for_tracking=True, after=after, limit=BRANCH)
    )


class Undecided(Exception):
    """The words typed name no task, or more than one: the person has to choose."""

    def __init__(self, options: list[Option]) -> None:
        super().__init__()
        self.options = options
        self.reason = "Which one?" if options else "Nothing is called that. Try other words."


def as_typed(text: str) -> str:
    return text


async def read_work(
    user: Person, form: WorkForm, keep: Work = NO_TASK, *, meant: Callable[[str], str] = as_typed
) -> Work:
    """What a form says the time is for. `keep` is what it was for, which may stay whatever became of the task.

    `meant` says what to look for when something was typed. Raises Undecided, and what `work_on` raises.
    """
    work = form.chosen
    if form.words == "":
        return NO_TASK
    if form.words and not await is_called(user, work, form.words):
        work = await the_only_hit(user, meant(form.words))
    return work if work == keep else await work_on(user, work.item_id, work.project_id)


async def the_only_hit(user: Person, text: str) -> Work:
    options = await found(user, text)
    if len(options) != 1:
        raise Undecided(options)
    return Work(options[0].item_id, options[0].project_id)


async def is_called(user: Person, work: Work, words: str) -> bool:
    """A browser's input field keeps no line breaks, so spaces of any kind are alike."""
    sql = "SELECT name FROM work_item WHERE id = $1 AND account = $2"
    name = await database.fetch_value(sql, work.item_id, user.account_id)
    return name is not None and item_name(name).split() == words.split()
