"""An account connected to a sandbox, and the questions that tests ask of it."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from app import database
from app.accounts.models import Account, User
from app.asana_sandbox.testing import RunningSandbox
from app.asana_sandbox.world import World
from app.crypto import encrypt
from app.integrations.asana.models import AsanaConnection, AsanaWorkspace, AuthorizedBy, SyncRun, Trigger
from app.integrations.asana.pacing import paces
from app.integrations.asana.sync.perform import perform
from app.integrations.asana.sync.runs import request_sync, the_connection, the_run
from app.projects.models import WorkItem
from tests.factories import make_account, make_user
from tests.integrations.asana.sync.trees import (
    Node,
    difference,
    outline,
    tree_in_asana,
    tree_in_sundial,
    unordered,
    visible_in_sundial,
    visible_to,
)

Answer = TypeVar("Answer")


async def until(question: Callable[[], Awaitable[Answer]], seconds: float = 30) -> Answer:
    """Asks again and again until the answer is yes, whatever form that takes."""
    async with asyncio.timeout(seconds):
        while True:
            if answer := await question():
                return answer
            await asyncio.sleep(0.02)


@dataclass
class Connected:
    world: World
    sandbox: RunningSandbox
    account: Account
    alice: User
    bob: User
    connection: AsanaConnection

    async def reload(self) -> None:
        self.connection = await the_connection(self.connection.id)

    async def select(self, workspace: str) -> None:
        name = self.world.workspace(workspace).name
        await AsanaWorkspace(connection=self.connection.id, gid=workspace, name=name, is_selected=True).save()

    def forget_pace(self) -> None:
        """As if the minutes that Asana told us to wait had passed."""
        paces().clear()

    async def sync(self, trigger: Trigger = Trigger.forced) -> SyncRun:
        await self.reload()
        run = await request_sync(self.connection, trigger, self.alice)
        await perform(run.id)
        return await the_run(run.id)

    async def compare(self) -> SyncRun:
        """A complete pass, as at night."""
        return await self.sync(Trigger.nightly)

    async def item(self, gid: str) -> WorkItem:
        item = await WorkItem.objects().get((WorkItem.foreign_id == gid) & (WorkItem.account == self.account.id))
        assert item is not None, f"{gid} is not imported"
        return item

    async def reason(self, gid: str) -> str | None:
        return (await self.item(gid)).archived_reason

    async def projects_read_in(self, run: SyncRun) -> set[str]:
        rows = await database.fetch(
            """SELECT foreign_id FROM asana_project_state state JOIN work_item item ON item.id = state.item
            WHERE last_run_id = $1""",
            run.id,
        )
        return {row["foreign_id"] for row in rows}

    def projects_asked_for(self) -> set[str]:
        """Whose tasks were listed since the requests were last forgotten."""
        paths = [each["path"] for each in self.sandbox.control.requests()["last"]]
        return {path.split("/")[-2] for path in paths if path.endswith("/tasks")}

    async def parents(self, gid: str) -> list[str]:
        rows = await database.fetch(
            """SELECT parent.foreign_id FROM placement JOIN work_item parent ON parent.id = placement.parent
            WHERE item = $1 ORDER BY parent.foreign_id""",
            (await self.item(gid)).id,
        )
        return [row["foreign_id"] for row in rows]

    def changes_of(self, run: SyncRun) -> list[dict[str, Any]]:
        return list(json.loads(run.changes))

    async def row_versions(self) -> set[tuple[Any, ...]]:
        """Which version of each row there is: it changes with everything that is written, also the same value again."""
        rows = await database.fetch(
            """SELECT 'item', id, xmin::text FROM work_item UNION ALL SELECT 'place', id, xmin::text FROM placement
            UNION ALL SELECT 'assignment', id, xmin::text FROM assignment
            UNION ALL SELECT 'person', id, xmin::text FROM asana_person
            UNION ALL SELECT 'involvement', id, xmin::text FROM asana_involvement
            UNION ALL SELECT 'keyword', id, xmin::text FROM keyword"""
        )
        return {tuple(row) for row in rows}

    async def tree(self) -> list[Node]:
        return await tree_in_sundial(self.account.id)

    async def assert_equal_to_asana(self, *, order: bool = True) -> None:
        """The tree and its order, and what each person may see of it. A catch-up need not know the order."""
        selected = await AsanaWorkspace.select(AsanaWorkspace.gid).where(
            AsanaWorkspace.connection == self.connection.id, AsanaWorkspace.is_selected.eq(True)
        )
        owner = self.connection.asana_user_gid
        theirs = tree_in_asana(self.world, owner, {row["gid"] for row in selected})
        lines = outline if order else unordered
        assert not difference(lines(theirs), lines(await self.tree()))
        for user, people in (await self.people_in_asana()).items():
            seen = [visible_to(theirs, gid, above=user == self.connection.connected_by) for gid in people]
            assert await visible_in_sundial(user) == set().union(*seen), f"user {user}, in Asana {people}"

    async def people_in_asana(self) -> dict[int, list[str]]:
        """Who is who: usually one person of Asana for one of ours."""
        rows = await database.fetch("""SELECT "user", array_agg(gid) AS gids FROM asana_person
            WHERE "user" IS NOT NULL GROUP BY "user" """)
        return {row["user"]: row["gids"] for row in rows}


async def connect(world: World, sandbox: RunningSandbox, **values: Any) -> Connected:
    """Alice connects with a personal token and ticks every workspace; Bob is on her team."""
    account = await make_account()
    alice = await make_user(account, "Alice Hartmann", "alice@meridian.example", role="administrator")
    bob = await make_user(account, "Bob Okafor", "bob@meridian.example")
    person = next(person for person in world.state.people.values() if person.email == alice.email)
    connection = AsanaConnection(
        account=account.id,
        connected_by=alice.id,
        authorized_by=AuthorizedBy.personal_token,
        asana_user_gid=person.gid,
        asana_user_name=person.name,
        asana_user_email=person.email,
        access_token=encrypt("sandbox-pat-alice"),
        **values,
    )
    await connection.save()
    for gid in world.workspaces_of[person.gid]:
        workspace = world.workspace(gid)
        await AsanaWorkspace(connection=connection.id, gid=gid, name=workspace.name, is_selected=True).save()
    return Connected(world, sandbox, account, alice, bob, connection)
