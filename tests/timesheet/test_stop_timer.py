"""POST /timer/stop and POST /timer/discard"""

from datetime import UTC, datetime, timedelta

import time_machine

from app.accounts.models import User
from app.timesheet.models import TimeEntry
from tests.browser_like import Visitor
from tests.factories import make_entry, monday
from tests.timesheet.conftest import Company


def an_hour_ago() -> datetime:
    return datetime.now(UTC) - timedelta(hours=1)


async def test_it_stops_the_running_entry(bobs: Visitor, bob: User, company: Company) -> None:
    entry = await make_entry(bob, company.checklist, started_at=an_hour_ago())
    answer = await bobs.post("/timer/stop", data={"entry": entry.id})
    assert (answer.status_code, answer.headers["location"]) == (303, "/timesheet")
    await entry.refresh()
    assert entry.stopped_at
    assert timedelta(hours=1) <= entry.stopped_at - entry.started_at < timedelta(hours=1, seconds=5)


async def test_it_shows_the_day_without_a_timer(bobs: Visitor, bob: User, company: Company) -> None:
    entry = await make_entry(bob, company.checklist, started_at=an_hour_ago())
    answer = await bobs.htmx_post("/timer/stop", {"entry": entry.id})
    assert answer.status_code == 200
    assert "/timer/stop" not in answer.text
    assert f'id="time_entry_{entry.id}"' in answer.text
    assert "<title>Timesheet · Sundial</title>" in answer.text


async def test_it_can_be_pressed_twice(bobs: Visitor, bob: User) -> None:
    entry = await make_entry(bob, started_at=an_hour_ago())
    await bobs.post("/timer/stop", data={"entry": entry.id})
    await entry.refresh()
    stopped_at = entry.stopped_at
    assert (await bobs.post("/timer/stop", data={"entry": entry.id})).status_code == 303
    await entry.refresh()
    assert entry.stopped_at == stopped_at


async def test_it_leaves_a_timer_that_was_started_elsewhere(bobs: Visitor, bob: User) -> None:
    seen = await make_entry(bob, started_at=an_hour_ago(), stopped_at=datetime.now(UTC))
    other = await make_entry(bob, started_at=datetime.now(UTC))
    await bobs.post("/timer/stop", data={"entry": seen.id})
    await other.refresh()
    assert other.is_running


@time_machine.travel(monday(9), tick=False)
async def test_it_stops_what_was_started_in_the_same_moment(bobs: Visitor, bob: User) -> None:
    entry = await make_entry(bob, started_at=monday(9))
    assert (await bobs.post("/timer/stop")).status_code == 303
    await entry.refresh()
    assert entry.stopped_at
    assert entry.stopped_at > entry.started_at


async def test_it_leaves_other_peoples_timers(bobs: Visitor, alice: User) -> None:
    hers = await make_entry(alice, started_at=an_hour_ago())
    await bobs.post("/timer/stop", data={"entry": hers.id})
    await bobs.post("/timer/discard", data={"entry": hers.id})
    await hers.refresh()
    assert hers.is_running


async def test_it_discards_and_brings_back(bobs: Visitor, bob: User, company: Company) -> None:
    entry = await make_entry(bob, company.checklist, started_at=an_hour_ago(), note="by mistake")
    answer = await bobs.post("/timer/discard", data={"entry": entry.id})
    assert await TimeEntry.running_for(bob.id) is None
    page = await bobs.get(answer.headers["location"])
    undo = page.text.split('name="undo" value="')[1].split('"')[0]
    await bobs.post("/entries/undo", data={"undo": undo})
    running = await TimeEntry.running_for(bob.id)
    assert running
    assert (running.id, running.started_at, running.note) == (entry.id, entry.started_at, "by mistake")


async def test_it_keeps_what_was_stopped_before_it_was_discarded(bobs: Visitor, bob: User) -> None:
    entry = await make_entry(bob, started_at=an_hour_ago(), stopped_at=datetime.now(UTC))
    await bobs.post("/timer/discard", data={"entry": entry.id})
    assert await TimeEntry.exists().where(TimeEntry.id == entry.id)


async def test_it_requires_signing_in(visitor: Visitor, bob: User) -> None:
    await make_entry(bob, started_at=an_hour_ago())
    for path in ("/timer/stop", "/timer/discard"):
        assert (await visitor.post(path)).headers["location"] == "/sign-in"
    assert await TimeEntry.running_for(bob.id)
