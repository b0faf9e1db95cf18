"""`sundial sandbox`: a made-up company's Asana on this machine."""

import sys
from contextlib import suppress
from pathlib import Path

import click

from .app import Options
from .gate import Limits
from .grants import DEFAULT_CLIENT
from .server import Address, CannotServeError, Server


@click.command("sandbox")
@click.option("--port", default=8001, show_default=True, help="Port on 127.0.0.1; 0 takes a free one.")
@click.option(
    "--state",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File that keeps changes and tokens over a restart.",
)
@click.option("--rate", type=click.IntRange(min=1), help="Requests a minute: 150 or 1500, as Asana has them.")
@click.option("--latency", default=0, show_default=True, help="Milliseconds that every answer of the API takes.")
def sandbox(port: int, state: Path | None, rate: int | None, latency: int) -> None:
    """Stand in for Asana: its OAuth, API, events and webhooks over a made-up company."""
    options = Options(state_file=state, limits=Limits(rate=rate, latency=latency / 1000))
    try:
        server = Server(Address(port=port), options, warn=lambda sentence: click.echo(sentence, err=True))
    except CannotServeError as error:
        click.echo(error, err=True)
        sys.exit(1)
    _introduce(server)
    with suppress(KeyboardInterrupt):
        server.run()


def _introduce(server: Server) -> None:
    address = server.address
    click.echo(f"Sandbox Asana: {address}")
    click.echo(f"  ASANA_API_URL={address}/api/1.0")
    click.echo(f"  ASANA_OAUTH_URL={address}/-")
    click.echo(f"  ASANA_CLIENT_ID={DEFAULT_CLIENT.id}")
    click.echo(f"  ASANA_CLIENT_SECRET={DEFAULT_CLIENT.secret}")
    click.echo("Personal access tokens:")
    for name, token in server.personal_tokens():
        click.echo(f"  {token:<20} {name}")
