"""A world of any size, for measuring: the seeded people with as many projects and tasks as asked for."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from app.asana_sandbox.model import Gid, State
from app.asana_sandbox.world import World, system_clock

from .cast import hire
from .clock import SeedClock
from .plans import KANBAN

# Of those that have subtasks, so many are subtasks themselves.
DEEPER = 0.1


def large_world(
    projects: int = 200,
    tasks: int = 20_000,
    parents: float = 0.1,
    clock: Callable[[], datetime] = system_clock,
) -> World:
    """`tasks` counts subtasks too. The share `parents` of them, a quarter at most, has two or three below it each."""
    world = World(State(secret="large"), SeedClock(timedelta(milliseconds=3)))  # noqa: S106
    world.is_recording = False
    cast, random = hire(world), Random(projects * 31 + tasks)  # noqa: S311
    people = list(cast.people.values())[:11]
    made = [
        world.make_project(f"Project {n:04d}", cast.meridian, owner=people[n % 11], sections=KANBAN)
        for n in range(projects)
    ]
    broods = [2 + number % 2 for number in range(min(round(tasks * parents), tasks // 4))]
    tops = [_add_top(world, random, made[n % projects], people, n) for n in range(tasks - sum(broods))]
    _add_subtasks(world, random, tops, broods)
    world.is_recording = True
    world.clock = clock
    world.revision = 0
    return world


def _add_top(world: World, random: Random, project: Gid, people: list[Gid], number: int) -> Gid:
    section = random.choice(world.project(project).sections)
    assignee = random.choice(people) if random.random() < 0.6 else None
    return world.add_task(project, f"Task {number:06d}", section=section, assignee=assignee)


def _add_subtasks(world: World, random: Random, tops: list[Gid], broods: list[int]) -> None:
    """A parent for each brood: most of them stand in a project, the last ones below the first."""
    deeper = int(len(broods) * DEEPER)
    below: list[Gid] = []
    for parent, brood in zip(random.sample(tops, len(broods) - deeper), broods, strict=False):
        below += [world.add_subtask(parent, f"Step {len(below) + n:06d}") for n in range(brood)]
    for parent, brood in zip(random.sample(below, deeper), broods[len(broods) - deeper :], strict=True):
        below += [world.add_subtask(parent, f"Step {len(below) + n:06d}") for n in range(brood)]
