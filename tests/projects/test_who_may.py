"""For every page and every action: what somebody signed out, a user, and another account's administrator get."""

import pytest

from app import database
from app.accounts.models import Account, User
from app.projects.models import WorkItem
from tests.browser_like import Visitor
from tests.factories import assign, make_item
from tests.projects.world import World

PAGES = ["", "/heading"]
ADMINISTRATORS_PAGES = ["/name", "/place"]
ACTIONS = {
    "/name": {"name": "Stolen"},
    "/place": {"parent": "1"},
    "/children": {"name": "Stolen", "kind": "task"},
    "/archive": {},
    "/unarchive": {},
    "/delete": {},
    "/assignments": {"user": "1"},
    "/assignments/1/delete": {},
    "/keywords": {"word": "stolen"},
    "/keywords/1/delete": {},
}


@pytest.fixture
async def own(account: Account) -> WorkItem:
    root = await make_item(account, "Own tasks", "root")
    return await make_item(account, "Meetings", "task", root)


async def everything() -> list[list[object]]:
    tables = ("work_item", "placement", "assignment", "keyword")
    return [list(await database.fetch(f"SELECT * FROM {table} ORDER BY id")) for table in tables]


async def test_it_sends_strangers_to_sign_in(world: World, own: WorkItem, visitor: Visitor) -> None:
    before = await everything()
    pages = [f"/projects/{own.id}{path}" for path in PAGES + ADMINISTRATORS_PAGES]
    for path in ("/projects", f"/projects/branches/{world.root.id}", *pages):
        answer = await visitor.get(path)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in")
    for path, data in [("/projects/own", {"name": "x"})] + [(f"/projects/{own.id}{p}", d) for p, d in ACTIONS.items()]:
        answer = await visitor.post(path, data=data)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in")
    assert await everything() == before


async def test_it_lets_users_change_nothing(world: World, own: WorkItem, bob: User, visitor: Visitor) -> None:
    await assign(bob, own)
    bobs = await visitor.signed_in_as(bob)
    before = await everything()
    assert (await bobs.get(f"/projects/{own.id}")).status_code == 200
    for path in ADMINISTRATORS_PAGES:
        assert (await bobs.get(f"/projects/{own.id}{path}")).status_code == 403
    for path, data in ACTIONS.items():
        for item in (own, world.banner):
            assert (await bobs.post(f"/projects/{item.id}{path}", data=data)).status_code == 403
    assert (await bobs.post("/projects/own", data={"name": "x"})).status_code == 403
    assert await everything() == before
    page = (await bobs.get(f"/projects/{own.id}")).text
    for control in ("Rename", "Archive", "Delete", "Assign by hand", "New task"):
        assert f">{control}<" not in page


async def test_it_hides_others_items_from_users(world: World, own: WorkItem, bob: User, visitor: Visitor) -> None:
    bobs = await visitor.signed_in_as(bob)
    for item in (own, world.root, world.banner):
        for path in PAGES:
            assert (await bobs.get(f"/projects/{item.id}{path}")).status_code == 404


async def test_it_hides_everything_from_another_account(
    world: World, own: WorkItem, charlie: User, visitor: Visitor
) -> None:
    charlies = await visitor.signed_in_as(charlie)
    before = await everything()
    for item in (own, world.root, world.banner):
        for path in PAGES + ADMINISTRATORS_PAGES:
            assert (await charlies.get(f"/projects/{item.id}{path}")).status_code == 404
        for path, data in ACTIONS.items():
            assert (await charlies.post(f"/projects/{item.id}{path}", data=data)).status_code == 404
    assert await everything() == before


async def test_it_moves_nothing_into_another_account(
    own: WorkItem, account: Account, charlie: User, visitor: Visitor
) -> None:
    charlies = await visitor.signed_in_as(charlie)
    await charlies.post("/projects/own", data={"name": "Mine", "kind": "task"})
    mine = await WorkItem.objects().get(WorkItem.name == "Mine")
    assert mine is not None
    answer = await charlies.post(f"/projects/{mine.id}/place", data={"parent": str(own.id)})
    assert answer.status_code == 404


@pytest.mark.parametrize("item_id", ["0", "999999", "9" * 30, "-1", "abc"])
async def test_it_knows_no_such_item(alice: User, visitor: Visitor, item_id: str) -> None:
    answer = await (await visitor.signed_in_as(alice)).get(f"/projects/{item_id}")
    assert answer.status_code == 404


async def test_it_wants_the_forms_own_token(world: World, own: WorkItem, alice: User, visitor: Visitor) -> None:
    alices = await visitor.signed_in_as(alice)
    del alices.headers["x-csrftoken"]
    for path, data in ACTIONS.items():
        assert (await alices.post(f"/projects/{own.id}{path}", data=data)).status_code == 403
