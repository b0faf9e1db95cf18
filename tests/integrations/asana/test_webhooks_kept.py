"""Webhooks made, lost, found again and taken away: with the real worker, and Asana sending over real HTTP."""

from typing import Any

import pytest

from app import database
from app.asana_sandbox.model import Webhook as AtAsana
from app.integrations.asana.models import AsanaConnection, AsanaWorkspace
from app.integrations.asana.wanted_webhooks import webhook_standing, webhooks_have_work
from app.integrations.asana.webhook_upkeep import WRITES_IN_FLIGHT
from app.integrations.asana.webhooks import target_of
from app.projects.models import WorkItem
from app.settings import load_settings
from app.tasks.webhooks import check_all_webhooks, check_webhooks_after_start
from tests.factories import make_account, make_user
from tests.integrations.asana.rows import make_connection, make_workspace
from tests.integrations.asana.sync.connected import until
from tests.integrations.asana.watching import Watched, send
from tests.worker import work


def asked(watched: Watched, method: str) -> list[str]:
    return [each["path"] for each in watched.office.sandbox.control.requests()["last"] if each["method"] == method]


async def archive(project: WorkItem) -> None:
    await database.execute(
        "UPDATE work_item SET archived_at = now(), archived_reason = 'archived' WHERE id = $1", project.id
    )


