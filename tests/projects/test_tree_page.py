import pytest

from app.accounts.models import Account, User
from app.integrations.asana.models import AsanaConnection, AsanaWorkspace, SyncRun
from tests.browser_like import Visitor
from tests.factories import assign, make_entry, make_item, monday
from tests.projects.world import World, archive
from tests.queries import queries


async def test_it_shows_administrators_the_projects_of_every_root(
    account: Account, world: World, alice: User, visitor: Visitor
) -> None:
    own = await make_item(account, "Own tasks", "root")
    await make_item(account, "Internal meetings", "task", own)
    page = await (await visitor.signed_in_as(alice)).get("/projects")
    assert page.status_code == 200
    for name in ("Asana", "Website", "Mobile", "Own tasks", "Internal meetings"):
        assert name in page.text
    assert "Design the banner" not in page.text


async def test_it_opens_the_branches_down_to_one_without_scripts(world: World, alice: User, visitor: Visitor) -> None:
    path = f"{world.root.id}-{world.website.id}-{world.launch.id}-{world.banner.id}"
    page = await (await visitor.signed_in_as(alice)).get("/projects", params={"open": path})
    assert "Design the banner" in page.text
    assert "Choose colours" in page.text
    assert f'id="node_{path}"' in page.text


@pytest.mark.parametrize("path", ["x", "1--2", "999999999999999999999", "٣", "0"])
async def test_it_ignores_a_branch_that_is_not_there(world: World, alice: User, visitor: Visitor, path: str) -> None:
    page = await (await visitor.signed_in_as(alice)).get("/projects", params={"open": path})
    assert page.status_code == 200


async def test_it_loads_a_branch_when_it_is_opened(world: World, alice: User, visitor: Visitor) -> None:
    alices = await visitor.signed_in_as(alice)
    branch = await alices.htmx_get(f"/projects/branches/{world.root.id}-{world.website.id}-{world.launch.id}")
    assert branch.status_code == 200
    assert "<html" not in branch.text
    assert branch.text.index("Design the banner") < branch.text.index("Release notes")


async def test_it_shows_an_item_of_two_projects_at_both_places(world: World, alice: User, visitor: Visitor) -> None:
    alices = await visitor.signed_in_as(alice)
    for path in (f"{world.root.id}-{world.website.id}-{world.launch.id}", f"{world.root.id}-{world.mobile.id}"):
        branch = await alices.htmx_get(f"/projects/branches/{path}")
        assert f'id="node_{path}-{world.release.id}"' in branch.text


async def test_it_has_no_branch_where_an_item_does_not_stand(
    world: World, alice: User, bob: User, charlie: User, visitor: Visitor
) -> None:
    await assign(bob, world.mobile)
    paths = [
        (alice, f"{world.root.id}-{world.mobile.id}-{world.launch.id}"),
        (alice, f"{world.launch.id}"),
        (alice, "abc"),
        (alice, "99999999999999999999"),
        (bob, f"{world.root.id}-{world.website.id}"),
        (charlie, f"{world.root.id}"),
    ]
    for someone, path in paths:
        answer = await (await visitor.signed_in_as(someone)).htmx_get(f"/projects/branches/{path}")
        assert answer.status_code == 404, path


async def test_it_shows_people_only_their_part(world: World, bob: User, visitor: Visitor) -> None:
    await assign(bob, world.colours)
    bobs = await visitor.signed_in_as(bob)
    path = f"{world.root.id}-{world.website.id}-{world.launch.id}-{world.banner.id}"
    page = await bobs.get("/projects", params={"open": path})
    for name in ("Website", "Launch", "Design the banner", "Choose colours"):
        assert name in page.text
    assert "Mobile" not in page.text
    assert "Release notes" not in page.text


async def test_it_shows_another_account_nothing(world: World, charlie: User, visitor: Visitor) -> None:
    charlies = await visitor.signed_in_as(charlie)
    for path in ("/projects", "/projects?q=website", "/projects?view=archived", f"/projects?open={world.root.id}"):
        page = await charlies.get(path)
        assert page.status_code == 200
        for name in ("Website", "Launch", "banner"):
            assert f"<bdi>{name}" not in page.text


