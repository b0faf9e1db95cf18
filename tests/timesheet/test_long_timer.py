"""A timer that runs for longer than its owner finds likely asks, and nothing is ended by itself."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app import database
from app.accounts.models import User
from app.timesheet.models import TimeEntry
from tests.browser_like import Visitor
from tests.factories import make_entry, monday

ASKS = "Is this timer right?"


async def read(entry: TimeEntry) -> TimeEntry:
    await entry.refresh()
    return entry


@time_machine.travel(monday(18, 59), tick=False)
async def test_it_asks_nothing_before_the_limit(bobs: Visitor, bob: User) -> None:
    await make_entry(bob, started_at=monday(9))
    assert ASKS not in (await bobs.get("/timesheet")).text


@time_machine.travel(monday(19), tick=False)
@pytest.mark.parametrize("path", ["/timesheet", "/timesheet/2026-11-02"])
async def test_it_asks_from_the_limit_on_whatever_day_is_open(bobs: Visitor, bob: User, path: str) -> None:
    entry = await make_entry(bob, started_at=monday(9))
    page = (await bobs.get(path)).text
    assert ASKS in page
    assert "10 h 00 m" in page
    assert (await read(entry)).is_running


@time_machine.travel(monday(19), tick=False)
async def test_the_week_leads_to_the_question(bobs: Visitor, bob: User) -> None:
    entry = await make_entry(bob, started_at=monday(9))
    assert ASKS in (await bobs.get("/timesheet/week")).text
    await bobs.post("/timer/keep", data={"entry": entry.id})
    assert ASKS not in (await bobs.get("/timesheet/week")).text


@time_machine.travel(monday(12), tick=False)
async def test_it_takes_the_limit_from_the_profile(bobs: Visitor, bob: User) -> None:
    await make_entry(bob, started_at=monday(9))
    await User.update({User.timer_limit: 3}).where(User.id == bob.id)
    assert ASKS in (await bobs.get("/timesheet")).text


@time_machine.travel(monday(20), tick=False)
async def test_it_runs_on_when_it_is_kept_and_asks_when_as_much_has_passed_again(bobs: Visitor, bob: User) -> None:
    entry = await make_entry(bob, started_at=monday(9))
    answer = await bobs.post("/timer/keep", data={"entry": entry.id})
    assert (answer.status_code, answer.headers["location"]) == (303, "/timesheet")
    assert ASKS not in (await bobs.get("/timesheet")).text
    assert (await read(entry)).is_running
    with time_machine.travel(monday(20) + timedelta(hours=9, minutes=59), tick=False):
        assert ASKS not in (await bobs.get("/timesheet")).text
    with time_machine.travel(monday(20) + timedelta(hours=10), tick=False):
        assert ASKS in (await bobs.get("/timesheet")).text


@time_machine.travel(monday(20), tick=False)
@pytest.mark.parametrize(
    ("typed", "end"),
    [("17:30", monday(17, 30)), ("5:30 pm", monday(17, 30)), ("1730", monday(17, 30)), ("20", monday(20))],
)
async def test_it_ends_at_the_time_that_is_typed(bobs: Visitor, bob: User, typed: str, end: datetime) -> None:
    entry = await make_entry(bob, started_at=monday(9))
    answer = await bobs.htmx_post("/timer/end", {"entry": entry.id, "end": typed})
    assert answer.status_code == 200
    assert 'id="long_timer"' not in answer.text
    assert (await read(entry)).stopped_at == end


@time_machine.travel(monday(20) + timedelta(days=1), tick=False)
async def test_it_means_the_first_such_time_after_the_start(bobs: Visitor, bob: User) -> None:
    entry = await make_entry(bob, started_at=monday(17))
    await bobs.post("/timer/end", data={"entry": entry.id, "end": "1:15"})
    assert (await read(entry)).stopped_at == monday(1, 15) + timedelta(days=1)


@time_machine.travel(monday(20), tick=False)
@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("21:00", "That is still to come: it is 20:00 now."),
        ("8:59", "That is still to come"),
        ("9:00", "The end has to be later than the start."),
        ("soon", "Write a time such as"),
        ("", "When did it end?"),
        ("25:00", "Hours go from 0 to 24"),
    ],
)
async def test_it_refuses_what_is_not_between_start_and_now(bobs: Visitor, bob: User, typed: str, reason: str) -> None:
    entry = await make_entry(bob, started_at=monday(9))
    answer = await bobs.htmx_post("/timer/end", {"entry": entry.id, "end": typed})
    assert answer.status_code == 422
    assert answer.headers["HX-Retarget"] == "#long_timer"
    assert answer.text.lstrip().startswith('<section id="long_timer"')
    assert reason in answer.text
    if typed:
        assert f'value="{typed}"' in answer.text
    page = await bobs.post("/timer/end", data={"entry": entry.id, "end": typed})
    assert page.status_code == 422
    assert reason in page.text
    assert "<title>" in page.text
    assert (await read(entry)).is_running


@time_machine.travel(monday(20), tick=False)
async def test_it_changes_nothing_that_was_stopped_meanwhile(bobs: Visitor, bob: User) -> None:
    entry = await make_entry(bob, started_at=monday(9), stopped_at=monday(10))
    for path in ("/timer/end", "/timer/keep"):
        assert (await bobs.post(path, data={"entry": entry.id, "end": "18:00"})).status_code == 303
    await entry.refresh()
    assert (entry.stopped_at, entry.kept_at) == (monday(10), None)


@time_machine.travel(monday(20), tick=False)
async def test_it_leaves_other_peoples_timers_alone(bobs: Visitor, alice: User) -> None:
    hers = await make_entry(alice, started_at=monday(9))
    for path in ("/timer/end", "/timer/keep"):
        assert (await bobs.post(path, data={"entry": hers.id, "end": "18:00"})).status_code == 303
    await hers.refresh()
    assert (hers.is_running, hers.kept_at) == (True, None)


async def work_until(user: User, *hours: int) -> None:
    """On each of the last days, the latest first, they stopped at this hour."""
    for ago, hour in enumerate(hours, start=1):
        day = monday(0) - timedelta(days=ago)
        await make_entry(user, started_at=day + timedelta(hours=8), stopped_at=day + timedelta(hours=12))
        await make_entry(user, started_at=day + timedelta(hours=13), stopped_at=day + timedelta(hours=hour))


@time_machine.travel(monday(23), tick=False)
async def test_it_proposes_when_they_usually_stop(bobs: Visitor, bob: User) -> None:
    await work_until(bob, 17, 18, 17, 22, 17)
    await make_entry(bob, started_at=monday(9))
    assert 'name="end" type="text" value="17:00"' in (await bobs.get("/timesheet")).text


@pytest.mark.parametrize(
    ("started_at", "proposed"), [(monday(9), "19:00"), (monday(18), "4:00")], ids=["few days", "after hours"]
)
@time_machine.travel(monday(8) + timedelta(days=1), tick=False)
async def test_it_proposes_the_limit_where_that_is_not_known(
    bobs: Visitor, bob: User, started_at: datetime, proposed: str
) -> None:
    await work_until(bob, *([17] * (5 if started_at.hour == 18 else 4)))
    await make_entry(bob, started_at=started_at)
    assert f'name="end" type="text" value="{proposed}"' in (await bobs.get("/timesheet")).text


@time_machine.travel(datetime(2026, 10, 25, 9, tzinfo=UTC), tick=False)
async def test_it_ends_in_the_night_when_clocks_are_put_back(bobs: Visitor, bob: User) -> None:
    await User.update({User.timezone: "Europe/Berlin"}).where(User.id == bob.id)
    entry = await make_entry(bob, started_at=datetime(2026, 10, 24, 20, tzinfo=UTC))
    await bobs.post("/timer/end", data={"entry": entry.id, "end": "2:30 CET"})
    assert (await read(entry)).stopped_at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@time_machine.travel(monday(20), tick=False)
async def test_keeping_is_no_change_of_the_time(bobs: Visitor, bob: User) -> None:
    entry = await make_entry(bob, started_at=monday(9))
    await bobs.post("/timer/keep", data={"entry": entry.id})
    assert await database.fetch_value("SELECT count(*) FROM entry_change") == 0


@time_machine.travel(monday(9) + timedelta(days=1), tick=False)
async def test_with_a_limit_of_a_day_what_it_proposes_can_be_taken(bobs: Visitor, bob: User) -> None:
    await User.update({User.timer_limit: 24}).where(User.id == bob.id)
    entry = await make_entry(bob, started_at=monday(9))
    assert 'name="end" type="text" value="8:00"' in (await bobs.get("/timesheet")).text
    await bobs.post("/timer/end", data={"entry": entry.id, "end": "8:00"})
    assert (await read(entry)).stopped_at == monday(8) + timedelta(days=1)
