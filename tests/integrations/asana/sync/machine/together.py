"""An Asana and a Sundial that follows it: the steps that the machine takes with them, and what must hold after each."""

from collections.abc import Sequence
from random import Random

from app import database
from app.accounts.models import User
from app.asana_sandbox.testing import RunningSandbox
from app.integrations.asana.answers import User as AsanaUser
from app.integrations.asana.answers import Workspace
from app.integrations.asana.connecting import Grant
from app.integrations.asana.connection import choose_workspaces, establish, synchronize_keywords, unlink
from app.integrations.asana.models import (
    AuthorizedBy,
    ConnectionState,
    PassKind,
    RunState,
    SyncRun,
    Trigger,
)
from app.integrations.asana.pacing import paces
from app.integrations.asana.people import match_people
from app.integrations.asana.webhook_upkeep import keep
from tests.conftest import empty_tables
from tests.factories import make_user
from tests.integrations.asana.sync.connected import Connected, connect
from tests.integrations.asana.sync.machine.company import ACTIONS, Chosen, Company
from tests.integrations.asana.sync.machine.post import Post
from tests.integrations.asana.sync.machine.timesheet import Timesheet
from tests.integrations.asana.sync.trees import gids, tree_in_asana

ARCHIVED_BY_THEMSELVES = """
SELECT foreign_id FROM work_item WHERE archived_reason NOT IN ('above', 'workspace', 'unlinked')
"""
TWICE = "SELECT foreign_id FROM work_item WHERE account = $1 GROUP BY foreign_id HAVING count(*) > 1"
KEYWORDS = """
SELECT item.foreign_id, keyword.word FROM keyword JOIN work_item item ON item.id = keyword.item
WHERE keyword.made_by = 'asana' AND item.archived_at IS NULL
"""
WEBHOOKS = """
SELECT coalesce(item.foreign_id, hook.workspace_gid) AS resource, hook.gid
FROM asana_webhook hook LEFT JOIN work_item item ON item.id = hook.item WHERE hook.state = 'active'
"""
# These say that something is gone, or not ours to see. Where they are made up, what follows has to heal by itself.
REFUSALS = ("403", "404")


