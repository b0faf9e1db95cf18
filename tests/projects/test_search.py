import json
from collections.abc import Iterator
from typing import Any

import pytest

from app import database
from app.accounts.models import Account, User
from app.projects.models import Keyword
from app.projects.queries import Branch, Row, children
from app.projects.reach import Extent
from app.projects.search import Hit, query_of, search
from app.projects.search_sql import CANDIDATES, Look, search_sql
from tests.factories import asking, assign, make_item
from tests.projects.large import make_large_tree, numbered
from tests.projects.world import World, archive
from tests.queries import queries


def names(hits: list[Hit]) -> list[str]:
    return [hit.name for hit in hits]


@pytest.mark.parametrize("text", ["design", "DESI", "ban", "banner des", "web ban", "launch design", "asana banner"])
async def test_it_finds_beginnings_of_words_of_name_and_path(world: World, alice: User, text: str) -> None:
    assert names(await search(asking(alice), text))[0] == "Design the banner"


async def test_it_finds_what_stands_below_a_name(world: World, alice: User) -> None:
    hits = await search(asking(alice), "website")
    assert names(hits) == ["Website", "Launch", "Design the banner", "Release notes", "Choose colours"]
    assert hits[4].path == ("Asana", "Website", "Launch", "Design the banner")


async def test_it_puts_names_that_begin_with_the_text_first(account: Account, world: World, alice: User) -> None:
    await make_item(account, "Check the release", "task", world.mobile)
    await make_item(account, "Release", "list", world.mobile)
    assert names(await search(asking(alice), "release"))[:3] == ["Release", "Release notes", "Check the release"]


@pytest.mark.parametrize(
    "text", ["", "   ", "zebra", "banner zebra", "!!!", "'", "zebra' | 'b", "\\", "🎉", "x" * 5000, "\0"]
)
async def test_it_finds_nothing_for_what_is_not_there(world: World, alice: User, text: str) -> None:
    assert await search(asking(alice), text) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("UI/UX review", "ux"),
        ("v2.0.1 for e-mail", "0.1"),
        ("Überraschung für Zoë", "über"),
        ("שלום עולם", "עול"),
        ("<script>alert(1)</script>", "<script>"),
        ("=cmd()", "cmd"),
        ("🎉 Party", "party"),
        ("N" * 300, "nnnn"),
    ],
)
async def test_it_finds_awkward_names(account: Account, world: World, alice: User, name: str, text: str) -> None:
    await make_item(account, name, "task", world.mobile)
    assert names(await search(asking(alice), text)) == [name]


async def test_it_finds_an_item_once_wherever_it_stands(world: World, alice: User) -> None:
    assert names(await search(asking(alice), "release")) == ["Release notes"]


async def test_it_finds_an_item_once_for_each_project_to_track_on(world: World, bob: User) -> None:
    await assign(bob, world.root)
    hits = await search(asking(bob), "release", for_tracking=True)
    assert [(hit.path[1], hit.project_id) for hit in hits] == [
        ("Website", world.website.id),
        ("Mobile", world.mobile.id),
    ]


async def test_it_offers_only_the_projects_that_may_be_used(world: World, bob: User) -> None:
    await assign(bob, world.mobile)
    assert [hit.path[1] for hit in await search(asking(bob), "release", for_tracking=True)] == ["Mobile"]
    assert [hit.path[1] for hit in await search(asking(bob), "release")] == ["Mobile"]


async def test_it_hides_what_one_does_not_have(world: World, bob: User, charlie: User) -> None:
    await assign(bob, world.mobile)
    for text in ("banner", "website", "1401", "launch release"):
        assert await search(asking(bob), text) == []
        assert await search(asking(charlie), text) == []


async def test_it_lets_administrators_find_all_but_track_only_on_theirs(world: World, alice: User) -> None:
    assert names(await search(asking(alice), "banner")) == ["Design the banner", "Choose colours"]
    assert await search(asking(alice), "banner", for_tracking=True) == []


