"""What other integrations with Asana have fallen into, one test for each (facts about Asana, section 10)."""

from itertools import pairwise
from urllib.parse import parse_qs

import httpx
import pytest

from app import database
from app.asana_sandbox.model import Grant
from app.crypto import encrypt
from app.integrations.asana import client, pacing
from app.integrations.asana.addresses import pointed_at
from app.integrations.asana.models import AsanaConnection, AsanaPerson, PassKind, RunState, SyncRun
from app.integrations.asana.outcome import left_out_of
from tests.integrations.asana.sync.connected import Connected
from tests.integrations.asana.sync.faults.clock import JumpingClock
from tests.integrations.asana.sync.office import Office
from tests.integrations.asana.test_webhooks import HEARTBEAT, made
from tests.integrations.asana.watching import Watched, send

pytestmark = pytest.mark.usefixtures("short_pages")


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "ROWS_A_PAGE", 2)


async def compare(connected: Connected) -> SyncRun:
    """A complete pass, also where a catch-up would do."""
    await database.execute("UPDATE asana_connection SET complete_read_at = NULL")
    return await connected.sync()


async def items(connected: Connected, gid: str) -> int:
    return int(await database.fetch_value("SELECT count(*) FROM work_item WHERE foreign_id = $1", gid))


async def test_t1_a_part_of_a_list_deletes_nothing(office: Office, connected: Connected) -> None:
    tasks = [office.world.add_task(office.garden, f"Bed {number}") for number in range(8)]
    await connected.sync()
    connected.sandbox.control.fail_next(500, times=100, match=f"{office.garden}/tasks", skip=1)
    run = await compare(connected)
    assert connected.sandbox.control.requests()["by_failure"] == {"500": 3}
    assert [each.word for each in left_out_of(run)] == ["unavailable"]
    assert {await connected.reason(task) for task in tasks} == {None}


async def test_t1_what_is_mostly_gone_is_listed_twice(office: Office, connected: Connected) -> None:
    tasks = [office.world.add_task(office.garden, f"Bed {number}") for number in range(15)]
    await connected.sync()
    for task in tasks:
        office.world.delete_task(task)
    connected.sandbox.control.forget_requests()
    await compare(connected)
    assert connected.sandbox.control.requests()["by_route"]["GET /projects/*/tasks"] == 3  # Launch's too.
    assert {await connected.reason(task) for task in tasks} == {"deleted"}


async def test_t2_a_list_whose_offset_expires_is_read_again(office: Office, connected: Connected) -> None:
    for number in range(5):
        task = office.world.add_task(office.garden, f"Bed {number}")
        for below in range(3):
            office.world.add_subtask(task, f"Row {below}")
    for path in (f"{office.garden}/tasks", "/subtasks"):
        connected.sandbox.control.fail_next(kind="expiring", match=path)
    run = await connected.sync()
    assert connected.sandbox.control.requests()["by_failure"] == {"expiring": 2}
    assert (run.state, run.warnings) == (RunState.done, "[]")
    await connected.assert_equal_to_asana()


async def test_t3_a_token_that_is_too_old_is_no_failure(office: Office, connected: Connected) -> None:
    task = office.world.add_task(office.garden, "Water")
    await connected.sync()
    office.world.rename_task(task, "Water everything")
    office.world.expire_sync_tokens()
    connected.sandbox.control.forget_requests()
    run = await connected.sync()
    assert connected.sandbox.control.requests()["by_status"]["412"] == 2
    assert (run.kind, run.state, run.warnings) == (PassKind.catch_up, RunState.done, "[]")
    await connected.assert_equal_to_asana()
    connected.sandbox.control.forget_requests()
    await connected.sync()
    assert "412" not in connected.sandbox.control.requests()["by_status"], "the answer's own token was not kept"


async def test_t4_subtasks_of_subtasks_are_there(office: Office, connected: Connected) -> None:
    gids = [office.world.add_task(office.garden, "Level 0")]
    for level in range(1, 6):
        gids.append(office.world.add_subtask(gids[-1], f"Level {level}"))
    await connected.sync()
    for above, below in pairwise(gids):
        assert await connected.parents(below) == [above]


