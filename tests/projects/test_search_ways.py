"""The ways that the database keeps, and the search among them, after all that may happen to a tree."""

from random import Random

import pytest

from app import database
from app.accounts.models import Account, User
from app.projects import reach
from app.projects.archive import archive_by_hand, revive_by_hand
from app.projects.models import Assignment, Keyword, Placement, WorkItem
from app.projects.search import Hit, search
from tests.factories import asking, assign, make_item, place
from tests.projects.slowly import Path, Tree, to_see, to_track_on

WORDS = ("Plan", "plane", "Ship", "check", "café", "Ünit", "x1", "UI/UX", "e-mail", "Rose", "—", "")
TEXTS = (
    "p",
    "pl",
    "plan",
    "ship pl",
    "ch ro",
    "ünit",
    "ux ui",
    "caf",
    "mail e",
    "x",
    "7",
    "17",
    "nowhere",
    "plan nowhere",
)


def a_name(random: Random) -> str:
    return " ".join(random.choices(WORDS, k=random.randint(1, 4)))


async def grow(account: Account, random: Random) -> list[WorkItem]:
    """Two roots, and below them items in one to three places each."""
    roots = [await make_item(account, a_name(random), "root", source=source) for source in ("asana", "own")]
    items = list(roots)
    for number in range(random.randint(10, 25)):
        above = random.sample(items, min(len(items), random.choice((1, 1, 1, 2, 3))))
        kind = random.choice(("project", "list", "task", "task"))
        item = await make_item(account, a_name(random), kind, above[0], source="asana", foreign_id=str(number))
        for other in above[1:]:
            await place(item, other)
        items.append(item)
        if random.random() < 0.3:
            await Keyword(account=account.id, item=item.id, word=a_name(random) or "7", made_by="hand").save()
    return items


async def happen(account: Account, items: list[WorkItem], random: Random) -> None:
    """One thing of those that change a tree, by the verbs that do it or as a synchronization does."""
    roots, below = items[:2], items[2:]
    item = random.choice(below)
    match random.randrange(7):
        case 0:
            await WorkItem.update({WorkItem.name: a_name(random)}).where(WorkItem.id == item.id)
        case 1:
            await archive_by_hand(account.id, item.id)
        case 2:
            await revive_by_hand(account.id, item.id)
        case 3:
            other = random.choice(roots + below)
            exists = await Placement.exists().where((Placement.item == item.id) & (Placement.parent == other.id))
            if other.id != item.id and not exists:
                await place(item, other)
        case 4:
            places = await Placement.objects().where(Placement.item == item.id)
            await random.choice(places).remove() if len(places) > 1 else None
        case 5:
            root = random.choice(roots)
            await Placement.delete().where(Placement.item == item.id)
            await place(item, root)
        case _:
            sql = "UPDATE placement SET position = position + 1 WHERE account = $1"
            await database.execute(sql, account.id)


async def kept_paths(account: Account) -> set[Path]:
    rows = await database.fetch("SELECT path FROM way WHERE account = $1", account.id)
    assert len(rows) == len({tuple(row["path"]) for row in rows})
    return {tuple(row["path"]) for row in rows}


async def track(user: User, text: str, archived: bool) -> list[Hit]:
    return await search(asking(user), text, 1_000, for_tracking=True, archived=archived)


def as_found(hits: list[Hit]) -> list[tuple[int, int | None, Path]]:
    return [(hit.id, hit.project_id, (*hit.path_ids, hit.id)) for hit in hits]


@pytest.mark.parametrize(("little", "few"), [(3_000, 50), (0, 50), (0, 0)], ids=["little", "few", "many"])
@pytest.mark.parametrize("seed", range(8))
async def test_it_finds_what_a_slow_search_finds_whatever_has_happened(
    account: Account, alice: User, bob: User, monkeypatch: pytest.MonkeyPatch, seed: int, little: int, few: int
) -> None:
    random = Random(seed)
    monkeypatch.setattr(reach, "LITTLE", little)
    monkeypatch.setattr(reach, "MUCH", little)
    monkeypatch.setattr(reach, "FEW", few)
    items = await grow(account, random)
    for _ in range(random.randint(0, 15)):
        await happen(account, items, random)
    for item in random.sample(items, random.randint(1, 4)):
        await assign(bob, item)
    assert await kept_paths(account) == set((await Tree.seen_by(bob)).paths())
    for text in TEXTS:
        for archived in (False, True):
            assert as_found(await track(bob, text, archived)) == await to_track_on(bob, text, archived=archived)
            mine = await search(asking(bob), text, 1_000, archived=archived)
            assert as_found(mine) == await to_see(bob, text, archived=archived)
            everything = await search(asking(alice), text, 1_000, archived=archived)
            assert as_found(everything) == await to_see(alice, text, archived=archived, everything=True)


async def test_it_follows_what_happens_above(account: Account, bob: User) -> None:
    root = await make_item(account, "Asana", "root", source="asana")
    old, new = [await make_item(account, name, "project", root) for name in ("Harbour", "Airport")]
    task = await make_item(account, "Crane", "task", await make_item(account, "Doing", "list", old))
    await assign(bob, task)
    assert [hit.path for hit in await track(bob, "crane harb", False)] == [("Asana", "Harbour", "Doing")]
    await WorkItem.update({WorkItem.name: "Seaport"}).where(WorkItem.id == old.id)
    assert await track(bob, "crane harb", False) == []
    assert [hit.path for hit in await track(bob, "crane sea", False)] == [("Asana", "Seaport", "Doing")]
    await Placement.update({Placement.parent: new.id}).where(Placement.parent == old.id)
    assert [hit.path for hit in await track(bob, "crane air", False)] == [("Asana", "Airport", "Doing")]
    assert await track(bob, "crane sea", False) == []


async def test_it_forgets_what_is_deleted(account: Account, bob: User) -> None:
    root = await make_item(account, "Tasks", "root")
    task = await make_item(account, "Slip of the hand", "task", root)
    await WorkItem.delete().where(WorkItem.id == task.id)
    await Assignment.delete().where(Assignment.user == bob.id)
    assert await kept_paths(account) == {(root.id,)}


async def test_it_finds_a_hundred_levels_and_fails_at_none(account: Account, bob: User) -> None:
    item = await make_item(account, "Tasks", "root")
    await assign(bob, item)
    for number in range(110):
        item = await make_item(account, f"Level {number}", "task", item)
    assert len(await track(bob, "level", False)) == 99
