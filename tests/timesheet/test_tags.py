"""Names of tags as people type them, and what is found or made of them."""

import asyncio
import unicodedata
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import database
from app.accounts.models import Account, User
from app.projects.access import Person
from app.timesheet import vocabulary
from app.timesheet.models import Tag, TimeEntry
from app.timesheet.tags import LONGEST_NAME, MOST, NotTags, make_tags, offer, read_names, read_tags, tidy_name
from app.timesheet.vocabulary import NameTaken
from tests.factories import asking, make_account, make_entry, make_user


async def make_tag(account: Account, name: str, **values: Any) -> Tag:
    tag = Tag(account=account.id, name=name, **values)
    await tag.save()
    return tag


async def made(person: Person, typed: str) -> tuple[int, ...]:
    async with database.transaction():
        return await make_tags(person, await read_tags(person, typed))


async def names(account: Account) -> list[str]:
    return await Tag.select(Tag.name).where(Tag.account == account.id).order_by(Tag.id).output(as_list=True)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", []),
        (" , ,", []),
        ("Meeting", ["Meeting"]),
        ("Meeting,On  site ", ["Meeting", "On site"]),
        ("meeting, Meeting, MEETING", ["meeting"]),
        ("a\nb\tc", ["a b c"]),
        ("a\0b\x07", ["ab"]),
        ("\u200b, \u2060", []),
        ("👩\u200d💻", ["👩\u200d💻"]),
        ("اجتماع", ["اجتماع"]),
        ("e\u0301te, été", ["éte", "été"]),
        ("cafe\u0301, café", ["café"]),
        ("<b>", ["<b>"]),
    ],
)
def test_it_reads_names(typed: str, read: list[str]) -> None:
    assert read_names(typed) == read


@given(st.text())
def test_it_tidies_any_text_for_good(text: str) -> None:
    name = tidy_name(text)
    assert tidy_name(name) == name
    assert "," not in name
    assert not any(unicodedata.category(char) == "Cc" for char in name)
    assert read_names(name[:LONGEST_NAME]) in ([], [tidy_name(name[:LONGEST_NAME])])


def test_it_refuses_what_is_too_long_or_too_many() -> None:
    assert read_names("x" * LONGEST_NAME) == ["x" * LONGEST_NAME]
    with pytest.raises(NotTags, match="60 characters at the most"):
        read_names("fine, " + "x" * (LONGEST_NAME + 1))
    assert len(read_names(",".join(map(str, range(MOST))))) == MOST
    with pytest.raises(NotTags, match="20 tags at the most"):
        read_names(",".join(map(str, range(MOST + 1))))


async def test_it_finds_tags_whatever_their_case_and_makes_the_others(account: Account, bob: User) -> None:
    meeting = await make_tag(account, "Meeting")
    cafe = await make_tag(account, "ÉTÉ")
    chosen = await read_tags(asking(bob), "meeting, été, New one")
    assert (sorted(chosen.ids), chosen.new) == ([meeting.id, cafe.id], ("New one",))
    # Reading alone makes none.
    assert await names(account) == ["Meeting", "ÉTÉ"]
    ids = await make_tags(asking(bob), chosen)
    assert await names(account) == ["Meeting", "ÉTÉ", "New one"]
    assert ids == tuple(sorted(ids))
    assert {meeting.id, cafe.id} < set(ids)
    assert await made(asking(bob), "NEW ONE,été,Meeting") == await make_tags(asking(bob), chosen) == ids
    assert await Tag.count() == 3


async def test_it_knows_nothing_of_another_accounts_tags(account: Account, bob: User, charlie: User) -> None:
    theirs = await made(asking(charlie), "Secret")
    ours = await made(asking(bob), "Secret")
    assert theirs != ours
    assert await names(account) == ["Secret"]
    assert [row["name"] for row in (await offer(asking(bob), "")).tags] == ["Secret"]


async def test_it_refuses_an_archived_tag_unless_the_entry_has_it(account: Account, bob: User, alice: User) -> None:
    old = await make_tag(account, "Old", archived_at=datetime.now(UTC))
    with pytest.raises(NotTags, match="ask an administrator to bring it back"):
        await read_tags(asking(bob), "new, OLD")
    with pytest.raises(NotTags, match="“Old” is archived"):
        await read_tags(asking(alice), "old")
    assert await names(account) == ["Old"]
    assert (await read_tags(asking(bob), "old", keep=(old.id,))).ids == (old.id,)


