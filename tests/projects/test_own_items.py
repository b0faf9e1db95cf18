import pytest

from app import database
from app.accounts.models import Account, User
from app.projects.models import Placement, WorkItem
from tests.browser_like import Visitor
from tests.factories import make_entry, make_item
from tests.projects.world import World


@pytest.fixture
async def alices(visitor: Visitor, alice: User) -> Visitor:
    return await visitor.signed_in_as(alice)


@pytest.fixture
async def root(account: Account) -> WorkItem:
    return await make_item(account, "Own tasks", "root")


async def named(name: str) -> WorkItem | None:
    return await WorkItem.objects().get(WorkItem.name == name)


async def parent_of(item: WorkItem) -> int | None:
    parent: int | None = await database.fetch_value("SELECT parent FROM placement WHERE item = $1", item.id)
    return parent


async def reason(item: WorkItem) -> str | None:
    found: str | None = await database.fetch_value("SELECT archived_reason FROM work_item WHERE id = $1", item.id)
    return found


async def test_it_makes_the_root_with_the_first_own_task(alices: Visitor, alice: User) -> None:
    for name in ("Internal meetings", "Errands"):
        answer = await alices.post("/projects/own", data={"name": name, "kind": "task"})
        assert answer.status_code == 303
    assert await WorkItem.count().where((WorkItem.kind == "root") & (WorkItem.account == alice.account)) == 1
    page = (await alices.get("/projects")).text
    assert page.index("<bdi>Internal meetings") < page.index("<bdi>Errands")
    assert "Start timer: Internal meetings" in page


async def test_it_adds_at_every_depth(alices: Visitor, root: WorkItem) -> None:
    parent = root
    for kind in ("project", "list", "task", "task"):
        name = f"New {kind} under {parent.kind}"
        answer = await alices.post(f"/projects/{parent.id}/children", data={"name": f" {name} ", "kind": kind})
        assert answer.status_code == 303
        added = await named(name)
        assert added is not None
        assert (added.kind, added.source, await parent_of(added)) == (kind, "own", parent.id)
        parent = added


async def test_it_adds_in_place(alices: Visitor, root: WorkItem) -> None:
    answer = await alices.htmx_post(f"/projects/{root.id}/children", data={"name": "Errands", "kind": "task"})
    assert answer.status_code == 200
    assert 'id="below"' in answer.text
    assert "Errands" in answer.text
    assert "<html" not in answer.text


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("", "task", "Give it a name"),
        ("  ", "task", "Give it a name"),
        ("N" * 301, "task", "At most 300"),
        ("List", "list", "you can add"),
        ("Root", "root", "you can add"),
        ("What", "nonsense", "you can add"),
    ],
)
@pytest.mark.parametrize("is_htmx", [True, False])
async def test_it_shows_what_was_typed_again(
    alices: Visitor, root: WorkItem, name: str, kind: str, said: str, is_htmx: bool
) -> None:
    send = alices.htmx_post if is_htmx else alices.post
    for path in (f"/projects/{root.id}/children", "/projects/own"):
        answer = await send(path, data={"name": name, "kind": kind})
        assert answer.status_code == 422
    answer = await send(f"/projects/{root.id}/children", data={"name": name, "kind": kind})
    assert said in answer.text
    assert f'value="{name}"' in answer.text
    assert await Placement.count().where(Placement.parent == root.id) == 0


async def test_it_renames_in_place(account: Account, alices: Visitor, root: WorkItem) -> None:
    item = await make_item(account, "Meetings", "task", root)
    form = await alices.htmx_get(f"/projects/{item.id}/name")
    assert 'value="Meetings"' in form.text
    saved = await alices.htmx_post(f"/projects/{item.id}/name", data={"name": "Team <b>meetings</b>"})
    assert saved.status_code == 200
    assert "Team &lt;b&gt;meetings&lt;/b&gt;" in saved.text
    assert await named("Team <b>meetings</b>")
    refused = await alices.htmx_post(f"/projects/{item.id}/name", data={"name": " "})
    assert refused.status_code == 422
    assert "Give it a name" in refused.text


async def test_it_renames_without_scripts(account: Account, alices: Visitor, root: WorkItem) -> None:
    item = await make_item(account, "Meetings", "task", root)
    assert 'value="Meetings"' in (await alices.get(f"/projects/{item.id}/name")).text
    answer = await alices.post(f"/projects/{item.id}/name", data={"name": "Standups"})
    assert answer.status_code == 303
    assert "Standups" in (await alices.get(answer.headers["location"])).text


