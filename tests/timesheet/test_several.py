"""POST /entries/several/…: what is ticked in the list changes together, or not at all."""

from datetime import UTC, datetime

import pytest

from app.accounts.models import Account, User
from app.projects.models import WorkItem
from app.timesheet.models import Change, EntryChange, Tag, TimeEntry
from tests.browser_like import Visitor
from tests.factories import make_entry, monday
from tests.timesheet.conftest import Company, undo_of

DAY = "2026-11-23"


@pytest.fixture
async def three(bob: User) -> list[TimeEntry]:
    return [await make_entry(bob, started_at=monday(hour), stopped_at=monday(hour + 1)) for hour in (9, 10, 11)]


@pytest.fixture
async def theirs(alice: User) -> TimeEntry:
    return await make_entry(alice, stopped_at=monday(10), note="hers")


async def rows() -> list[dict[str, object]]:
    found = await TimeEntry.select().order_by(TimeEntry.id)
    return [{**row, "updated_at": None, "changed_by": None} for row in found]


def ticked(*entries: TimeEntry, **values: str) -> dict[str, object]:
    return {"entry": [str(entry.id) for entry in entries], "day": DAY, **values}


async def values_of(name: str) -> list[object]:
    return [row[name] for row in await rows()]


async def test_it_sets_the_task_of_those_that_are_ticked(
    bobs: Visitor, company: Company, three: list[TimeEntry]
) -> None:
    work = {"item": str(company.checklist.id), "project": str(company.website.id)}
    answer = await bobs.htmx_post("/entries/several/task", ticked(*three[:2], **work))
    assert await values_of("item") == [company.checklist.id, company.checklist.id, None]
    assert await values_of("project") == [company.website.id, company.website.id, None]
    assert "2 entries were changed." in answer.text
    assert 'id="several"' in answer.text


async def test_all_of_it_is_undone_together(bobs: Visitor, company: Company, three: list[TimeEntry]) -> None:
    before = await rows()
    answer = await bobs.htmx_post("/entries/several/task", ticked(*three, item=str(company.checklist.id)))
    await bobs.htmx_post("/entries/undo", {"undo": undo_of(answer.text)})
    assert await rows() == before


async def test_nothing_is_undone_once_one_of_them_was_changed(bobs: Visitor, three: list[TimeEntry]) -> None:
    answer = await bobs.htmx_post("/entries/several/billable", ticked(*three, billable="on"))
    await bobs.htmx_post(f"/entries/{three[1].id}/note", {"note": "calls"})
    undone = await bobs.htmx_post("/entries/undo", {"undo": undo_of(answer.text)})
    assert "changed since" in undone.text
    assert await values_of("billable") == [True] * 3


async def test_it_takes_the_task_away(bobs: Visitor, company: Company, three: list[TimeEntry]) -> None:
    for entry in three[:2]:
        await entry.change(item=company.checklist.id, project=company.website.id)
    before = await rows()
    # What was typed to be searched for does not matter to it.
    answer = await bobs.htmx_post("/entries/several/task/remove", ticked(three[0], three[2], q="the"))
    assert "The entry was changed." in answer.text
    assert await values_of("item") == [None, company.checklist.id, None]
    assert await values_of("project") == [None, company.website.id, None]
    (change,) = await EntryChange.objects().order_by(EntryChange.id, ascending=False).limit(1)
    assert (change.entry, change.action) == (three[0].id, Change.changed)
    await bobs.htmx_post("/entries/undo", {"undo": undo_of(answer.text)})
    assert await rows() == before


async def test_it_deletes_them_and_brings_all_back(bobs: Visitor, three: list[TimeEntry]) -> None:
    before = await rows()
    answer = await bobs.htmx_post("/entries/several/delete", ticked(*three))
    assert await TimeEntry.count() == 0
    assert "3 entries were deleted." in answer.text
    await bobs.htmx_post("/entries/undo", {"undo": undo_of(answer.text)})
    assert await rows() == before


async def test_what_was_done_before_is_undone_next(bobs: Visitor, three: list[TimeEntry]) -> None:
    before = await rows()
    await bobs.htmx_post("/entries/several/billable", ticked(*three, billable="on"))
    deleted = await bobs.htmx_post("/entries/several/delete", ticked(three[0]))
    undone = await bobs.htmx_post("/entries/undo", {"undo": undo_of(deleted.text)})
    assert "Undone. Before that, 3 entries were changed." in undone.text
    undone = await bobs.htmx_post("/entries/undo", {"undo": undo_of(undone.text)})
    assert "Undone." in undone.text
    assert 'name="undo"' not in undone.text
    assert await rows() == before


async def test_it_adds_tags_and_takes_them_away(bobs: Visitor, account: Account, three: list[TimeEntry]) -> None:
    meeting, review = [await add_tag(account, name) for name in ("Meeting", "Review")]
    await three[0].change(tags=[review])
    await bobs.htmx_post("/entries/several/tags", ticked(*three[:2], tags="meeting"))
    assert await values_of("tags") == [[meeting, review], [meeting], []]
    await bobs.htmx_post("/entries/several/tags/remove", ticked(*three, tags="REVIEW, Meeting"))
    assert await values_of("tags") == [[], [], []]


async def add_tag(account: Account, name: str, **values: object) -> int:
    tag = Tag(account=account.id, name=name, **values)
    await tag.save()
    return tag.id


