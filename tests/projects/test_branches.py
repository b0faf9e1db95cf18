from app.accounts.models import Account, User
from app.projects.models import Assignment
from app.projects.queries import Branch, children, paths_for, way_for
from tests.factories import asking, assign, make_item
from tests.projects.world import World, archive
from tests.queries import queries


def names(branch: Branch) -> list[str]:
    return [row.name for row in branch.rows]


async def test_it_gives_administrators_every_branch_in_order(world: World, alice: User) -> None:
    assert names(await children(asking(alice), None)) == ["Asana"]
    assert names(await children(asking(alice), world.root.id)) == ["Website", "Mobile"]
    launch = await children(asking(alice), world.launch.id)
    assert names(launch) == ["Design the banner", "Release notes"]
    assert [row.child_count for row in launch.rows] == [1, 0]
    assert all(row.is_whole for row in launch.rows)


async def test_it_gives_everything_below_an_assignment(world: World, bob: User) -> None:
    await assign(bob, world.website)
    root = await children(asking(bob), None)
    assert names(root) == ["Asana"]
    assert not root.rows[0].is_whole
    assert root.rows[0].child_count == 1
    projects = await children(asking(bob), world.root.id)
    assert names(projects) == ["Website"]
    assert projects.rows[0].is_whole
    assert names(await children(asking(bob), world.launch.id)) == ["Design the banner", "Release notes"]


async def test_it_gives_only_the_way_down_to_an_assigned_task(world: World, bob: User) -> None:
    await assign(bob, world.banner)
    assert names(await children(asking(bob), world.root.id)) == ["Website"]
    launch = await children(asking(bob), world.launch.id)
    assert names(launch) == ["Design the banner"]
    assert launch.rows[0].is_whole
    assert names(await children(asking(bob), world.banner.id)) == ["Choose colours"]
    assert names(await children(asking(bob), world.mobile.id)) == []


async def test_it_hides_a_place_that_is_not_theirs(world: World, bob: User) -> None:
    """Release notes is Bob's through Mobile; on the way down to Choose colours in Website it does not show."""
    await assign(bob, world.mobile)
    await assign(bob, world.colours)
    assert names(await children(asking(bob), world.launch.id)) == ["Design the banner"]
    assert names(await children(asking(bob), world.mobile.id)) == ["Release notes"]


async def test_it_gives_others_nothing(world: World, bob: User, charlie: User) -> None:
    for someone in (bob, charlie):
        assert names(await children(asking(someone), None)) == []
        assert names(await children(asking(someone), world.root.id)) == []
        assert names(await children(asking(someone), world.launch.id)) == []


async def test_it_leaves_archived_items_to_the_archived_view(world: World, alice: User) -> None:
    await archive(world.banner)
    await archive(world.colours, "above")
    assert names(await children(asking(alice), world.launch.id)) == ["Release notes"]
    assert names(await children(asking(alice), world.root.id, archived=True)) == ["Website"]
    launch = await children(asking(alice), world.launch.id, archived=True)
    assert names(launch) == ["Design the banner"]
    assert launch.rows[0].archived_reason == "completed"
    assert names(await children(asking(alice), world.banner.id, archived=True)) == ["Choose colours"]


async def test_it_shows_a_user_their_part_of_the_archive(world: World, bob: User, alice: User) -> None:
    await archive(world.release)
    await archive(world.banner)
    await assign(bob, world.banner)
    assert names(await children(asking(bob), None, archived=True)) == ["Asana"]
    assert names(await children(asking(bob), world.root.id, archived=True)) == ["Website"]
    assert names(await children(asking(bob), world.launch.id, archived=True)) == ["Design the banner"]


async def test_it_offers_to_track_only_what_is_assigned_to_administrators_too(world: World, alice: User) -> None:
    assert names(await children(asking(alice), None, for_tracking=True)) == []
    await assign(alice, world.mobile)
    assert names(await children(asking(alice), None, for_tracking=True)) == ["Asana"]
    assert names(await children(asking(alice), world.root.id, for_tracking=True)) == ["Mobile"]


async def test_it_offers_no_way_through_what_is_archived(world: World, bob: User) -> None:
    await assign(bob, world.release)
    await archive(world.launch, "archived")
    assert names(await children(asking(bob), world.root.id, for_tracking=True)) == ["Mobile"]


async def test_it_goes_on_where_the_last_page_ended(world: World, alice: User) -> None:
    for number in range(5):
        await make_item(await account_of(world), f"Task {number}", "task", world.mobile, position=1)
    first = await children(asking(alice), world.mobile.id, limit=4)
    assert names(first) == ["Release notes", "Task 0", "Task 1", "Task 2"]
    assert first.next is not None
    rest = await children(asking(alice), world.mobile.id, after=first.next, limit=4)
    assert names(rest) == ["Task 3", "Task 4"]
    assert rest.next is None


async def account_of(world: World) -> Account:
    found = await Account.objects().get(Account.id == world.root.account)
    assert found is not None
    return found


async def test_it_asks_as_often_for_many_as_for_few(account: Account, world: World, alice: User, bob: User) -> None:
    for number in range(50):
        await make_item(account, f"Task {number}", "task", world.launch, position=number)
    await assign(bob, world.launch)
    for someone in (alice, bob):
        async with queries() as asked:
            await children(asking(someone), world.launch.id)
        assert len(asked) == 2


async def test_it_names_the_ways_down_in_one_query_usable_ones_first(world: World, bob: User) -> None:
    await assign(bob, world.mobile)
    async with queries() as asked:
        paths = await paths_for(asking(bob), [world.release.id, world.colours.id])
    assert len(asked) == 1
    assert [way.names for way in paths[world.release.id]] == [("Asana", "Mobile"), ("Asana", "Website", "Launch")]
    assert paths[world.colours.id][0].names == ("Asana", "Website", "Launch", "Design the banner")
    through_website = way_for(paths[world.release.id], world.website.id)
    assert through_website is not None
    assert through_website.names[1] == "Website"
    assert await paths_for(asking(bob), []) == {}


async def test_it_names_no_ways_of_other_accounts(world: World, charlie: User) -> None:
    assert await paths_for(asking(charlie), [world.release.id]) == {}


async def test_it_counts_each_assigned_person_once(world: World, alice: User, bob: User) -> None:
    await assign(bob, world.website)
    await Assignment(account=world.website.account, user=bob.id, item=world.website.id, made_by="asana").save()
    await assign(alice, world.website)
    rows = (await children(asking(alice), world.root.id)).rows
    assert [row.assigned_count for row in rows] == [2, 0]
