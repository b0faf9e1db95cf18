from app.accounts.models import Account, User
from app.projects.models import Keyword, WorkItem
from tests.browser_like import Visitor
from tests.factories import assign, make_entry, monday
from tests.projects.world import World, archive
from tests.queries import queries


async def test_it_shows_where_the_item_stands_and_its_time(
    world: World, alice: User, bob: User, visitor: Visitor
) -> None:
    await make_entry(bob, world.release, monday(9), stopped_at=monday(10), project=world.website.id)
    await make_entry(alice, world.release, monday(9), stopped_at=monday(9, 30), project=world.mobile.id)
    page = (await (await visitor.signed_in_as(alice)).get(f"/projects/{world.release.id}")).text
    assert "Website" in page
    assert "Mobile" in page
    assert "1:30" in page
    assert "0:30 h of it by you" in page


async def test_it_counts_the_time_of_all_below(world: World, alice: User, visitor: Visitor) -> None:
    await make_entry(alice, world.colours, monday(9), stopped_at=monday(11), project=world.website.id)
    page = (await (await visitor.signed_in_as(alice)).get(f"/projects/{world.launch.id}")).text
    assert '<span class="item__total figures">2:00</span>' in page


async def test_it_leaves_time_for_other_projects_out_of_a_project(world: World, alice: User, visitor: Visitor) -> None:
    await make_entry(alice, world.release, monday(9), stopped_at=monday(11), project=world.mobile.id)
    await make_entry(alice, world.release, monday(12), stopped_at=monday(13), project=world.website.id)
    alices = await visitor.signed_in_as(alice)
    assert ">1:00</span>" in (await alices.get(f"/projects/{world.website.id}")).text
    assert ">2:00</span>" in (await alices.get(f"/projects/{world.mobile.id}")).text
    assert ">3:00</span>" in (await alices.get(f"/projects/{world.release.id}")).text


async def test_it_offers_to_start_for_each_project_that_may_be_used(
    world: World, alice: User, bob: User, visitor: Visitor
) -> None:
    await assign(bob, world.mobile)
    bobs = (await (await visitor.signed_in_as(bob)).get(f"/projects/{world.release.id}")).text
    assert bobs.count("Start timer") == 1
    assert "Website" not in bobs
    await assign(alice, world.root)
    alices = (await (await visitor.signed_in_as(alice)).get(f"/projects/{world.release.id}")).text
    assert "Start timer for <bdi>Website</bdi>" in alices
    assert "Start timer for <bdi>Mobile</bdi>" in alices


async def test_it_starts_the_timer(world: World, bob: User, visitor: Visitor) -> None:
    await assign(bob, world.mobile)
    bobs = await visitor.signed_in_as(bob)
    answer = await bobs.post("/timer", data={"item": str(world.release.id), "project": str(world.mobile.id)})
    assert answer.status_code == 303
    assert "Release notes" in (await bobs.get("/timesheet")).text


async def test_it_says_through_what_everyone_is_assigned(
    world: World, alice: User, bob: User, visitor: Visitor
) -> None:
    await assign(alice, world.root, made_by="asana")
    await assign(bob, world.website, made_by="asana")
    await assign(bob, world.banner, made_by="asana")
    page = " ".join((await (await visitor.signed_in_as(alice)).get(f"/projects/{world.banner.id}")).text.split())
    assert "Alice Hartmann" in page
    assert "owner of the integration" in page
    assert "Assignee of the task in Asana" in page
    assert (
        f'Through <a href="/projects/{world.website.id}"><bdi>Website</bdi></a>: member of the project in Asana' in page
    )


async def test_it_tells_only_the_name_of_what_is_above_somebodys_task(
    world: World, alice: User, bob: User, visitor: Visitor
) -> None:
    await assign(bob, world.colours)
    await assign(alice, world.website)
    await Keyword(account=world.root.account, item=world.website.id, word="secret", made_by="asana").save()
    await make_entry(alice, world.banner, monday(9), stopped_at=monday(11), project=world.website.id)
    page = (await (await visitor.signed_in_as(bob)).get(f"/projects/{world.website.id}")).text
    assert "something below it is yours" in page
    assert "Launch" in page
    for hidden in ("Alice", "secret", "2:00", "Mobile"):
        assert hidden not in page


async def test_it_links_to_the_source_only_by_a_page_address(world: World, alice: User, visitor: Visitor) -> None:
    alices = await visitor.signed_in_as(alice)
    for address, is_shown in (("https://app.asana.com/0/1/2", True), ("javascript:alert(1)", False)):
        await WorkItem.update({WorkItem.permalink: address}).where(WorkItem.id == world.banner.id)
        page = (await alices.get(f"/projects/{world.banner.id}")).text
        assert (address in page) is is_shown
        assert ("Open in Asana" in page) is is_shown


async def test_it_says_why_it_is_archived_and_offers_no_timer(world: World, bob: User, visitor: Visitor) -> None:
    await assign(bob, world.banner)
    await archive(world.banner, "completed")
    page = (await (await visitor.signed_in_as(bob)).get(f"/projects/{world.banner.id}")).text
    assert "Completed in Asana." in page
    assert "Start timer" not in page


async def test_it_says_who_changes_what_is_imported(world: World, alice: User, visitor: Visitor) -> None:
    page = (await (await visitor.signed_in_as(alice)).get(f"/projects/{world.banner.id}")).text
    assert "read only here" in page
    assert "Rename" not in page


async def test_it_asks_a_fixed_number_of_queries(account: Account, world: World, alice: User, visitor: Visitor) -> None:
    alices = await visitor.signed_in_as(alice)
    async with queries() as asked:
        await alices.get(f"/projects/{world.launch.id}")
    assert len(asked) <= 11
