"""The fewest requests that a complete reading of a tree can be made with: nothing that Asana tells in one answer is
asked for twice, and nothing is left out that no other answer tells.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

ROWS_A_PAGE = 100
Node = dict[str, Any]


@dataclass
class Floor:
    people: int = 0
    projects: int = 0
    event_tokens: int = 0
    sections: int = 0
    tasks: int = 0
    subtasks: int = 0

    @property
    def total(self) -> int:
        return sum(asdict(self).values())


def floor_of(tree: list[Node], people: int) -> Floor:
    """Of workspaces as the sandbox tells them. Separators have no subtasks worth asking for, and what is below a
    completed task is archived with it.
    """
    floor = Floor(people=len(tree) * pages(people))
    parents: dict[str, Node] = {}
    for workspace in tree:
        floor.projects += pages(len(workspace["projects"]))
        for project in workspace["projects"]:
            if project["archived"] or project["completed"]:
                continue
            tasks = [task for section in project["sections"] for task in section["tasks"] if not task["completed"]]
            floor.event_tokens += 1
            floor.sections += pages(len(project["sections"]))
            floor.tasks += pages(len(tasks))
            # A task in several projects is asked for its subtasks once.
            parents.update((task["gid"], task) for task in with_subtasks(tasks))
    floor.subtasks = sum(pages(len(task["subtasks"])) for task in parents.values())
    return floor


def with_subtasks(tasks: Iterable[Node]) -> Iterator[Node]:
    for task in tasks:
        if task["subtasks"] and not task["completed"] and not task["is_rendered_as_separator"]:
            yield task
            yield from with_subtasks(task["subtasks"])


def pages(rows: int) -> int:
    return max(1, -(-rows // ROWS_A_PAGE))


def seconds_at(rate: int, requests: int) -> float:
    """What a limit of `rate` a minute allows at best: the sandbox's bucket is full at first, then refills steadily."""
    return max(0, requests - rate) / (rate / 60)


# The same of a tree as it was imported. Completed subtasks are not, so it may be a few pages too low, never too high.
FLOOR_OF_IMPORT = """
WITH live AS (
    SELECT id, kind, foreign_group FROM work_item WHERE account = $1 AND source = 'asana' AND archived_at IS NULL),
project AS (SELECT id FROM live WHERE kind = 'project'),
list AS (SELECT placement.parent AS project, live.id FROM live JOIN placement ON placement.item = live.id
         WHERE live.kind = 'list'),
task AS (SELECT coalesce(list.project, project.id) AS project, placement.parent, live.id
         FROM live JOIN placement ON placement.item = live.id
         LEFT JOIN list ON list.id = placement.parent LEFT JOIN project ON project.id = placement.parent
         WHERE live.kind = 'task'),
workspace AS (SELECT gid FROM asana_workspace WHERE connection = $2 AND is_selected)
SELECT
    (SELECT sum(greatest(1, ceil(count / 100.0))) FROM (
        SELECT count(person.id) FROM workspace
        LEFT JOIN asana_person person ON person.connection = $2 AND workspace.gid = ANY(person.workspace_gids)
        GROUP BY workspace.gid) AS people)::int AS people,
    (SELECT sum(greatest(1, ceil(count / 100.0))) FROM (
        SELECT count(item.id) FROM workspace LEFT JOIN work_item item ON item.account = $1
          AND item.kind = 'project' AND item.source = 'asana' AND item.foreign_group = workspace.gid
        GROUP BY workspace.gid) AS projects)::int AS projects,
    (SELECT count(*) FROM project)::int AS event_tokens,
    (SELECT sum(greatest(1, ceil(count / 100.0))) FROM (
        SELECT count(list.id) FROM project LEFT JOIN list ON list.project = project.id
        GROUP BY project.id) AS sections)::int AS sections,
    (SELECT sum(greatest(1, ceil(count / 100.0))) FROM (
        SELECT count(DISTINCT task.id) FROM project LEFT JOIN task ON task.project = project.id
        GROUP BY project.id) AS tasks)::int AS tasks,
    (SELECT coalesce(sum(ceil(count / 100.0)), 0) FROM (
        SELECT count(DISTINCT task.id) FROM task WHERE task.project IS NULL GROUP BY task.parent) AS subtasks)::int
        AS subtasks
"""
