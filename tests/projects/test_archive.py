from app import database
from app.accounts.models import Account
from app.projects.archive import archive_by_hand, revive_by_hand, settle
from app.projects.models import Placement, WorkItem
from tests.factories import make_item, place
from tests.projects.world import World, archive


async def reason(item: WorkItem) -> str | None:
    found: str | None = await database.fetch_value("SELECT archived_reason FROM work_item WHERE id = $1", item.id)
    return found


async def test_it_archives_what_is_below(world: World) -> None:
    settled = await archive_by_hand(world.root.account, world.launch.id)
    assert [row["name"] for row in settled.archived] == ["Design the banner", "Choose colours"]
    assert await reason(world.launch) == "by_hand"
    assert await reason(world.banner) == "above"
    assert await reason(world.colours) == "above"


async def test_it_spares_what_also_stands_elsewhere(world: World) -> None:
    await archive_by_hand(world.root.account, world.website.id)
    assert await reason(world.release) is None
    await archive_by_hand(world.root.account, world.mobile.id)
    assert await reason(world.release) == "above"


async def test_it_revives_what_is_below_but_not_what_has_its_own_reason(world: World) -> None:
    await archive(world.colours, "completed")
    await archive_by_hand(world.root.account, world.website.id)
    settled = await revive_by_hand(world.root.account, world.website.id)
    assert "Design the banner" in [row["name"] for row in settled.revived]
    assert await reason(world.website) is None
    assert await reason(world.banner) is None
    assert await reason(world.colours) == "completed"


async def test_it_stays_in_the_archive_under_something_archived(world: World) -> None:
    await archive_by_hand(world.root.account, world.banner.id)
    await archive_by_hand(world.root.account, world.website.id)
    await revive_by_hand(world.root.account, world.banner.id)
    assert await reason(world.banner) == "above"
    await revive_by_hand(world.root.account, world.website.id)
    assert await reason(world.banner) is None


async def test_it_can_be_repeated(world: World) -> None:
    await archive_by_hand(world.root.account, world.website.id)
    again = await archive_by_hand(world.root.account, world.website.id)
    assert (again.archived, again.revived) == ([], [])
    await revive_by_hand(world.root.account, world.website.id)
    again = await revive_by_hand(world.root.account, world.website.id)
    assert (again.archived, again.revived) == ([], [])


async def test_it_follows_a_place_that_changed(account: Account, world: World) -> None:
    attic = await make_item(account, "Attic", "project", world.root)
    await archive(attic, "by_hand")
    await Placement.delete().where(Placement.item == world.banner.id)
    await place(world.banner, attic)
    settled = await settle(world.banner.id)
    assert [row["name"] for row in settled.archived] == ["Design the banner", "Choose colours"]
    await place(world.banner, world.mobile)
    settled = await settle(world.banner.id)
    assert [row["name"] for row in settled.revived] == ["Design the banner", "Choose colours"]


async def test_it_leaves_other_accounts_alone(world: World) -> None:
    await archive_by_hand(world.root.account + 1, world.website.id)
    assert await reason(world.website) is None
