"""The whole of what one person may see, nested, to be compared with what a client made of it."""

from typing import Any

from app.asana_sandbox.model import Gid, Project, Section, Task

from .base import WorldBase
from .sight import Sight

Node = dict[str, Any]


def tree_for(world: WorldBase, person: Gid) -> list[Node]:
    """Workspaces, their projects, the sections, tasks and subtasks, each in Asana's order.

    A subtask that is also in a project stands in both places.
    """
    with world.lock:
        sight = Sight(world, world.person(person).gid)
        return [
            {
                "gid": workspace.gid,
                "name": workspace.name,
                "projects": [_project(world, each) for each in sight.projects(workspace.gid)],
            }
            for workspace in sight.workspaces()
        ]


def _project(world: WorldBase, project: Project) -> Node:
    return {
        "gid": project.gid,
        "name": project.name,
        "archived": project.archived,
        "completed": project.completed_at is not None,
        "members": list(project.memberships),
        "sections": [_section(world, section) for section in world.live_sections(project)],
    }


def _section(world: WorldBase, section: Section) -> Node:
    return {
        "gid": section.gid,
        "name": section.name,
        "tasks": [_task(world, task) for task in world.tasks_in_section(section)],
    }


def _task(world: WorldBase, task: Task) -> Node:
    return {
        "gid": task.gid,
        "name": task.name,
        "completed": task.completed_at is not None,
        "resource_subtype": task.resource_subtype,
        "is_rendered_as_separator": task.is_separator,
        "assignee": task.assignee,
        "parent": task.parent,
        "tags": list(task.tags),
        "subtasks": [_task(world, child) for child in world.live_subtasks(task)],
    }
