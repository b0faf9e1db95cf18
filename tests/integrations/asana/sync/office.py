"""A small Asana: one workspace, three people, two projects and a handful of tasks."""

from dataclasses import dataclass, field

from app.asana_sandbox.model import Grant, State
from app.asana_sandbox.testing import RunningSandbox
from app.asana_sandbox.world import World


@dataclass
class Office:
    world: World
    workspace: str
    alice: str
    bob: str
    priya: str
    garden: str
    launch: str
    sandbox: RunningSandbox = field(init=False)

    def section(self, project: str, number: int = 0) -> str:
        return self.world.live_sections(self.world.project(project))[number].gid


def make_office() -> Office:
    world = World(State(secret="office"))
    workspace = world.make_workspace("Meridian Works")
    alice = world.make_user("Alice Hartmann", "alice@meridian.example", workspace, is_admin=True)
    bob = world.make_user("Bob Okafor", "Bob@Meridian.example", workspace)
    priya = world.make_user("Priya Raman", "priya@meridian.example", workspace)
    for key, person in (("alice", alice), ("bob", bob), ("priya", priya)):
        world.state.grants[f"sandbox-pat-{key}"] = Grant(f"sandbox-pat-{key}", "personal", person)
    garden = world.make_project("Garden", workspace, owner=alice)
    launch = world.make_project("Launch", workspace, owner=alice, sections=["To do", "Doing"])
    return Office(world, workspace, alice, bob, priya, garden, launch)
