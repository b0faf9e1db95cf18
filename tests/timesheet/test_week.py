"""/timesheet/week: hours typed into a grid of tasks by days."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from app.accounts.models import Account, User
from app.projects.models import WorkItem
from app.timesheet.models import TimeEntry
from app.timesheet.sheet import Entry
from app.timesheet.week.fields import HoursField
from app.timesheet.work import NO_TASK, Work
from tests.browser_like import Visitor
from tests.factories import make_entry, make_item, monday
from tests.timesheet.conftest import Company, done_just_now, undo_of

MONDAY = date(2026, 11, 23)
TUESDAY = MONDAY + timedelta(days=1)
WEEK = "/timesheet/week/2026-11-23"


@pytest.fixture(autouse=True)
def on_tuesday() -> Iterator[None]:
    with time_machine.travel(monday(12) + timedelta(days=1), tick=False):
        yield


@pytest.fixture
def review(company: Company) -> Work:
    return Work(company.review.id, company.website.id)


async def tracked(
    user: User, work: Work, started_at: datetime, stopped_at: datetime | None, **values: object
) -> TimeEntry:
    entry = TimeEntry(account=user.account, user=user.id, item=work.item_id, project=work.project_id, **values)
    entry.started_at, entry.stopped_at = started_at, stopped_at
    await entry.save()
    return entry


@pytest.fixture
async def entry(bob: User, review: Work) -> TimeEntry:
    return await tracked(bob, review, monday(9), monday(10), note="First look")


def field(work: Work, day: date = MONDAY, shown: TimeEntry | None = None) -> str:
    entry = shown and Entry(
        shown.id, shown.item, shown.project, None, (), False, "", shown.started_at, shown.stopped_at
    )
    return HoursField.of(work, day, entry).name


def cell(html: str, work: Work, day: date = MONDAY) -> str:
    key = f"{work.item_id or ''}-{work.project_id or ''}-{day.isoformat()}"
    found = re.search(rf'<td id="cell_{key}".*?</td>', html, re.DOTALL)
    assert found, f"no cell {key}"
    return found[0]


def totals(html: str) -> list[str]:
    """Of the days and of the week, as they stand below the grid."""
    foot = html.split("<tfoot>")[1].split("</tfoot>")[0]
    return [re.sub(r"<[^>]*>", "", text) for text in re.findall(r"<td[^>]*>(.*?)</td>", foot)]


async def the_entry() -> TimeEntry:
    (found,) = await TimeEntry.objects()
    return found


async def test_it_shows_the_week_of_any_of_its_days(bobs: Visitor, entry: TimeEntry) -> None:
    assert "This week" in (await bobs.get("/timesheet/week")).text
    for day in ("2026-11-24", "2026-11-29"):
        assert (await bobs.get(f"/timesheet/week/{day}")).headers["location"] == WEEK
    page = await bobs.get(WEEK)
    assert "Review the pricing page" in page.text
    assert 'value="1:00"' in cell(page.text, Work(entry.item, entry.project))
    assert totals(page.text) == ["1:00", "–", "–", "–", "–", "–", "–", "1:00"]
    assert 'data-shortcut="ArrowLeft"' in page.text


@pytest.mark.parametrize("day", ["yesterday", "1999-12-26", "0001-01-01", "2101-01-01", "2026-13-01"])
async def test_it_knows_no_week_in_which_no_time_can_be_entered(bobs: Visitor, day: str) -> None:
    assert (await bobs.get(f"/timesheet/week/{day}")).status_code == 404


async def test_it_shows_the_first_week_that_there_is(bobs: Visitor) -> None:
    assert (await bobs.get("/timesheet/week/2000-01-01")).headers["location"] == "/timesheet/week/1999-12-27"
    assert (await bobs.get("/timesheet/week/1999-12-27")).status_code == 200


async def test_it_begins_where_the_person_says(bobs: Visitor, bob: User) -> None:
    await User.update({User.week_start: 7}).where(User.id == bob.id)
    assert (await bobs.get("/timesheet/week/2026-11-23")).headers["location"] == "/timesheet/week/2026-11-22"


async def test_an_empty_week_says_how_to_begin(bobs: Visitor, company: Company) -> None:
    assert "Add a task below" in (await bobs.get(WEEK)).text


async def test_it_adds_an_entry(bobs: Visitor, review: Work) -> None:
    answer = await bobs.htmx_post(WEEK, {field(review): "1:30"})
    assert answer.status_code == 200
    assert 'value="1:30"' in cell(answer.text, review)
    assert totals(answer.text)[0] == totals(answer.text)[-1] == "1:30"
    made = await the_entry()
    assert (made.item, made.project) == (review.item_id, review.project_id)
    assert (made.started_at, made.stopped_at) == (monday(9), monday(10, 30))


async def test_it_adds_without_a_task(bobs: Visitor, company: Company) -> None:
    await bobs.htmx_post(WEEK, {field(NO_TASK): "1"})
    assert (await the_entry()).item is None


async def test_it_moves_the_end_and_keeps_the_rest(bobs: Visitor, entry: TimeEntry, review: Work, bob: User) -> None:
    await bobs.htmx_post(WEEK, {field(review, shown=entry): "2,5"})
    moved = await the_entry()
    assert (moved.id, moved.note, moved.started_at, moved.stopped_at) == (
        entry.id,
        "First look",
        monday(9),
        monday(11, 30),
    )
    assert moved.changed_by == bob.id


async def test_it_deletes_what_is_emptied_and_brings_it_back(bobs: Visitor, entry: TimeEntry, review: Work) -> None:
    answer = await bobs.htmx_post(WEEK, {field(review, shown=entry): ""})
    assert await TimeEntry.count() == 0
    undo = answer.text.split('name="undo" value="')[1].split('"')[0]
    restored = await bobs.htmx_post(f"{WEEK}/undo", {"undo": undo})
    assert 'value="1:00"' in cell(restored.text, review)
    assert (await the_entry()).note == "First look"


async def test_hours_that_were_written_over_come_back(bobs: Visitor, entry: TimeEntry, review: Work) -> None:
    answer = await bobs.htmx_post(WEEK, {field(review, shown=entry): "10-12:30"})
    assert "The entry was changed." in answer.text
    undone = await bobs.htmx_post(f"{WEEK}/undo", {"undo": undo_of(answer.text)})
    assert "Undone." in undone.text
    assert 'name="undo"' not in undone.text
    assert 'value="1:00"' in cell(undone.text, review)
    back = await the_entry()
    assert (back.id, back.started_at, back.stopped_at) == (entry.id, monday(9), monday(10))


async def test_a_note_that_was_written_over_comes_back(bobs: Visitor, entry: TimeEntry) -> None:
    answer = await bobs.htmx_post(WEEK, {f"note.{entry.id}": "Second look"})
    assert "The entry was changed." in answer.text
    await bobs.htmx_post(f"{WEEK}/undo", {"undo": undo_of(answer.text)})
    assert (await the_entry()).note == "First look"


async def test_it_undoes_all_that_was_saved_together(bobs: Visitor, entry: TimeEntry, review: Work, bob: User) -> None:
    gone = await tracked(bob, NO_TASK, monday(14), monday(15))
    form = {
        f"note.{entry.id}": "Longer",
        field(review, shown=entry): "2:00",
        field(NO_TASK, shown=gone): "",
        field(review, TUESDAY): "0:45",
    }
    answer = await bobs.htmx_post(WEEK, form)
    assert "3 entries were changed." in answer.text
    await bobs.htmx_post(f"{WEEK}/undo", {"undo": undo_of(answer.text)})
    back = await TimeEntry.objects().order_by(TimeEntry.id)
    assert [(each.id, each.note, each.stopped_at) for each in back] == [
        (entry.id, "First look", monday(10)),
        (gone.id, "", monday(15)),
    ]


async def test_it_goes_back_cell_by_cell(bobs: Visitor, entry: TimeEntry, review: Work) -> None:
    await bobs.htmx_post(WEEK, {field(review, TUESDAY): "0:45"})
    answer = await bobs.htmx_post(WEEK, {field(review, shown=entry): ""})
    assert "The entry was deleted." in answer.text
    await done_just_now()
    undone = await bobs.htmx_post(f"{WEEK}/undo", {"undo": undo_of(answer.text)})
    assert "Undone. Before that, the entry was added." in undone.text
    await bobs.htmx_post(f"{WEEK}/undo", {"undo": undo_of(undone.text)})
    assert (await the_entry()).id == entry.id


async def test_it_offers_what_was_saved_beside_what_was_refused(bobs: Visitor, entry: TimeEntry, review: Work) -> None:
    answer = await bobs.htmx_post(WEEK, {field(review, shown=entry): "later", field(review, TUESDAY): "0:45"})
    assert answer.status_code == 422
    await bobs.htmx_post(f"{WEEK}/undo", {"undo": undo_of(answer.text)})
    assert (await the_entry()).id == entry.id


@pytest.mark.parametrize("typed", ["1:00", "60m", "9-10", "later"])
async def test_it_offers_to_undo_nothing_where_nothing_was_changed(
    bobs: Visitor, entry: TimeEntry, review: Work, typed: str
) -> None:
    form = {field(review, shown=entry): typed, f"note.{entry.id}": " First look ", field(review, TUESDAY): ""}
    assert 'name="undo"' not in (await bobs.htmx_post(WEEK, form)).text


async def test_it_saves_each_field_for_itself(bobs: Visitor, entry: TimeEntry, review: Work) -> None:
    form = {field(review, shown=entry): "later", field(review, TUESDAY): "0:45", field(NO_TASK): "1:00"}
    answer = await bobs.htmx_post(WEEK, form)
    assert answer.status_code == 422
    refused = cell(answer.text, review)
    assert 'value="later"' in refused
    assert 'data-shown="1:00"' in refused
    assert "Write a duration" in refused
    assert "hx-morph-skip" in refused
    assert totals(answer.text)[:2] == ["2:00", "0:45"]
    # One after the other, not both at nine.
    starts = [made.started_at for made in await TimeEntry.objects().order_by(TimeEntry.started_at)]
    assert starts[:2] == [monday(9), monday(10)]


async def test_it_does_once_what_is_sent_twice(bobs: Visitor, entry: TimeEntry, review: Work) -> None:
    form = {field(review, shown=entry): "1:30", field(review, TUESDAY): "45m", field(NO_TASK): "9-10"}
    assert [(await bobs.htmx_post(WEEK, form)).status_code for _ in range(2)] == [200, 200]
    assert await TimeEntry.count() == 3


async def test_it_writes_over_nothing_that_changed_meanwhile(bobs: Visitor, entry: TimeEntry, review: Work) -> None:
    name = field(review, shown=entry)
    await TimeEntry.update({TimeEntry.stopped_at: monday(12)}).where(TimeEntry.id == entry.id)
    answer = await bobs.htmx_post(WEEK, {name: "1:30"})
    assert answer.status_code == 422
    assert "It is 3:00 now" in cell(answer.text, review)
    assert 'value="3:00"' in cell(answer.text, review)
    assert (await the_entry()).stopped_at == monday(12)


async def test_it_opens_the_entries_of_a_cell_with_several(
    bobs: Visitor, entry: TimeEntry, review: Work, bob: User
) -> None:
    second = await tracked(bob, review, monday(14), monday(14, 30), note="Second look")
    page = await bobs.htmx_get(WEEK)
    assert "<input" not in cell(page.text, review)
    key = f"{review.item_id}-{review.project_id}-2026-11-23"
    opened = (await bobs.htmx_get(f"{WEEK}?open={key}")).text
    assert f'name="note.{second.id}" value="Second look"' in opened
    assert f"/entries/{second.id}/edit" in opened
    answer = await bobs.htmx_post(
        WEEK, {"open": key, field(review, shown=second): "1:00", f"note.{second.id}": "Longer"}
    )
    assert 'value="Longer"' in answer.text
    assert totals(answer.text)[0] == "2:00"
    wrong = await bobs.htmx_post(WEEK, {"open": key, field(review, shown=entry): "x"})
    assert "Write a duration" not in cell(wrong.text, review)
    assert "Write a duration" in wrong.text


async def test_a_cell_of_several_entries_says_that_one_of_them_runs(bobs: Visitor, bob: User, review: Work) -> None:
    await tracked(bob, review, monday(9) + timedelta(days=1), monday(10) + timedelta(days=1))
    await tracked(bob, review, monday(11) + timedelta(days=1), None)
    page = await bobs.get(WEEK)
    assert "2 entries, one of them running" in cell(page.text, review, TUESDAY)


async def test_it_refuses_to_write_over_the_running_timer_and_offers_to_stop_it(
    bobs: Visitor, bob: User, review: Work
) -> None:
    empty = field(review, TUESDAY)
    running = await tracked(bob, review, monday(11) + timedelta(days=1), None)
    page = await bobs.htmx_get("/timesheet/week")
    assert "<running-clock" in cell(page.text, review, TUESDAY)
    answer = await bobs.htmx_post(WEEK, {empty: "1:30"})
    assert answer.status_code == 422
    assert "The timer runs here." in cell(answer.text, review, TUESDAY)
    assert 'form="week_stop"' in cell(answer.text, review, TUESDAY)
    stopped = await bobs.htmx_post(f"{WEEK}/stop", {"entry": str(running.id)})
    assert 'value="1:00"' in cell(stopped.text, review, TUESDAY)
    assert (await the_entry()).stopped_at


async def test_an_archived_task_takes_no_new_time_and_says_why(
    bobs: Visitor, entry: TimeEntry, review: Work, company: Company
) -> None:
    values = {WorkItem.archived_at: datetime.now(UTC), WorkItem.archived_reason: "completed"}
    await WorkItem.update(values).where(WorkItem.id == company.review.id)
    page = await bobs.htmx_get(WEEK)
    assert "Completed in Asana. It takes no new time." in page.text
    assert "<input" not in cell(page.text, review, TUESDAY)
    answer = await bobs.htmx_post(WEEK, {field(review, TUESDAY): "1:00"})
    assert answer.status_code == 422
    assert "It takes no new time." in cell(answer.text, review, TUESDAY)
    assert await TimeEntry.count() == 1
    # What was recorded may still be put right.
    assert (await bobs.htmx_post(WEEK, {field(review, shown=entry): "0:30"})).status_code == 200


async def test_it_refuses_time_that_would_go_to_another_project(bobs: Visitor, company: Company, review: Work) -> None:
    old = Work(review.item_id, company.secret.id)
    answer = await bobs.htmx_post(WEEK, {field(old): "1:00"})
    assert answer.status_code == 422
    assert await TimeEntry.count() == 0


async def test_it_knows_nothing_of_tasks_and_entries_of_others(
    bobs: Visitor, company: Company, alice: User, charlie: User
) -> None:
    alices = await tracked(alice, Work(company.review.id, company.website.id), monday(9), monday(10), note="Hers")
    form = {
        field(Work(company.secret.id)): "1:00",
        field(Work(company.review.id, company.website.id), shown=alices): "3:00",
        f"note.{alices.id}": "Mine now",
    }
    answer = await bobs.htmx_post(WEEK, form)
    assert "Secret" not in answer.text
    assert "Hers" not in answer.text
    assert (await bobs.htmx_post(f"{WEEK}/stop", {"entry": str(alices.id)})).status_code == 200
    left = await the_entry()
    assert (left.note, left.stopped_at, left.user) == ("Hers", monday(10), alice.id)


async def test_it_works_without_scripts(bobs: Visitor, entry: TimeEntry, review: Work) -> None:
    page = (await bobs.get(WEEK)).text
    names = dict(re.findall(r'name="(hours\.[^"]*)" value="([^"]*)"', page))
    assert names[field(review, shown=entry)] == "1:00"
    saved = await bobs.post(WEEK, data={**names, field(review, TUESDAY): "1:15"})
    assert (saved.status_code, saved.headers["location"].split("?")[0]) == (303, "/timesheet/week")
    assert "The entry was added." in (await bobs.get(saved.headers["location"])).text
    # Sent again it changes nothing, and there is nothing to undo.
    again = await bobs.post(WEEK, data={**names, field(review, TUESDAY): "1:15"})
    assert again.headers["location"] == "/timesheet/week"
    assert totals((await bobs.get("/timesheet/week")).text)[:2] == ["1:00", "1:15"]
    deleted = await bobs.post(WEEK, data={field(review, shown=entry): "0"})
    assert "Undo" in (await bobs.get(deleted.headers["location"])).text
    refused = await bobs.post(WEEK, data={field(review, TUESDAY): "x"})
    assert refused.status_code == 422
    assert "<html" in refused.text


@pytest.mark.parametrize("text", ["", "\x00", "-1", "²", "٣", "9999-12-31", "é" * 5000, "1e400h", "24:00-", "<b>"])
async def test_it_answers_whatever_is_typed(bobs: Visitor, entry: TimeEntry, review: Work, text: str) -> None:
    form = {field(review, shown=entry): text, field(review, TUESDAY): text, f"note.{entry.id}": text, "open": text}
    answer = await bobs.htmx_post(WEEK, form)
    assert answer.status_code in {200, 422}
    assert "<b>" not in answer.text


@pytest.mark.parametrize(
    "name", ["hours.1.2.2026-11-31", "hours.9.9.9999-12-31", "hours....", "note.", "note.x", "hours.1.1.0001-01-01"]
)
async def test_it_answers_fields_of_its_own_that_it_never_wrote(bobs: Visitor, company: Company, name: str) -> None:
    assert (await bobs.htmx_post(WEEK, {name: "1:00"})).status_code == 200
    assert await TimeEntry.count() == 0


async def test_it_saves_a_note_and_leaves_the_hours(bobs: Visitor, entry: TimeEntry) -> None:
    await bobs.htmx_post(WEEK, {f"note.{entry.id}": "  Second\nlook "})
    changed = await the_entry()
    assert (changed.note, changed.stopped_at) == ("Second look", monday(10))


async def test_it_shows_names_of_any_length(bobs: Visitor, bob: User, account: Account, company: Company) -> None:
    long = await make_item(account, "n" * 300 + "<b>", "task", company.content)
    await make_entry(bob, long, monday(9), stopped_at=monday(10))
    page = await bobs.get(WEEK)
    assert "n" * 300 + "&lt;b&gt;" in page.text
