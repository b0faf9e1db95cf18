"""GET and POST /entries/{id}/split"""

import html
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.accounts.models import User
from app.timesheet.models import TimeEntry
from app.timesheet.spans import Habits, Stretch
from app.timesheet.splitting import NotSplit, middle, midnights, read_moment, split
from app.timesheet.undo import undo
from tests.browser_like import Visitor
from tests.factories import asking, make_entry, monday
from tests.timesheet.conftest import Company, undo_of

BERLIN = ZoneInfo("Europe/Berlin")
LENGTHS = st.integers(min_value=2, max_value=24 * 3600 * 1_000_000)


def habits(zone: ZoneInfo = BERLIN, *, clock_24h: bool = True) -> Habits:
    return Habits(zone, clock_24h, datetime(2026, 11, 24, 20, tzinfo=UTC))


async def entries_of(user: User) -> list[TimeEntry]:
    return await TimeEntry.objects().where(TimeEntry.user == user.id).order_by(TimeEntry.started_at, TimeEntry.id)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data(), LENGTHS)
async def test_both_parts_are_the_whole_to_the_microsecond_and_undone_it_is_as_before(
    bob: User, data: st.DataObject, length: int
) -> None:
    after = data.draw(st.integers(min_value=1, max_value=length - 1))
    await TimeEntry.delete().where(TimeEntry.user == bob.id)
    stretch = Stretch(monday(0), monday(0) + timedelta(microseconds=length))
    entry = await make_entry(bob, note="calls", tags=[3, 5], billable=True, **vars(stretch))
    before = entry.to_dict()
    at = stretch.started_at + timedelta(microseconds=after)

    undo_id = await split(asking(bob), entry.id, at, was=stretch)
    first, second = await entries_of(bob)
    assert (first.started_at, first.stopped_at) == (stretch.started_at, at)
    assert (second.started_at, second.stopped_at) == (at, stretch.stopped_at)
    assert [(part.note, part.tags, part.billable) for part in (first, second)] == [("calls", [3, 5], True)] * 2

    assert undo_id is not None
    assert await undo(asking(bob), undo_id)
    (again,) = await entries_of(bob)
    assert {**again.to_dict(), "updated_at": None, "changed_by": None} == {**before, "updated_at": None}


@given(LENGTHS)
def test_its_middle_is_within_it(length: int) -> None:
    stretch = Stretch(monday(9), monday(9) + timedelta(microseconds=length))
    assert monday(9) < middle(stretch) < monday(9) + timedelta(microseconds=length)


def test_it_reads_a_time_by_the_clock_of_the_person() -> None:
    stretch = Stretch(monday(8), monday(16))
    assert read_moment("10:30", stretch, habits()) == monday(9, 30)
    assert read_moment("2", stretch, habits(clock_24h=False)) == monday(13)


@pytest.mark.parametrize("typed", ["9:00", "17", "0:00", "8", "soon", ""])
def test_it_refuses_what_is_not_within(typed: str) -> None:
    with pytest.raises(NotSplit):
        read_moment(typed, Stretch(monday(8), monday(16)), habits())


def test_it_asks_which_half_of_the_day_is_meant() -> None:
    with pytest.raises(NotSplit) as refused:
        read_moment("10", Stretch(monday(8), monday(22)), habits(clock_24h=False))
    assert refused.value.options == [monday(9), monday(21)]


def test_it_asks_which_of_two_equal_times_is_meant() -> None:
    night = Stretch(datetime(2026, 10, 24, 23, tzinfo=UTC), datetime(2026, 10, 25, 4, tzinfo=UTC))
    with pytest.raises(NotSplit) as refused:
        read_moment("2:30", night, habits())
    assert refused.value.options == [
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    ]


def test_it_takes_the_one_of_two_equal_times_that_is_within() -> None:
    night = Stretch(datetime(2026, 10, 25, 1, tzinfo=UTC), datetime(2026, 10, 25, 4, tzinfo=UTC))
    assert read_moment("2:30", night, habits()) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_it_says_that_clocks_are_put_forward_over_it() -> None:
    night = Stretch(datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 3, 29, 4, tzinfo=UTC))
    with pytest.raises(NotSplit, match="clocks go forward"):
        read_moment("2:30", night, habits())


def test_it_offers_midnight() -> None:
    night = Stretch(monday(20), monday(20) + timedelta(hours=6))
    assert midnights(night, habits()) == [monday(23)]
    assert midnights(Stretch(monday(8), monday(16)), habits()) == []


DAY = "2026-11-23"


@pytest.fixture
async def entry(bob: User, company: Company) -> TimeEntry:
    return await make_entry(bob, company.checklist, stopped_at=monday(11), project=company.website.id, note="calls")


def spans(entries: list[TimeEntry]) -> list[tuple[datetime, datetime | None]]:
    return [(entry.started_at, entry.stopped_at) for entry in entries]


