"""POST /entries/{id}/duplicates, and ending one entry where the next begins: POST /entries/{id}/trim"""

from datetime import UTC, datetime

import pytest

from app.accounts.models import User
from app.projects.models import WorkItem
from app.timesheet.models import SAID, TimeEntry
from tests.browser_like import Visitor
from tests.factories import make_entry, monday
from tests.timesheet.conftest import Company, undo_of

DAY = "2026-11-23"


@pytest.fixture
async def entry(bob: User, company: Company) -> TimeEntry:
    return await make_entry(
        bob, company.checklist, stopped_at=monday(10), project=company.website.id, note="calls", billable=True
    )


def said(entry: TimeEntry) -> list[object]:
    return [getattr(entry, name) for name in SAID]


async def test_it_makes_another_and_opens_it(bobs: Visitor, entry: TimeEntry) -> None:
    answer = await bobs.htmx_post(f"/entries/{entry.id}/duplicates", {"day": DAY})
    first, copy = await TimeEntry.objects().order_by(TimeEntry.id)
    assert said(copy) == said(first)
    assert f'action="/entries/{copy.id}"' in answer.text
    assert "The entry was duplicated." in answer.text
    await bobs.htmx_post("/entries/undo", {"undo": undo_of(answer.text)})
    assert await TimeEntry.count() == 1


async def test_it_opens_the_copy_again_when_pressed_twice(bobs: Visitor, entry: TimeEntry) -> None:
    for _ in range(2):
        answer = await bobs.htmx_post(f"/entries/{entry.id}/duplicates", {"day": DAY})
    assert await TimeEntry.count() == 2
    assert 'aria-label="Edit the entry"' in answer.text


async def test_it_works_without_scripts(bobs: Visitor, entry: TimeEntry) -> None:
    answer = await bobs.post(f"/entries/{entry.id}/duplicates", data={"day": DAY})
    copy = await TimeEntry.objects().where(TimeEntry.id != entry.id).first()
    assert copy
    assert answer.headers["location"] == f"/entries/{copy.id}/edit?day={DAY}"


async def test_it_gives_archived_tasks_no_new_time(bobs: Visitor, entry: TimeEntry, company: Company) -> None:
    await WorkItem.update({WorkItem.archived_at: datetime.now(UTC), WorkItem.archived_reason: "completed"}).where(
        WorkItem.id == company.checklist.id
    )
    answer = await bobs.htmx_post(f"/entries/{entry.id}/duplicates", {"day": DAY})
    assert answer.status_code == 422
    assert "takes no new time" in answer.text
    assert await TimeEntry.count() == 1


async def test_it_makes_no_second_running_timer(bobs: Visitor, bob: User) -> None:
    running = await make_entry(bob)
    answer = await bobs.htmx_post(f"/entries/{running.id}/duplicates", {"day": DAY})
    assert (answer.status_code, await TimeEntry.count()) == (422, 1)


async def test_nobody_else_duplicates_it(alices: Visitor, charlies: Visitor, entry: TimeEntry) -> None:
    for other in (alices, charlies):
        assert (await other.post(f"/entries/{entry.id}/duplicates")).status_code == 404
        assert (
            await other.post(f"/entries/{entry.id}/trim", data={"at": monday(9, 30).isoformat()})
        ).status_code == 404
    assert await TimeEntry.count() == 1


async def test_it_ends_where_the_next_one_begins(bobs: Visitor, bob: User, entry: TimeEntry) -> None:
    await make_entry(bob, started_at=monday(9, 30), stopped_at=monday(11))
    page = (await bobs.get(f"/timesheet/{DAY}")).text
    assert f'action="/entries/{entry.id}/trim"' in page
    answer = await bobs.htmx_post(f"/entries/{entry.id}/trim", {"at": monday(9, 30).isoformat(), "day": DAY})
    assert "at the same time" not in answer.text
    trimmed = await TimeEntry.objects().get(TimeEntry.id == entry.id)
    assert trimmed
    assert trimmed.stopped_at == monday(9, 30)
    again = await bobs.htmx_post(f"/entries/{entry.id}/trim", {"at": monday(9, 30).isoformat(), "day": DAY})
    assert "changed meanwhile" in again.text
    await bobs.htmx_post("/entries/undo", {"undo": undo_of(answer.text)})
    whole = await TimeEntry.objects().get(TimeEntry.id == entry.id)
    assert whole
    assert whole.stopped_at == monday(10)


async def test_it_does_not_offer_to_lose_time(bobs: Visitor, bob: User, entry: TimeEntry) -> None:
    """The other goes on after this one ends: ending it here would lose what comes after."""
    await make_entry(bob, started_at=monday(9, 15), stopped_at=monday(9, 45))
    page = (await bobs.get(f"/timesheet/{DAY}")).text
    assert "at the same time" in page
    assert "/trim" not in page


@pytest.mark.parametrize("at", ["", "soon", "2026-11-23T08:00:00+00:00", "2026-11-23T10:00:00+00:00"])
async def test_it_ends_nothing_outside_of_it(bobs: Visitor, entry: TimeEntry, at: str) -> None:
    await bobs.htmx_post(f"/entries/{entry.id}/trim", {"at": at, "day": DAY})
    kept = await TimeEntry.objects().get(TimeEntry.id == entry.id)
    assert kept
    assert kept.stopped_at == monday(10)
