"""The fewest requests, counted by hand for small trees."""

from typing import Any

import pytest

from app.asana_sandbox.seed import large_world
from app.asana_sandbox.world import tree_for
from app.bench.floor import floor_of, seconds_at


def task(gid: str, *subtasks: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"gid": gid, "completed": False, "is_rendered_as_separator": False, "subtasks": list(subtasks), **fields}


def project(*tasks: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"archived": False, "completed": False, "sections": [{"tasks": list(tasks)}], **fields}


def floor(*projects: dict[str, Any]) -> int:
    """Without the one request for people and the one for the list of projects."""
    return floor_of([{"projects": list(projects)}], people=1).total - 2


def test_an_empty_project_costs_its_token_its_sections_and_a_page() -> None:
    assert floor() == 0
    assert floor(project()) == 3
    assert floor(project(), project()) == 6


def test_a_closed_project_costs_nothing() -> None:
    assert floor(project(task("1"), archived=True), project(task("2"), completed=True)) == 0


def test_tasks_come_a_hundred_a_page() -> None:
    assert floor(project(*(task(str(number)) for number in range(100)))) == 3
    assert floor(project(*(task(str(number)) for number in range(101)))) == 4


def test_completed_tasks_are_not_listed_and_what_is_below_them_is_not_asked_for() -> None:
    done = [task(str(number), task(f"below {number}"), completed=True) for number in range(150)]
    assert floor(project(*done)) == 3


def test_each_parent_costs_a_request_at_every_level() -> None:
    deep = task("1", task("2", task("3"), task("4")), task("5", task("6")))
    assert floor(project(deep)) == 3 + 3


def test_more_than_a_hundred_subtasks_cost_another_page() -> None:
    assert floor(project(task("1", *(task(f"below {number}") for number in range(101))))) == 3 + 2


def test_separators_and_completed_subtasks_have_nothing_below_them_that_is_asked_for() -> None:
    separator = task("2", task("3"), is_rendered_as_separator=True)
    done = task("4", task("5"), completed=True)
    assert floor(project(task("1", separator, done))) == 3 + 1


def test_a_task_in_two_projects_is_asked_for_its_subtasks_once() -> None:
    shared = task("1", task("2"))
    assert floor(project(shared), project(shared)) == 6 + 1


def test_people_and_projects_come_a_hundred_a_page() -> None:
    projects = [project() for _ in range(201)]
    found = floor_of([{"projects": projects}, {"projects": []}], people=101)
    assert (found.people, found.projects) == (4, 3 + 1)


@pytest.mark.parametrize("tasks", range(1, 30))
def test_a_large_world_has_as_many_tasks_as_were_ordered(tasks: int) -> None:
    assert len(large_world(projects=2, tasks=tasks, parents=0.25).state.tasks) == tasks


def test_a_large_world_costs_what_was_ordered() -> None:
    world = large_world(projects=10, tasks=1_000, parents=0.1)
    alice = next(person.gid for person in world.state.people.values() if person.name == "Alice Hartmann")
    tree = [workspace for workspace in tree_for(world, alice) if workspace["projects"]]
    found = floor_of(tree, people=len(world.state.people))
    assert (found.people, found.projects, found.event_tokens, found.sections) == (1, 1, 10, 10)
    # 750 of the tasks stand in projects, 75 in each; a hundred have subtasks.
    assert (found.tasks, found.subtasks) == (10, 100)
    assert found.total == 132


@pytest.mark.parametrize(("requests", "seconds"), [(100, 0), (1_500, 0), (1_525, 1), (6_000, 180)])
def test_the_limit_lets_a_minutes_requests_go_at_once(requests: int, seconds: int) -> None:
    assert seconds_at(1_500, requests) == seconds
