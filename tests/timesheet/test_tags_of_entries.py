"""Tags and billable, wherever an entry is made or changed."""

from datetime import UTC, datetime

import pytest

from app.accounts.models import Account, User
from app.timesheet.models import EntryChange, Tag, TimeEntry
from app.web.filters import dom_id
from tests.browser_like import Visitor
from tests.factories import make_entry, monday
from tests.timesheet.conftest import Company

MONDAY = {"date": "2026-11-23", "start": "9:00", "end": "10:00", "day": "2026-11-23"}


@pytest.fixture
async def meeting(account: Account) -> Tag:
    tag = Tag(account=account.id, name="Meeting")
    await tag.save()
    return tag


@pytest.fixture
async def old(account: Account) -> Tag:
    tag = Tag(account=account.id, name="Old", archived_at=datetime.now(UTC))
    await tag.save()
    return tag


async def entry_of(user: User) -> TimeEntry:
    entry = await TimeEntry.objects().where(TimeEntry.user == user.id).order_by(TimeEntry.id, ascending=False).first()
    assert entry
    return entry


async def names_on(entry: TimeEntry) -> list[str]:
    await entry.refresh()
    return await Tag.select(Tag.name).where(Tag.id.is_in(entry.tags or [0])).order_by(Tag.name).output(as_list=True)


async def test_it_starts_with_tags_and_billable(bobs: Visitor, bob: User, company: Company, meeting: Tag) -> None:
    data = {"item": company.checklist.id, "note": "first", "tags": "meeting, On site", "billable": "on"}
    answer = await bobs.htmx_post("/timer", data)
    entry = await entry_of(bob)
    assert (await names_on(entry), entry.note, entry.billable) == (["Meeting", "On site"], "first", True)
    assert meeting.id in entry.tags
    assert 'value="Meeting, On site"' in answer.text


async def test_it_starts_without_tags_as_before(bobs: Visitor, bob: User) -> None:
    await bobs.post("/timer", data={"note": "x"})
    entry = await entry_of(bob)
    assert (entry.tags, entry.billable) == ([], False)


async def test_it_is_the_same_timer_only_with_the_same_tags_and_billable(bobs: Visitor, bob: User) -> None:
    for data in ({"tags": "a"}, {"tags": "A"}, {"tags": "a, b"}, {"tags": "B,A"}, {"tags": "a,b", "billable": "on"}):
        await bobs.post("/timer", data=data)
    assert await TimeEntry.count().where(TimeEntry.user == bob.id) == 3


@pytest.mark.parametrize(
    ("tags", "sentence"),
    [
        ("ok, " + "x" * 61, "60 characters at the most"),
        (",".join(map(str, range(21))), "20 tags at the most"),
        ("OLD", "“Old” is archived"),
    ],
)
async def test_it_starts_nothing_with_tags_that_cannot_be(
    bobs: Visitor, bob: User, old: Tag, tags: str, sentence: str
) -> None:
    data = {"tags": tags, "note": "kept note", "billable": "on"}
    answer = await bobs.post("/timer", data=data)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'name="tags" value="{tags}"' in answer.text
    assert 'value="kept note"' in answer.text
    assert 'name="billable" checked' in answer.text
    assert await TimeEntry.running_for(bob.id) is None
    assert await Tag.count() == 1


async def test_it_takes_them_along_to_the_page_of_tasks(bobs: Visitor, company: Company) -> None:
    answer = await bobs.post("/timer", data={"q": "checklist", "note": "n", "tags": "a, b&c", "billable": "on"})
    assert answer.status_code == 303
    page = await bobs.get(answer.headers["location"])
    assert page.text.count('name="tags" value="a, b&amp;c"') == page.text.count('action="/timer"') + 1
    assert 'name="billable" value="on"' in page.text


async def test_it_continues_with_the_same_tags(bobs: Visitor, bob: User, meeting: Tag, old: Tag) -> None:
    await make_entry(bob, started_at=monday(9), stopped_at=monday(10), tags=[meeting.id, old.id], billable=True)
    page = await bobs.get("/timesheet/2026-11-23")
    # What is archived is shown, and is not given to another entry.
    assert ">Old<" in page.text
    assert '<input type="hidden" name="tags" value="Meeting">' in page.text
    assert '<input type="hidden" name="billable" value="on">' in page.text


