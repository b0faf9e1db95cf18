import msgspec
import pytest

from app.asana_sandbox.seed import large_world, seeded_world
from app.asana_sandbox.world import tree_for


def test_it_is_the_same_every_time():
    first, second = seeded_world(), seeded_world()
    assert msgspec.json.encode(first.state) == msgspec.json.encode(second.state)


def test_it_is_a_company_of_the_promised_size():
    world = seeded_world()
    depths = [len(world.ancestors(task)) for task in world.state.tasks.values()]
    assert (len(world.state.workspaces), len(world.state.people)) == (2, 13)
    assert (len(world.state.projects), len(depths), max(depths)) == (25, 600, 3)


def test_it_holds_what_breaks_importers():
    world = seeded_world()
    tasks = list(world.state.tasks.values())
    names = {task.name for task in tasks}
    assert {"", "x" * 300, "<script>alert(1)</script>", "=cmd()", "  blanks before and after  "} <= names
    assert any(len(task.places) == 2 for task in tasks)
    assert any(task.parent and task.places for task in tasks)
    assert any(task.is_separator for task in tasks)
    assert any(task.assignee is None for task in tasks)
    assert any(task.deleted_at for task in tasks)
    assert {"milestone", "approval", "default_task"} == {task.resource_subtype for task in tasks}


def test_bob_works_in_some_projects_and_on_tasks_elsewhere():
    world = seeded_world()
    bob = world.person_by_email("BOB@meridian.example").gid
    member_of = {gid for gid, project in world.state.projects.items() if bob in project.memberships}
    elsewhere = [
        gid for gid in world.assigned_to[bob] if world.task(gid).places and not member_of & set(world.task(gid).places)
    ]
    assert len(member_of) >= 2
    assert elsewhere


def test_only_grace_sees_the_salaries():
    world = seeded_world()
    seeing = [
        person.name
        for person in world.state.people.values()
        if any(
            project["name"] == "Salary review"
            for workspace in tree_for(world, person.gid)
            for project in workspace["projects"]
        )
    ]
    assert seeing == ["Grace Mbeki"]


@pytest.mark.parametrize("parents", [0.0, 0.1, 0.25])
def test_a_large_world_has_what_was_ordered(parents: float):
    world = large_world(projects=50, tasks=5_000, parents=parents)
    tasks = world.state.tasks.values()
    assert len(world.state.projects) == 50
    assert len(tasks) == 5_000
    broods = [len(task.subtasks) for task in tasks if task.subtasks]
    assert len(broods) == 5_000 * parents
    assert set(broods) <= {2, 3}
    assert max(len(world.ancestors(task)) for task in tasks) == (2 if parents else 0)