def set_public_url(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("PUBLIC_URL", url)
    load_settings.cache_clear()


async def test_it_makes_one_for_each_open_project_and_each_workspace(watched: Watched) -> None:
    office = watched.office
    await watched.keep()
    assert {hook.resource for hook in watched.at_asana} == {office.workspace, office.garden, office.launch}
    rows = await watched.rows()
    assert {row.state for row in rows} == {"active"}
    assert {(row.gid, target_of(row.key)) for row in rows} == {(hook.gid, hook.target) for hook in watched.at_asana}
    # What happened before Asana began to tell has to be asked for once.
    assert await watched.dirty_at(office.garden) is not None
    office.sandbox.control.forget_requests()
    await watched.keep()
    assert asked(watched, "POST") == []


async def test_it_makes_none_of_what_is_not_read(watched: Watched) -> None:
    await archive(watched.projects[watched.office.launch])
    await make_workspace(watched.connected.connection, "Left out", is_selected=False)
    await watched.keep()
    assert {hook.resource for hook in watched.at_asana} == {watched.office.workspace, watched.office.garden}


@pytest.mark.parametrize(
    "change",
    [
        lambda world, task, project: world.add_task(project, "Rake"),
        lambda world, task, project: world.add_subtask(task, "Fill the can"),
        lambda world, task, project: world.rename_task(task, "Water more"),
        lambda world, task, project: world.complete_task(task),
        lambda world, task, project: world.delete_task(task),
        lambda world, task, project: world.make_section(project, "Later"),
        lambda world, task, project: world.rename_project(project, "Gardens"),
        lambda world, task, project: world.remove_member(project, world.project(project).owner),
    ],
    ids=["add", "add below", "rename", "complete", "delete", "section", "project", "member"],
)
async def test_what_changes_is_told(watched: Watched, change: Any) -> None:
    world, garden = watched.office.world, watched.office.garden
    task = world.add_task(garden, "Water")
    await watched.keep()
    await watched.all_read()
    change(world, task, garden)
    await until(lambda: watched.dirty_at(garden))
    assert await watched.dirty_at(watched.office.launch) is None
    row = await watched.row(garden)
    assert row.last_delivery_at is not None


async def test_people_and_new_projects_are_told(watched: Watched) -> None:
    world = watched.office.world
    await watched.keep()
    for change in (
        lambda: world.make_project("Roof", watched.office.workspace, owner=watched.office.alice),
        lambda: world.make_user("Mei Chen", "mei@meridian.example", watched.office.workspace),
        lambda: world.add_to_team(world.make_team("Studio", watched.office.workspace), watched.office.bob),
    ):
        await watched.all_read()
        change()
        await until(lambda: AsanaWorkspace.exists().where(AsanaWorkspace.dirty_at.is_not_null()))


async def test_what_is_nothing_to_us_is_not_told(watched: Watched) -> None:
    """The rest would wake us all day. The last change is one that is told, and nothing comes before it."""
    world, garden, launch = watched.office.world, watched.office.garden, watched.office.launch
    task, other = world.add_task(garden, "Water"), world.add_task(launch, "Invite")
    await watched.keep()
    await watched.all_read()
    world.schedule_task(task, "2026-12-01")
    world.describe_task(task, "Twice a week")
    world.add_follower(task, watched.office.bob)
    world.rename_task(other, "Invite all")
    await until(lambda: watched.dirty_at(launch))
    assert await watched.dirty_at(garden) is None


async def test_a_lost_one_is_made_again(watched: Watched) -> None:
    garden = watched.office.garden
    await watched.keep()
    before = await watched.row(garden)
    del watched.office.world.state.webhooks[watched.webhook_of(garden).gid]
    await watched.all_read()
    await watched.keep(check=True)
    after = await watched.row(garden)
    assert (after.gid, after.key) != (before.gid, before.key)
    assert watched.webhook_of(garden).target == target_of(after.key)
    assert await watched.dirty_at(garden) is not None, "what happened meanwhile was never told"
    assert await watched.dirty_at(watched.office.launch) is None
    assert (await send(before, b'{"events": []}')).status_code == 410


async def test_an_inactive_one_is_made_again(watched: Watched) -> None:
    garden = watched.office.garden
    await watched.keep()
    first = watched.webhook_of(garden)
    first.active = False
    await watched.keep(check=True)
    assert watched.webhook_of(garden).gid == first.gid, "Asana calls new ones inactive"
    await database.execute("UPDATE asana_webhook SET created_at = now() - interval '2 hours'")
    await watched.keep(check=True)
    assert watched.webhook_of(garden).gid != first.gid


async def test_what_happens_while_we_are_away_is_told_when_we_are_back(watched: Watched) -> None:
    garden = watched.office.garden
    await watched.keep()
    await watched.all_read()
    hook = watched.webhook_of(garden)
    await watched.web.stop()
    watched.office.world.add_task(garden, "Rake")

    async def refused() -> bool:
        return bool(hook.delivery_retry_count)

    await until(refused)
    await watched.web.start()
    await until(lambda: watched.dirty_at(garden))
    assert hook in watched.at_asana


async def test_it_is_made_again_when_a_worker_starts(watched: Watched) -> None:
    """Away for longer than Asana tries, all are lost."""
    await watched.keep()
    watched.office.world.state.webhooks.clear()
    await check_webhooks_after_start({})  # type: ignore[typeddict-item]
    await work()
    assert watched.at_asana == [], "the web processes are just starting"
    await database.execute("UPDATE saq_jobs SET scheduled = 0")
    await work()
    assert len(watched.at_asana) == 3
    assert {row.state for row in await watched.rows()} == {"active"}


async def test_a_closed_project_is_told_of_no_more(watched: Watched) -> None:
    await watched.keep()
    await archive(watched.projects[watched.office.launch])
    await watched.keep()
    assert {hook.resource for hook in watched.at_asana} == {watched.office.workspace, watched.office.garden}
    assert len(await watched.rows()) == 2


async def test_a_workspace_that_was_left_out_is_told_of_no_more(watched: Watched) -> None:
    await watched.keep()
    await AsanaWorkspace.update({AsanaWorkspace.is_selected: False}, force=True)
    await watched.keep()
    assert (watched.at_asana, await watched.rows()) == ([], [])


async def test_it_deletes_what_leads_here_to_nobody(watched: Watched) -> None:
    """The same person may have connected another account, and use the same token elsewhere."""
    world, office = watched.office.world, watched.office
    elsewhere = await make_connection(await make_user(await make_account("Elsewhere"), email="c@elsewhere.example"))
    theirs = "k" * 43
    await database.execute(
        """INSERT INTO asana_webhook (connection, workspace_gid, key, gid, state)
        VALUES ($1, $2, $3, '900', 'active')""",
        elsewhere.id,
        office.workspace,
        theirs,
    )
    targets = {"900": target_of(theirs), "901": target_of("x" * 43), "902": "https://other.example/hooks/1"}
    for gid, target in targets.items():
        world.state.webhooks[gid] = AtAsana(gid, office.garden, target, "secret", office.alice, None, world.now(), [])
    await watched.keep(check=True)
    assert {"900", "902"} < {hook.gid for hook in watched.at_asana}
    assert "901" not in world.state.webhooks
    assert len(watched.at_asana) == 2 + 3


async def test_switched_off_it_deletes_its_own(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    await watched.keep()
    monkeypatch.setenv("ASANA_WEBHOOKS", "off")
    load_settings.cache_clear()
    await check_all_webhooks({})  # type: ignore[typeddict-item]
    await work()
    assert (watched.at_asana, await watched.rows()) == ([], [])
    watched.office.sandbox.control.forget_requests()
    await check_all_webhooks({})  # type: ignore[typeddict-item]
    await work()
    assert watched.office.sandbox.control.requests()["total"] == 0


async def test_they_move_with_the_public_address(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    await watched.keep()
    before = {hook.gid for hook in watched.at_asana}
    set_public_url(monkeypatch, f"http://localhost:{watched.web.port}")
    await check_all_webhooks({})  # type: ignore[typeddict-item]
    await work()
    assert len(watched.at_asana) == 3
    assert before.isdisjoint({hook.gid for hook in watched.at_asana})
    assert {hook.target.split(":")[1] for hook in watched.at_asana} == {"//localhost"}


async def test_where_asana_cannot_reach_us_it_is_not_asked_all_day(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, office = watched.office.world, watched.office
    for number in range(20):
        gid = world.make_project(f"Project {number}", office.workspace, owner=office.alice)
        watched.projects[gid] = await watched.import_project(gid)
    reachable = load_settings().public_url
    set_public_url(monkeypatch, "http://127.0.0.1:9")
    await watched.keep()
    assert 3 <= len(asked(watched, "POST")) < 3 + WRITES_IN_FLIGHT
    assert {row.state for row in await watched.rows()} == {"refused"}
    standing = await webhook_standing(watched.connected.connection)
    assert (standing.enabled, standing.active, standing.wanted) == (True, 0, 23)
    assert standing.refused == len(await watched.rows())
    assert "could not be reached" in (standing.problem or "")

    office.sandbox.control.forget_requests()
    assert not await webhooks_have_work(watched.connected.connection.id)
    await watched.keep()
    assert asked(watched, "POST") == []

    set_public_url(monkeypatch, reachable)
    await database.execute("UPDATE asana_webhook SET created_at = now() - interval '61 minutes'")
    await watched.keep()
    standing = await webhook_standing(watched.connected.connection)
    assert (standing.active, standing.wanted, standing.refused, standing.problem) == (23, 23, 0, None)


@pytest.mark.parametrize("status", [402, 403, 404])
async def test_one_that_asana_refuses_keeps_no_other_from_being_made(watched: Watched, status: int) -> None:
    watched.office.sandbox.control.fail_next(status, match="/webhooks", skip=1)  # The list that is compared with.
    await watched.keep()
    assert sorted(row.state for row in await watched.rows()) == ["active", "active", "refused"]
    await watched.keep(check=True)
    assert {row.state for row in await watched.rows()} == {"active"}


@pytest.mark.parametrize("kind", ["reset", "cut", "not_json"])
async def test_without_an_answer_it_is_not_asked_twice(watched: Watched, kind: Any) -> None:
    """Asana may have made it. Minutes later it is made anew, and what there was is told that nobody knows it."""
    office = watched.office
    office.sandbox.control.fail_next(kind=kind, match="/webhooks", skip=1)
    await watched.keep()
    states = [row.state for row in await watched.rows()]
    assert states.count("pending") >= 1
    assert 1 <= len(asked(watched, "POST")) <= len(states)
    await watched.keep()
    await database.execute("UPDATE asana_webhook SET created_at = now() - interval '11 minutes' WHERE gid IS NULL")
    await watched.keep()
    assert {row.state for row in await watched.rows()} == {"active"}
    office.sandbox.control.heartbeat()
    await until(lambda: only_ours_are_left(watched))


async def only_ours_are_left(watched: Watched) -> bool:
    return {hook.gid for hook in watched.at_asana} == {row.gid for row in await watched.rows()}


async def test_an_unlinked_connection_gets_no_more_of_them(watched: Watched) -> None:
    await AsanaConnection.update({AsanaConnection.state: "unlinked"}, force=True)
    await watched.keep(check=True)
    assert (watched.at_asana, await watched.rows()) == ([], [])


async def test_at_most_ten_are_asked_for_at_once(watched: Watched) -> None:
    world, office = watched.office.world, watched.office
    for number in range(40):
        gid = world.make_project(f"Project {number}", office.workspace, owner=office.alice)
        watched.projects[gid] = await watched.import_project(gid)
    office.sandbox.control.set_latency(30)
    office.sandbox.control.forget_requests()
    await watched.keep()
    assert 2 < office.sandbox.control.requests()["most_at_once"] <= WRITES_IN_FLIGHT
    assert len(watched.at_asana) == 43


@pytest.mark.parametrize(
    ("public_url", "setting", "why_not"),
    [
        ("https://time.example", "auto", None),
        ("http://time.example", "auto", "not_https"),
        ("http://time.example", "on", None),
        ("https://time.example", "off", "off"),
    ],
)
async def test_it_says_why_there_are_none(
    connection: AsanaConnection, monkeypatch: pytest.MonkeyPatch, public_url: str, setting: str, why_not: str | None
) -> None:
    monkeypatch.setenv("PUBLIC_URL", public_url)
    monkeypatch.setenv("ASANA_WEBHOOKS", setting)
    load_settings.cache_clear()
    standing = await webhook_standing(connection)
    monkeypatch.undo()
    load_settings.cache_clear()
    assert (standing.enabled, standing.why_not) == (why_not is None, why_not)
    assert (standing.active, standing.wanted, standing.last_delivery_at) == (0, 1, None)
