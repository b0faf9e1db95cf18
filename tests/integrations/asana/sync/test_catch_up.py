"""What a catch-up asks, and that it asks no more: a project's stream, and the objects that the stream names."""

from collections import Counter

import pytest

from app import database
from app.integrations.asana.models import RunState
from tests.integrations.asana.sync.connected import Connected
from tests.integrations.asana.sync.office import Office


async def asked_in_a_pass(connected: Connected) -> Counter[str]:
    connected.sandbox.control.forget_requests()
    run = await connected.sync()
    assert (run.state, run.kind, run.warnings) == (RunState.done, "catch_up", "[]")
    await connected.assert_equal_to_asana(order=False)
    report = connected.sandbox.control.requests()
    assert report["total"] == run.requests_made
    return Counter({route.removeprefix("GET "): count for route, count in report["by_route"].items()})


NOTHING_NEW = Counter({"/projects": 1, "/users": 1, "/events": 2})


async def test_it_asks_each_open_project_once_and_no_more(office: Office, connected: Connected) -> None:
    office.world.archive_project(office.world.make_project("Old", office.workspace))
    office.world.add_task(office.garden, "Water the plants")
    await connected.sync()
    assert await asked_in_a_pass(connected) == NOTHING_NEW


async def test_it_reads_only_what_is_named_and_once(office: Office, connected: Connected) -> None:
    tasks = [office.world.add_task(office.garden, f"Bed {number}") for number in range(8)]
    office.world.add_to_project(tasks[0], office.launch)
    await connected.sync()
    for name in ("Roses", "Tulips"):
        office.world.rename_task(tasks[0], name)
    office.world.assign_task(tasks[0], office.bob)
    office.world.complete_task(tasks[1])
    assert await asked_in_a_pass(connected) == NOTHING_NEW + Counter({"/tasks/*": 2})


async def test_it_ignores_what_it_keeps_nothing_of(office: Office, connected: Connected) -> None:
    task = office.world.add_task(office.garden, "Water the plants")
    await connected.sync()
    office.world.describe_task(task, "With the can")
    office.world.schedule_task(task, "2026-12-01")
    office.world.add_follower(task, office.bob)
    office.world.tag_task(task, office.world.make_tag("Urgent", office.workspace))
    assert await asked_in_a_pass(connected) == NOTHING_NEW


async def test_it_lists_only_the_project_whose_token_is_over(office: Office, connected: Connected) -> None:
    task = office.world.add_task(office.garden, "Water the plants")
    await connected.sync()
    await forget_token_of(connected, office.garden)
    office.world.rename_task(task, "Water the roses")
    expected = Counter({"/projects/*/sections": 1, "/projects/*/tasks": 1})
    assert await asked_in_a_pass(connected) == NOTHING_NEW + expected
    assert await asked_in_a_pass(connected) == NOTHING_NEW


async def forget_token_of(connected: Connected, project: str) -> None:
    await database.execute(
        "UPDATE asana_project_state SET event_token = 'stale' WHERE item = $1", (await connected.item(project)).id
    )


async def test_it_lists_every_project_after_a_day_without_asking(office: Office, connected: Connected) -> None:
    task = office.world.add_task(office.garden, "Water the plants")
    await connected.sync()
    office.world.expire_sync_tokens()
    office.world.complete_task(task)
    asked = await asked_in_a_pass(connected)
    assert asked["/projects/*/tasks"] == 2
    assert await connected.reason(task) == "completed"


async def test_it_reads_a_stream_to_its_end(office: Office, connected: Connected) -> None:
    await connected.sync()
    parent = office.world.add_task(office.garden, "Bed")
    office.world.add_subtask(parent, "Dig")
    for number in range(60):
        office.world.assign_task(parent, office.bob if number % 2 else office.priya)
    last = office.world.add_task(office.garden, "The last of more than a hundred")
    asked = await asked_in_a_pass(connected)
    assert asked["/events"] > NOTHING_NEW["/events"]
    assert (await connected.item(last)).archived_at is None


async def test_it_lists_a_project_where_that_takes_fewer_requests(office: Office, connected: Connected) -> None:
    tasks = [office.world.add_task(office.garden, f"Bed {number}") for number in range(12)]
    await connected.sync()
    for task in tasks:
        office.world.rename_task(task, "Another name")
    asked = await asked_in_a_pass(connected)
    assert (asked["/tasks/*"], asked["/projects/*/tasks"]) == (0, 1)


async def test_it_reads_new_projects_whole(office: Office, connected: Connected) -> None:
    await connected.sync()
    project = office.world.make_project("New", office.workspace, sections=["To do"])
    office.world.add_subtask(office.world.add_task(project, "Task"), "Step")
    asked = await asked_in_a_pass(connected)
    expected = Counter({"/memberships": 1, "/projects/*/sections": 1, "/projects/*/tasks": 1, "/tasks/*/subtasks": 1})
    assert asked == NOTHING_NEW + expected + Counter({"/events": 1})


async def test_it_reads_below_a_task_that_comes_back(office: Office, connected: Connected) -> None:
    task = office.world.add_task(office.garden, "Water the plants")
    office.world.complete_task(task)
    await connected.sync()
    office.world.add_subtask(office.world.add_subtask(task, "Fill the can"), "Find the can")
    await asked_in_a_pass(connected)
    office.world.reopen_task(task)
    asked = await asked_in_a_pass(connected)
    assert (asked["/tasks/*"], asked["/tasks/*/subtasks"]) == (1, 2)


