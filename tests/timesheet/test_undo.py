"""POST /entries/undo, for whatever was done: wholly, once, and only by whoever did it."""

import asyncio
from datetime import timedelta

import pytest
from saq.types import Context

from app import database
from app.accounts.models import User
from app.tasks.cleanup import forget_expired
from app.timesheet import entries, several
from app.timesheet.models import TimeEntry, Undo, Verb
from app.timesheet.spans import Stretch
from app.timesheet.splitting import split
from app.timesheet.undo import NotUndone, offer, offer_before, undo
from tests.browser_like import Visitor
from tests.factories import asking, make_account, make_entry, make_user, monday


@pytest.fixture
async def entry(bob: User) -> TimeEntry:
    return await make_entry(bob, stopped_at=monday(10), note="calls")


async def test_it_is_nobody_elses(alices: Visitor, charlies: Visitor, bob: User, entry: TimeEntry) -> None:
    undo_id = await entries.delete(asking(bob), entry.id)
    for other in (alices, charlies):
        assert (await other.post("/entries/undo", data={"undo": str(undo_id)})).status_code == 404
        assert "was deleted" not in (await other.get(f"/timesheet?undo={undo_id}")).text
    assert await TimeEntry.count() == 0


async def test_it_tells_without_scripts_why_it_does_nothing(bobs: Visitor, bob: User, entry: TimeEntry) -> None:
    undo_id = await several.bill(asking(bob), [entry.id], billable=True)
    await entry.change(note="mails")
    answer = await bobs.post("/entries/undo", data={"undo": str(undo_id)})
    assert "It was changed since" in (await bobs.get(answer.headers["location"])).text


async def test_a_reminder_is_no_change(bob: User, entry: TimeEntry) -> None:
    """What Sundial notes beside an entry does not keep the person from undoing."""
    undo_id = await several.bill(asking(bob), [entry.id], billable=True)
    await entry.change(kept_at=monday(12), reminded_at=monday(12))
    assert await undo(asking(bob), undo_id or 0)
    again = await TimeEntry.objects().get(TimeEntry.id == entry.id)
    assert again
    assert (again.billable, again.kept_at) == (False, monday(12))


async def test_it_starts_no_second_timer(bob: User) -> None:
    running = await make_entry(bob)
    undo_id = await split(asking(bob), running.id, monday(9, 30), was=Stretch(monday(9), None))
    await TimeEntry.update({TimeEntry.stopped_at: monday(10)}).where(TimeEntry.id == running.id)
    await make_entry(bob, started_at=monday(10))
    with pytest.raises(NotUndone):
        await undo(asking(bob), undo_id or 0)
    assert await TimeEntry.count() == 3


async def test_what_was_done_long_before_is_not_offered_next(bob: User, entry: TimeEntry) -> None:
    first = await several.bill(asking(bob), [entry.id], billable=True)
    second = await several.bill(asking(bob), [entry.id], billable=False)
    offered = await offer_before(asking(bob), second or 0)
    assert offered
    assert offered.id == first
    await Undo.update({Undo.made_at: Undo.made_at - timedelta(minutes=16)}, force=True)
    assert await offer_before(asking(bob), second or 0) is None
    assert await offer(asking(bob), first or 0)


async def test_it_is_forgotten_after_a_day(bob: User, entry: TimeEntry) -> None:
    undo_id = await entries.delete(asking(bob), entry.id)
    await forget_expired(Context())
    assert await offer(asking(bob), undo_id or 0)
    await Undo.update({Undo.made_at: Undo.made_at - timedelta(days=1, minutes=1)}, force=True)
    await forget_expired(Context())
    assert not await undo(asking(bob), undo_id or 0)


async def test_two_at_once_undo_it_once(committed: None) -> None:
    user = asking(await make_user(await make_account()))
    entry = await make_entry(await User.objects().get(User.id == user.id) or User(), stopped_at=monday(10))
    undo_id = await split(user, entry.id, monday(9, 30), was=Stretch(monday(9), monday(10)))
    outcomes = await asyncio.gather(*(undo(user, undo_id or 0) for _ in range(5)), return_exceptions=True)
    assert sum(outcome is True for outcome in outcomes) == 1
    assert all(outcome is True or isinstance(outcome, NotUndone) for outcome in outcomes)
    assert await TimeEntry.count() == 1


async def test_five_at_once_divide_it_once(committed: None) -> None:
    user = await make_user(await make_account())
    entry = await make_entry(user, stopped_at=monday(10))
    was = Stretch(monday(9), monday(10))
    await asyncio.gather(*(split(asking(user), entry.id, monday(9, 30), was=was) for _ in range(5)))
    assert await TimeEntry.count() == 2
    seconds = "SELECT extract(epoch FROM sum(stopped_at - started_at))::int FROM time_entry"
    assert await database.fetch_value(seconds) == 3600
    assert await Undo.count().where(Undo.verb == Verb.divided) == 1
