"""Rows without hours: added, taken out, and taken over from the week before."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from app.accounts.models import Account, User
from app.projects.models import WorkItem
from app.timesheet.models import TimeEntry
from app.timesheet.week.models import WeekRow
from app.timesheet.week.queries import MOST_RECENT
from app.timesheet.work import Work
from tests.browser_like import Visitor
from tests.factories import make_item, monday
from tests.timesheet.conftest import Company
from tests.timesheet.test_week import WEEK, cell, tracked

A_WEEK = timedelta(days=7)
LAST_WEEK, NEXT_WEEK = "/timesheet/week/2026-11-16", "/timesheet/week/2026-11-30"


@pytest.fixture(autouse=True)
def on_tuesday() -> Iterator[None]:
    with time_machine.travel(monday(12) + timedelta(days=1), tick=False):
        yield


@pytest.fixture
def review(company: Company) -> Work:
    return Work(company.review.id, company.website.id)


@pytest.fixture
async def last_week(bob: User, review: Work) -> TimeEntry:
    return await tracked(bob, review, monday(9) - A_WEEK, monday(10) - A_WEEK)


def row_of(work: Work) -> str:
    return f"{work.item_id or ''}-{work.project_id or ''}"


def has_row(html: str, work: Work) -> bool:
    return f'id="row_{row_of(work)}"' in html


async def test_it_takes_over_the_rows_of_the_week_before(bobs: Visitor, last_week: TimeEntry, review: Work) -> None:
    page = await bobs.get(WEEK)
    assert has_row(page.text, review)
    assert 'value=""' in cell(page.text, review, date(2026, 11, 24))


async def test_it_takes_over_a_dozen_and_the_latest(
    bobs: Visitor, bob: User, account: Account, company: Company
) -> None:
    for number in range(MOST_RECENT + 2):
        item = await make_item(account, f"Task {number}", "task", company.content, number)
        at = monday(1) - A_WEEK + timedelta(hours=number)
        await tracked(bob, Work(item.id, company.website.id), at, at + timedelta(minutes=30))
    page = (await bobs.get(WEEK)).text
    assert page.count('class="week-row ') == MOST_RECENT
    assert "Task 13" in page
    assert ">Task 1<" not in page


async def test_it_takes_over_no_row_that_takes_no_time(
    bobs: Visitor, last_week: TimeEntry, review: Work, company: Company
) -> None:
    values = {WorkItem.archived_at: datetime.now(UTC), WorkItem.archived_reason: "completed"}
    await WorkItem.update(values).where(WorkItem.id == company.review.id)
    assert not has_row((await bobs.get(WEEK)).text, review)


async def test_a_row_that_is_taken_out_stays_out_of_this_week(
    bobs: Visitor, last_week: TimeEntry, review: Work
) -> None:
    answer = await bobs.htmx_post(f"{WEEK}/rows/remove", {"row": row_of(review)})
    assert not has_row(answer.text, review)
    assert not has_row((await bobs.get(WEEK)).text, review)
    assert has_row((await bobs.get(LAST_WEEK)).text, review)


async def test_a_row_with_time_is_there_whatever_was_said(
    bobs: Visitor, bob: User, last_week: TimeEntry, review: Work
) -> None:
    await bobs.htmx_post(f"{WEEK}/rows/remove", {"row": row_of(review)})
    await tracked(bob, review, monday(9), monday(10))
    page = (await bobs.get(WEEK)).text
    assert has_row(page, review)
    assert "Take Review the pricing page out" not in page


async def test_it_adds_a_row(bobs: Visitor, review: Work) -> None:
    form = {"item": str(review.item_id), "project": str(review.project_id), "q": "Review the pricing page"}
    answer = await bobs.htmx_post(f"{WEEK}/rows", form)
    assert "data-focus" in cell(answer.text, review, date(2026, 11, 24))
    assert has_row((await bobs.get(WEEK)).text, review)
    assert has_row((await bobs.get(NEXT_WEEK)).text, review)
    assert not has_row((await bobs.get("/timesheet/week/2026-12-07")).text, review)
    assert await TimeEntry.count() == 0


async def test_it_adds_a_row_twice_as_one(bobs: Visitor, review: Work) -> None:
    for _ in range(2):
        await bobs.htmx_post(f"{WEEK}/rows", {"item": str(review.item_id)})
    assert await WeekRow.count() == 1


async def test_it_brings_back_a_row_that_was_taken_out(bobs: Visitor, last_week: TimeEntry, review: Work) -> None:
    await bobs.htmx_post(f"{WEEK}/rows/remove", {"row": row_of(review)})
    answer = await bobs.htmx_post(f"{WEEK}/rows", {"item": str(review.item_id), "project": str(review.project_id)})
    assert has_row(answer.text, review)


async def test_it_adds_a_row_by_words_without_scripts(bobs: Visitor, review: Work) -> None:
    answer = await bobs.post(f"{WEEK}/rows", data={"item": "", "q": "pricing"})
    assert answer.status_code == 303
    assert has_row((await bobs.get(answer.headers["location"])).text, review)


@pytest.mark.parametrize(("words", "said"), [("nothing like it", "Nothing is called that."), ("the", "Which one?")])
async def test_it_asks_what_is_meant(bobs: Visitor, company: Company, words: str, said: str) -> None:
    answer = await bobs.htmx_post(f"{WEEK}/rows", {"item": "", "q": words})
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{words}"' in answer.text


async def test_it_adds_no_row_of_what_is_not_theirs(bobs: Visitor, company: Company) -> None:
    answer = await bobs.htmx_post(f"{WEEK}/rows", {"item": str(company.secret.id)})
    assert answer.status_code == 422
    assert "not among yours" in answer.text
    assert "Secret" not in answer.text
    assert await WeekRow.count() == 0


@pytest.mark.parametrize("row", ["", "-", "x-y", "999999-999999", "1", "²-³"])
async def test_it_takes_out_what_there_is_not(bobs: Visitor, last_week: TimeEntry, review: Work, row: str) -> None:
    answer = await bobs.htmx_post(f"{WEEK}/rows/remove", {"row": row})
    assert answer.status_code == 200
    assert has_row(answer.text, review)


async def test_rows_are_everybodys_own(alices: Visitor, bobs: Visitor, review: Work) -> None:
    await bobs.htmx_post(f"{WEEK}/rows", {"item": str(review.item_id)})
    assert "Review the pricing page" not in (await alices.get(WEEK)).text


async def test_a_week_that_begins_on_another_day_since_keeps_its_rows(bobs: Visitor, bob: User, review: Work) -> None:
    await bobs.htmx_post(f"{WEEK}/rows", {"item": str(review.item_id)})
    await User.update({User.week_start: 7}).where(User.id == bob.id)
    assert has_row((await bobs.get("/timesheet/week/2026-11-22")).text, review)
