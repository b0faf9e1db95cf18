"""Nothing is archived on the word of a listing that failed or was cut short, and one failure does not stop the rest."""

import json
from typing import Any

import pytest

from app.asana_sandbox.model import Project, Task
from app.integrations.asana.models import ConnectionState, RunState
from tests.integrations.asana.sync.connected import Connected
from tests.integrations.asana.sync.office import Office
from tests.integrations.asana.sync.trees import gids, tree_in_asana

FAULTS: list[dict[str, Any]] = [
    {"status": 500, "times": 50},
    {"status": 403},
    {"status": 429, "retry_after": 600},
    {"kind": "cut", "times": 50},
    {"kind": "not_json", "times": 50},
    {"status": 400},
]
PHASES = ["/users", "/projects", "/sections", "{garden}/tasks", "/subtasks", "/memberships", "/tasks/{deleted}"]


async def assert_nothing_archived_without_proof(connected: Connected, before: set[str]) -> None:
    archived = before - gids(await connected.tree())
    assert not archived & gids(tree_in_asana(connected.world, connected.connection.asana_user_gid))


def plant(office: Office, number: int) -> str:
    task = office.world.add_task(office.garden, f"Bed {number}", assignee=office.bob)
    office.world.add_subtask(task, f"Dig {number}")
    office.world.add_to_project(office.world.add_task(office.garden, f"In both {number}"), office.launch)
    return task


@pytest.mark.parametrize("phase", PHASES)
async def test_it_archives_nothing_without_proof_whatever_fails(
    office: Office, connected: Connected, phase: str
) -> None:
    plant(office, -1)
    tasks = [plant(office, number) for number in range(len(FAULTS))]
    await connected.compare()
    for task, fault in zip(tasks, FAULTS, strict=True):
        before = gids(await connected.tree())
        office.world.delete_task(task)
        office.world.rename_project(office.launch, f"Launch after {fault}")
        connected.sandbox.control.fail_next(**fault, match=phase.format(garden=office.garden, deleted=task))
        run = await connected.compare()
        assert run.state == RunState.failed or run.warnings != "[]" or await connected.reason(task)
        await assert_nothing_archived_without_proof(connected, before)
        connected.sandbox.control.stop_failing()
        connected.forget_pace()
        assert (await connected.compare()).state == RunState.done
        await connected.assert_equal_to_asana()
        # Told 403 in place of 404, it is gone all the same.
        assert await connected.reason(task) in {"deleted", "hidden"}


@pytest.mark.parametrize("status", [403, 404, 500])
async def test_one_project_that_fails_does_not_stop_the_others(
    office: Office, connected: Connected, status: int
) -> None:
    first, second = office.world.add_task(office.garden, "First"), office.world.add_task(office.launch, "Second")
    await connected.compare()
    office.world.complete_task(first)
    office.world.complete_task(second)
    connected.sandbox.control.fail_next(status, times=50, match=f"{office.garden}/tasks")
    run = await connected.compare()
    assert run.state == RunState.done
    assert [warning["project"] for warning in json.loads(run.warnings)] == ["Garden"]
    assert await connected.reason(first) is None
    assert await connected.reason(second) == "completed"


async def test_a_missing_task_that_cannot_be_asked_for_stays_and_is_warned_of(
    office: Office, connected: Connected
) -> None:
    task = office.world.add_task(office.garden, "Water the plants")
    await connected.compare()
    office.world.delete_task(task)
    connected.sandbox.control.fail_next(500, times=50, match=f"/tasks/{task}")
    run = await connected.compare()
    assert await connected.reason(task) is None
    assert json.loads(run.warnings) == [{"word": "unavailable", "project": "Garden"}]


async def test_it_fails_when_asana_is_down(office: Office, connected: Connected) -> None:
    await connected.compare()
    connected.sandbox.control.fail_next(503, times=500)
    run = await connected.compare()
    assert (run.state, run.failure) == (RunState.failed, "unavailable")
    assert connected.connection.state == ConnectionState.active
    connected.sandbox.control.stop_failing()
    assert (await connected.compare()).state == RunState.done


