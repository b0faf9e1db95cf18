"""Connected, imported, unlinked and connected again: with the real worker, over HTTP, against the sandbox."""

from dataclasses import dataclass

import pytest
from litestar import Litestar

from app import database
from app.accounts.models import Account, User
from app.asana_sandbox.testing import RunningSandbox
from app.integrations.asana.models import AsanaWorkspace
from app.projects.models import WorkItem
from app.settings import load_settings
from tests.browser_like import Visitor
from tests.factories import make_account, make_entry, make_user, monday
from tests.integrations.asana.deciding import connect
from tests.worker import work

GARDEN = "Hartmann Garden"


@dataclass
class Garden:
    """An account that reads the small workspace only; Alice and Olivia are in it, and both are administrators here."""

    company: RunningSandbox
    account: Account
    alice: User
    olivia: User
    visitor: Visitor

    async def enable(self, user: User, *names: str) -> Visitor:
        """Through consent and workspaces, until the import has ended."""
        browser = await self.visitor.signed_in_as(user)
        await connect(browser, self.company, user.name)
        await self.choose(browser, *names)
        return browser

    async def choose(self, browser: Visitor, *names: str, **sent: str) -> None:
        gids = [self.company.control.find(name, "workspace") for name in names]
        answer = await browser.post("/integrations/asana/workspaces", data={"workspace": gids, **sent})
        assert answer.status_code == 303, answer.text
        await work()

    async def items(self) -> dict[str, str | None]:
        """By Asana's id, why each is archived; None where it is active."""
        rows = await WorkItem.select(WorkItem.foreign_id, WorkItem.archived_reason).where(
            WorkItem.account == self.account.id, WorkItem.kind != "root"
        )
        return {row["foreign_id"]: row["archived_reason"] for row in rows}

    async def active(self) -> set[str]:
        return {gid for gid, reason in (await self.items()).items() if reason is None}

    async def task(self) -> WorkItem:
        task = await WorkItem.objects().where(WorkItem.kind == "task", WorkItem.archived_at.is_null()).first()
        assert task is not None
        return task


@pytest.fixture
async def garden(app: Litestar, company: RunningSandbox, committed: None, monkeypatch: pytest.MonkeyPatch) -> Garden:
    monkeypatch.setenv("PUBLIC_URL", "http://127.0.0.1:8000")
    load_settings.cache_clear()
    account = await make_account()
    people = [
        await make_user(account, name, email, role="administrator")
        for name, email in (("Alice Hartmann", "alice@meridian.example"), ("Olivia Brandt", "olivia@private.example"))
    ]
    return Garden(company, account, *people, Visitor(app))


async def test_it_counts_the_projects_in_the_background(garden: Garden) -> None:
    browser = await garden.visitor.signed_in_as(garden.alice)
    await connect(browser, garden.company)
    assert (await browser.get("/integrations/asana/workspaces")).text.count("counting projects…") == 2
    await work()
    page = (await browser.get("/integrations/asana/workspaces")).text
    assert "18 projects" in page
    assert "3 projects" in page
    assert "counting" not in page


async def test_it_counts_again_when_asana_was_down(garden: Garden) -> None:
    browser = await garden.visitor.signed_in_as(garden.alice)
    await connect(browser, garden.company)
    garden.company.control.fail_next(503, times=5, match="/projects")
    await work()
    assert "counting projects…" in (await browser.get("/integrations/asana/workspaces")).text
    await work()
    assert "18 projects" in (await browser.get("/integrations/asana/workspaces")).text


async def test_it_finds_a_workspace_that_was_made_since(garden: Garden) -> None:
    browser = await garden.enable(garden.alice, GARDEN)
    control = garden.company.control
    control.join_workspace(control.find("Alice Hartmann", "user"), control.make_workspace("Allotment"))
    await AsanaWorkspace.update({AsanaWorkspace.counted_at: None}, force=True)
    await browser.get("/integrations/asana")
    await work()
    page = (await browser.get("/integrations/asana")).text
    assert "Allotment" in page
    assert "0 projects" in page


async def test_it_imports_and_shows_the_projects_by_name(garden: Garden) -> None:
    browser = await garden.enable(garden.alice, GARDEN)
    page = (await browser.get("/integrations/asana/done")).text
    for project in ("Greenhouse", "Spring planting", "Empty shelf"):
        assert project in page
    assert "3 projects with" in page
    assert "hx-get" not in page.partition('id="import"')[2]
    people = (await browser.get("/integrations/asana/people")).text
    assert "Ruth Hartmann" in people
    assert "Priya Raman" not in people


