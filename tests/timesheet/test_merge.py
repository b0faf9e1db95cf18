"""GET and POST /entries/{id}/merge"""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.accounts.models import Account, User
from app.timesheet.merging import Merger, NotMerged, merge
from app.timesheet.models import TimeEntry
from app.timesheet.spans import Stretch
from app.timesheet.splitting import split
from app.timesheet.undo import undo
from tests.browser_like import Visitor
from tests.factories import asking, make_entry, make_item, monday
from tests.timesheet.conftest import Company, undo_of

MICROSECONDS = st.integers(min_value=0, max_value=11 * 3600 * 1_000_000)


async def entries_of(user: User) -> list[dict[str, object]]:
    query = TimeEntry.select().where(TimeEntry.user == user.id).order_by(TimeEntry.id)
    return [{**row, "updated_at": None, "changed_by": None} for row in await query]


async def join(user: User, earlier: TimeEntry, later: TimeEntry) -> int | None:
    return await merge(asking(user), later.id, earlier.id, seen=Merger(earlier, later).stretch)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MICROSECONDS, MICROSECONDS, MICROSECONDS)
async def test_it_is_all_of_both_and_undone_it_is_as_before(bob: User, first: int, start: int, second: int) -> None:
    await TimeEntry.delete().where(TimeEntry.user == bob.id)
    ends = [timedelta(microseconds=after) for after in (first + 1, start, start + second + 1)]
    earlier = await make_entry(bob, note="calls", tags=[3], started_at=monday(0), stopped_at=monday(0) + ends[0])
    later = await make_entry(
        bob, note="mails", tags=[2, 3], billable=True, started_at=monday(0) + ends[1], stopped_at=monday(0) + ends[2]
    )
    before = await entries_of(bob)
    undo_id = await join(bob, earlier, later)
    (one,) = await TimeEntry.objects().where(TimeEntry.user == bob.id)
    assert (one.started_at, one.stopped_at) == (monday(0), monday(0) + max(ends[0], ends[2]))
    assert (one.note, one.tags, one.billable) == ("calls; mails", [2, 3], True)
    assert undo_id is not None
    assert await undo(asking(bob), undo_id)
    assert await entries_of(bob) == before


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(min_value=1, max_value=8 * 3600 * 1_000_000 - 1))
async def test_merging_the_parts_of_a_split_gives_the_entry_again(bob: User, after: int) -> None:
    await TimeEntry.delete().where(TimeEntry.user == bob.id)
    entry = await make_entry(bob, note="calls", tags=[3], stopped_at=monday(17))
    before = await entries_of(bob)
    at = monday(9) + timedelta(microseconds=after)
    await split(asking(bob), entry.id, at, was=Stretch(monday(9), monday(17)))
    earlier, later = await TimeEntry.objects().order_by(TimeEntry.started_at)
    await join(bob, earlier, later)
    assert await entries_of(bob) == before


@time_machine.travel(monday(12), tick=False)
async def test_the_one_that_runs_stays_and_runs_on(bob: User) -> None:
    earlier = await make_entry(bob, stopped_at=monday(10))
    running = await make_entry(bob, started_at=monday(10))
    await join(bob, earlier, running)
    (one,) = await TimeEntry.objects().where(TimeEntry.user == bob.id)
    assert (one.id, one.started_at, one.stopped_at) == (running.id, monday(9), None)


async def test_it_is_not_for_different_tasks(bob: User, account: Account) -> None:
    earlier = await make_entry(bob, stopped_at=monday(10))
    later = await make_entry(bob, await make_item(account, "Calls"), monday(10), stopped_at=monday(11))
    with pytest.raises(NotMerged, match="another task"):
        await join(bob, earlier, later)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"stopped_at": monday(9) + timedelta(hours=24, microseconds=1)}, "24 hours"),
        ({"stopped_at": monday(11), "note": "n" * 1_999}, "2,000 characters"),
        ({"stopped_at": monday(11), "tags": list(range(10, 30))}, "20 tags"),
    ],
)
async def test_it_does_not_make_what_is_too_much(bob: User, values: dict[str, Any], reason: str) -> None:
    earlier = await make_entry(bob, stopped_at=monday(10), note="calls", tags=[3])
    later = await make_entry(bob, started_at=monday(10), **values)
    before = await entries_of(bob)
    with pytest.raises(NotMerged, match=reason):
        await join(bob, earlier, later)
    assert await entries_of(bob) == before


async def test_it_is_refused_where_something_else_came_in_between(bob: User) -> None:
    earlier = await make_entry(bob, stopped_at=monday(10))
    later = await make_entry(bob, started_at=monday(11), stopped_at=monday(12))
    await make_entry(bob, started_at=monday(10, 30), stopped_at=monday(11))
    with pytest.raises(NotMerged, match="meanwhile"):
        await join(bob, earlier, later)


async def test_it_is_refused_where_it_is_not_what_was_confirmed(bob: User) -> None:
    earlier = await make_entry(bob, stopped_at=monday(10))
    later = await make_entry(bob, started_at=monday(11), stopped_at=monday(12))
    seen = Stretch(monday(9), monday(11, 30))
    with pytest.raises(NotMerged, match="meanwhile"):
        await merge(asking(bob), later.id, earlier.id, seen=seen)


DAY = "2026-11-23"


