"""POST /timesheet/week/{day}/copy: the week before, once more."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from app.accounts.models import User
from app.projects.models import WorkItem
from app.timesheet.models import TimeEntry
from app.timesheet.week.copying import a_week_later
from app.timesheet.work import Work
from tests.browser_like import Visitor
from tests.factories import monday
from tests.timesheet.conftest import Company
from tests.timesheet.test_week import WEEK, totals, tracked
from tests.timesheet.test_week_grid import BERLIN, entry, local
from tests.timesheet.test_week_rows import A_WEEK, has_row, row_of

A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def on_tuesday() -> Iterator[None]:
    with time_machine.travel(monday(12) + A_DAY, tick=False):
        yield


@pytest.fixture
def review(company: Company) -> Work:
    return Work(company.review.id, company.website.id)


@pytest.fixture
async def last_week(bob: User, review: Work) -> list[TimeEntry]:
    """On Monday and on Wednesday, which is still to come."""
    start = monday(9) - A_WEEK
    return [
        await tracked(bob, review, start, start + timedelta(hours=1), note="Weekly", tags=[3], billable=True),
        await tracked(bob, review, start + 2 * A_DAY, start + 2 * A_DAY + timedelta(hours=2)),
    ]


async def copied() -> list[TimeEntry]:
    return await TimeEntry.objects().where(TimeEntry.started_at >= monday(0)).order_by(TimeEntry.started_at)


def message(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html.split('id="week_message"')[1].split("</div>")[0]).split())


async def test_it_copies_the_hours_up_to_now(bobs: Visitor, last_week: list[TimeEntry]) -> None:
    answer = await bobs.htmx_post(f"{WEEK}/copy", {"what": "hours"})
    assert "1 entry copied from the week before; 1 still to come." in message(answer.text)
    assert totals(answer.text)[0] == "1:00"
    (made,) = await copied()
    assert (made.started_at, made.stopped_at) == (monday(9), monday(10))
    assert (made.note, made.tags, made.billable) == ("Weekly", [3], True)


async def test_pressed_twice_it_is_done_once(bobs: Visitor, last_week: list[TimeEntry]) -> None:
    await bobs.htmx_post(f"{WEEK}/copy", {"what": "hours"})
    (made,) = await copied()
    await TimeEntry.update({TimeEntry.stopped_at: monday(11), TimeEntry.note: "Longer"}).where(TimeEntry.id == made.id)
    answer = await bobs.htmx_post(f"{WEEK}/copy", {"what": "hours"})
    assert "Nothing copied from the week before; 1 here already, 1 still to come." in message(answer.text)
    assert len(await copied()) == 1


async def test_it_is_undone(bobs: Visitor, last_week: list[TimeEntry]) -> None:
    answer = await bobs.htmx_post(f"{WEEK}/copy", {"what": "hours"})
    undo = answer.text.split('name="undo" value="')[1].split('"')[0]
    undone = await bobs.htmx_post(f"{WEEK}/undo", {"undo": undo})
    assert "Undone." in message(undone.text)
    assert await copied() == []
    assert "undone already" in message((await bobs.htmx_post(f"{WEEK}/undo", {"undo": undo})).text)


async def test_nobody_undoes_what_another_did(bobs: Visitor, alices: Visitor, last_week: list[TimeEntry]) -> None:
    answer = await bobs.htmx_post(f"{WEEK}/copy", {"what": "hours"})
    undo = answer.text.split('name="undo" value="')[1].split('"')[0]
    assert (await alices.htmx_post(f"{WEEK}/undo", {"undo": undo})).status_code == 404
    assert len(await copied()) == 1


async def test_it_copies_nothing_of_tasks_that_take_no_time(
    bobs: Visitor, last_week: list[TimeEntry], company: Company
) -> None:
    values = {WorkItem.archived_at: datetime.now(UTC), WorkItem.archived_reason: "completed"}
    await WorkItem.update(values).where(WorkItem.id == company.review.id)
    answer = await bobs.htmx_post(f"{WEEK}/copy", {"what": "hours"})
    assert "Nothing copied from the week before; 1 on tasks that take no new time" in message(answer.text)
    assert await copied() == []


async def test_it_says_that_there_was_nothing(bobs: Visitor, company: Company) -> None:
    answer = await bobs.htmx_post(f"{WEEK}/copy", {"what": "hours"})
    assert message(answer.text).endswith("There was no time in the week before.")


async def test_it_copies_nothing_of_others(alices: Visitor, last_week: list[TimeEntry]) -> None:
    await alices.htmx_post(f"{WEEK}/copy", {"what": "hours"})
    assert await copied() == []


async def test_it_copies_the_rows_that_are_not_there(bobs: Visitor, last_week: list[TimeEntry], review: Work) -> None:
    await bobs.htmx_post(f"{WEEK}/rows/remove", {"row": row_of(review)})
    answer = await bobs.htmx_post(f"{WEEK}/copy", {"what": "rows"})
    assert "1 row copied from the week before." in message(answer.text)
    assert has_row(answer.text, review)
    undone = await bobs.htmx_post(f"{WEEK}/rows/remove", {"row": row_of(review)})
    assert not has_row(undone.text, review)
    assert await copied() == []


async def test_it_says_that_all_rows_are_there(bobs: Visitor, last_week: list[TimeEntry]) -> None:
    answer = await bobs.htmx_post(f"{WEEK}/copy", {"what": "rows"})
    assert message(answer.text).endswith("All rows of the week before are here already.")


async def test_it_tells_it_without_scripts(bobs: Visitor, last_week: list[TimeEntry]) -> None:
    answer = await bobs.post(f"{WEEK}/copy", data={"what": "hours"})
    assert answer.status_code == 303
    page = (await bobs.get(answer.headers["location"])).text
    assert "1 entry copied from the week before" in page
    assert "Undo" in page


def test_it_keeps_the_time_of_day_when_clocks_are_put_back() -> None:
    friday = date(2026, 10, 23)
    later = a_week_later(entry(1, local(friday, 9), local(friday, 17)), BERLIN)
    assert (later.started_at, later.stopped_at) == (local(friday + A_WEEK, 9), local(friday + A_WEEK, 17))
    assert later.started_at - local(friday, 9) == A_WEEK + timedelta(hours=1)


def test_it_keeps_the_length_where_the_clocks_leave_nothing_of_it() -> None:
    """From 2 to 3 on the night when that hour is skipped."""
    before = date(2026, 3, 22)
    later = a_week_later(entry(1, local(before, 2), local(before, 3)), BERLIN)
    assert later.started_at == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert later.stopped_at == later.started_at + timedelta(hours=1)


def test_it_knows_zones_of_half_hours() -> None:
    lord_howe = ZoneInfo("Australia/Lord_Howe")
    before = date(2026, 9, 30)
    later = a_week_later(entry(1, local(before, 9, lord_howe), local(before, 10, lord_howe)), lord_howe)
    assert later.started_at == local(before + A_WEEK, 9, lord_howe)