async def test_it_offers_to_start_only_where_the_person_may_track(
    world: World, alice: User, bob: User, visitor: Visitor
) -> None:
    await assign(bob, world.banner)
    path = f"{world.root.id}-{world.website.id}-{world.launch.id}"
    bobs = await (await visitor.signed_in_as(bob)).get("/projects", params={"open": path})
    assert "Start timer: Design the banner" in bobs.text
    assert "Start timer: Website" not in bobs.text
    assert f'name="project" value="{world.website.id}"' in bobs.text
    alices = await (await visitor.signed_in_as(alice)).get("/projects", params={"open": path})
    assert "Start timer" not in alices.text


async def test_it_adds_up_the_time_of_each_place(world: World, alice: User, bob: User, visitor: Visitor) -> None:
    """Time on an item of two projects counts in the project it was for, and there once."""
    await make_entry(bob, world.colours, monday(9), stopped_at=monday(10, 30), project=world.website.id)
    await make_entry(alice, world.release, monday(9), stopped_at=monday(9, 20), project=world.website.id)
    await make_entry(bob, world.release, monday(12), stopped_at=monday(17), project=world.mobile.id)
    alices = await visitor.signed_in_as(alice)
    assert times((await alices.get("/projects")).text) == ["1:50", "5:00"]
    launch = f"/projects/branches/{world.root.id}-{world.website.id}-{world.launch.id}"
    assert times((await alices.htmx_get(launch)).text) == ["1:30", "0:20"]
    assert times((await alices.htmx_get(f"/projects/branches/{world.root.id}-{world.mobile.id}")).text) == ["5:00"]


def times(page: str) -> list[str]:
    """The figures of the rows that have time."""
    return [part.partition("</span>")[0].strip() for part in page.split("Tracked </span>")[1:]]


async def test_it_goes_on_where_a_long_branch_was_cut(
    account: Account, world: World, alice: User, visitor: Visitor
) -> None:
    for number in range(201):
        await make_item(account, f"Paper {number:03}", "task", world.mobile, position=number + 1)
    alices = await visitor.signed_in_as(alice)
    path = f"{world.root.id}-{world.mobile.id}"
    first = (await alices.htmx_get(f"/projects/branches/{path}")).text
    assert "Paper 198" in first
    assert "Paper 199" not in first
    more = first.partition("Load more")[0].rpartition("?after=")[2].partition('"')[0]
    rest = (await alices.htmx_get(f"/projects/branches/{path}?after={more}")).text
    assert "Paper 199" in rest
    assert "Paper 200" in rest
    assert "Paper 198" not in rest
    assert "Load more" not in rest
    without_scripts = await alices.get(f"/projects/{world.mobile.id}?after={more}")
    assert "Paper 200" in without_scripts.text


async def test_it_shows_the_first_of_many_projects(
    account: Account, world: World, alice: User, visitor: Visitor
) -> None:
    items = [await make_item(account, f"Client {n:02}", "project", world.root, position=n + 2) for n in range(50)]
    await make_item(account, "The last one's task", "task", items[-1])
    alices = await visitor.signed_in_as(alice)
    page = (await alices.get("/projects")).text
    assert "Client 47" in page
    assert "Client 48" not in page
    more = page.partition("Load more")[0].rpartition('hx-get="')[2].partition('"')[0]
    rest = (await alices.htmx_get(more)).text
    assert "Client 47" not in rest
    assert "Client 48" in rest
    assert "Client 49" in rest
    # Without scripts it can be opened all the same.
    opened = (await alices.get(f"/projects?open={world.root.id}-{items[-1].id}")).text
    assert "The last one&#39;s task" in opened


async def test_it_keeps_what_is_archived_apart_with_the_reason(world: World, alice: User, visitor: Visitor) -> None:
    await archive(world.banner, "deleted")
    alices = await visitor.signed_in_as(alice)
    path = f"{world.root.id}-{world.website.id}-{world.launch.id}"
    assert "Design the banner" not in (await alices.get("/projects", params={"open": path})).text
    archived = (await alices.get("/projects", params={"open": path, "view": "archived"})).text
    assert "Design the banner" in archived
    assert "Deleted in Asana, " in archived
    assert "Release notes" not in archived
    assert "Mobile" not in archived


