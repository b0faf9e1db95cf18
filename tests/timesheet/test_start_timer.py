"""POST /timer"""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.accounts.models import Account, User
from app.projects.models import WorkItem
from app.timesheet.models import TimeEntry
from tests.browser_like import Visitor
from tests.factories import assign, make_entry, make_item, monday, place
from tests.timesheet.conftest import Company


async def running(user: User) -> TimeEntry:
    entry = await TimeEntry.running_for(user.id)
    assert entry
    return entry


async def test_it_starts_a_timer_on_a_task(bobs: Visitor, bob: User, company: Company) -> None:
    answer = await bobs.post("/timer", data={"item": company.checklist.id, "note": "first version"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/timesheet")
    entry = await running(bob)
    assert (entry.item, entry.project, entry.note) == (company.checklist.id, company.website.id, "first version")
    assert datetime.now(UTC) - entry.started_at < timedelta(seconds=5)


async def test_it_shows_the_running_timer(bobs: Visitor, company: Company) -> None:
    answer = await bobs.htmx_post("/timer", {"item": company.checklist.id})
    assert answer.status_code == 200
    assert 'id="timesheet"' in answer.text
    assert "Draft the checklist" in answer.text
    assert "Website relaunch" in answer.text
    assert 'action="/timer/stop"' in answer.text


async def test_it_starts_without_a_task(bobs: Visitor, bob: User) -> None:
    answer = await bobs.htmx_post("/timer", {"note": ""})
    assert "No task" in answer.text
    assert (await running(bob)).item is None


async def test_it_stops_the_first_at_the_moment_the_second_starts(bobs: Visitor, bob: User, company: Company) -> None:
    first = await make_entry(bob, company.checklist, started_at=datetime.now(UTC) - timedelta(hours=1))
    await bobs.post("/timer", data={"item": company.review.id})
    await first.refresh()
    second = await running(bob)
    assert second.item == company.review.id
    assert first.stopped_at == second.started_at


async def test_it_can_be_pressed_twice(bobs: Visitor, bob: User, company: Company) -> None:
    for _ in range(2):
        assert (await bobs.post("/timer", data={"item": company.checklist.id})).status_code == 303
    assert await TimeEntry.count().where(TimeEntry.user == bob.id) == 1


async def test_it_starts_anew_with_another_note(bobs: Visitor, bob: User, company: Company) -> None:
    await bobs.post("/timer", data={"item": company.checklist.id})
    await bobs.post("/timer", data={"item": company.checklist.id, "note": "second version"})
    assert await TimeEntry.count().where(TimeEntry.user == bob.id) == 2


@time_machine.travel(monday(9), tick=False)
async def test_it_stops_a_timer_that_began_in_the_same_moment(bobs: Visitor, bob: User, company: Company) -> None:
    first = await make_entry(bob, company.checklist, started_at=monday(9))
    await bobs.post("/timer", data={"item": company.review.id})
    await first.refresh()
    assert first.stopped_at
    assert first.stopped_at > first.started_at


async def test_it_takes_the_place_that_was_chosen(bobs: Visitor, bob: User, account: Account, company: Company) -> None:
    shop = await make_item(account, "Shop", "project", company.root)
    await assign(bob, shop)
    await place(company.checklist, shop)
    await bobs.post("/timer", data={"item": company.checklist.id, "project": shop.id})
    assert (await running(bob)).project == shop.id


async def test_it_takes_another_place_where_the_chosen_one_is_not_theirs(
    bobs: Visitor, bob: User, company: Company
) -> None:
    await bobs.post("/timer", data={"item": company.checklist.id, "project": company.secret.id})
    assert (await running(bob)).project == company.website.id


@pytest.mark.parametrize("item", ["secret", "root"])
async def test_it_refuses_what_is_not_theirs_to_track_on(bobs: Visitor, bob: User, company: Company, item: str) -> None:
    asked: WorkItem = getattr(company, item)
    answer = await bobs.htmx_post("/timer", {"item": asked.id})
    assert answer.status_code == 422
    assert "not among yours" in answer.text
    assert "Secret bid" not in answer.text
    assert await TimeEntry.running_for(bob.id) is None


@pytest.mark.parametrize("item", ["999999999", "9" * 30, "-1", "x", "٣"])
async def test_it_survives_ids_that_mean_nothing(bobs: Visitor, item: str) -> None:
    assert (await bobs.htmx_post("/timer", {"item": item})).status_code in (200, 422)


async def test_it_says_why_an_archived_task_takes_no_time(bobs: Visitor, bob: User, company: Company) -> None:
    await archive(company.checklist)
    answer = await bobs.htmx_post("/timer", {"item": company.checklist.id})
    assert answer.status_code == 422
    assert "Completed in Asana." in answer.text
    assert await TimeEntry.running_for(bob.id) is None


async def test_it_leaves_a_timer_running_when_its_task_is_archived(bobs: Visitor, bob: User, company: Company) -> None:
    await bobs.post("/timer", data={"item": company.checklist.id})
    await archive(company.checklist)
    page = await bobs.get("/timesheet")
    assert "Draft the checklist" in page.text
    await bobs.post("/timer/stop")
    entry = await TimeEntry.objects().first()
    assert entry
    assert (entry.item, entry.is_running) == (company.checklist.id, False)


async def test_it_leads_to_the_results_when_only_words_were_typed(bobs: Visitor, bob: User) -> None:
    answer = await bobs.post("/timer", data={"q": "check & list", "note": "n", "item": ""})
    assert (answer.status_code, answer.headers["location"]) == (303, "/picker?q=check+%26+list&note=n")
    assert await TimeEntry.running_for(bob.id) is None


async def test_it_keeps_the_day_that_was_open(bobs: Visitor) -> None:
    answer = await bobs.post("/timer", data={"day": "2026-11-20"})
    assert answer.headers["location"] == "/timesheet/2026-11-20"


async def test_it_stores_a_note_as_one_line_of_text(bobs: Visitor, bob: User) -> None:
    await bobs.post("/timer", data={"note": "  a\n b\0 " + "c" * 5000})
    note = (await running(bob)).note
    assert note.startswith("a b c")
    assert len(note) == 2000


async def test_it_does_not_touch_other_people(bobs: Visitor, alice: User, company: Company) -> None:
    hers = await make_entry(alice)
    await bobs.post("/timer", data={"item": company.checklist.id})
    await hers.refresh()
    assert hers.is_running


async def test_it_hides_other_accounts_tasks(charlies: Visitor, charlie: User, company: Company) -> None:
    answer = await charlies.htmx_post("/timer", {"item": company.checklist.id})
    assert answer.status_code == 422
    assert "Draft the checklist" not in answer.text
    assert await TimeEntry.running_for(charlie.id) is None


async def test_it_requires_signing_in(visitor: Visitor, bob: User) -> None:
    answer = await visitor.post("/timer")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


async def archive(item: WorkItem) -> None:
    await WorkItem.update({WorkItem.archived_at: datetime.now(UTC), WorkItem.archived_reason: "completed"}).where(
        WorkItem.id == item.id
    )
