"""Whatever happens to the company, three things stay true: its indexes, what a restart finds, and that the API shows
each person exactly their part."""

from collections.abc import Callable
from random import Random
from typing import Any

import msgspec
import pytest

from app.asana_sandbox.model import State
from app.asana_sandbox.seed import seeded_world
from app.asana_sandbox.world import RefusedError, World, tree_for


class Mischief:
    """Random verbs on random things, the same for the same seed."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.random = Random(seed)

    def some(self, table: dict[str, Any]) -> str:
        return self.random.choice(list(table))

    def happen(self, times: int) -> None:
        for _ in range(times):
            try:
                self.random.choice(self.verbs())()
            except RefusedError:
                continue

    def verbs(self) -> list[Callable[[], object]]:
        world, state = self.world, self.world.state
        task, other = self.some(state.tasks), self.some(state.tasks)
        project, person = self.some(state.projects), self.some(state.people)
        section, workspace = self.some(state.sections), self.some(state.workspaces)
        number = self.random.randrange(1000)
        return [
            lambda: world.add_task(project, f"Task {number}", assignee=person),
            lambda: world.add_subtask(task, f"Step {number}"),
            lambda: world.rename_task(task, f"Renamed {number}"),
            lambda: world.complete_task(task),
            lambda: world.reopen_task(task),
            lambda: world.assign_task(task, self.random.choice([person, None])),
            lambda: world.move_task(task, section),
            lambda: world.add_to_project(task, project),
            lambda: world.remove_from_project(task, project),
            lambda: world.set_parent(task, self.random.choice([other, None])),
            lambda: world.promote_subtask(task, project),
            lambda: world.tag_task(task, self.some(state.tags)),
            lambda: world.untag_task(task, self.some(state.tags)),
            lambda: world.delete_task(task),
            lambda: world.restore_task(task),
            lambda: world.make_project(f"Project {number}", workspace, owner=person),
            lambda: world.delete_project(project),
            lambda: world.restore_project(project),
            lambda: world.archive_project(project),
            lambda: world.make_section(project, f"Section {number}", position=0),
            lambda: world.delete_section(section),
            lambda: world.add_member(project, person),
            lambda: world.remove_member(project, person),
            lambda: world.make_private(project),
            lambda: world.make_public(project),
        ]


@pytest.mark.parametrize("seed", range(5))
def test_a_restart_finds_the_same_world(seed):
    world = seeded_world()
    Mischief(world, seed).happen(400)
    again = World(msgspec.json.decode(msgspec.json.encode(world.state), type=State))
    for person in world.state.people:
        assert tree_for(again, person) == tree_for(world, person)
    for index in ("assigned_to", "tagged"):
        before, after = getattr(world, index), getattr(again, index)
        assert {k: set(v) for k, v in before.items() if v} == {k: set(v) for k, v in after.items() if v}
    assert world.projects_in == again.projects_in


@pytest.mark.parametrize("seed", range(3))
def test_every_place_is_told_from_both_sides(seed):
    world = seeded_world()
    Mischief(world, seed).happen(400)
    for task in world.state.tasks.values():
        for project, section in task.places.items():
            assert world.section(section).project == project
            assert world.section(section).tasks.count(task.gid) == 1
        if task.parent:
            assert world.task(task.parent).subtasks.count(task.gid) == 1
    for section in world.state.sections.values():
        assert all(world.task(gid).places[section.project] == section.gid for gid in section.tasks)


def test_the_api_shows_everyone_exactly_their_part(sandbox, get):
    Mischief(sandbox.world, 7).happen(300)
    for who in ("alice", "bob", "olivia", "grace"):
        person = get("/users/me", who=who).json()["data"]["gid"]
        assert crawl(get, who) == trimmed(tree_for(sandbox.world, person))


def crawl(get: Callable[..., Any], who: str) -> list[Any]:
    def rows(path: str, **query: str) -> list[dict[str, Any]]:
        found, offset = [], {}
        while True:
            answer = get(path, who=who, limit=50, **query, **offset).json()
            found += answer["data"]
            if not answer["next_page"]:
                return found
            offset = {"offset": answer["next_page"]["offset"]}

    def node(task: dict[str, Any]) -> tuple[str, list[Any]]:
        below = rows(f"/tasks/{task['gid']}/subtasks", opt_fields="num_subtasks") if task["num_subtasks"] else []
        return task["gid"], [node(each) for each in below]

    return [
        (
            workspace["gid"],
            [
                (
                    project["gid"],
                    [
                        (section["gid"], [node(task) for task in rows("/tasks", section=section["gid"], **FIELDS)])
                        for section in rows(f"/projects/{project['gid']}/sections")
                    ],
                )
                for project in rows("/projects", workspace=workspace["gid"])
            ],
        )
        for workspace in rows("/workspaces")
    ]


FIELDS = {"opt_fields": "num_subtasks"}


def trimmed(tree: list[dict[str, Any]]) -> list[Any]:
    """Gids only, nested like the crawl."""
    below = ("projects", "sections", "tasks", "subtasks")
    return [(each["gid"], trimmed(next(each[name] for name in below if name in each))) for each in tree]