async def test_two_people_make_the_same_tags_at_once(committed: None) -> None:
    account = await make_account()
    people = [asking(await make_user(account, email=f"{number}@meridian.example")) for number in range(8)]
    typed = ["Alpha, Beta, Gamma", "gamma, beta, alpha", "BETA, alpha, GAMMA", "Gamma, Alpha, Beta"] * 2
    found = await asyncio.gather(*(made(person, text) for person, text in zip(people, typed, strict=True)))
    assert len(set(found)) == 1
    assert sorted(name.lower() for name in await names(account)) == ["alpha", "beta", "gamma"]


async def test_it_offers_what_was_typed_first_and_then_what_is_used_most(account: Account, bob: User) -> None:
    tags = {name: await make_tag(account, name) for name in ("Site visit", "On site", "Website", "Meeting", "Zeal")}
    now = datetime.now(UTC)
    await make_entry(bob, started_at=now, tags=[tags["Zeal"].id])
    assert [row["name"] for row in (await offer(asking(bob), "")).tags][:2] == ["Zeal", "Meeting"]
    site = await offer(asking(bob), "site")
    assert [row["name"] for row in site.tags] == ["Site visit", "On site", "Website"]
    assert site.new == "site"
    assert [row["name"] for row in (await offer(asking(bob), "site", "on site, x")).tags] == ["Site visit", "Website"]


async def test_it_offers_to_make_only_what_is_not_there(account: Account, bob: User) -> None:
    await make_tag(account, "Meeting")
    await make_tag(account, "Old", archived_at=datetime.now(UTC))
    person = asking(bob)
    assert (await offer(person, "MEETING")).new == ""
    assert (await offer(person, "Talk", "talk")).new == ""
    assert (await offer(person, " Talk ")).new == "Talk"
    old = await offer(person, "old")
    assert (old.new, old.tags) == ("", [])
    assert "is archived" in old.refusal
    assert "60 characters" in (await offer(person, "x" * 61)).refusal
    assert "20 tags" in (await offer(person, "x", ",".join(map(str, range(20))))).refusal
    assert (await offer(person, "100%_")).tags == []


async def test_it_renames_archives_and_brings_back(account: Account) -> None:
    tag = await make_tag(account, "Meting")
    await vocabulary.rename(account.id, tag.id, " Meeting ")
    await vocabulary.archive(account.id, tag.id)
    assert await names(account) == ["Meeting"]
    assert (word := await vocabulary.word(account.id, tag.id))
    assert word.is_archived
    await vocabulary.revive(account.id, tag.id)
    assert (word := await vocabulary.word(account.id, tag.id))
    assert not word.is_archived


async def test_it_gives_no_two_tags_one_name(account: Account) -> None:
    await vocabulary.make(account.id, "Meeting")
    with pytest.raises(NameTaken, match="There is a tag “Meeting” already"):
        await vocabulary.make(account.id, "MEETING")
    other = await make_tag(account, "Talk")
    with pytest.raises(NameTaken):
        await vocabulary.rename(account.id, other.id, "meeting")
    # Only its case is changed: that is no other name.
    await vocabulary.rename(account.id, other.id, "TALK")
    assert await names(account) == ["Meeting", "TALK"]


async def test_it_merges_a_tag_into_another(account: Account, alice: User, bob: User, charlie: User) -> None:
    one, other, third = [await make_tag(account, name) for name in ("On-site", "On site", "Meeting")]
    both = await make_entry(bob, stopped_at=datetime.now(UTC), tags=[one.id, other.id, third.id])
    first = await make_entry(alice, stopped_at=datetime.now(UTC), tags=[one.id])
    untouched = await make_entry(bob, stopped_at=datetime.now(UTC), tags=[third.id])
    theirs = await make_entry(charlie, stopped_at=datetime.now(UTC), tags=[one.id])
    await vocabulary.merge(asking(alice), one.id, other.id)
    rows = await TimeEntry.objects().order_by(TimeEntry.id)
    assert {row.id: row.tags for row in rows} == {
        both.id: [other.id, third.id],
        first.id: [other.id],
        untouched.id: [third.id],
        theirs.id: [one.id],
    }
    assert (word := await vocabulary.word(account.id, one.id))
    assert (word.is_archived, word.entries) == (True, 0)


async def test_it_lists_a_hundred_at_a_time(account: Account) -> None:
    await Tag.insert(*(Tag(account=account.id, name=f"Tag {number:03}") for number in range(150)))
    page = await vocabulary.vocabulary(account.id)
    assert (len(page.words), page.next) == (100, 100)
    rest = await vocabulary.vocabulary(account.id, start=100)
    assert ([rest.words[0].name, rest.words[-1].name], rest.next) == (["Tag 100", "Tag 149"], None)
    assert [word.name for word in (await vocabulary.vocabulary(account.id, "tag 01")).words][:2] == [
        "Tag 010",
        "Tag 011",
    ]
