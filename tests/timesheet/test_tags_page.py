"""/tags, where administrators keep the account's tags."""

from datetime import UTC, datetime

import pytest

from app.accounts.models import Account, User
from app.timesheet.models import Tag
from app.web.filters import dom_id
from tests.browser_like import Visitor
from tests.factories import make_entry, monday


@pytest.fixture
async def meeting(account: Account, bob: User) -> Tag:
    tag = Tag(account=account.id, name="Meeting")
    await tag.save()
    await make_entry(bob, stopped_at=monday(10), tags=[tag.id])
    return tag


async def tag_named(account: Account, name: str) -> Tag | None:
    return await Tag.objects().where((Tag.account == account.id) & (Tag.name == name)).first()


async def test_it_lists_tags_with_their_entries(alices: Visitor, account: Account, meeting: Tag) -> None:
    await Tag(account=account.id, name="Old <i>", archived_at=datetime.now(UTC)).save()
    page = await alices.get("/tags")
    assert "Meeting" in page.text
    assert "1 entry" in page.text
    assert "Old &lt;i&gt;" in page.text
    assert page.text.index("Meeting") < page.text.index("Old")
    assert "archived" in page.text


async def test_it_says_what_tags_are_where_there_are_none(alices: Visitor) -> None:
    assert "No tags yet" in (await alices.get("/tags")).text


async def test_it_searches(alices: Visitor, meeting: Tag) -> None:
    assert dom_id(meeting) in (await alices.htmx_get("/tags?q=MEET")).text
    nothing = await alices.htmx_get("/tags?q=xyz")
    assert dom_id(meeting) not in nothing.text
    assert "No tag is called" in nothing.text


async def test_it_leads_administrators_there(alices: Visitor, bobs: Visitor) -> None:
    assert 'href="/tags"' in (await alices.get("/timesheet")).text
    assert 'href="/tags"' not in (await bobs.get("/timesheet")).text


async def test_it_makes_a_tag_once(alices: Visitor, account: Account) -> None:
    first = await alices.post("/tags", data={"name": " On  site "})
    assert (first.status_code, first.headers["location"]) == (303, "/tags")
    again = await alices.post("/tags", data={"name": "ON SITE"})
    assert again.status_code == 422
    assert "There is a tag “On site” already" in again.text
    assert 'value="ON SITE"' in again.text
    assert await Tag.count().where(Tag.account == account.id) == 1


@pytest.mark.parametrize("name", ["", " , ", "\u200b", "x" * 61])
async def test_it_refuses_what_is_no_name(alices: Visitor, account: Account, meeting: Tag, name: str) -> None:
    assert (await alices.post("/tags", data={"name": name})).status_code == 422
    assert (await alices.post(f"/tags/{meeting.id}/name", data={"name": name})).status_code == 422
    assert await Tag.select(Tag.name).where(Tag.account == account.id).output(as_list=True) == ["Meeting"]


async def test_it_renames_in_place(alices: Visitor, account: Account, meeting: Tag) -> None:
    form = await alices.htmx_get(f"/tags/{meeting.id}/name")
    assert f'id="{dom_id(meeting)}"' in form.text
    assert 'name="name"' in form.text
    for _ in range(2):
        row = await alices.htmx_post(f"/tags/{meeting.id}/name", {"name": "Call"})
        assert row.status_code == 200
        assert "Call" in row.text
        assert "1 entry" in row.text
    assert await tag_named(account, "Call")


async def test_it_shows_the_new_name_at_past_entries(alices: Visitor, bobs: Visitor, meeting: Tag) -> None:
    await alices.post(f"/tags/{meeting.id}/name", data={"name": "Call"})
    page = await bobs.get("/timesheet/2026-11-23")
    assert "Call" in page.text
    assert "Meeting" not in page.text


async def test_it_works_without_htmx(alices: Visitor, meeting: Tag) -> None:
    form = await alices.get(f"/tags/{meeting.id}/name")
    assert f'action="/tags/{meeting.id}/name"' in form.text
    refused = await alices.post(f"/tags/{meeting.id}/name", data={"name": ""})
    assert refused.status_code == 422
    assert "<title>Tags" in refused.text
    for path, data in (("name", {"name": "Call"}), ("archive", {}), ("revive", {})):
        answer = await alices.post(f"/tags/{meeting.id}/{path}", data=data)
        assert (answer.status_code, answer.headers["location"]) == (303, "/tags?q=Call")


async def test_it_asks_to_merge_where_the_name_is_there(
    alices: Visitor, bobs: Visitor, account: Account, meeting: Tag
) -> None:
    call = Tag(account=account.id, name="Call")
    await call.save()
    refused = await alices.htmx_post(f"/tags/{meeting.id}/name", {"name": "call"})
    assert refused.status_code == 422
    assert "There is a tag “Call” already" in refused.text
    assert f'action="/tags/{meeting.id}/merge"' in refused.text
    answer = await alices.post(f"/tags/{meeting.id}/merge", data={"into": call.id})
    assert answer.headers["location"] == "/tags"
    assert "What was marked “Meeting” is marked “Call” now." in (await alices.get("/tags")).text
    page = (await bobs.get("/timesheet/2026-11-23")).text
    assert "Call" in page
    assert "Meeting" not in page


async def test_it_merges_into_no_archived_and_no_foreign_tag(
    alices: Visitor, account: Account, charlie: User, meeting: Tag
) -> None:
    archived = Tag(account=account.id, name="Old", archived_at=datetime.now(UTC))
    theirs = Tag(account=charlie.account, name="Theirs")
    for tag in (archived, theirs):
        await tag.save()
    refused = await alices.htmx_post(f"/tags/{meeting.id}/name", {"name": "old"})
    assert "There is an archived tag “Old” already" in refused.text
    assert "/merge" not in refused.text
    for into in (archived.id, theirs.id, meeting.id, "x", ""):
        assert (await alices.post(f"/tags/{meeting.id}/merge", data={"into": into})).status_code == 404


async def test_it_archives_and_brings_back(alices: Visitor, bobs: Visitor, meeting: Tag) -> None:
    for _ in range(2):
        row = await alices.htmx_post(f"/tags/{meeting.id}/archive")
        assert "Bring back" in row.text
    assert "Meeting" not in (await bobs.htmx_get("/tags/options")).text
    assert "Meeting" in (await bobs.get("/timesheet/2026-11-23")).text
    for _ in range(2):
        row = await alices.htmx_post(f"/tags/{meeting.id}/revive")
        assert "Archive" in row.text
    assert "Meeting" in (await bobs.htmx_get("/tags/options")).text


async def test_it_shows_many_page_by_page(alices: Visitor, account: Account) -> None:
    await Tag.insert(*(Tag(account=account.id, name=f"Tag {number:03}") for number in range(120)))
    first = await alices.get("/tags")
    assert "Tag 099" in first.text
    assert "Tag 100" not in first.text
    assert "/tags?q=&amp;start=100" in first.text
    assert "Tag 119" in (await alices.get("/tags?start=100")).text


async def test_it_is_for_administrators_of_the_account(
    bobs: Visitor, charlies: Visitor, account: Account, meeting: Tag
) -> None:
    for path in ("name", "archive", "revive", "merge"):
        assert (await bobs.post(f"/tags/{meeting.id}/{path}", data={"name": "x"})).status_code == 403
        assert (await charlies.post(f"/tags/{meeting.id}/{path}", data={"name": "x"})).status_code == 404
    assert (await bobs.get("/tags")).status_code == 403
    assert "Meeting" not in (await charlies.get("/tags")).text
    assert await tag_named(account, "Meeting")