async def test_it_brings_everything_back(garden: Garden) -> None:
    browser = await garden.enable(garden.alice, GARDEN)
    before, task = await garden.items(), await garden.task()
    await make_entry(garden.alice, task, monday(9), stopped_at=monday(10))
    await browser.post("/integrations/asana/unlink")
    assert await garden.active() == set()

    await garden.enable(garden.alice, GARDEN)
    assert await garden.items() == before
    again = await WorkItem.objects().get(WorkItem.id == task.id)
    assert again is not None
    assert (again.foreign_id, again.archived_at) == (task.foreign_id, None)
    assert await database.fetch_value("SELECT count(*) FROM time_entry WHERE item = $1", task.id) == 1


async def test_it_brings_back_only_what_is_still_there(garden: Garden) -> None:
    browser = await garden.enable(garden.alice, GARDEN)
    task, before = await garden.task(), await garden.active()
    await browser.post("/integrations/asana/unlink")
    garden.company.control.delete_task(task.foreign_id)
    await garden.enable(garden.alice, GARDEN)
    active = await garden.active()
    assert task.foreign_id not in active
    assert active < before


async def test_it_moves_the_ownership_to_whoever_enables_it_again(garden: Garden) -> None:
    await garden.enable(garden.alice, GARDEN)
    assert await owners() == [garden.alice.id]
    before = await garden.items()
    await garden.enable(garden.olivia, GARDEN)
    assert await owners() == [garden.olivia.id]
    assert set(await garden.items()) == set(before)


async def owners() -> list[int]:
    rows = await database.fetch(
        """SELECT "user" FROM assignment JOIN work_item item ON item.id = assignment.item
        WHERE item.kind = 'root' AND made_by = 'asana'"""
    )
    return [row["user"] for row in rows]


async def test_it_archives_what_the_new_owner_does_not_see(garden: Garden) -> None:
    """Bob is not in the garden: what came from it is put away as soon as he has connected."""
    await garden.enable(garden.alice, GARDEN, "Meridian Works")
    gid = garden.company.control.find(GARDEN, "workspace")
    bob = await make_user(garden.account, "Bob Okafor", "bob@meridian.example", role="administrator")
    browser = await garden.visitor.signed_in_as(bob)
    await connect(browser, garden.company, "Bob Okafor")
    reasons = {
        row["archived_reason"]
        for row in await WorkItem.select(WorkItem.archived_reason).where(
            WorkItem.foreign_group == gid, WorkItem.kind == "project"
        )
    }
    assert None not in reasons
    assert "hidden" in reasons
    assert not await AsanaWorkspace.exists().where(AsanaWorkspace.gid == gid)


async def test_it_brings_back_a_workspace_that_was_left_out(garden: Garden) -> None:
    browser = await garden.enable(garden.alice, GARDEN, "Meridian Works")
    before, task = await garden.items(), await garden.task()
    await make_entry(garden.alice, task, monday(9), stopped_at=monday(10))
    await garden.choose(browser, "Meridian Works", confirmed="yes")
    assert set(await garden.active()) < {gid for gid, reason in before.items() if reason is None}
    await garden.choose(browser, GARDEN, "Meridian Works")
    assert await garden.items() == before


async def test_it_says_that_asana_no_longer_accepts_the_tokens(garden: Garden) -> None:
    browser = await garden.enable(garden.alice, GARDEN)
    active = await garden.active()
    garden.company.control.revoke_tokens()
    await browser.htmx_post("/integrations/asana/syncs")
    await work()
    page = (await browser.get("/timesheet")).text
    assert "Asana needs to be reconnected" in page
    assert "Re-enable integration" in page
    assert await garden.active() == active


async def test_it_says_what_force_synchronization_brought(garden: Garden) -> None:
    browser = await garden.enable(garden.alice, GARDEN)
    project = garden.company.control.find("Greenhouse", "project")
    garden.company.control.add_task(project, "Order seeds")
    started = (await browser.htmx_post("/integrations/asana/syncs")).text
    path = started.split('hx-get="')[1].split('"')[0]
    await work()
    finished = await browser.htmx_get(path)
    assert "1 new, " in finished.text
    assert "Order seeds" in finished.text
    assert finished.headers["hx-trigger"] == "sync-finished"