async def test_it_moves_with_all_below(account: Account, alices: Visitor, root: WorkItem) -> None:
    office = await make_item(account, "Office", "project", root)
    meetings = await make_item(account, "Meetings", "task", root)
    weekly = await make_item(account, "Weekly", "task", meetings)
    choice = (await alices.get(f"/projects/{meetings.id}/place")).text
    assert "Office" in choice
    assert "Weekly" not in choice
    answer = await alices.post(f"/projects/{meetings.id}/place", data={"parent": str(office.id)})
    assert answer.status_code == 303
    assert await parent_of(meetings) == office.id
    assert await parent_of(weekly) == meetings.id


async def test_it_moves_nothing_where_it_cannot_stand(
    account: Account, world: World, alices: Visitor, root: WorkItem
) -> None:
    office = await make_item(account, "Office", "project", root)
    meetings = await make_item(account, "Meetings", "task", office)
    weekly = await make_item(account, "Weekly", "task", meetings)
    for item, parent, said in (
        (meetings, weekly, "below itself"),
        (meetings, meetings, "below itself"),
        (meetings, world.website, "Own tasks cannot stand among those from Asana"),
        (office, meetings, "A project cannot stand under a task"),
        (root, office, "top of your own tasks"),
        (world.banner, office, "comes from Asana"),
    ):
        answer = await alices.post(f"/projects/{item.id}/place", data={"parent": str(parent.id)})
        assert answer.status_code == 409
        assert said in answer.text
    for parent_id in ("", "x", "999999", "9" * 30):
        assert (await alices.post(f"/projects/{meetings.id}/place", data={"parent": parent_id})).status_code == 404
    assert await parent_of(meetings) == office.id


async def test_it_comes_back_from_the_archive_with_the_place_it_moves_to(
    account: Account, alices: Visitor, root: WorkItem
) -> None:
    office = await make_item(account, "Office", "project", root)
    meetings = await make_item(account, "Meetings", "task", office)
    await alices.post(f"/projects/{office.id}/archive")
    assert await reason(meetings) == "above"
    answer = await alices.post(f"/projects/{meetings.id}/place", data={"parent": str(root.id)})
    assert answer.status_code == 303
    assert await reason(meetings) is None


async def test_it_archives_and_revives_by_hand(account: Account, alices: Visitor, root: WorkItem) -> None:
    office = await make_item(account, "Office", "project", root)
    meetings = await make_item(account, "Meetings", "task", office)
    for _ in range(2):
        assert (await alices.post(f"/projects/{office.id}/archive")).status_code == 303
    assert (await reason(office), await reason(meetings)) == ("by_hand", "above")
    assert "Archived by hand." in (await alices.get(f"/projects/{office.id}")).text
    for _ in range(2):
        assert (await alices.post(f"/projects/{office.id}/unarchive")).status_code == 303
    assert (await reason(office), await reason(meetings)) == (None, None)


async def test_it_adds_nothing_below_what_is_archived(account: Account, alices: Visitor, root: WorkItem) -> None:
    office = await make_item(account, "Office", "project", root)
    await alices.post(f"/projects/{office.id}/archive")
    answer = await alices.post(f"/projects/{office.id}/children", data={"name": "Errand", "kind": "task"})
    assert answer.status_code == 409
    assert "This is archived" in answer.text


async def test_it_deletes_only_what_nothing_hangs_on(
    account: Account, alices: Visitor, bob: User, root: WorkItem
) -> None:
    slip = await make_item(account, "Mettings", "task", root)
    meetings = await make_item(account, "Meetings", "task", root)
    weekly = await make_item(account, "Weekly", "task", meetings)
    await make_entry(bob, weekly)
    assert (await alices.post(f"/projects/{slip.id}/delete")).status_code == 303
    assert await named("Mettings") is None
    for item in (meetings, weekly, root):
        answer = await alices.post(f"/projects/{item.id}/delete")
        assert answer.status_code == 409
    assert await named("Weekly")


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("name", {"name": "Renamed"}),
        ("place", {"parent": "1"}),
        ("children", {"name": "Added", "kind": "task"}),
        ("archive", {}),
        ("unarchive", {}),
        ("delete", {}),
    ],
)
@pytest.mark.parametrize("is_htmx", [True, False])
async def test_it_refuses_to_edit_what_is_imported(
    world: World, alices: Visitor, root: WorkItem, action: str, data: dict[str, str], is_htmx: bool
) -> None:
    send = alices.htmx_post if is_htmx else alices.post
    if action == "place":
        data = {"parent": str(root.id)}
    before = (
        await database.fetch("SELECT * FROM work_item ORDER BY id"),
        await database.fetch("SELECT * FROM placement ORDER BY id"),
    )
    answer = await send(f"/projects/{world.banner.id}/{action}", data=data)
    assert answer.status_code == 409
    assert "This comes from Asana." in answer.text
    assert ("hx-retarget" in answer.headers) is is_htmx
    after = (
        await database.fetch("SELECT * FROM work_item ORDER BY id"),
        await database.fetch("SELECT * FROM placement ORDER BY id"),
    )
    assert after == before
