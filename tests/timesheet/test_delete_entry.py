"""POST /entries/{id}/delete, and undoing it"""

import pytest

from app.accounts.models import Account, User
from app.timesheet.models import TimeEntry
from tests.browser_like import Visitor
from tests.factories import make_entry, make_item, monday
from tests.timesheet.conftest import Company, undo_of

DAY = "2026-11-23"


@pytest.fixture
async def entry(bob: User, company: Company) -> TimeEntry:
    return await make_entry(
        bob, company.checklist, monday(9), stopped_at=monday(10), project=company.website.id, note="twice"
    )


async def test_it_deletes_and_offers_to_undo(bobs: Visitor, entry: TimeEntry) -> None:
    answer = await bobs.htmx_post(f"/entries/{entry.id}/delete", {"day": DAY})
    assert answer.status_code == 200
    assert f'id="time_entry_{entry.id}"' not in answer.text
    assert "Undo" in answer.text
    assert await TimeEntry.count() == 0


async def test_it_undoes_it_wholly(bobs: Visitor, entry: TimeEntry) -> None:
    before = entry.to_dict()
    answer = await bobs.htmx_post(f"/entries/{entry.id}/delete", {"day": DAY})
    restored = await bobs.htmx_post("/entries/undo", {"undo": undo_of(answer.text), "day": DAY})
    assert "Draft the checklist" in restored.text
    after = await TimeEntry.objects().first()
    assert after
    assert after.to_dict() == before


async def test_it_goes_on_offering_to_undo_when_the_page_refreshes_itself(bobs: Visitor, entry: TimeEntry) -> None:
    answer = await bobs.htmx_post(f"/entries/{entry.id}/delete", {"day": DAY})
    address = answer.text.split('id="timesheet"')[1].split('hx-get="')[1].split('"')[0]
    assert undo_of((await bobs.htmx_get(address)).text) == undo_of(answer.text)


async def test_it_undoes_without_scripts(bobs: Visitor, entry: TimeEntry) -> None:
    answer = await bobs.post(f"/entries/{entry.id}/delete", data={"day": DAY})
    page = await bobs.get(answer.headers["location"])
    await bobs.post("/entries/undo", data={"undo": undo_of(page.text)})
    assert await TimeEntry.exists().where(TimeEntry.id == entry.id)


async def test_it_can_be_undone_twice(bobs: Visitor, entry: TimeEntry) -> None:
    undo = undo_of((await bobs.htmx_post(f"/entries/{entry.id}/delete")).text)
    await bobs.htmx_post("/entries/undo", {"undo": undo})
    again = await bobs.htmx_post("/entries/undo", {"undo": undo})
    assert "undone already" in again.text
    assert await TimeEntry.count() == 1


async def test_it_does_not_make_a_second_running_timer(bobs: Visitor, bob: User) -> None:
    running = await make_entry(bob)
    undo = undo_of((await bobs.htmx_post("/timer/discard", {"entry": running.id})).text)
    await bobs.post("/timer", data={"note": "another"})
    answer = await bobs.htmx_post("/entries/undo", {"undo": undo})
    assert "Another timer runs now" in answer.text
    assert await TimeEntry.count() == 1


async def test_it_restores_nothing_on_a_task_that_is_gone(bobs: Visitor, bob: User, account: Account) -> None:
    slip = await make_item(account, "A slip of the hand")
    entry = await make_entry(bob, slip)
    undo = undo_of((await bobs.htmx_post(f"/entries/{entry.id}/delete")).text)
    await slip.remove()
    answer = await bobs.htmx_post("/entries/undo", {"undo": undo})
    assert (answer.status_code, await TimeEntry.count()) == (200, 0)
    assert "Its task is gone" in answer.text


async def test_it_is_gone_the_second_time(bobs: Visitor, entry: TimeEntry) -> None:
    await bobs.post(f"/entries/{entry.id}/delete")
    assert (await bobs.post(f"/entries/{entry.id}/delete")).status_code == 404


async def test_it_restores_nothing_of_somebody_else(bobs: Visitor, alices: Visitor, entry: TimeEntry) -> None:
    undo = undo_of((await bobs.htmx_post(f"/entries/{entry.id}/delete")).text)
    assert (await alices.post("/entries/undo", data={"undo": undo})).status_code == 404
    assert await TimeEntry.count() == 0


@pytest.mark.parametrize("undo", ["", "x", "-1", "9999999999999999999", "4\x00"])
async def test_it_restores_nothing_made_up(bobs: Visitor, undo: str) -> None:
    assert (await bobs.post("/entries/undo", data={"undo": undo})).status_code == 404


async def test_it_requires_signing_in(visitor: Visitor, bob: User) -> None:
    assert (await visitor.post("/entries/undo", data={"undo": "x"})).headers["location"] == "/sign-in"
