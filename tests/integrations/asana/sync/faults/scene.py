"""An imported office, time being tracked in it, and everything that can happen in Asana between two passes."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app import database
from app.accounts.models import User
from app.asana_sandbox.grants import DEFAULT_CLIENT
from app.asana_sandbox.model import Grant
from app.crypto import encrypt
from app.integrations.asana.models import AsanaConnection, AuthorizedBy, ConnectionState, PassKind, SyncRun
from tests.factories import make_entry
from tests.integrations.asana.sync.connected import Connected
from tests.integrations.asana.sync.office import Office

ENTRIES = "SELECT * FROM time_entry ORDER BY id"


@dataclass
class Garden:
    """The gids of what stands in the office, by what is going to happen to it."""

    office: Office
    beds: str
    water: str
    can: str
    hose: str
    weed: str
    sow: str
    prune: str
    both: str
    press: str
    crew: str

    @property
    def owner(self) -> str:
        return self.office.alice

    def fill(self, pattern: str) -> str:
        """Its gids in the place of their names."""
        return pattern.format(**vars(self), garden=self.office.garden, launch=self.office.launch)


def plant(office: Office) -> Garden:
    """Enough that every list has several pages of two, every kind of place is taken, and every person is in it."""
    world = office.world
    beds = world.make_section(office.garden, "Beds")
    world.make_section(office.garden, "Tools")
    crew = world.make_team("Gardeners", office.workspace, [office.bob, office.priya])
    world.add_member(office.garden, crew)
    water, weed, sow, prune = (world.add_task(office.garden, name) for name in ("Water", "Weed", "Sow", "Prune"))
    world.assign_task(water, office.bob)
    can, hose, _, _ = (world.add_subtask(water, name) for name in ("Can", "Hose", "Tap", "Barrel"))
    world.add_subtask(hose, "Nozzle")
    both = world.add_task(office.garden, "In both", section=beds)
    world.add_to_project(both, office.launch)
    press = world.add_task(office.launch, "Write to the press", assignee=office.priya)
    for name in ("Shed", "Fence", "Pond"):
        world.add_task(world.make_project(name, office.workspace, owner=office.alice), f"Paint the {name.lower()}")
    return Garden(office, beds, water, can, hose, weed, sow, prune, both, press, crew)


def stir(garden: Garden) -> None:
    """One of everything: done, deleted, renamed, moved within and between projects, new at every level."""
    office, world = garden.office, garden.office.world
    world.complete_task(garden.weed)
    world.delete_task(garden.sow)
    world.rename_task(garden.water, "Water everything")
    world.complete_task(garden.can)
    world.add_subtask(garden.water, "Rain gauge")
    world.move_task(garden.prune, garden.beds)
    world.move_task(garden.press, garden.beds)
    world.remove_from_project(garden.both, office.launch)
    world.add_task(office.garden, "Rake", assignee=office.priya)
    world.rename_project(office.launch, "Launch in spring")
    world.rename_section(garden.beds, "Raised beds")


@dataclass
class Scene:
    connected: Connected
    office: Office
    garden: Garden

    async def sync(self, kind: PassKind) -> SyncRun:
        """A pass of this kind, wished by a person, performed as the worker does."""
        if kind == PassKind.complete:
            await database.execute("UPDATE asana_connection SET complete_read_at = NULL")
        run = await self.connected.sync()
        assert run.kind == kind
        return run

    async def recover(self, kind: PassKind) -> SyncRun:
        """The next pass, with nothing in its way any more."""
        self.connected.sandbox.control.stop_failing()
        self.connected.forget_pace()
        await self.connected.reload()
        if self.connected.connection.state == ConnectionState.needs_reconnecting:
            await authorize_by_oauth(self.connected, self.garden.owner)
        return await self.sync(kind)

    def failures(self) -> int:
        """How many answers the sandbox has spoilt as it was ordered."""
        return sum(self.connected.sandbox.control.requests()["by_failure"].values())

    async def entries(self) -> list[dict[str, Any]]:
        return [dict(row) for row in await database.fetch(ENTRIES)]

    async def places(self) -> set[tuple[str, str]]:
        """Of active items: where each stands, in foreign ids."""
        rows = await database.fetch(
            """SELECT item.foreign_id AS item, parent.foreign_id AS parent
            FROM placement JOIN work_item item ON item.id = placement.item
                 JOIN work_item parent ON parent.id = placement.parent
            WHERE item.archived_at IS NULL AND parent.archived_at IS NULL"""
        )
        return {(row["item"], row["parent"]) for row in rows}

    async def track(self, user: User, gid: str, **values: Any) -> None:
        await make_entry(user, await self.connected.item(gid), **values)


async def track_time(scene: Scene) -> None:
    """Bob's timer runs on what is about to be deleted; Alice has finished on what is about to change its name."""
    await scene.track(scene.connected.bob, scene.garden.sow)
    stopped_at = datetime(2026, 11, 23, 10, tzinfo=UTC)
    await scene.track(scene.connected.alice, scene.garden.water, stopped_at=stopped_at)


async def authorize_by_oauth(connected: Connected, owner: str) -> None:
    """In place of the personal token: one that expires, and one to renew it with."""
    grants = connected.world.state.grants
    scope = "default"
    grants["refresh-alice"] = Grant("refresh-alice", "refresh", owner, DEFAULT_CLIENT.id, scope)
    grants["access-alice"] = Grant(
        "access-alice", "access", owner, DEFAULT_CLIENT.id, scope, refresh_token="refresh-alice"
    )
    await AsanaConnection.update(
        {
            AsanaConnection.state: ConnectionState.active,
            AsanaConnection.authorized_by: AuthorizedBy.oauth,
            AsanaConnection.access_token: encrypt("access-alice"),
            AsanaConnection.refresh_token: encrypt("refresh-alice"),
        }
    ).where(AsanaConnection.id == connected.connection.id)
