"""`sundial bench`: the options of each measurement, and the processes that they are made of."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TextIO, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])
SEVERAL = click.IntRange(min=1)


@click.group("bench")
def bench() -> None:
    """Measure what a pass over Asana costs, and how quick the pages are, in an office of any size."""


def options(*several: Callable[[F], F]) -> Callable[[F], F]:
    def decorate(function: F) -> F:
        for option in reversed(several):
            function = option(function)
        return function

    return decorate


AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
DISTURBANCES = options(
    click.option("--latency", type=click.IntRange(0, 60_000), default=0, help="Milliseconds that every answer takes."),
    click.option("--rate", type=SEVERAL, help="Requests a minute: 150 or 1500, as Asana has them."),
    AS_JSON,
)
SIZE = options(
    click.option("--projects", type=SEVERAL, default=200, show_default=True),
    click.option("--tasks", type=SEVERAL, default=50_000, show_default=True, help="How many, with all subtasks."),
)
PARENTS = click.option(
    "--parents", type=click.FloatRange(0, 0.25), default=0.1, show_default=True, help="Share that has subtasks."
)


@bench.command("import")
@SIZE
@PARENTS
@DISTURBANCES
@click.option("--asana", metavar="URL", help="Read from there, in place of a sandbox: .../api/1.0")
@click.option("--token", help="Personal access token for --asana.")
@click.option("--sql", "with_sql", is_flag=True, help="Time each statement too, which disturbs the other figures.")
@click.option("--fetcher/--no-fetcher", "with_fetcher", default=True, help="Compare with a bare fetcher.")
def import_command(
    projects: int,
    tasks: int,
    parents: float,
    latency: int,
    rate: int | None,
    as_json: bool,
    asana: str | None,
    token: str | None,
    with_sql: bool,
    with_fetcher: bool,
) -> None:
    """Import a workspace for the first time. Without limit and latency a bare fetcher is measured beside it."""
    from app.bench.importing import import_from, import_world
    from app.bench.source import World

    if bool(asana) != bool(token):
        raise click.UsageError("--asana and --token go together.")
    if asana and token:
        if latency or rate:
            raise click.UsageError("--latency and --rate are the sandbox's: --asana has its own.")
        print_figures(import_from(asana.rstrip("/"), token, with_sql=with_sql), as_json)
    else:
        world = World(projects, tasks, parents, latency, rate)
        print_figures(import_world(world, with_sql=with_sql, with_fetcher=with_fetcher), as_json)


@bench.command("catch-up")
@SIZE
@PARENTS
@click.option("--changes", type=SEVERAL, default=5, show_default=True, help="Tasks renamed, in different projects.")
@click.option("--webhooks", is_flag=True, help="Asana tells which projects have changed.")
@click.option("--page", is_flag=True, help="Press the button, and wait for the new names on the page.")
@DISTURBANCES
def catch_up_command(
    projects: int,
    tasks: int,
    parents: float,
    changes: int,
    webhooks: bool,
    page: bool,
    latency: int,
    rate: int | None,
    as_json: bool,
) -> None:
    """Import a workspace, change some of it, and see how soon the changes are here."""
    from app.bench.catching_up import catch_up
    from app.bench.source import World

    world = World(projects, tasks, parents, latency, rate)
    print_figures(catch_up(world, changes, webhooks=webhooks, page=page), as_json)


@bench.command("pages")
@click.option("--people", type=SEVERAL, default=1_000, show_default=True)
@click.option("--tasks", type=SEVERAL, default=100_000, show_default=True)
@click.option("--entries", type=SEVERAL, default=1_000_000, show_default=True)
@click.option("--seconds", type=click.FloatRange(min=1), default=60, show_default=True, help="Of two hundred at work.")
@AS_JSON
def pages_command(people: int, tasks: int, entries: int, seconds: float, as_json: bool) -> None:
    """Furnish an office, and see how quick and how heavy its pages are."""
    from app.bench.pages import Size, pages
    from app.bench.report import lines_of_pages

    print_figures(pages(Size(people, tasks, entries), seconds), as_json, lines_of_pages)


@bench.command("picker")
@click.option("--tasks", type=click.IntRange(min=250), default=100_000, show_default=True)
@AS_JSON
def picker_command(tasks: int, as_json: bool) -> None:
    """Furnish an office, and see how soon the picker answers whatever is asked of it."""
    from app.bench.picking import picker
    from app.bench.report import lines_of_picker

    print_figures(picker(tasks), as_json, lines_of_picker)


def print_figures(
    figures: dict[str, Any], as_json: bool, lines_of: Callable[[dict[str, Any]], list[str]] | None = None
) -> None:
    from app.bench.report import lines_of_pass

    click.echo(json.dumps(figures, indent=2) if as_json else "\n".join((lines_of or lines_of_pass)(figures)))


RESULT = click.option("--result", type=click.Path(dir_okay=False, path_type=Path), required=True)
TOKEN = click.option("--token", required=True)
WORKSPACES = click.option("--workspace", "workspaces", multiple=True)


@bench.command(hidden=True)
@SIZE
@PARENTS
@click.option("--port", type=int, required=True)
def sandbox(projects: int, tasks: int, parents: float, port: int) -> None:
    from app.asana_sandbox.seed import large_world
    from app.asana_sandbox.server import Address, Server

    Server(Address(port=port), make_world=lambda: large_world(projects, tasks, parents)).run()


@bench.command(hidden=True)
@TOKEN
@WORKSPACES
@RESULT
def connect(token: str, workspaces: tuple[str, ...], result: Path) -> None:
    from app.bench.worker import connect

    keep(result, connect(token, workspaces))


@bench.command(hidden=True)
@click.option("--sql", "with_sql", is_flag=True)
@click.option("--floor", "with_floor", is_flag=True)
@click.option("--unlimited", is_flag=True)
@RESULT
def work(with_sql: bool, with_floor: bool, unlimited: bool, result: Path) -> None:
    from app.bench.worker import read_everything

    keep(result, read_everything(with_sql, with_floor, unlimited))


@bench.command(hidden=True)
@TOKEN
@WORKSPACES
@click.option("--at-once", type=SEVERAL, required=True)
@RESULT
def fetch(token: str, workspaces: tuple[str, ...], at_once: int, result: Path) -> None:
    from app.bench.fetcher import fetch

    keep(result, fetch(token, workspaces, at_once))


@bench.command(hidden=True)
@click.option("--sandbox", required=True)
@click.option("--task", "tasks", multiple=True, required=True)
@click.option("--spread", "projects", type=int, required=True)
@click.option("--worker", "worker_pid", type=int, required=True)
@click.option("--webhooks", is_flag=True)
@click.option("--page")
@click.option("--latency", type=int, required=True)
@click.option("--rate", type=int)
@RESULT
def ask(result: Path, **question: Any) -> None:
    from app.bench.asker import Question, ask

    keep(result, ask(Question(**question)))


@bench.command(hidden=True)
@click.argument("people", type=int)
@click.argument("tasks", type=int)
@click.argument("entries", type=int)
@RESULT
def furnish(people: int, tasks: int, entries: int, result: Path) -> None:
    from app.bench.office import Office, make

    keep(result, make(Office(people, tasks, entries)))


@bench.command(hidden=True)
@click.option("--application", required=True)
@click.option("--port", type=int, required=True)
def serve(application: str, port: int) -> None:
    from app.launch import HOST
    from app.server import serve

    serve(application, HOST, port)


@bench.command(hidden=True)
@click.option("--web", type=int, required=True)
@click.option("--bare", type=int, required=True)
@click.option("--seconds", type=float, required=True)
@click.option("--furnished", type=click.File(), required=True)
@RESULT
def visit(web: int, bare: int, seconds: float, furnished: TextIO, result: Path) -> None:
    from app.bench.pages import visit

    keep(result, visit(web, bare, seconds, json.load(furnished)))


@bench.command(hidden=True)
@click.option("--web", type=int, required=True)
@RESULT
def pick(web: int, result: Path) -> None:
    from app.bench.picking_asked import pick

    keep(result, pick(web))


def keep(result: Path, measurement: Coroutine[Any, Any, dict[str, Any]]) -> None:
    from app.bench.outcome import Failed
    from app.logs import configure_logs
    from app.settings import load_settings

    configure_logs(load_settings().log_level)
    try:
        result.write_text(json.dumps(asyncio.run(measurement)))
    except Failed as failed:
        raise click.ClickException(str(failed)) from failed
