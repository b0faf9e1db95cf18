"""GET /entries/{id}/edit, POST /entries/{id}, POST /entries/{id}/note and POST /entries/{id}/task"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.accounts.models import User
from app.projects.models import Assignment, WorkItem
from app.timesheet.models import EntryChange, TimeEntry
from tests.browser_like import Visitor
from tests.factories import make_entry, monday
from tests.timesheet.conftest import Company, done_just_now, undo_of

START = datetime(2026, 11, 20, 9, 0, 23, tzinfo=UTC)
STOP = datetime(2026, 11, 20, 10, 9, 59, tzinfo=UTC)


@pytest.fixture(autouse=True)
def on_monday_afternoon() -> Iterator[None]:
    with time_machine.travel(monday(15)):
        yield


@pytest.fixture
async def entry(bob: User, company: Company) -> TimeEntry:
    return await make_entry(
        bob, company.checklist, START, stopped_at=STOP, project=company.website.id, note="first version"
    )


async def form_of(visitor: Visitor, entry: TimeEntry) -> dict[str, str]:
    """What a browser would send if the form were saved as it opens."""
    html = (await visitor.htmx_get(f"/entries/{entry.id}/edit")).text
    names = ("exact_start", "exact_end", "item", "project", "q", "shown", "note", "date", "start", "end", "duration")
    return {name: html.split(f'name="{name}"')[1].split('value="')[1].split('"')[0] for name in names}


async def test_it_opens_filled(bobs: Visitor, entry: TimeEntry) -> None:
    form = await form_of(bobs, entry)
    assert (form["date"], form["start"], form["end"], form["duration"]) == ("2026-11-20", "9:00", "10:09", "1:10")
    assert (form["q"], form["note"]) == ("Draft the checklist", "first version")


async def test_it_opens_in_the_page_without_scripts(bobs: Visitor, entry: TimeEntry) -> None:
    page = await bobs.get(f"/entries/{entry.id}/edit")
    assert "<h1" in page.text
    assert f'action="/entries/{entry.id}"' in page.text


async def test_it_changes_nothing_that_was_not_changed(bobs: Visitor, entry: TimeEntry) -> None:
    answer = await bobs.post(f"/entries/{entry.id}", data={**await form_of(bobs, entry), "note": "second version"})
    assert answer.status_code == 303
    await entry.refresh()
    assert (entry.started_at, entry.stopped_at, entry.note) == (START, STOP, "second version")


async def test_it_changes_times_and_shows_them(bobs: Visitor, entry: TimeEntry) -> None:
    form = {**await form_of(bobs, entry), "start": "8:30", "end": "10", "duration": "", "day": "2026-11-20"}
    answer = await bobs.htmx_post(f"/entries/{entry.id}", form)
    assert answer.status_code == 200
    assert answer.text.index(f'id="time_entry_{entry.id}"') < answer.text.index("<hx-partial")
    assert "8:30 – 10:00" in answer.text
    await entry.refresh()
    assert entry.started_at == START.replace(hour=8, minute=30, second=0)


async def test_it_moves_to_another_day(bobs: Visitor, entry: TimeEntry) -> None:
    await bobs.post(f"/entries/{entry.id}", data={**await form_of(bobs, entry), "date": "2026-11-19"})
    await entry.refresh()
    assert entry.started_at == START - timedelta(days=1)
    assert entry.stopped_at == STOP - timedelta(days=1)


async def test_it_changes_the_task(bobs: Visitor, entry: TimeEntry, company: Company) -> None:
    form = {**await form_of(bobs, entry), "item": str(company.review.id), "q": "Review the pricing page"}
    await bobs.post(f"/entries/{entry.id}", data=form)
    await entry.refresh()
    assert entry.item == company.review.id


async def test_it_keeps_a_task_that_was_renamed_while_the_form_was_open(
    bobs: Visitor, entry: TimeEntry, company: Company
) -> None:
    form = await form_of(bobs, entry)
    await WorkItem.update({WorkItem.name: "Write the checklist"}).where(WorkItem.id == company.checklist.id)
    assert (await bobs.post(f"/entries/{entry.id}", data={**form, "note": "checked"})).status_code == 303
    await entry.refresh()
    assert (entry.item, entry.note) == (company.checklist.id, "checked")


async def test_it_takes_the_task_away(bobs: Visitor, entry: TimeEntry) -> None:
    await bobs.post(f"/entries/{entry.id}", data={**await form_of(bobs, entry), "q": ""})
    await entry.refresh()
    assert (entry.item, entry.project) == (None, None)


async def test_it_finds_the_new_task_by_its_words_without_scripts(
    bobs: Visitor, entry: TimeEntry, company: Company
) -> None:
    await bobs.post(f"/entries/{entry.id}", data={**await form_of(bobs, entry), "q": "pricing"})
    await entry.refresh()
    assert entry.item == company.review.id


@pytest.mark.parametrize("lost", ["archived", "unassigned"])
async def test_it_keeps_a_task_that_takes_no_new_time(
    bobs: Visitor, bob: User, entry: TimeEntry, company: Company, lost: str
) -> None:
    if lost == "archived":
        values = {WorkItem.archived_at: datetime.now(UTC), WorkItem.archived_reason: "completed"}
        await WorkItem.update(values).where(WorkItem.id == company.checklist.id)
    else:
        await Assignment.delete().where(Assignment.user == bob.id)
    await bobs.post(f"/entries/{entry.id}", data={**await form_of(bobs, entry), "note": "checked", "end": "10:30"})
    await entry.refresh()
    assert (entry.item, entry.note) == (company.checklist.id, "checked")
    assert "Draft the checklist" in (await bobs.get("/timesheet/2026-11-20")).text


async def test_it_refuses_a_task_that_takes_no_new_time(bobs: Visitor, entry: TimeEntry, company: Company) -> None:
    values = {WorkItem.archived_at: datetime.now(UTC), WorkItem.archived_reason: "completed"}
    await WorkItem.update(values).where(WorkItem.id == company.review.id)
    form = {**await form_of(bobs, entry), "item": str(company.review.id), "q": "Review the pricing page"}
    answer = await bobs.htmx_post(f"/entries/{entry.id}", form)
    assert answer.status_code == 422
    assert "Completed in Asana." in answer.text


async def test_it_refuses_bad_times_and_keeps_what_was_typed(bobs: Visitor, entry: TimeEntry) -> None:
    form = {**await form_of(bobs, entry), "start": "late", "note": "typed"}
    answer = await bobs.htmx_post(f"/entries/{entry.id}", form)
    assert answer.status_code == 422
    assert "Write a time such as" in answer.text
    assert 'value="late"' in answer.text
    assert 'value="typed"' in answer.text
    await entry.refresh()
    assert (entry.started_at, entry.note) == (START, "first version")


async def test_it_names_every_wrong_field_at_once(bobs: Visitor, entry: TimeEntry) -> None:
    form = {**await form_of(bobs, entry), "q": "no such task", "date": "2027-01-01", "start": "soon"}
    answer = await bobs.htmx_post(f"/entries/{entry.id}", data=form)
    assert answer.status_code == 422
    for sentence in ("Nothing is called that.", "That day is still to come.", "Write a time such as"):
        assert sentence in answer.text


async def test_it_ends_a_running_timer_by_hand(bobs: Visitor, bob: User) -> None:
    running = await make_entry(bob, started_at=monday(14))
    await bobs.post(f"/entries/{running.id}", data={**await form_of(bobs, running), "end": "14:45"})
    await running.refresh()
    assert running.stopped_at == monday(14, 45)


async def test_it_changes_the_start_of_a_running_timer(bobs: Visitor, bob: User) -> None:
    running = await make_entry(bob, started_at=monday(14))
    await bobs.post(f"/entries/{running.id}", data={**await form_of(bobs, running), "start": "13:30"})
    await running.refresh()
    assert (running.started_at, running.stopped_at) == (monday(13, 30), None)


async def test_it_leaves_a_timer_stopped_that_was_stopped_while_the_form_was_open(bobs: Visitor, bob: User) -> None:
    running = await make_entry(bob, started_at=monday(14))
    form = await form_of(bobs, running)
    await bobs.post("/timer/stop")
    await bobs.post(f"/entries/{running.id}", data={**form, "note": "typed meanwhile"})
    await running.refresh()
    assert running.note == "typed meanwhile"
    assert running.stopped_at


async def test_it_refuses_a_start_after_the_stop_made_elsewhere(bobs: Visitor, bob: User) -> None:
    running = await make_entry(bob, started_at=monday(13))
    form = await form_of(bobs, running)
    await running.change(stopped_at=monday(14))
    answer = await bobs.htmx_post(f"/entries/{running.id}", {**form, "start": "14:30"})
    assert answer.status_code == 422
    assert "stopped before that" in answer.text


async def test_it_notes_while_the_timer_runs(bobs: Visitor, bob: User) -> None:
    running = await make_entry(bob, started_at=monday(14))
    answer = await bobs.htmx_post(f"/entries/{running.id}/note", {"note": "calling the bank"})
    assert 'value="calling the bank"' in answer.text
    await running.refresh()
    assert (running.note, running.started_at, running.stopped_at) == ("calling the bank", monday(14), None)


async def test_it_names_a_timer_that_was_started_without_a_task(bobs: Visitor, bob: User, company: Company) -> None:
    running = await make_entry(bob, started_at=monday(14))
    await bobs.post(f"/entries/{running.id}/task", data={"item": company.review.id, "q": "Review the pricing page"})
    await running.refresh()
    assert (running.item, running.project, running.stopped_at) == (company.review.id, company.website.id, None)


async def test_it_asks_which_task_where_words_fit_several(bobs: Visitor, bob: User, company: Company) -> None:
    running = await make_entry(bob, started_at=monday(14))
    answer = await bobs.post(f"/entries/{running.id}/task", data={"q": "content"})
    assert answer.status_code == 422
    assert "Which one?" in answer.text
    assert f'action="/entries/{running.id}"' in answer.text


async def test_it_is_undone_wholly(bobs: Visitor, entry: TimeEntry, company: Company) -> None:
    before = entry.to_dict()
    typed = {
        "q": "pricing",
        "note": "second version",
        "tags": "New",
        "billable": "on",
        "date": "2026-11-19",
        "start": "8",
    }
    answer = await bobs.htmx_post(f"/entries/{entry.id}", {**await form_of(bobs, entry), **typed, "day": "2026-11-20"})
    assert "The entry was changed." in answer.text
    await entry.refresh()
    assert (entry.item, entry.note, entry.billable) == (company.review.id, "second version", True)
    undone = await bobs.htmx_post("/entries/undo", {"undo": undo_of(answer.text), "day": "2026-11-20"})
    assert "Undone." in undone.text
    assert "9:00 – 10:09" in undone.text
    await entry.refresh()
    assert {**entry.to_dict(), "updated_at": 0, "changed_by": 0} == {**before, "updated_at": 0, "changed_by": 0}
    actions = await EntryChange.select(EntryChange.action).order_by(EntryChange.id).output(as_list=True)
    assert actions == ["changed", "undone"]


async def test_it_is_undone_without_scripts(bobs: Visitor, entry: TimeEntry) -> None:
    form = {**await form_of(bobs, entry), "note": "second version", "day": "2026-11-20"}
    answer = await bobs.post(f"/entries/{entry.id}", data=form)
    page = await bobs.get(answer.headers["location"])
    assert "The entry was changed." in page.text
    await bobs.post("/entries/undo", data={"undo": undo_of(page.text)})
    await entry.refresh()
    assert entry.note == "first version"


async def test_it_offers_to_undo_nothing_where_nothing_was_changed(bobs: Visitor, entry: TimeEntry) -> None:
    form = {**await form_of(bobs, entry), "day": "2026-11-20"}
    assert 'name="undo"' not in (await bobs.htmx_post(f"/entries/{entry.id}", form)).text
    answer = await bobs.post(f"/entries/{entry.id}", data=form)
    assert answer.headers["location"] == "/timesheet/2026-11-20"


async def test_it_goes_back_step_by_step(bobs: Visitor, entry: TimeEntry) -> None:
    for note in ("second version", "third version"):
        answer = await bobs.htmx_post(f"/entries/{entry.id}", {**await form_of(bobs, entry), "note": note})
    await done_just_now()
    undone = await bobs.htmx_post("/entries/undo", {"undo": undo_of(answer.text)})
    assert "Undone. Before that, the entry was changed." in undone.text
    await bobs.htmx_post("/entries/undo", {"undo": undo_of(undone.text)})
    await entry.refresh()
    assert entry.note == "first version"


async def test_a_timer_that_was_ended_by_hand_runs_again(bobs: Visitor, bob: User) -> None:
    running = await make_entry(bob, started_at=monday(14))
    answer = await bobs.htmx_post(f"/entries/{running.id}", {**await form_of(bobs, running), "end": "14:45"})
    undo = {"undo": undo_of(answer.text)}
    other = await make_entry(bob, started_at=monday(14, 50))
    assert "Another timer runs now." in (await bobs.htmx_post("/entries/undo", undo)).text
    await other.remove()
    await bobs.htmx_post("/entries/undo", undo)
    await running.refresh()
    assert running.is_running


PATHS = ("", "/note", "/task", "/delete")


@pytest.mark.parametrize("path", PATHS)
async def test_it_hides_other_peoples_entries(charlies: Visitor, alices: Visitor, entry: TimeEntry, path: str) -> None:
    for other in (charlies, alices):
        answer = await other.post(f"/entries/{entry.id}{path}", data={"note": "stolen", "date": "2026-11-20"})
        assert answer.status_code == 404
        assert "Draft the checklist" not in answer.text
    await entry.refresh()
    assert entry.note == "first version"


async def test_it_opens_no_other_peoples_entries(charlies: Visitor, alices: Visitor, entry: TimeEntry) -> None:
    for other in (charlies, alices):
        assert (await other.get(f"/entries/{entry.id}/edit")).status_code == 404
        assert (await other.htmx_get(f"/entries/{entry.id}/edit")).status_code == 404


@pytest.mark.parametrize("number", ["0", "-1", str(2**63), "9" * 40])
async def test_it_answers_impossible_numbers(bobs: Visitor, number: str) -> None:
    assert (await bobs.get(f"/entries/{number}/edit")).status_code == 404
    assert (await bobs.post(f"/entries/{number}/delete")).status_code == 404


@pytest.mark.parametrize("path", PATHS)
async def test_it_requires_signing_in(visitor: Visitor, entry: TimeEntry, path: str) -> None:
    assert (await visitor.post(f"/entries/{entry.id}{path}")).headers["location"] == "/sign-in"
    assert (await visitor.get(f"/entries/{entry.id}/edit")).headers["location"].startswith("/sign-in")
    assert await TimeEntry.exists().where(TimeEntry.id == entry.id)
