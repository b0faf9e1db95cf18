import pytest

from app.accounts.models import Account, User
from app.projects.access import NotTrackable, Person, find, trackable, visible
from app.projects.models import Assignment, Placement
from tests.factories import asking, assign, make_item, place
from tests.projects.world import World, archive
from tests.queries import queries


async def project_for(user: Person, item_id: int, asked: int | None) -> int | None:
    item = await find(user, item_id)
    return item.project_for(asked) if item else None


@pytest.mark.parametrize("above", ["root", "website", "launch", "banner", "colours"])
async def test_it_lets_track_below_what_one_is_assigned_to(world: World, bob: User, above: str) -> None:
    await assign(bob, getattr(world, above))
    item = await trackable(asking(bob), world.colours.id)
    assert item is not None
    assert item.name == "Choose colours"


@pytest.mark.parametrize("beside", ["mobile", "release"])
async def test_it_hides_what_one_is_not_assigned_to(world: World, bob: User, beside: str) -> None:
    await assign(bob, getattr(world, beside))
    assert await trackable(asking(bob), world.colours.id) is None
    assert await visible(asking(bob), world.colours.id) is None


async def test_it_hides_other_accounts_items_even_from_administrators(world: World, charlie: User) -> None:
    assert await visible(asking(charlie), world.website.id) is None
    assert await trackable(asking(charlie), world.website.id) is None
    assert await project_for(asking(charlie), world.website.id, None) is None


async def test_it_shows_administrators_everything_but_lets_them_track_only_on_what_is_theirs(
    world: World, alice: User
) -> None:
    assert await visible(asking(alice), world.colours.id) is not None
    assert await trackable(asking(alice), world.colours.id) is None
    await assign(alice, world.website)
    assert await trackable(asking(alice), world.colours.id) is not None


async def test_it_shows_the_way_down_without_what_is_beside_it(world: World, bob: User) -> None:
    await assign(bob, world.colours)
    website = await visible(asking(bob), world.website.id)
    assert website is not None
    assert not website.is_assigned
    assert await visible(asking(bob), world.mobile.id) is None
    assert await trackable(asking(bob), world.website.id) is None


async def test_it_lets_track_by_either_place_of_an_item_of_two_projects(world: World, bob: User) -> None:
    await assign(bob, world.mobile)
    item = await trackable(asking(bob), world.release.id)
    assert item is not None
    assert await project_for(asking(bob), world.release.id, None) == world.mobile.id
    assert await project_for(asking(bob), world.release.id, world.website.id) == world.mobile.id


async def test_it_takes_the_project_asked_for_where_both_may_be_used(world: World, bob: User) -> None:
    await assign(bob, world.root)
    assert await project_for(asking(bob), world.release.id, world.mobile.id) == world.mobile.id
    assert await project_for(asking(bob), world.release.id, world.website.id) == world.website.id
    assert await project_for(asking(bob), world.release.id, None) == world.website.id
    assert await project_for(asking(bob), world.website.id, None) == world.website.id


async def test_it_needs_no_project_for_own_tasks(account: Account, bob: User) -> None:
    root = await make_item(account, "Own tasks", "root")
    meetings = await make_item(account, "Internal meetings", "task", root)
    await assign(bob, meetings)
    item = await trackable(asking(bob), meetings.id)
    assert item is not None
    assert item.project_for(None) is None


async def test_it_refuses_time_on_archived_items_with_the_reason(world: World, bob: User) -> None:
    await assign(bob, world.website)
    await archive(world.banner, "completed")
    with pytest.raises(NotTrackable) as refused:
        await trackable(asking(bob), world.banner.id)
    assert refused.value.reason == "Completed in Asana. It takes no new time."


async def test_it_refuses_time_by_a_place_that_is_archived(world: World, bob: User) -> None:
    """Release notes stays active in Mobile; whoever has it through Website alone no longer may track on it."""
    await assign(bob, world.website)
    await archive(world.website, "archived")
    await archive(world.launch, "above")
    with pytest.raises(NotTrackable, match="project through which"):
        await trackable(asking(bob), world.release.id)


async def test_it_refuses_time_on_a_whole_tree(world: World, bob: User) -> None:
    await assign(bob, world.root)
    with pytest.raises(NotTrackable, match="whole tree"):
        await trackable(asking(bob), world.root.id)


async def test_it_takes_access_back_with_the_assignment(world: World, bob: User) -> None:
    await assign(bob, world.website)
    assert await trackable(asking(bob), world.banner.id)
    await Assignment.delete().where(Assignment.user == bob.id)
    assert await trackable(asking(bob), world.banner.id) is None


async def test_it_takes_access_back_when_the_item_moves_away(world: World, bob: User) -> None:
    await assign(bob, world.website)
    await Placement.delete().where(Placement.item == world.banner.id)
    await place(world.banner, world.mobile)
    assert await trackable(asking(bob), world.colours.id) is None


async def test_it_ends_where_items_stand_in_a_circle(account: Account, world: World, bob: User) -> None:
    """No one should make such a tree, but a page must not hang on it."""
    await place(world.banner, world.colours)
    await assign(bob, world.website)
    assert await trackable(asking(bob), world.colours.id)


async def test_it_asks_once_for_an_item_and_all_its_places(world: World, bob: User) -> None:
    await assign(bob, world.root)
    async with queries() as asked:
        await trackable(asking(bob), world.release.id)
    assert len(asked) == 1