class Together:
    def __init__(self, company: Company, connected: Connected) -> None:
        self.company = company
        self.connected = connected
        self.post = Post(company.world)
        self.timesheet = Timesheet(connected.account.id)
        self.priya: User | None = None
        # Whether something happened of which no event tells.
        self.is_behind = False
        # Whether the last pass that listed everything left something out. One by a webhook reads only what was told.
        self.is_left_out = False

    @classmethod
    async def begin(cls, company: Company, sandbox: RunningSandbox, seed: int) -> "Together":
        await empty_tables()
        paces().clear()
        sandbox.control.stop_failing()
        company.begin_anew(seed)
        return cls(company, await connect(company.world, sandbox))

    @property
    def people(self) -> list[User]:
        return [self.connected.alice, self.connected.bob]

    async def is_linked(self) -> bool:
        await self.connected.reload()
        return self.connected.connection.state == ConnectionState.active

    # What happens in Asana.

    def happen(self, names: Sequence[str], random: Random) -> None:
        self.company.random = Chosen(random)
        for name in names:
            if self.company.attempt(getattr(self.company, name)):
                self.is_behind |= ACTIONS[name]

    def revoke(self) -> None:
        self.company.world.state.grants.clear()

    # What Sundial does.

    async def sync(self, trigger: Trigger) -> SyncRun:
        """One pass, and everything that must hold after any."""
        before, refused = await archived_by_themselves(), self.refused()
        run = await self.connected.sync(trigger)
        if run.kind == PassKind.complete and run.state == RunState.done:
            self.is_behind = False
            self.post.lost.clear()
        await self.assert_nothing_lost(before)
        is_settled = (run.state, run.warnings) == (RunState.done, "[]") and self.refused() == refused
        if trigger != Trigger.webhook:
            self.is_left_out = not is_settled
        if is_settled and not self.is_left_out:
            await self.assert_equal(order=run.kind == PassKind.complete)
        return run

    async def compare(self) -> None:
        """As at night. What the catch-up saw whole, the complete pass finds as it is."""
        caught_up = await self.sync(Trigger.periodic)
        knows_all = self.is_healthy(caught_up) and self.knows_all
        compared = await self.sync(Trigger.nightly)
        if knows_all and self.is_healthy(compared):
            assert self.connected.changes_of(compared) == []

    async def recover(self) -> None:
        """Whatever went wrong, the next healthy pass ends equal to Asana."""
        self.connected.sandbox.control.stop_failing()
        self.connected.forget_pace()
        if not await self.is_linked() or not self.company.world.state.grants:
            await self.enable(self.company.owner, [self.company.office.workspace])
        run = await self.sync(Trigger.forced)
        assert (run.state, run.failure, run.warnings) == (RunState.done, None, "[]")

    async def unlink(self) -> None:
        await unlink(self.connected.connection)
        self.post.lost.clear()
        self.post.silent.clear()
        assert await self.connected.tree() == []

    async def enable(self, person: str, workspaces: list[str]) -> None:
        """As Alice of Sundial, but not always as Alice of Asana. What she may not see is not there to be chosen."""
        world = self.company.world
        world.join_workspace(person, self.company.office.workspace)
        seen = [Workspace(gid, world.workspace(gid).name) for gid in world.workspaces_of[person]]
        token = self.company.grant(person)
        user = AsanaUser(person, world.person(person).name)
        grant = Grant(AuthorizedBy.personal_token, token, None, None, user, seen)
        self.connected.connection = await establish(self.connected.account.id, self.connected.alice.id, grant)
        self.company.owner = person
        await self.forget_what_was_lost({})
        await self.choose([gid for gid in workspaces if gid in world.workspaces_of[person]])
        await self.sync(Trigger.first)

    async def choose(self, workspaces: list[str]) -> None:
        await choose_workspaces(self.connected.connection, workspaces)

    async def synchronize_keywords(self, wanted: bool) -> None:
        await synchronize_keywords(self.connected.connection, wanted)

    async def join_sundial(self) -> None:
        if self.priya is None:
            self.priya = await make_user(self.connected.account, "Priya Raman", "priya@meridian.example")
            await match_people(self.connected.account.id)

    # Webhooks.

    async def keep_webhooks(self, check: bool) -> None:
        before = await active_webhooks()
        await keep(self.connected.connection.id, check=check)
        await self.forget_what_was_lost(before)

    async def forget_what_was_lost(self, before: dict[str, str]) -> None:
        """A webhook that is new here begins with everything that was not told."""
        after = await active_webhooks()
        same = {resource for resource, gid in after.items() if before.get(resource) == gid}
        self.post.lost &= same
        self.post.silent &= same

    async def deliver(self, times: int) -> None:
        await self.post.deliver(times)
        if await self.is_linked():
            await self.sync(Trigger.webhook)

    # What must hold.

    @property
    def knows_all(self) -> bool:
        return not self.is_behind and self.post.is_all_delivered

    def is_healthy(self, run: SyncRun) -> bool:
        return (run.state, run.warnings) == (RunState.done, "[]") and not self.connected.sandbox.control.requests()[
            "by_failure"
        ]

    def refused(self) -> int:
        failed = self.connected.sandbox.control.requests()["by_failure"]
        return sum(failed.get(status, 0) for status in REFUSALS)

    async def assert_nothing_lost(self, archived_before: set[str]) -> None:
        theirs = gids(tree_in_asana(self.company.world, self.company.owner))
        archived = await archived_by_themselves() - archived_before
        assert not archived & theirs, "archived, and yet it is in Asana"
        await self.connected.tree()  # Everything active stands below the root.
        assert not await database.fetch(TWICE, self.connected.account.id)
        await self.timesheet.assert_as_it_should_be()

    async def assert_equal(self, *, order: bool) -> None:
        if self.knows_all:
            await self.connected.assert_equal_to_asana(order=order)
            await self.assert_keywords()

    async def assert_keywords(self) -> None:
        await self.connected.reload()
        words = {tuple(row) for row in await database.fetch(KEYWORDS)}
        if not self.connected.connection.keywords_enabled:
            assert not words
            return
        tasks = gids(await self.connected.tree()) & self.company.world.state.tasks.keys()
        assert words == {(gid, word) for gid in tasks for word in self.words_of(gid)}

    def words_of(self, gid: str) -> set[str]:
        state = self.company.world.state
        names = {state.tags[tag].name.strip() for tag in state.tasks[gid].tags}
        return {gid, *names} - {""}


async def archived_by_themselves() -> set[str]:
    return {row["foreign_id"] for row in await database.fetch(ARCHIVED_BY_THEMSELVES)}


async def active_webhooks() -> dict[str, str]:
    """Asana's id of each, by what it is about."""
    return {row["resource"]: row["gid"] for row in await database.fetch(WEBHOOKS)}