async def test_it_keeps_archived_items_apart(world: World, alice: User) -> None:
    await archive(world.banner)
    await archive(world.colours, "above")
    assert await search(asking(alice), "banner") == []
    assert names(await search(asking(alice), "banner", archived=True)) == ["Design the banner", "Choose colours"]


async def test_it_finds_the_foreign_id_and_keywords(world: World, alice: User, bob: User) -> None:
    await Keyword(account=world.root.account, item=world.banner.id, word="Homepage", made_by="asana").save()
    await assign(bob, world.banner)
    for someone in (alice, bob):
        assert names(await search(asking(someone), "1401")) == ["Design the banner"]
        assert names(await search(asking(someone), "homep")) == ["Design the banner"]


TEXTS = ["p", "paper 4711", "paper zebra", "project 3", "list 103 page", "page 2000 paper", "asana 17 list"]


def has_words(hit: Hit, text: str) -> bool:
    words = " ".join((*hit.path, hit.name)).lower().split()
    return all(any(word.startswith(beginning) for word in words) for beginning in text.split())


async def everything(user: User, text: str) -> set[int]:
    """What a walk through all of the person's items finds."""
    found: set[int] = set()
    waiting: list[tuple[Row, tuple[str, ...]]] = [(row, ()) for row in (await children(asking(user), None)).rows]
    while waiting:
        row, path = waiting.pop()
        words = " ".join((*path, row.name)).lower().split()
        if row.is_whole and row.kind != "root" and all(any(w.startswith(b) for w in words) for b in text.split()):
            found.add(row.id)
        below = await children(asking(user), row.id, limit=100_000) if row.child_count else Branch((), None)
        waiting += [(child, (*path, row.name)) for child in below.rows]
    return found


@pytest.mark.parametrize(
    "has",
    [
        ["Asana"],
        [f"Project {n}" for n in range(5)],
        [f"Paper {n * 97}" for n in range(12)],
        ["Project 3", "Paper 1701"],
    ],
    ids=["all", "a part", "little", "a mixture"],
)
async def test_it_finds_all_that_a_walk_through_the_tree_finds(account: Account, bob: User, has: list[str]) -> None:
    await make_large_tree(account, 3_000)
    for name in has:
        await assign(bob, await numbered(account, name))
    for text in TEXTS:
        hits = await search(asking(bob), text, 10_000)
        assert all(has_words(hit, text) for hit in hits)
        assert len(hits) == len({hit.id for hit in hits})
        assert {hit.id for hit in hits} == await everything(bob, text), text
        to_track = await search(asking(bob), text, 10_000, for_tracking=True)
        assert {hit.id for hit in to_track} == {hit.id for hit in hits}


@pytest.mark.parametrize("text", ["p", "paper", "asana", "asana list"])
@pytest.mark.parametrize("extent", [Extent.everything, Extent.few])
async def test_it_looks_at_a_part_of_a_large_tree(account: Account, bob: User, text: str, extent: Extent) -> None:
    """Whoever has everything is not made to wait until all that has a common word was looked at."""
    root = await make_large_tree(account, 20_000)
    sql = search_sql(Look(extent, for_tracking=True, archived=False))
    plan = await database.fetch_value(
        "EXPLAIN (ANALYZE, FORMAT JSON) " + sql, account.id, text, query_of(text), [root.id], 50
    )
    read = [node for node in nodes(json.loads(plan)[0]["Plan"]) if node.get("Relation Name") == "way"]
    assert 50 <= sum(node["Actual Rows"] * node["Actual Loops"] for node in read) <= 3 * CANDIDATES


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", []):
        yield from nodes(below)


async def test_it_asks_a_fixed_number_of_queries(account: Account, world: World, bob: User) -> None:
    await assign(bob, world.root)
    for number in range(60):
        await make_item(account, f"Paper {number}", "task", world.launch, position=number)
    async with queries() as asked:
        assert len(await search(asking(bob), "paper", 50, for_tracking=True)) == 50
    assert len(asked) <= 4
