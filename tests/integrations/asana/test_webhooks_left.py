"""Webhooks after the end: unlinked, or connected again by somebody else. And the whole way from Asana to the tree."""

from collections.abc import Iterator

import pytest
import stamina
from litestar import Litestar

from app.accounts.models import User
from app.integrations.asana.connection import unlink
from app.integrations.asana.errors import Unavailable
from app.integrations.asana.leaving import Left, leave
from app.integrations.asana.models import RunState, SyncRun, Trigger
from app.integrations.asana.sync.runs import request_sync, the_run
from app.integrations.asana.wanted_webhooks import webhook_gids
from app.projects.models import WorkItem
from app.tasks.sync import sync_later
from tests.browser_like import Visitor
from tests.integrations.asana.deciding import connect
from tests.integrations.asana.sync.connected import until
from tests.integrations.asana.watching import Watched, soon
from tests.worker import work

UNLINK = "/integrations/asana/unlink"


@pytest.fixture(autouse=True)
def _no_waiting_between_attempts() -> Iterator[None]:
    with stamina.set_testing(True, attempts=2):
        yield


@pytest.fixture
async def alices(watched: Watched, app: Litestar) -> Visitor:
    """Alice, who allowed Sundial on Asana's page, with every webhook made."""
    alices = await Visitor(app).signed_in_as(watched.connected.alice)
    await connect(alices, watched.office.sandbox)
    await watched.connected.reload()
    await watched.keep()
    assert len(watched.at_asana) == 3
    return alices


def allowed(watched: Watched) -> list[str]:
    """What applications still have of tokens."""
    return [grant.kind for grant in watched.office.world.state.grants.values() if grant.client_id]


async def handed_on(watched: Watched) -> Left:
    """As the page that unlinks leaves it to a job."""
    connection = watched.connected.connection
    left = Left.by(connection, await webhook_gids(connection.id))
    await unlink(connection)
    return left


async def test_unlinking_deletes_them_before_it_ends_the_access(watched: Watched, alices: Visitor) -> None:
    await alices.post(UNLINK)
    assert "stops telling Sundial" in (await alices.get("/integrations")).text
    assert await watched.rows() == []
    assert len(watched.at_asana) == 3, "no page waits for Asana"
    assert allowed(watched) != []
    await work()
    assert (watched.at_asana, allowed(watched)) == ([], [])


async def test_a_personal_token_deletes_them_and_stays(watched: Watched, app: Litestar) -> None:
    await watched.keep()
    alices = await Visitor(app).signed_in_as(watched.connected.alice)
    await alices.post(UNLINK)
    assert "Delete the personal access token" in (await alices.get("/integrations")).text
    await work()
    assert watched.at_asana == []
    assert "sandbox-pat-alice" in watched.office.world.state.grants


async def test_the_queue_holds_no_token_that_can_be_read(watched: Watched, app: Litestar) -> None:
    await watched.keep()
    left = await handed_on(watched)
    assert "sandbox-pat-alice" not in repr(left)


async def test_an_expired_token_is_renewed_for_it(watched: Watched, alices: Visitor) -> None:
    await alices.post(UNLINK)
    watched.office.sandbox.control.expire_access_tokens()
    await work()
    assert (watched.at_asana, allowed(watched)) == ([], [])


async def test_it_goes_on_where_asana_was_away(watched: Watched, alices: Visitor) -> None:
    left = await handed_on(watched)
    watched.office.sandbox.control.fail_next(503, times=20, match="/webhooks", skip=1)
    with pytest.raises(Unavailable):
        await leave(left, revoke=True)
    assert 0 < len(watched.at_asana) < 3
    assert allowed(watched) != []
    watched.office.sandbox.control.stop_failing()
    await leave(left, revoke=True)
    assert (watched.at_asana, allowed(watched)) == ([], [])


async def test_without_access_they_end_with_the_next_heartbeat(watched: Watched, alices: Visitor) -> None:
    left = await handed_on(watched)
    watched.office.sandbox.control.revoke_tokens()
    await leave(left, revoke=True)
    assert len(watched.at_asana) == 3
    watched.office.sandbox.control.heartbeat()

    async def none_is_left() -> bool:
        return not watched.at_asana

    await until(none_is_left)


async def test_connected_by_somebody_else_the_former_ones_are_deleted(
    watched: Watched, alices: Visitor, app: Litestar
) -> None:
    before = {hook.gid for hook in watched.at_asana}
    bob = watched.connected.bob
    await User.update({User.role: "administrator"}).where(User.id == bob.id)
    await connect(await Visitor(app).signed_in_as(bob), watched.office.sandbox, "Bob Okafor")
    assert await watched.rows() == []
    await watched.connected.reload()
    await watched.keep()
    assert before.isdisjoint({hook.gid for hook in watched.at_asana})
    assert {hook.person for hook in watched.at_asana} == {watched.office.bob}
    assert len(watched.at_asana) == len(await watched.rows())


async def test_connected_again_by_the_same_person_they_stay(watched: Watched, alices: Visitor) -> None:
    before = {hook.gid for hook in watched.at_asana}
    await connect(alices, watched.office.sandbox)
    await watched.keep()
    assert {hook.gid for hook in watched.at_asana} == before
    assert len(await watched.rows()) == 3


async def test_what_changes_in_asana_is_in_the_tree_by_itself(watched: Watched) -> None:
    """Nobody presses anything, and no clock strikes: the webhook brings it."""
    world, garden = watched.office.world, watched.office.garden
    task = world.add_task(garden, "Water")
    first = await request_sync(watched.connected.connection, Trigger.first)
    await sync_later(first)
    await work()
    assert (await the_run(first.id)).state == RunState.done

    async def watched_now() -> bool:
        return {hook.resource for hook in watched.at_asana} >= {
            project.gid for project in world.state.projects.values()
        }

    await soon(watched_now)

    world.rename_task(task, "Water the roses")
    added = world.add_task(garden, "Rake")

    async def arrived() -> bool:
        items = WorkItem.objects().where(WorkItem.foreign_id.is_in([task, added]), WorkItem.archived_at.is_null())
        return {item.name for item in await items} == {"Water the roses", "Rake"}

    await soon(arrived)
    assert await SyncRun.exists().where(SyncRun.trigger == Trigger.webhook)
    assert not await SyncRun.exists().where(SyncRun.trigger.not_in([Trigger.webhook, Trigger.first]))

    world.make_project("Roof", watched.office.workspace, owner=watched.office.alice)
    await soon(watched_now)
    world.complete_task(added)

    async def archived() -> bool:
        return await WorkItem.exists().where(WorkItem.foreign_id == added, WorkItem.archived_reason == "completed")

    await soon(archived)
    await watched.connected.assert_equal_to_asana()
