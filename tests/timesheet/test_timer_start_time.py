"""POST /timer/start-time: the start of the running timer, corrected."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.accounts.models import User
from app.timesheet.models import TimeEntry
from tests.browser_like import Visitor
from tests.factories import make_entry, monday


async def moved(bobs: Visitor, entry: TimeEntry, typed: str) -> datetime:
    answer = await bobs.post("/timer/start-time", data={"entry": entry.id, "start": typed})
    assert (answer.status_code, answer.headers["location"]) == (303, "/timesheet")
    await entry.refresh()
    assert entry.is_running
    return entry.started_at


@pytest.mark.parametrize(
    ("started_at", "typed", "start"),
    [
        (monday(14, 10), "9", monday(9)),
        (monday(14, 10), "1:30pm", monday(13, 30)),
        (monday(14, 10), "14:30", monday(14, 30)),
        (monday(0, 10), "23:30", monday(0) - timedelta(minutes=30)),
        (monday(9) - timedelta(days=1), "8:30", monday(8, 30) - timedelta(days=1)),
    ],
)
@time_machine.travel(monday(15), tick=False)
async def test_it_means_the_nearest_such_time(
    bobs: Visitor, bob: User, started_at: datetime, typed: str, start: datetime
) -> None:
    assert await moved(bobs, await make_entry(bob, started_at=started_at), typed) == start


@time_machine.travel(monday(15), tick=False)
async def test_it_means_the_afternoon_by_a_twelve_hour_clock(bobs: Visitor, bob: User) -> None:
    await User.update({User.clock_24h: False}).where(User.id == bob.id)
    assert await moved(bobs, await make_entry(bob, started_at=monday(14, 10)), "1:30") == monday(13, 30)


@time_machine.travel(monday(15), tick=False)
async def test_it_stays_to_the_second_where_nothing_was_changed(bobs: Visitor, bob: User) -> None:
    started_at = monday(14, 10) + timedelta(seconds=42)
    assert await moved(bobs, await make_entry(bob, started_at=started_at), "14:10") == started_at


@time_machine.travel(datetime(2026, 10, 25, 3, tzinfo=UTC), tick=False)
async def test_it_tells_equal_times_apart(bobs: Visitor, bob: User) -> None:
    await User.update({User.timezone: "Europe/Berlin"}).where(User.id == bob.id)
    entry = await make_entry(bob, started_at=datetime(2026, 10, 25, 2, tzinfo=UTC))
    assert await moved(bobs, entry, "2:30 CEST") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert await moved(bobs, entry, "2:30 CET") == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [("soon", "Write a time such as"), ("", "Write a time such as"), ("26", "Hours go from 0 to 24")],
)
@time_machine.travel(monday(15), tick=False)
async def test_it_refuses_what_is_no_time(bobs: Visitor, bob: User, typed: str, reason: str) -> None:
    entry = await make_entry(bob, started_at=monday(14))
    by_htmx = await bobs.htmx_post("/timer/start-time", {"entry": entry.id, "start": typed})
    plain = await bobs.post("/timer/start-time", data={"entry": entry.id, "start": typed})
    for answer in (by_htmx, plain):
        assert answer.status_code == 422
        assert reason in answer.text
    assert by_htmx.headers["HX-Retarget"] == f"#running_{entry.id}_since"
    await entry.refresh()
    assert entry.started_at == monday(14)


@time_machine.travel(monday(15), tick=False)
async def test_it_leaves_alone_what_does_not_run_or_is_not_theirs(bobs: Visitor, bob: User, alice: User) -> None:
    for entry in (
        await make_entry(bob, started_at=monday(9), stopped_at=monday(10)),
        await make_entry(alice, started_at=monday(9)),
    ):
        assert (await bobs.post("/timer/start-time", data={"entry": entry.id, "start": "8:00"})).status_code == 303
        await entry.refresh()
        assert entry.started_at == monday(9)