async def test_t5_a_task_in_two_projects_is_one(office: Office, connected: Connected) -> None:
    task = office.world.add_task(office.garden, "In both")
    office.world.add_to_project(task, office.launch)
    await connected.sync()
    await compare(connected)
    assert await items(connected, task) == 1
    assert len(await connected.parents(task)) == 2


async def test_t6_a_subtask_that_is_in_the_project_too_is_one(office: Office, connected: Connected) -> None:
    above = office.world.add_task(office.garden, "Above")
    task = office.world.add_subtask(above, "Below, and in the project")
    office.world.add_to_project(task, office.garden)
    await connected.sync()
    await compare(connected)
    assert await items(connected, task) == 1
    assert await connected.parents(task) == sorted([above, office.garden])


async def test_t7_nobody_is_an_assignee_too(office: Office, connected: Connected) -> None:
    task = office.world.add_task(office.garden, "Nobody's", assignee=office.bob)
    never = office.world.add_task(office.garden, "Never anybody's")
    await connected.sync()
    office.world.assign_task(task, None)
    for run in (await connected.sync(), await compare(connected)):
        assert (run.state, run.warnings) == (RunState.done, "[]")
    assert [await connected.reason(gid) for gid in (task, never)] == [None, None]
    await connected.assert_equal_to_asana()


async def test_t8_an_assignee_whom_the_workspace_does_not_list_is_known(office: Office, connected: Connected) -> None:
    elsewhere = office.world.make_workspace("Elsewhere")
    guest = office.world.make_user("Gus Guest", "gus@elsewhere.example", elsewhere)
    office.world.add_task(office.garden, "Guest's", assignee=guest)
    run = await connected.sync()
    assert (run.state, run.warnings) == (RunState.done, "[]")
    assert await AsanaPerson.exists().where(AsanaPerson.gid == guest)


async def test_t9_somebody_without_an_address_is_still_somebody(office: Office, connected: Connected) -> None:
    task = office.world.add_task(office.garden, "Bob's", assignee=office.bob)
    await connected.sync()
    office.world.change_email(office.bob, None)
    for run in (await connected.sync(), await compare(connected)):
        assert (run.state, run.unassigned) == (RunState.done, 0)
    held = 'SELECT count(*) FROM assignment WHERE "user" = $1 AND item = $2'
    assert await database.fetch_value(held, connected.bob.id, (await connected.item(task)).id) == 1


async def test_t10_every_field_that_is_asked_for_is_answered(office: Office, connected: Connected) -> None:
    above = office.world.add_task(office.garden, "Above", assignee=office.bob)
    office.world.add_subtask(above, "Below", assignee=office.bob)
    await connected.sync()
    office.world.rename_task(above, "Renamed")
    await connected.sync()
    asked = [each for each in connected.sandbox.control.requests()["last"] if "opt_fields" in each["query"]]
    assert len({each["path"].rstrip("0123456789") for each in asked}) > 5
    headers = {"Authorization": "Bearer sandbox-pat-alice"}
    async with httpx.AsyncClient(base_url=connected.sandbox.api_url, headers=headers) as http:
        for each in asked:
            data = (await http.get(f"{each['path']}?{each['query']}")).json()["data"]
            fields = parse_qs(each["query"])["opt_fields"][0].split(",")
            wanted = {field.split(".")[0] for field in fields} - {"change"}  # Of an event: only where one changed.
            for row in data if isinstance(data, list) else [data]:
                assert wanted <= set(row), each