async def test_it_finds_as_one_types_on_an_address_that_can_be_kept(
    world: World, alice: User, visitor: Visitor
) -> None:
    alices = await visitor.signed_in_as(alice)
    found = await alices.htmx_get("/projects", params={"q": " banner "})
    assert "<html" not in found.text
    assert "Design the banner" in found.text
    assert found.headers["vary"].count("HX-Request") == 1
    assert found.headers["hx-replace-url"] == "/projects?q=banner"
    whole = await alices.get("/projects", params={"q": "banner"})
    assert "<html" in whole.text
    assert 'value="banner"' in whole.text
    assert "Design the banner" in whole.text


async def test_it_finds_by_an_address_of_asana(world: World, alice: User, visitor: Visitor) -> None:
    alices = await visitor.signed_in_as(alice)
    found = await alices.get("/projects", params={"q": "https://app.asana.com/1/77/project/1201/task/1401?focus=true"})
    assert "Design the banner" in found.text
    assert "1 match" in found.text


async def test_it_says_when_nothing_is_found(world: World, alice: User, visitor: Visitor) -> None:
    alices = await visitor.signed_in_as(alice)
    page = await alices.get("/projects", params={"q": "zebra"})
    assert "Nothing is called that" in page.text
    assert "/projects?view=archived&amp;q=zebra" in page.text


@pytest.mark.parametrize(
    "name", ["", "   ", "N" * 300, "🎉 party", "שלום", "<script>alert(1)</script>", "=cmd()", "a&b"]
)
async def test_it_shows_any_name_as_text(
    account: Account, world: World, alice: User, visitor: Visitor, name: str
) -> None:
    item = await make_item(account, name, "project", world.root, position=9)
    alices = await visitor.signed_in_as(alice)
    for path in ("/projects", f"/projects/{item.id}"):
        page = await alices.get(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        shown = name.strip().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") or "Untitled"
        assert f"<bdi>{shown}</bdi>" in page.text


async def test_it_asks_as_often_for_a_large_tree_as_for_a_small_one(
    account: Account, world: World, alice: User, bob: User, visitor: Visitor
) -> None:
    await assign(bob, world.root)
    path = f"{world.root.id}-{world.website.id}-{world.launch.id}"
    counts = []
    for size in (1, 60):
        for number in range(size):
            await make_item(account, f"Paper {number}", "task", world.launch, position=number)
            await make_item(account, f"Project {number}", "project", world.root, position=number)
        for someone in (alice, bob):
            theirs = await visitor.signed_in_as(someone)
            async with queries() as asked:
                page = await theirs.get("/projects", params={"open": path})
            assert page.status_code == 200
            counts.append(len(asked))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 10


class TestEmpty:
    """Why there is nothing, and the next step."""

    async def test_it_leads_administrators_to_the_integrations(self, alice: User, visitor: Visitor) -> None:
        page = await (await visitor.signed_in_as(alice)).get("/projects")
        assert "Connect Asana" in page.text
        assert 'href="/integrations"' in page.text

    async def test_it_tells_others_whom_to_ask(self, bob: User, visitor: Visitor) -> None:
        page = await (await visitor.signed_in_as(bob)).get("/projects")
        assert "when an administrator of your account connects Asana" in page.text

    async def test_it_says_that_asana_is_being_read(self, account: Account, bob: User, visitor: Visitor) -> None:
        await connect(account, state="running")
        page = await (await visitor.signed_in_as(bob)).get("/projects")
        assert "Asana is being read" in page.text
        assert 'hx-trigger="every' in page.text

    async def test_it_says_that_nothing_is_assigned(self, world: World, account: Account, bob: User, visitor: Visitor):
        await connect(account, state="done")
        page = await (await visitor.signed_in_as(bob)).get("/projects")
        assert "Nothing is assigned to you" in page.text

    async def test_it_says_that_nothing_is_archived(self, world: World, alice: User, visitor: Visitor) -> None:
        page = await (await visitor.signed_in_as(alice)).get("/projects?view=archived")
        assert "Nothing is archived" in page.text


async def connect(account: Account, state: str) -> None:
    connection = AsanaConnection(account=account.id, authorized_by="oauth", asana_user_gid="1")
    await connection.save()
    await AsanaWorkspace(connection=connection.id, gid="2", is_selected=True).save()
    finished = monday(9) if state == "done" else None
    await SyncRun(
        account=account.id, connection=connection.id, trigger="first", state=state, finished_at=finished
    ).save()