def fields(page: str) -> dict[str, str]:
    """What the form on the page would send."""
    form = page.split('aria-label="Split the entry"')[1].split("</form>")[0]
    sent = re.findall(r'<input[^>]* name="(\w+)"[^>]* value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in sent} | {"day": DAY}


async def test_it_offers_the_middle(bobs: Visitor, entry: TimeEntry) -> None:
    answer = await bobs.htmx_get(f"/entries/{entry.id}/split?day={DAY}")
    assert answer.text.lstrip().startswith(f'<li id="time_entry_{entry.id}"')
    assert fields(answer.text)["at"] == "10:00"


async def test_it_divides_and_says_so(bobs: Visitor, bob: User, entry: TimeEntry) -> None:
    form = fields((await bobs.htmx_get(f"/entries/{entry.id}/split?day={DAY}")).text)
    answer = await bobs.htmx_post(f"/entries/{entry.id}/split", {**form, "at": "9.30"})
    parts = await entries_of(bob)
    assert spans(parts) == [(monday(9), monday(9, 30)), (monday(9, 30), monday(11))]
    assert {part.note for part in parts} == {"calls"}
    assert "9:30 – 11:00" in answer.text
    assert "The entry was split in two." in answer.text


async def test_it_divides_what_is_too_short_for_minutes_where_it_was_offered(bobs: Visitor, bob: User) -> None:
    entry = await make_entry(bob, stopped_at=monday(9) + timedelta(microseconds=3))
    form = fields((await bobs.htmx_get(f"/entries/{entry.id}/split?day={DAY}")).text)
    await bobs.htmx_post(f"/entries/{entry.id}/split", form)
    first, second = spans(await entries_of(bob))
    assert first[1] == second[0] == monday(9) + timedelta(microseconds=2)


async def test_it_is_divided_once_when_pressed_twice(bobs: Visitor, bob: User, entry: TimeEntry) -> None:
    form = fields((await bobs.htmx_get(f"/entries/{entry.id}/split?day={DAY}")).text)
    answers = [await bobs.htmx_post(f"/entries/{entry.id}/split", form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert len(await entries_of(bob)) == 2


async def test_it_keeps_what_was_typed_where_it_is_not_within(bobs: Visitor, bob: User, entry: TimeEntry) -> None:
    answer = await bobs.htmx_post(f"/entries/{entry.id}/split", {"at": "12:00", "day": DAY})
    assert answer.status_code == 422
    assert "goes from 9:00 to 11:00" in answer.text
    assert 'value="12:00"' in answer.text
    assert len(await entries_of(bob)) == 1


@time_machine.travel(monday(12), tick=False)
async def test_the_running_one_runs_on_from_there(bobs: Visitor, bob: User) -> None:
    running = await make_entry(bob, note="calls")
    form = fields((await bobs.htmx_get(f"/entries/{running.id}/split?day={DAY}")).text)
    assert form["at"] == "10:30"
    await bobs.htmx_post(f"/entries/{running.id}/split", form)
    first, second = await entries_of(bob)
    assert spans([first, second]) == [(monday(9), monday(10, 30)), (monday(10, 30), None)]
    assert second.id == running.id


async def test_it_offers_each_of_two_equal_times(bobs: Visitor, bob: User) -> None:
    await User.update({User.timezone: "Europe/Berlin"}).where(User.id == bob.id)
    night = datetime(2026, 10, 24, 23, tzinfo=UTC)
    entry = await make_entry(bob, started_at=night, stopped_at=night + timedelta(hours=5))
    asked = await bobs.htmx_post(f"/entries/{entry.id}/split", {"at": "2:30", "day": "2026-10-25"})
    assert asked.status_code == 422
    assert "2:30 CEST</button>" in asked.text
    assert "2:30 CET</button>" in asked.text
    second = re.findall(r'name="choice" value="([^"]*)"', asked.text)[-1]
    await bobs.htmx_post(f"/entries/{entry.id}/split", {"at": "2:30", "choice": html.unescape(second)})
    assert (await entries_of(bob))[1].started_at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


async def test_it_works_without_scripts(bobs: Visitor, bob: User, entry: TimeEntry) -> None:
    page = await bobs.get(f"/entries/{entry.id}/split")
    assert "</html>" in page.text
    answer = await bobs.post(f"/entries/{entry.id}/split", data=fields(page.text))
    assert answer.status_code == 303
    assert "Undo" in (await bobs.get(answer.headers["location"])).text
    assert len(await entries_of(bob)) == 2


async def test_it_cannot_be_undone_once_a_part_was_changed(bobs: Visitor, bob: User, entry: TimeEntry) -> None:
    answer = await bobs.htmx_post(f"/entries/{entry.id}/split", {"at": "10:00", "day": DAY})
    _, second = await entries_of(bob)
    await bobs.htmx_post(f"/entries/{second.id}/note", {"note": "mails"})
    undone = await bobs.htmx_post("/entries/undo", {"undo": undo_of(answer.text)})
    assert "changed since" in undone.text
    assert [part.note for part in await entries_of(bob)] == ["calls", "mails"]


async def test_nobody_else_divides_it(alices: Visitor, charlies: Visitor, bob: User, entry: TimeEntry) -> None:
    for other in (alices, charlies):
        assert (await other.get(f"/entries/{entry.id}/split")).status_code == 404
        assert (await other.post(f"/entries/{entry.id}/split", data={"at": "10:00"})).status_code == 404
    assert len(await entries_of(bob)) == 1
