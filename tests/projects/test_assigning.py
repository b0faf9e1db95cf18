import pytest

from app.accounts.models import User
from app.projects.models import Assignment
from tests.browser_like import Visitor
from tests.factories import assign
from tests.projects.world import World


@pytest.fixture
async def alices(visitor: Visitor, alice: User) -> Visitor:
    return await visitor.signed_in_as(alice)


async def made(user: User) -> list[str]:
    return [
        row["made_by"] for row in await Assignment.select().where(Assignment.user == user.id).order_by(Assignment.id)
    ]


@pytest.mark.parametrize("is_htmx", [True, False])
async def test_it_assigns_anyone_to_anything_once(
    world: World, alices: Visitor, bob: User, visitor: Visitor, is_htmx: bool
) -> None:
    send = alices.htmx_post if is_htmx else alices.post
    for _ in range(2):
        answer = await send(f"/projects/{world.banner.id}/assignments", data={"user": str(bob.id)})
        assert answer.status_code == (200 if is_htmx else 303)
    assert await made(bob) == ["hand"]
    page = " ".join((await alices.get(f"/projects/{world.banner.id}")).text.split())
    assert "By hand by Alice Hartmann" in page
    assert "Design the banner" in (await (await visitor.signed_in_as(bob)).get("/projects?q=banner")).text


async def test_it_answers_with_the_people_of_the_item(world: World, alices: Visitor, bob: User) -> None:
    answer = await alices.htmx_post(f"/projects/{world.banner.id}/assignments", data={"user": str(bob.id)})
    assert 'id="people"' in answer.text
    assert "Bob Okafor is assigned to Design the banner." in answer.text
    assert "<html" not in answer.text


async def test_it_assigns_by_hand_beside_asana(world: World, alices: Visitor, bob: User) -> None:
    await assign(bob, world.banner, made_by="asana")
    await alices.post(f"/projects/{world.banner.id}/assignments", data={"user": str(bob.id)})
    assert await made(bob) == ["asana", "hand"]


@pytest.mark.parametrize("user", ["", "x", "0", "99999999", "9" * 40])
async def test_it_assigns_nobody_who_is_not_there(world: World, alices: Visitor, user: str) -> None:
    answer = await alices.post(f"/projects/{world.banner.id}/assignments", data={"user": user})
    assert answer.status_code == 404


async def test_it_assigns_nobody_of_another_account(world: World, alices: Visitor, charlie: User) -> None:
    answer = await alices.post(f"/projects/{world.banner.id}/assignments", data={"user": str(charlie.id)})
    assert answer.status_code == 404
    assert await made(charlie) == []


async def test_it_assigns_nobody_who_has_left(world: World, alices: Visitor, bob: User) -> None:
    await User.update({User.deactivated_at: bob.created_at}).where(User.id == bob.id)
    answer = await alices.post(f"/projects/{world.banner.id}/assignments", data={"user": str(bob.id)})
    assert answer.status_code == 404


async def test_it_takes_back_what_was_made_by_hand(world: World, alices: Visitor, bob: User) -> None:
    assignment = await assign(bob, world.banner)
    path = f"/projects/{world.banner.id}/assignments/{assignment.id}/delete"
    answer = await alices.htmx_post(path)
    assert answer.status_code == 200
    assert "no longer assigned" in answer.text
    assert await made(bob) == []
    assert (await alices.post(path)).status_code == 404


async def test_it_keeps_what_asana_says_and_tells_why(world: World, alices: Visitor, bob: User) -> None:
    assignment = await assign(bob, world.banner, made_by="asana")
    answer = await alices.post(f"/projects/{world.banner.id}/assignments/{assignment.id}/delete")
    assert answer.status_code == 409
    assert "Asana says that Bob Okafor is on this." in answer.text
    assert await made(bob) == ["asana"]
    page = (await alices.get(f"/projects/{world.banner.id}")).text
    assert "Taken back in Asana, not here" in page


async def test_it_takes_back_only_at_the_item_itself(world: World, alices: Visitor, bob: User) -> None:
    assignment = await assign(bob, world.website)
    answer = await alices.post(f"/projects/{world.banner.id}/assignments/{assignment.id}/delete")
    assert answer.status_code == 404
    assert await made(bob) == ["hand"]
