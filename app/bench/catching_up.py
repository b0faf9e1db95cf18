"""`sundial bench catch-up`: from changes in Asana to the new names here, by a running worker, after an import."""

from collections.abc import Iterator

from app.bench.floor import pages
from app.bench.importing import imported
from app.bench.outcome import Figures
from app.bench.source import Sandbox, World
from app.bench.stage import Stage, free_port, say, stage
from app.launch import HOST
from app.processes import CannotStart


def catch_up(world: World, changes: int, *, webhooks: bool, page: bool) -> Figures:
    with stage() as here:
        # The import is neither slowed nor limited: it is not what is measured.
        sandbox = Sandbox(here, World(world.projects, world.tasks, world.parents))
        tasks = tasks_to_change(sandbox, changes)
        sandbox.connect(here)
        imported(here, sandbox)
        web = start_web(here, webhooks) if webhooks or page else None
        here.group.start("worker", quiet=True)
        say(f"Changing {changes} tasks, and catching up ...")
        arguments = question(here, sandbox, world, tasks)
        figures = here.run("ask", *arguments, *(["--webhooks"] if webhooks else []), *(["--page", web] if page else []))
    figures["request_floor"] = floor_of_catch_up(sandbox, len(tasks), told=webhooks)
    figures["request_ratio"] = figures["requests"] / figures["request_floor"]
    return figures


def start_web(here: Stage, webhooks: bool) -> str:
    port = free_port()
    url = f"http://{HOST}:{port}"
    here.group.environment |= {"PUBLIC_URL": url, "ASANA_WEBHOOKS": "on" if webhooks else "off"}
    here.start_web(port)
    return url


def question(here: Stage, sandbox: Sandbox, world: World, tasks: list[str]) -> Iterator[object]:
    yield from ("--sandbox", sandbox.url, "--worker", here.group.children["worker"].pid)
    yield from ("--latency", world.latency, *(["--rate", world.rate] if world.rate else []))
    yield from ("--spread", min(len(tasks), len(sandbox.tasks_by_project())))
    for gid in tasks:
        yield from ("--task", gid)


def tasks_to_change(sandbox: Sandbox, changes: int) -> list[str]:
    """In as many projects as there are: the first task of each, then the second of each, and so on."""
    by_project = sandbox.tasks_by_project()
    rounds = range(max(map(len, by_project), default=0))
    in_turn = [tasks[number] for number in rounds for tasks in by_project if number < len(tasks)]
    if changes > len(in_turn):
        raise CannotStart(f"Only {len(in_turn)} tasks stand in a project themselves and can be changed.")
    return in_turn[:changes]


def floor_of_catch_up(sandbox: Sandbox, changes: int, told: bool) -> int:
    """The list of projects, a stream for each or, told by webhooks, for each that changed, and the tasks named."""
    projects = len(sandbox.tasks_by_project())
    listed = sum(pages(len(workspace["projects"])) for workspace in sandbox.workspaces)
    return listed + (min(changes, projects) if told else projects) + changes