async def test_it_adds_an_entry_with_tags(bobs: Visitor, bob: User) -> None:
    for _ in range(2):
        await bobs.post("/entries", data={**MONDAY, "tags": "Meeting", "billable": "on"})
    entry = await entry_of(bob)
    assert (await names_on(entry), entry.billable) == (["Meeting"], True)
    assert await TimeEntry.count().where(TimeEntry.user == bob.id) == 1
    await bobs.post("/entries", data={**MONDAY, "tags": "Other", "billable": "on"})
    await bobs.post("/entries", data={**MONDAY, "tags": "Other"})
    assert await TimeEntry.count().where(TimeEntry.user == bob.id) == 3


async def test_it_keeps_what_was_typed_where_the_form_is_refused(bobs: Visitor, bob: User, old: Tag) -> None:
    answer = await bobs.htmx_post("/entries", {**MONDAY, "tags": "New, old", "billable": "on"})
    assert answer.status_code == 422
    assert "“Old” is archived" in answer.text
    assert 'name="tags" value="New, old"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    later = await bobs.htmx_post("/entries", {**MONDAY, "end": "nonsense", "tags": "New"})
    assert 'name="tags" value="New"' in later.text


WRONG_TIME = {**MONDAY, "end": "nonsense"}
TO_COME = {**MONDAY, "exact_start": "2037-11-23T09:00:00+00:00", "exact_end": "2037-11-23T10:00:00+00:00"}


@pytest.mark.parametrize(
    ("path", "data", "status"),
    [
        ("/entries", WRONG_TIME, 422),
        ("/entries", {**MONDAY, "q": "no such task"}, 422),
        ("/entries", {**MONDAY, "date": "2037-01-01"}, 422),
        ("/entries/{entry}", WRONG_TIME, 422),
        ("/entries/{entry}", {**MONDAY, "q": "no such task"}, 422),
        ("/timer", {"item": "999999"}, 422),
        ("/entries/several/tags", {"entry": "{full}"}, 422),
        ("/entries/several/tags", {}, 200),
        ("/entries/several/tags", {"entry": "999999"}, 200),
    ],
)
async def test_it_makes_no_tag_where_nothing_is_marked_with_it(
    bobs: Visitor, bob: User, path: str, data: dict[str, str], status: int
) -> None:
    entry = await make_entry(bob, stopped_at=monday(10))
    full = await make_entry(bob, stopped_at=monday(10), tags=list(range(1_000, 1_020)))
    ids = {"entry": entry.id, "full": full.id}
    sent = {name: value.format(**ids) for name, value in data.items()}
    answer = await bobs.htmx_post(path.format(**ids), {**sent, "tags": "New"})
    assert answer.status_code == status
    assert await Tag.count() == 0


async def test_it_makes_no_tag_for_an_end_that_came_meanwhile(bobs: Visitor, bob: User) -> None:
    running = await make_entry(bob, started_at=monday(9))
    form = {"date": "2026-11-23", "start": "10:30", "tags": "New", "exact_start": monday(9).isoformat()}
    await running.change(stopped_at=monday(10))
    answer = await bobs.htmx_post(f"/entries/{running.id}", form)
    assert "stopped before that meanwhile" in answer.text
    assert await Tag.count() == 0


async def test_it_changes_tags_in_the_form(bobs: Visitor, bob: User, meeting: Tag, old: Tag) -> None:
    entry = await make_entry(bob, stopped_at=monday(10), tags=[meeting.id, old.id], billable=True)
    form = await bobs.htmx_get(f"/entries/{entry.id}/edit?day=")
    assert 'name="tags" value="Meeting, Old"' in form.text
    assert "checked" in form.text
    answer = await bobs.htmx_post(f"/entries/{entry.id}", {**MONDAY, "tags": "Old, New"})
    assert answer.status_code == 200
    assert (await names_on(entry), entry.billable) == (["New", "Old"], False)


async def test_it_changes_tags_while_the_timer_runs(bobs: Visitor, bob: User, meeting: Tag) -> None:
    entry = await make_entry(bob, started_at=datetime.now(UTC), tags=[meeting.id])
    for _ in range(2):
        answer = await bobs.htmx_post(f"/entries/{entry.id}/tags", {"tags": "Meeting, Talk"})
        assert answer.status_code == 200
    assert await names_on(entry) == ["Meeting", "Talk"]
    assert entry.is_running
    changes = await EntryChange.objects().where(EntryChange.entry == entry.id)
    assert [(change.changed_by, "tags" in change.changes) for change in changes] == [(bob.id, True)]
    await bobs.post(f"/entries/{entry.id}/tags", data={"tags": ""})
    assert await names_on(entry) == []


