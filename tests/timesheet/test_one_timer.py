"""One running timer a person, whatever happens at once. These tests really commit."""

import asyncio
from datetime import UTC, datetime

import pytest
from litestar import Litestar

from app import database
from app.accounts.models import User
from app.timesheet.models import TimeEntry
from tests.browser_like import Visitor
from tests.factories import make_account, make_user
from tests.timesheet.conftest import Company, make_company


@pytest.fixture
async def real(app: Litestar, committed: None) -> tuple[Visitor, User, Company]:
    account = await make_account()
    bob = await make_user(account)
    return await Visitor(app).signed_in_as(bob), bob, await make_company(account, bob)


async def running_count(user: User) -> int:
    count: int = await TimeEntry.count().where((TimeEntry.user == user.id) & TimeEntry.stopped_at.is_null())
    return count


async def test_it_makes_one_of_many_starts_at_once(real: tuple[Visitor, User, Company]) -> None:
    bobs, bob, company = real
    tasks = (company.checklist.id, company.review.id)
    asked = [bobs.post("/timer", data={"item": tasks[number % 2], "note": str(number)}) for number in range(12)]
    answers = await asyncio.gather(*asked)
    assert {answer.status_code for answer in answers} == {303}
    assert await running_count(bob) == 1
    assert await TimeEntry.count() == 12


async def test_it_leaves_no_time_between_many_starts(real: tuple[Visitor, User, Company]) -> None:
    bobs, _, _ = real
    await asyncio.gather(*(bobs.post("/timer", data={"note": str(number)}) for number in range(6)))
    entries = await TimeEntry.objects().order_by(TimeEntry.started_at, TimeEntry.id)
    assert [entry.stopped_at for entry in entries[:-1]] == [entry.started_at for entry in entries[1:]]


async def test_it_makes_one_entry_of_a_double_click(real: tuple[Visitor, User, Company]) -> None:
    bobs, _, company = real
    answers = await asyncio.gather(*(bobs.post("/timer", data={"item": company.checklist.id}) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {303}
    assert await TimeEntry.count() == 1


async def test_it_ends_in_one_state_when_starts_and_stops_cross(real: tuple[Visitor, User, Company]) -> None:
    bobs, bob, company = real
    crossing = [bobs.post("/timer/stop") for _ in range(4)]
    crossing += [bobs.post("/timer", data={"item": company.checklist.id, "note": str(n)}) for n in range(4)]
    answers = await asyncio.gather(*crossing)
    assert {answer.status_code for answer in answers} == {303}
    assert await running_count(bob) <= 1


async def test_it_stops_a_timer_that_somebody_made_without_asking(real: tuple[Visitor, User, Company]) -> None:
    """Another transaction makes a running entry, not knowing of the lock, and commits while this start waits."""
    bobs, bob, _ = real
    async with database.connection() as other:
        transaction = other.transaction()
        await transaction.start()
        await other.execute(
            'INSERT INTO time_entry (account, "user", started_at, note, made_with) VALUES ($1, $2, $3, $4, $5)',
            bob.account,
            bob.id,
            datetime.now(UTC),
            "made elsewhere",
            "plugin",
        )
        start = asyncio.create_task(bobs.post("/timer", data={"note": "mine"}))
        await waits_for_a_lock()
        await transaction.commit()
    assert (await start).status_code == 303
    running = await TimeEntry.running_for(bob.id)
    assert running
    assert running.note == "mine"
    assert await TimeEntry.count() == 2


async def waits_for_a_lock() -> None:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    async with asyncio.timeout(10):
        while not await database.fetch_value(waiting):  # noqa: ASYNC110 - nobody tells of another connection's wait
            await asyncio.sleep(0.01)