def sent_by(page: str) -> dict[str, str]:
    """What the confirmation on the page would send."""
    form = page.split('aria-label="Merge with the entry before"')[1].split("</form>")[0]
    sent = re.findall(r'<input[^>]* name="(\w+)"[^>]* value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in sent}


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", "", html.unescape(page)).split())


@pytest.fixture
async def pair(bob: User, company: Company) -> tuple[TimeEntry, TimeEntry]:
    values = {"item": company.checklist, "project": company.website.id}
    return (
        await make_entry(bob, **values, stopped_at=monday(10), note="calls"),
        await make_entry(bob, **values, started_at=monday(10, 30), stopped_at=monday(11), note="mails", billable=True),
    )


async def test_it_says_what_becomes_of_everything(bobs: Visitor, pair: tuple[TimeEntry, TimeEntry]) -> None:
    answer = await bobs.htmx_get(f"/entries/{pair[1].id}/merge?day={DAY}")
    assert (
        "Together with 9:00 – 10:00 it becomes one entry, 9:00 – 11:00; the 30 m between them count as worked;"
        " both notes are kept; it is billable." in text_of(answer.text)
    )


async def test_it_merges_what_was_confirmed_and_undoes_it(
    bobs: Visitor, bob: User, pair: tuple[TimeEntry, TimeEntry]
) -> None:
    before = await entries_of(bob)
    page = await bobs.htmx_get(f"/entries/{pair[1].id}/merge?day={DAY}")
    answer = await bobs.htmx_post(f"/entries/{pair[1].id}/merge", {**sent_by(page.text), "day": DAY})
    (one,) = await entries_of(bob)
    assert (one["id"], one["started_at"], one["stopped_at"]) == (pair[0].id, monday(9), monday(11))
    assert "calls; mails" in html.unescape(answer.text)
    await bobs.htmx_post("/entries/undo", {"undo": undo_of(answer.text)})
    assert await entries_of(bob) == before


async def test_it_is_gone_the_second_time(bobs: Visitor, bob: User, pair: tuple[TimeEntry, TimeEntry]) -> None:
    sent = sent_by((await bobs.htmx_get(f"/entries/{pair[1].id}/merge")).text)
    await bobs.post(f"/entries/{pair[1].id}/merge", data=sent)
    assert (await bobs.post(f"/entries/{pair[1].id}/merge", data=sent)).status_code == 404
    assert len(await entries_of(bob)) == 1


async def test_it_asks_again_where_one_was_changed_meanwhile(
    bobs: Visitor, bob: User, pair: tuple[TimeEntry, TimeEntry]
) -> None:
    sent = sent_by((await bobs.htmx_get(f"/entries/{pair[1].id}/merge")).text)
    await pair[0].change(started_at=monday(8))
    answer = await bobs.htmx_post(f"/entries/{pair[1].id}/merge", sent)
    assert answer.status_code == 422
    assert "changed meanwhile" in answer.text
    assert "8:00 – 11:00" in text_of(answer.text)
    assert len(await entries_of(bob)) == 2
    await bobs.htmx_post(f"/entries/{pair[1].id}/merge", sent_by(answer.text))
    assert len(await entries_of(bob)) == 1


async def test_it_is_offered_where_it_can_be(bobs: Visitor, bob: User, company: Company) -> None:
    values = {"item": company.checklist, "project": company.website.id}
    first = await make_entry(bob, **values, stopped_at=monday(10))
    second = await make_entry(bob, **values, started_at=monday(10), stopped_at=monday(11))
    other = await make_entry(bob, started_at=monday(11), stopped_at=monday(12))
    page = (await bobs.get(f"/timesheet/{DAY}")).text
    offered = [entry.id for entry in (first, second, other) if f'href="/entries/{entry.id}/merge"' in page]
    assert offered == [second.id]


async def test_it_says_why_it_cannot_be(bobs: Visitor, bob: User, pair: tuple[TimeEntry, TimeEntry]) -> None:
    assert "There is no entry before it." in (await bobs.get(f"/entries/{pair[0].id}/merge")).text
    other = await make_entry(bob, started_at=monday(12), stopped_at=monday(13))
    assert "for another task" in (await bobs.htmx_get(f"/entries/{other.id}/merge")).text


async def test_it_works_without_scripts(bobs: Visitor, bob: User, pair: tuple[TimeEntry, TimeEntry]) -> None:
    page = await bobs.get(f"/entries/{pair[1].id}/merge")
    answer = await bobs.post(f"/entries/{pair[1].id}/merge", data={**sent_by(page.text), "day": DAY})
    assert "merged into one" in (await bobs.get(answer.headers["location"])).text
    assert len(await entries_of(bob)) == 1


async def test_nobody_else_merges_them(
    alices: Visitor, charlies: Visitor, bob: User, pair: tuple[TimeEntry, TimeEntry]
) -> None:
    sent = {"earlier": str(pair[0].id), "exact_start": monday(9).isoformat(), "exact_end": monday(11).isoformat()}
    for other in (alices, charlies):
        assert (await other.get(f"/entries/{pair[1].id}/merge")).status_code == 404
        assert (await other.post(f"/entries/{pair[1].id}/merge", data=sent)).status_code == 404
    assert len(await entries_of(bob)) == 2


async def test_it_is_not_merged_with_somebody_elses(
    bobs: Visitor, alice: User, bob: User, pair: tuple[TimeEntry, TimeEntry]
) -> None:
    theirs = await make_entry(alice, started_at=monday(10), stopped_at=monday(10, 30))
    sent = sent_by((await bobs.htmx_get(f"/entries/{pair[1].id}/merge")).text) | {"earlier": str(theirs.id)}
    assert (await bobs.htmx_post(f"/entries/{pair[1].id}/merge", sent)).status_code == 422
    assert await TimeEntry.count() == 3
