"""The tree that the tests of this folder stand on, and a person as the application sees them."""

from dataclasses import dataclass

from app.accounts.models import Account
from app.projects.models import WorkItem
from tests.factories import make_item, place


@dataclass
class World:
    """Asana > Website > Launch > Banner > Colours, and Mobile; Release notes stands in both projects."""

    root: WorkItem
    website: WorkItem
    launch: WorkItem
    banner: WorkItem
    colours: WorkItem
    mobile: WorkItem
    release: WorkItem


async def make_world(account: Account) -> World:
    root = await make_item(account, "Asana", "root", source="asana", foreign_id="root")
    website = await make_item(account, "Website", "project", root, 0, source="asana", foreign_id="1201")
    launch = await make_item(account, "Launch", "list", website, 0, source="asana", foreign_id="1301")
    banner = await make_item(account, "Design the banner", "task", launch, 0, source="asana", foreign_id="1401")
    colours = await make_item(account, "Choose colours", "task", banner, 0, source="asana", foreign_id="1402")
    mobile = await make_item(account, "Mobile", "project", root, 1, source="asana", foreign_id="1202")
    release = await make_item(account, "Release notes", "task", launch, 1, source="asana", foreign_id="1403")
    await place(release, mobile, 0)
    return World(root, website, launch, banner, colours, mobile, release)


async def archive(item: WorkItem, reason: str = "completed") -> None:
    await WorkItem.update({WorkItem.archived_at: item.created_at, WorkItem.archived_reason: reason}).where(
        WorkItem.id == item.id
    )