async def test_t11_a_refusal_is_followed_by_silence(
    office: Office, connected: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = JumpingClock()
    monkeypatch.setattr(pacing, "monotonic", clock.monotonic)
    monkeypatch.setattr(pacing, "sleep", clock.sleep)
    for number in range(10):
        office.world.add_task(office.world.make_project(f"Project {number}", office.workspace), "Task")
    connected.forget_pace()
    connected.sandbox.control.fail_next(429, retry_after=30, match="/sections")
    run = await connected.sync()
    assert connected.sandbox.control.requests()["by_status"]["429"] == 1
    assert (run.state, run.refusals) == (RunState.done, 1)
    assert clock.slept >= 30
    await connected.assert_equal_to_asana()


async def test_t12_a_list_that_asana_cannot_give_stops_no_other(office: Office, connected: Connected) -> None:
    first, second = office.world.add_task(office.garden, "First"), office.world.add_task(office.launch, "Second")
    await connected.sync()
    for task in (first, second):
        office.world.complete_task(task)
    connected.sandbox.control.fail_next(500, times=100, match=f"{office.garden}/tasks")
    run = await compare(connected)
    assert [(each.word, each.project) for each in left_out_of(run)] == [("unavailable", "Garden")]
    assert [await connected.reason(task) for task in (first, second)] == [None, "completed"]


async def test_t13_an_application_without_full_permissions_archives_nothing(
    office: Office, connected: Connected
) -> None:
    task = office.world.add_task(office.garden, "Water")
    await connected.sync()
    scope = "users:read workspaces:read teams:read projects:read tasks:read"
    grants = connected.world.state.grants
    grants["granular"] = Grant("granular", "access", office.alice, "1200000000000002", scope)
    await AsanaConnection.update({AsanaConnection.access_token: encrypt("granular")}).where(
        AsanaConnection.id == connected.connection.id
    )
    run = await compare(connected)
    assert "403" in connected.sandbox.control.requests()["by_status"]
    assert run.failure == "forbidden" or "forbidden" in {each.word for each in left_out_of(run)}
    assert [await connected.reason(gid) for gid in (office.garden, task)] == [None, None]


async def test_t14_a_heartbeat_is_answered(watched: Watched) -> None:
    row = await made(watched, watched.office.garden)
    assert (await send(row, HEARTBEAT)).status_code == 204
    await row.refresh()
    assert row.last_delivery_at is not None


async def test_t15_names_that_look_alike_are_not_the_same(office: Office, connected: Connected) -> None:
    names = ["Q4 plan", "Q4\xa0plan", "Q4&nbsp;plan", "Q4 plan"]
    projects = [office.world.make_project(name, office.workspace, owner=office.alice) for name in names]
    await connected.sync()
    await compare(connected)
    assert [(await connected.item(gid)).name for gid in projects] == names
    await connected.assert_equal_to_asana()


async def test_t16_old_and_new_addresses_lead_to_the_task(office: Office, connected: Connected) -> None:
    task = office.world.add_task(office.garden, "Water")
    await connected.sync()
    host = "https://app.asana.com"
    for address in (
        f"{host}/0/{office.garden}/{task}",
        f"{host}/0/{office.garden}/{task}/f",
        f"{host}/1/{office.workspace}/project/{office.garden}/task/{task}",
    ):
        assert (await connected.item(pointed_at(address) or "")).name == "Water"


async def test_t17_an_archived_project_is_not_a_deleted_one(office: Office, connected: Connected) -> None:
    await connected.sync()
    office.world.archive_project(office.garden)
    office.world.complete_project(office.launch)
    connected.sandbox.control.forget_requests()
    await connected.sync()
    listed = [each for each in connected.sandbox.control.requests()["last"] if each["path"] == "/projects"]
    assert listed
    assert not [each for each in listed if "archived=" in each["query"]]
    assert [await connected.reason(gid) for gid in (office.garden, office.launch)] == ["archived", "completed"]


async def test_t18_ids_are_text_however_long(office: Office, connected: Connected) -> None:
    office.world.state.next_gid = 2**53  # From here on a float no longer tells neighbours apart.
    tasks = [office.world.add_task(office.garden, f"Bed {number}") for number in range(3)]
    office.world.state.next_gid = 10**30
    tasks += [office.world.add_task(office.garden, f"Row {number}") for number in range(3)]
    await connected.sync()
    assert [(await connected.item(gid)).foreign_id for gid in tasks] == tasks
    await connected.assert_equal_to_asana()


async def test_t19_what_comes_again_is_not_added_again(office: Office, connected: Connected) -> None:
    task = office.world.add_task(office.garden, "Done just now")
    office.world.add_task(office.garden, "Open")
    await connected.sync()
    office.world.complete_task(task)
    await compare(connected)
    before = await connected.row_versions()
    for run in (await compare(connected), await connected.sync()):
        assert (run.added, run.archived, run.revived) == (0, 0, 0)
    assert await connected.row_versions() == before
    assert await items(connected, task) == 1