async def test_it_gives_up_when_asana_goes_down_among_the_projects(office: Office, connected: Connected) -> None:
    for number in range(8):
        office.world.make_project(f"Project {number}", office.workspace)
    connected.sandbox.control.fail_next(503, times=500, match="/sections")
    run = await connected.compare()
    assert (run.state, run.failure) == (RunState.failed, "unavailable")


async def test_it_needs_reconnecting_when_access_is_revoked(office: Office, connected: Connected) -> None:
    task = office.world.add_task(office.garden, "Water the plants")
    await connected.compare()
    connected.sandbox.control.revoke_tokens(office.alice)
    run = await connected.compare()
    assert (run.state, run.failure) == (RunState.failed, "revoked")
    await connected.reload()
    assert (connected.connection.state, connected.connection.problem) == ("needs_reconnecting", "revoked")
    assert await connected.reason(task) is None
    assert (await connected.compare()).failure == "not_connected"


async def test_it_hides_what_is_in_a_workspace_the_owner_has_left(office: Office, connected: Connected) -> None:
    task = office.world.add_task(office.garden, "Water the plants")
    await connected.compare()
    office.world.remove_user(office.alice, office.workspace)
    run = await connected.compare()
    assert run.state == RunState.done
    assert await connected.reason(task) == "above"
    assert await connected.reason(office.garden) in {"hidden", "deleted"}


async def test_it_lists_a_project_again_when_most_of_it_is_gone(office: Office, connected: Connected) -> None:
    tasks = [office.world.add_task(office.garden, f"Bed {number}") for number in range(30)]
    await connected.compare()
    for task in tasks:
        office.world.delete_task(task)
    connected.sandbox.control.forget_requests()
    await connected.compare()
    paths = [each["path"] for each in connected.sandbox.control.requests()["last"]]
    assert sum(path.endswith(f"projects/{office.garden}/tasks") for path in paths) == 2
    assert {await connected.reason(task) for task in tasks} == {"deleted"}


async def test_it_believes_a_second_listing_where_the_first_was_short(
    office: Office, connected: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = [office.world.add_task(office.garden, f"Bed {number}") for number in range(30)]
    await connected.compare()
    listed: list[str] = []

    def short_once(project: Project) -> list[Task]:
        listed.append(project.gid)
        whole = type(office.world).tasks_in_project(office.world, project)
        return whole[:3] if listed.count(office.garden) == 1 and project.gid == office.garden else whole

    monkeypatch.setattr(office.world, "tasks_in_project", short_once)
    connected.sandbox.control.forget_requests()
    await connected.compare()
    assert {await connected.reason(task) for task in tasks} == {None}
    assert listed.count(office.garden) == 2
    assert "GET /tasks/*" not in connected.sandbox.control.requests()["by_route"]
    monkeypatch.undo()
    await connected.compare()
    await connected.assert_equal_to_asana()


async def test_a_task_that_moves_while_the_pass_runs_is_not_archived(
    office: Office, connected: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever project is listed first, the task moves there right afterwards: no listing shows it."""
    tasks = {project: office.world.add_task(project, "Wanders") for project in (office.garden, office.launch)}
    await connected.compare()
    moved: list[str] = []

    def listed_and_moved(project: Project) -> list[Task]:
        found = type(office.world).tasks_in_project(office.world, project)
        if not moved:
            [gid] = [task for home, task in tasks.items() if home != project.gid]
            moved.append(gid)
            office.world.move_task(gid, office.section(project.gid))
        return found

    monkeypatch.setattr(office.world, "tasks_in_project", listed_and_moved)
    run = await connected.compare()
    assert moved
    assert await connected.reason(moved[0]) is None
    assert run.archived == 0
    await connected.assert_equal_to_asana()


async def test_a_task_in_two_projects_survives_the_failure_of_either(office: Office, connected: Connected) -> None:
    task = office.world.add_task(office.garden, "In both")
    office.world.add_to_project(task, office.launch)
    await connected.compare()
    office.world.remove_from_project(task, office.garden)
    connected.sandbox.control.fail_next(403, match=f"{office.launch}/tasks")
    await connected.compare()
    assert await connected.reason(task) is None
    assert await connected.parents(task) == [office.section(office.launch)]
