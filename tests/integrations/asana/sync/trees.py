"""Asana's tree and ours in the same form, to be compared: nested `Node`s in their order."""

from dataclasses import dataclass, field
from difflib import unified_diff
from typing import Any

from app import database
from app.asana_sandbox.world import World, tree_for

NO_SECTION = {"", "untitled section", "(no section)"}


@dataclass
class Node:
    gid: str
    name: str
    children: list["Node"] = field(default_factory=list)
    people: set[str] = field(default_factory=set, compare=False)


def tree_in_asana(world: World, owner: str, workspaces: set[str] | None = None) -> list[Node]:
    """What Sundial should show: open projects, their lists, and the tasks that are neither done nor separators."""
    return [
        project_node(world, project)
        for workspace in tree_for(world, owner)
        if workspaces is None or workspace["gid"] in workspaces
        for project in workspace["projects"]
        if not project["archived"] and not project["completed"]
    ]


def project_node(world: World, project: dict[str, Any]) -> Node:
    node = Node(project["gid"], project["name"], people=members(world, project))
    for number, section in enumerate(project["sections"]):
        tasks = task_nodes(section["tasks"])
        if number == 0 and section["name"].strip().lower() in NO_SECTION:
            node.children += tasks
        else:
            node.children.append(Node(section["gid"], section["name"], tasks))
    return node


def task_nodes(tasks: list[dict[str, Any]]) -> list[Node]:
    return [
        Node(task["gid"], task["name"], task_nodes(task["subtasks"]), {task["assignee"]} - {None})
        for task in tasks
        if not task["completed"] and not task["is_rendered_as_separator"]
    ]


def members(world: World, project: dict[str, Any]) -> set[str]:
    teams = world.state.teams
    expanded = [teams[member].members if member in teams else [member] for member in project["members"]]
    return {person for people in expanded for person in people}


def outline(nodes: list[Node], depth: int = 0) -> list[str]:
    """A line for each, indented: two trees that differ are then told apart line by line."""
    lines: list[str] = []
    for node in nodes:
        lines += [f"{'    ' * depth}{node.gid} {node.name}", *outline(node.children, depth + 1)]
    return lines


def unordered(nodes: list[Node], above: str = "") -> list[str]:
    """A line for each, with its way from the top."""
    lines: list[str] = []
    for node in nodes:
        lines += [f"{above}{node.gid} {node.name}", *unordered(node.children, f"{above}{node.gid} / ")]
    return sorted(lines)


def difference(theirs: list[str], ours: list[str]) -> list[str]:
    """Lines that only one of the trees has."""
    return list(unified_diff(theirs, ours, "in Asana", "in Sundial", n=0, lineterm=""))


def gids(nodes: list[Node]) -> set[str]:
    return {node.gid for node in nodes} | {gid for node in nodes for gid in gids(node.children)}


def visible_to(nodes: list[Node], person: str, above: bool = False) -> set[str]:
    """Gids of what they are involved in, and of everything below that."""
    found: set[str] = set()
    for node in nodes:
        mine = above or person in node.people
        found |= ({node.gid} if mine else set()) | visible_to(node.children, person, mine)
    return found


async def tree_in_sundial(account_id: int) -> list[Node]:
    """Active items from the root down, each under every active place of its own."""
    items = await database.fetch(
        "SELECT id, foreign_id, name, kind FROM work_item WHERE account = $1 AND archived_at IS NULL", account_id
    )
    places = await database.fetch(
        "SELECT item, parent FROM placement WHERE account = $1 ORDER BY parent, position, id", account_id
    )
    by_id = {row["id"]: row for row in items}
    children: dict[int, list[int]] = {}
    for place in places:
        if place["item"] in by_id and place["parent"] in by_id:
            children.setdefault(place["parent"], []).append(place["item"])
    reached: set[int] = set()

    def node(item_id: int) -> Node:
        reached.add(item_id)
        row = by_id[item_id]
        return Node(row["foreign_id"], row["name"], [node(child) for child in children.get(item_id, [])])

    roots = [row["id"] for row in items if row["kind"] == "root"]
    tree = [project for root in roots for project in node(root).children]
    assert reached == set(by_id), f"active, but under nothing that is: {[by_id[i] for i in set(by_id) - reached]}"
    return tree


async def visible_in_sundial(user_id: int) -> set[str]:
    """What a person's assignments open to them: active items at or below any of them."""
    rows = await database.fetch(
        """WITH RECURSIVE mine AS (
            SELECT item.id FROM assignment JOIN work_item item ON item.id = assignment.item
            WHERE assignment."user" = $1 AND item.archived_at IS NULL
            UNION
            SELECT item.id FROM mine JOIN placement ON placement.parent = mine.id
                 JOIN work_item item ON item.id = placement.item AND item.archived_at IS NULL)
        SELECT foreign_id FROM mine JOIN work_item USING (id) WHERE kind <> 'root'""",
        user_id,
    )
    return {row["foreign_id"] for row in rows}