async def test_a_task_in_a_section_nobody_has_told_of_brings_the_sections(office: Office, connected: Connected) -> None:
    task = office.world.add_task(office.garden, "Water the plants")
    await connected.sync()
    office.world.is_recording = False  # An event is lost now and then.
    section = office.world.make_section(office.launch, "Later")
    office.world.is_recording = True
    office.world.move_task(task, section)
    await asked_in_a_pass(connected)
    assert await connected.parents(task) == [section]


async def test_a_first_section_with_a_name_becomes_a_list(office: Office, connected: Connected) -> None:
    task = office.world.add_task(office.garden, "Water the plants")
    await connected.sync()
    assert await connected.parents(task) == [office.garden]
    office.world.rename_section(office.section(office.garden), "Beds")
    await asked_in_a_pass(connected)
    assert await connected.parents(task) == [office.section(office.garden)]


async def test_members_of_a_project_follow(office: Office, connected: Connected) -> None:
    await connected.sync()
    office.world.add_member(office.launch, office.bob)
    team = office.world.make_team("Gardeners", office.workspace, [office.bob])
    office.world.add_member(office.garden, team)
    asked = await asked_in_a_pass(connected)
    assert (asked["/memberships"], asked["/teams/*/users"]) == (2, 1)


@pytest.mark.parametrize("status", [500, 403])
async def test_what_could_not_be_read_is_told_again(office: Office, connected: Connected, status: int) -> None:
    """403 for a whole stream says nothing of any task in it."""
    task = office.world.add_task(office.garden, "Water the plants")
    await connected.sync()
    office.world.rename_task(task, "Water the roses")
    connected.sandbox.control.fail_next(status, times=50, match="/events")
    run = await connected.sync()
    assert run.warnings != "[]"
    assert await connected.reason(task) is None
    connected.sandbox.control.stop_failing()
    await asked_in_a_pass(connected)
    assert (await connected.item(task)).name == "Water the roses"


@pytest.mark.parametrize("is_new", [True, False])
async def test_one_task_that_hides_what_is_below_it_keeps_nothing_else_back(
    office: Office, connected: Connected, is_new: bool
) -> None:
    other = office.world.add_task(office.garden, "Other")
    if is_new:
        await connected.sync()
    task = office.world.add_task(office.garden, "Water the plants")
    below = office.world.add_subtask(task, "Fill the can")
    office.world.rename_task(other, "Renamed")
    connected.sandbox.control.fail_next(403, times=50, match=f"/tasks/{task}/subtasks")
    for _ in range(2):
        run = await connected.sync()
        assert (run.state, "forbidden" in run.warnings) == (RunState.done, True)
        assert (await connected.item(other)).name == "Renamed"
        assert await connected.reason(task) is None
    connected.sandbox.control.stop_failing()
    assert (await connected.sync()).warnings == "[]"
    assert await connected.parents(below) == [task]
    await connected.assert_equal_to_asana(order=False)


async def test_what_could_not_be_read_is_read_again_though_a_webhook_tells_nothing(
    office: Office, connected: Connected
) -> None:
    task = office.world.add_task(office.garden, "Water the plants")
    office.world.add_subtask(task, "Fill the can")
    connected.sandbox.control.fail_next(403, times=50, match=f"/tasks/{task}/subtasks")
    await connected.sync()
    await database.execute(
        """INSERT INTO asana_webhook (connection, item, workspace_gid, key, gid, state, created_at)
        SELECT $1, item, $2, 'key ' || item, 'hook ' || item, 'active', now() FROM asana_project_state""",
        connected.connection.id,
        office.workspace,
    )
    connected.sandbox.control.stop_failing()
    await connected.sync()
    await connected.assert_equal_to_asana()


async def test_the_comparison_at_night_repairs_what_was_lost_and_says_how_much(
    office: Office, connected: Connected
) -> None:
    tasks = [office.world.add_task(office.garden, f"Bed {number}") for number in range(3)]
    await connected.sync()
    office.world.is_recording = False
    office.world.rename_task(tasks[0], "Roses")
    office.world.complete_task(tasks[1])
    office.world.move_task(tasks[2], office.section(office.launch, 1))
    office.world.is_recording = True
    missed = await connected.sync()
    assert connected.changes_of(missed) == []
    repaired = await connected.compare()
    assert (repaired.kind, repaired.renamed, repaired.archived, repaired.moved) == ("complete", 1, 1, 1)
    await connected.assert_equal_to_asana()
    assert connected.changes_of(await connected.compare()) == []


async def test_a_quiet_pass_writes_nothing_but_its_tokens(office: Office, connected: Connected) -> None:
    office.world.add_subtask(office.world.add_task(office.garden, "Water the plants", assignee=office.bob), "Fill")
    await connected.sync()
    before = await connected.row_versions()
    await connected.sync()
    assert await connected.row_versions() == before


async def test_a_pass_is_complete_until_one_has_been(office: Office, connected: Connected) -> None:
    for number in range(6):
        office.world.make_project(f"Project {number}", office.workspace)
    connected.sandbox.control.fail_next(503, times=500, match="/sections")
    failed = await connected.sync()
    connected.sandbox.control.stop_failing()
    kinds = [failed.kind, *[(await connected.sync()).kind for _ in range(2)]]
    assert (failed.state, kinds) == (RunState.failed, ["complete", "complete", "catch_up"])


async def test_a_project_that_the_first_pass_could_not_read_is_read_by_the_next(
    office: Office, connected: Connected
) -> None:
    office.world.add_task(office.garden, "Water the plants")
    connected.sandbox.control.fail_next(503, times=500, match=f"{office.garden}/sections")
    first = await connected.sync()
    connected.sandbox.control.stop_failing()
    assert (first.kind, first.state, first.warnings != "[]") == ("complete", RunState.done, True)
    assert (await connected.sync()).kind == "catch_up"
    await connected.assert_equal_to_asana(order=False)
