"""The `sundial` command."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from app.settings import BadSetting, load_settings


class Command(click.Group):
    """Shows a wrong setting as one sentence, not as a traceback; loads sandbox and benchmark only when asked."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted([*super().list_commands(context), "bench", "sandbox"])

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name == "sandbox":
            from app.asana_sandbox.command import sandbox

            return sandbox
        if name == "bench":
            from app.bench.command import bench

            return bench
        return super().get_command(context, name)

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except BadSetting as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Command)
def sundial() -> None:
    """Sundial, a time tracker for teams that plan their work in Asana."""
    from app.processes import end_with_parent

    end_with_parent()


# The demo's sandbox takes the next one.
PORT_RANGE = click.IntRange(1, 65_534)
PORT = click.option("--port", type=PORT_RANGE, default=8000, show_default=True, help="Port of the web pages.")
RELOAD = click.option("--reload", is_flag=True, help="Serve the pages anew whenever a file of the application changes.")
HOST = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")


F = TypeVar("F", bound=Callable[..., Any])


def data_option(default: str) -> Callable[[F], F]:
    return click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        default=Path(default),
        show_default=True,
        help="Folder that holds everything: database, keys, sandbox.",
    )


@sundial.command()
@PORT
@data_option(".sundial/demo")
@click.option("--connected", is_flag=True, help="Start with Asana connected and imported.")
@RELOAD
def demo(port: int, data: Path, connected: bool, reload: bool) -> None:
    """Run everything on this machine, with a sandbox in place of Asana."""
    from app.launch import run_demo

    run_demo(port, data, connected, reload)


@sundial.command()
@HOST
@PORT
@data_option(".sundial/team")
@RELOAD
def up(host: str, port: int, data: Path, reload: bool) -> None:
    """Run everything on this machine for a real team. The first visit sets up the account."""
    from app.launch import run_up

    run_up(host, port, data, reload)


@sundial.command()
@HOST
@PORT
@RELOAD
def web(host: str, port: int, reload: bool) -> None:
    """Serve the pages."""
    from app.server import serve

    load_settings()
    serve("app.main:create_app", host, port, reload=reload)


@sundial.command()
def worker() -> None:
    """Do the work in the background: synchronization and mail."""
    from app.logs import configure_logs
    from app.tasks.worker import run_worker

    configure_logs(load_settings().log_level)
    asyncio.run(run_worker())


@sundial.command()
@click.option("--complete", is_flag=True, help="Compare everything, not only what Asana says has changed.")
@click.option("--account", help="Number of the account or e-mail address of its owner, where several are connected.")
def sync(account: str | None, complete: bool) -> None:
    """Read Asana now, and tell what changed."""
    from app.integrations.asana.command import CannotSync, sync
    from app.logs import configure_logs

    # What goes wrong is told in words; only what nobody expected is logged beside them.
    configure_logs("ERROR")
    try:
        went_well = asyncio.run(sync(account, complete))
    except CannotSync as error:
        raise click.ClickException(str(error)) from error
    except KeyboardInterrupt:
        raise click.ClickException("Interrupted. What was read stays, and a worker goes on with the rest.") from None
    sys.exit(0 if went_well else 1)


@sundial.command()
def migrate() -> None:
    """Bring the database up to date. Safe to run at every release, by several machines at once."""
    from app.migrations import migrate_database

    click.echo(asyncio.run(migrate_database()), nl=False)


@sundial.command(hidden=True)
@click.option("--connected", is_flag=True)
def seed_demo(connected: bool) -> None:
    """Make the demo's account and people, where they are not there yet."""
    from app.demo import seed

    asyncio.run(seed(connected))


if __name__ == "__main__":
    sys.exit(sundial())
