"""The time of whole projects is kept by the database: it has to be what their entries come to, whatever happens."""

from datetime import timedelta

import pytest
from saq.types import Context

from app import database
from app.accounts.models import User
from app.projects.models import WorkItem
from app.projects.totals import totals_of_projects
from app.tasks.cleanup import forget_expired
from app.timesheet.models import ProjectTime, TimeEntry
from tests.factories import make_account, make_entry, make_item, make_user, monday
from tests.projects.world import World

HOUR = 3600


async def entry(user: User, project: WorkItem | None, hours: float | None) -> TimeEntry:
    stopped_at = None if hours is None else monday(9) + timedelta(hours=hours)
    return await make_entry(user, project, project=project.id if project else None, stopped_at=stopped_at)


async def hours_of(world: World) -> tuple[float, float]:
    seconds = await totals_of_projects(world.root.account, [world.website.id, world.mobile.id])
    return seconds.get(world.website.id, 0) / HOUR, seconds.get(world.mobile.id, 0) / HOUR


async def test_it_adds_up_what_everybody_tracked(world: World, alice: User, bob: User) -> None:
    await entry(alice, world.website, 2)
    await entry(bob, world.website, 1.5)
    await entry(bob, None, 4)
    assert await hours_of(world) == (3.5, 0)


async def test_it_follows_every_change(world: World, bob: User) -> None:
    tracked = await entry(bob, world.website, 2)
    await tracked.change(note="Only words")
    assert await hours_of(world) == (2, 0)
    await tracked.change(stopped_at=monday(12))
    assert await hours_of(world) == (3, 0)
    await tracked.change(project=world.mobile.id)
    assert await hours_of(world) == (0, 3)
    await tracked.change(project=None)
    assert await hours_of(world) == (0, 0)
    await tracked.change(project=world.website.id, started_at=monday(10))
    assert await hours_of(world) == (2, 0)
    await TimeEntry.delete().where(TimeEntry.id == tracked.id)
    assert await hours_of(world) == (0, 0)


async def test_it_counts_a_running_timer_until_now_and_then_until_it_stopped(world: World, bob: User) -> None:
    running = await entry(bob, world.website, None)
    since = await database.fetch_value("SELECT extract(epoch FROM now() - $1)::float8", running.started_at)
    website, _ = await hours_of(world)
    assert website == pytest.approx(since / HOUR, abs=0.01)
    await running.change(stopped_at=monday(9, 30))
    assert await hours_of(world) == (0.5, 0)


async def test_it_stays_the_same_when_rows_become_one_at_night(world: World, alice: User, bob: User) -> None:
    for user in (alice, bob):
        await entry(user, world.website, 1)
        await entry(user, world.mobile, 2)
    for _ in range(2):
        await forget_expired(Context())
        assert await hours_of(world) == (2, 4)
        assert await ProjectTime.count().where(ProjectTime.project == world.website.id) == 1


async def test_a_whole_account_can_be_deleted() -> None:
    account = await make_account("Short-lived")
    user = await make_user(account, email="short@lived.example")
    await entry(user, await make_item(account, "Project", "project"), 1)
    # An entry holds its project: accounts are deleted entries first.
    await TimeEntry.delete().where(TimeEntry.account == account.id)
    await database.execute("DELETE FROM account WHERE id = $1", account.id)
    assert await ProjectTime.count().where(ProjectTime.account == account.id) == 0