async def test_taking_away_makes_no_tag_and_reaches_archived_ones(
    bobs: Visitor, account: Account, three: list[TimeEntry]
) -> None:
    old = await add_tag(account, "Old", archived_at=datetime.now(UTC))
    await three[0].change(tags=[old])
    await bobs.htmx_post("/entries/several/tags/remove", ticked(*three, tags="old, unheard of"))
    assert await values_of("tags") == [[], [], []]
    assert await Tag.count() == 1


async def test_no_entry_gets_too_many_tags(bobs: Visitor, three: list[TimeEntry]) -> None:
    await three[2].change(tags=list(range(1_000, 1_020)))
    before = await rows()
    answer = await bobs.htmx_post("/entries/several/tags", ticked(*three, tags="Meeting"))
    assert answer.status_code == 422
    assert "more than 20 tags" in answer.text
    assert await rows() == before


async def test_it_is_refused_as_a_whole(bobs: Visitor, company: Company, three: list[TimeEntry]) -> None:
    await WorkItem.update({WorkItem.archived_at: datetime.now(UTC), WorkItem.archived_reason: "completed"}).where(
        WorkItem.id == company.review.id
    )
    before = await rows()
    for item, reason in ((company.review, "takes no new time"), (company.secret, "not among yours")):
        answer = await bobs.htmx_post("/entries/several/task", ticked(*three, item=str(item.id)))
        assert answer.status_code == 422
        assert reason in answer.text
    assert await rows() == before


@pytest.mark.parametrize(
    ("path", "values", "sentence"),
    [
        ("task", {}, "Choose a task."),
        ("task", {"q": "the"}, "Which one?"),
        ("task", {"q": "nothing like it"}, "Nothing is called that."),
        ("tags", {"tags": " , "}, "Write at least one tag."),
        ("tags", {"tags": "x" * 61}, "60 characters"),
    ],
)
async def test_it_says_what_is_missing(
    bobs: Visitor, company: Company, three: list[TimeEntry], path: str, values: dict[str, str], sentence: str
) -> None:
    answer = await bobs.htmx_post(f"/entries/several/{path}", ticked(*three, **values))
    assert answer.status_code == 422
    assert sentence in answer.text


async def test_it_takes_one_of_the_tasks_offered(bobs: Visitor, company: Company, three: list[TimeEntry]) -> None:
    choice = f"{company.checklist.id}-{company.website.id}"
    asked = await bobs.htmx_post("/entries/several/task", ticked(*three, q="the"))
    assert f'value="{choice}"' in asked.text
    await bobs.htmx_post("/entries/several/task", ticked(*three, q="the", choice=choice))
    assert await values_of("item") == [company.checklist.id] * 3


@pytest.mark.parametrize("path", ["billable", "delete", "tags/remove", "task/remove"])
async def test_what_changes_nothing_is_told_and_not_undone(bobs: Visitor, three: list[TimeEntry], path: str) -> None:
    for sent, sentence in (({"day": DAY}, "Choose entries first."), ({"entry": "999999"}, "Nothing is different now.")):
        answer = await bobs.htmx_post(f"/entries/several/{path}", sent)
        assert sentence in answer.text
        assert 'name="undo"' not in answer.text
    assert await TimeEntry.count() == 3


async def test_it_takes_a_single_one(bobs: Visitor, three: list[TimeEntry]) -> None:
    answer = await bobs.htmx_post("/entries/several/delete", {"entry": str(three[0].id), "day": DAY})
    assert "The entry was deleted." in answer.text
    assert await TimeEntry.count() == 2


async def test_other_peoples_are_as_if_they_were_not_there(
    bobs: Visitor, company: Company, three: list[TimeEntry], theirs: TimeEntry
) -> None:
    before = await TimeEntry.objects().get(TimeEntry.id == theirs.id)
    assert before
    for path, values in (
        ("task", {"item": str(company.checklist.id)}),
        ("task/remove", {}),
        ("tags", {"tags": "Meeting"}),
        ("tags/remove", {"tags": "Meeting"}),
        ("billable", {"billable": "on"}),
        ("delete", {}),
    ):
        await bobs.htmx_post(f"/entries/several/{path}", ticked(theirs, *three, **values))
    after = await TimeEntry.objects().get(TimeEntry.id == theirs.id)
    assert after
    assert after.to_dict() == before.to_dict()
    assert await TimeEntry.count() == 1


async def test_it_works_without_scripts(bobs: Visitor, company: Company, three: list[TimeEntry]) -> None:
    page = (await bobs.get(f"/timesheet/{DAY}")).text
    assert page.count('form="several"') == 3
    asked = await bobs.post("/entries/several/task", data=ticked(*three[:2], q="the"))
    assert asked.status_code == 422
    assert asked.text.count(" checked>") == 2
    answer = await bobs.post("/entries/several/task", data=ticked(*three[:2], q="checklist"))
    assert "2 entries were changed." in (await bobs.get(answer.headers["location"])).text
    assert await values_of("item") == [company.checklist.id, company.checklist.id, None]
    answer = await bobs.post("/entries/several/task/remove", data=ticked(*three))
    assert "2 entries were changed." in (await bobs.get(answer.headers["location"])).text
    assert await values_of("item") == [None] * 3