async def test_it_says_why_tags_of_the_timer_are_not_taken(bobs: Visitor, bob: User, meeting: Tag, old: Tag) -> None:
    entry = await make_entry(bob, started_at=datetime.now(UTC), tags=[meeting.id])
    answer = await bobs.htmx_post(f"/entries/{entry.id}/tags", {"tags": "Meeting, Old"})
    assert answer.status_code == 422
    assert "“Old” is archived" in answer.text
    assert 'value="Meeting, Old"' in answer.text
    assert await names_on(entry) == ["Meeting"]


async def test_it_turns_billable_on_and_off(bobs: Visitor, bob: User) -> None:
    entry = await make_entry(bob, started_at=datetime.now(UTC))
    for sent, is_billable in (("on", True), ("on", True), ("", False)):
        answer = await bobs.htmx_post(f"/entries/{entry.id}/billable", {"billable": sent})
        await entry.refresh()
        assert (entry.billable, answer.status_code) == (is_billable, 200)
        assert answer.text.count('aria-pressed="true"') == (2 if is_billable else 0)


async def test_it_brings_tags_back_with_a_deleted_entry(bobs: Visitor, bob: User, meeting: Tag) -> None:
    entry = await make_entry(bob, stopped_at=monday(10), tags=[meeting.id], billable=True)
    answer = await bobs.htmx_post(f"/entries/{entry.id}/delete", {"day": "2026-11-23"})
    name, value = answer.text.split('name="undo" value="')[0], answer.text.split('name="undo" value="')[1].split('"')[0]
    action = name.rsplit('action="', 1)[1].split('"')[0]
    await bobs.post(action, data={"undo": value, "day": "2026-11-23"})
    restored = await entry_of(bob)
    assert (restored.id, restored.tags, restored.billable) == (entry.id, [meeting.id], True)


async def test_it_shows_the_first_tags_and_how_many_more(bobs: Visitor, bob: User, account: Account) -> None:
    names = ["a <b>", "B", "c", "x" * 60, "zz"]
    tags = [Tag(account=account.id, name=name) for name in names]
    for tag in tags:
        await tag.save()
    entry = await make_entry(bob, stopped_at=monday(10), tags=[tag.id for tag in tags])
    page = await bobs.get("/timesheet/2026-11-23")
    line = page.text.split(f'id="{dom_id(entry)}"')[1]
    assert "a &lt;b&gt;" in line
    assert "+2" in line
    assert f"{'x' * 60}, zz" in line


@pytest.mark.parametrize("ids", ["1", "999999", "[1]", "{1}"])
async def test_it_takes_ids_for_names(bobs: Visitor, bob: User, meeting: Tag, ids: str) -> None:
    """What is sent are names: nobody can put another account's tag on an entry by its id."""
    await bobs.post("/entries", data={**MONDAY, "tags": ids})
    assert await names_on(await entry_of(bob)) == [ids]


async def test_it_gives_charlie_a_tag_of_his_own(charlies: Visitor, charlie: User, meeting: Tag) -> None:
    await charlies.post("/timer", data={"tags": "Meeting"})
    entry = await entry_of(charlie)
    assert entry.tags != [meeting.id]
    assert "Meeting" in (await charlies.get("/tags/options?q=meet")).text


async def test_it_hides_other_peoples_entries(charlies: Visitor, alices: Visitor, bob: User, meeting: Tag) -> None:
    entry = await make_entry(bob, stopped_at=monday(10))
    for visitor in (charlies, alices):
        for path, data in (("tags", {"tags": "Meeting"}), ("billable", {"billable": "on"})):
            assert (await visitor.post(f"/entries/{entry.id}/{path}", data=data)).status_code == 404
    await entry.refresh()
    assert (entry.tags, entry.billable) == ([], False)


async def test_it_suggests_tags(bobs: Visitor, meeting: Tag, old: Tag) -> None:
    answer = await bobs.htmx_get("/tags/options?q=meet")
    assert 'data-name="Meeting"' in answer.text
    assert "Make tag “<bdi>meet</bdi>”" in answer.text
    assert "Make tag" not in (await bobs.htmx_get("/tags/options?q=MEETING")).text
    assert 'data-name="Old"' not in (await bobs.htmx_get("/tags/options")).text
    assert "data-refused" in (await bobs.htmx_get("/tags/options?q=old")).text


async def test_it_hides_other_accounts_tags(charlies: Visitor, meeting: Tag) -> None:
    assert "Meeting" not in (await charlies.htmx_get("/tags/options?q=mee")).text.replace("Make tag “<bdi>mee", "")
