"""What is read: a sandbox of our own with as much in it as was ordered, or the Asana at some address."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from app.asana_sandbox.remote import SandboxControl
from app.bench.floor import Floor, floor_of
from app.bench.stage import Stage, say

# That of the sandbox's administrator, who sees every project of a large world.
SANDBOX_TOKEN = "sandbox-pat-alice"  # noqa: S105 - the sandbox knows it, Asana does not
SECONDS_BETWEEN_WORDS = 10


@dataclass(frozen=True)
class World:
    """`parents` is the share of tasks that have subtasks; `latency` in milliseconds, `rate` in requests a minute."""

    projects: int
    tasks: int
    parents: float = 0.1
    latency: int = 0
    rate: int | None = None

    @property
    def is_undisturbed(self) -> bool:
        return not self.latency and self.rate is None


class Sandbox:
    def __init__(self, stage: Stage, world: World) -> None:
        say(f"Making a workspace of {world.projects:,} projects and {world.tasks:,} tasks ...")
        self.world = world
        self.url = stage.start_sandbox("--projects", world.projects, "--tasks", world.tasks, "--parents", world.parents)
        self.control = SandboxControl(self.url)
        tree = self.control.tree_for(self._administrator())
        # Those with something in them.
        self.workspaces = [workspace for workspace in tree if workspace["projects"]]

    def connect(self, stage: Stage) -> None:
        """Limits and latency are not in force while the connection is made: they are for what is measured."""
        stage.run("connect", "--token", SANDBOX_TOKEN, *self.to_read())
        self.control.set_latency(self.world.latency)
        self.fresh()

    def fresh(self) -> None:
        """Counts from nothing, and with a full bucket."""
        self.control.forget_requests()
        self.control.set_rate(self.world.rate)

    def to_read(self) -> list[str]:
        """As options of what reads it."""
        return [option for each in self.workspaces for option in ("--workspace", each["gid"])]

    def floor(self) -> Floor:
        return floor_of(self.workspaces, people=len(self.control.people()))

    def requests(self) -> int:
        return int(self.control.requests()["total"])

    def refusals(self) -> int:
        return int(self.control.requests()["by_status"].get("429", 0))

    def telling(self) -> Callable[[], None]:
        """To be called while something runs: says now and then how many requests there were."""
        next_at = monotonic() + SECONDS_BETWEEN_WORDS

        def tell() -> None:
            nonlocal next_at
            if monotonic() >= next_at:
                next_at = monotonic() + SECONDS_BETWEEN_WORDS
                say(f"  {self.requests():,} requests")

        return tell

    def tasks_by_project(self) -> list[list[str]]:
        """Those that stand directly in a project, by their ids."""
        projects = [project for workspace in self.workspaces for project in workspace["projects"]]
        return [
            [str(task["gid"]) for section in project["sections"] for task in section["tasks"]] for project in projects
        ]

    def _administrator(self) -> str:
        return next(str(each["gid"]) for each in self.control.people() if each["personal_token"] == SANDBOX_TOKEN)
