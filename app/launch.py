"""`sundial demo` and `sundial up`: the embedded database and all processes, in one terminal."""

import os
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click
import httpx

from app import postgres
from app.processes import CannotStart, ProcessGroup, Stopped, require_free_port, sole_use, stop_by_signal

HOST = "127.0.0.1"
READY_WITHIN_SECONDS = 60
SANDBOX_CLIENT = {"ASANA_CLIENT_ID": "1200000000000001", "ASANA_CLIENT_SECRET": "sandbox-secret"}


def run_demo(port: int, data: Path, connected: bool, reload: bool) -> None:
    sandbox_url = f"http://{HOST}:{port + 1}"
    environment = {
        "PUBLIC_URL": f"http://{HOST}:{port}",
        "ASANA_API_URL": f"{sandbox_url}/api/1.0",
        "ASANA_OAUTH_URL": f"{sandbox_url}/-",
        "ASANA_WEBHOOKS": "on",
        **SANDBOX_CLIENT,
    }
    with started(HOST, [port, port + 1], data, environment) as group:
        group.start("sandbox", "--port", str(port + 1), "--state", str(data / "sandbox.json"), quiet=True)
        wait_for(f"{sandbox_url}/", group)
        group.run("seed-demo")
        start_web(group, HOST, port, reload)
        group.start("worker")
        if connected:
            group.run("seed-demo", "--connected")
        wait_for(f"http://{HOST}:{port}/health", group)
        click.echo(demo_banner(port, sandbox_url, connected))
        group.wait()


def run_up(host: str, port: int, data: Path, reload: bool) -> None:
    environment = {} if "PUBLIC_URL" in os.environ else {"PUBLIC_URL": f"http://{host}:{port}"}
    with started(host, [port], data, environment) as group:
        start_web(group, host, port, reload)
        group.start("worker")
        wait_for(f"http://{host}:{port}/health", group)
        click.echo(up_banner(host, port, data))
        group.wait()


@contextmanager
def started(host: str, ports: list[int], data: Path, environment: Mapping[str, str]) -> Iterator[ProcessGroup]:
    """The database runs and is up to date; at the end, whatever ended it, nothing runs any more."""
    data = data.expanduser().resolve()
    try:
        with ExitStack() as stack:
            stack.enter_context(sole_use(data))
            stack.enter_context(stop_by_signal())
            group = ProcessGroup(data, {**environment, **key_of(data)})
            group.end_orphans()
            for port in ports:
                require_free_port(host, port)
            group.environment["DATABASE_URL"] = database_url(data, stack)
            stack.callback(group.stop)
            group.run("migrate")
            yield group
    except (Stopped, KeyboardInterrupt):
        click.echo("Stopped.")
    except (CannotStart, postgres.UnusableDataFolder) as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"The data folder {data} cannot be used: {error}") from error


def database_url(data: Path, stack: ExitStack) -> str:
    """The database of the environment, or an embedded one that stops with us."""
    if url := os.environ.get("DATABASE_URL"):
        return url
    click.echo("Starting the database ...")
    server = postgres.start(data / "postgres")
    stack.callback(postgres.stop, server)
    uri: str = server.get_uri()
    return uri


def key_of(data: Path) -> dict[str, str]:
    """The secret key of the environment, or one made once and kept in the data folder."""
    if "SECRET_KEY" in os.environ:
        return {}
    file = data / "secret_key"
    if not file.exists() or not file.read_text().strip():
        make_key(file)
    return {"SECRET_KEY": file.read_text().strip()}


def make_key(file: Path) -> None:
    """Written beside its place first: a start that is killed just then leaves no empty key."""
    unfinished = file.with_name("secret_key.unfinished")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.write(secrets.token_urlsafe(48))
    unfinished.replace(file)


def start_web(group: ProcessGroup, host: str, port: int, reload: bool) -> None:
    group.start("web", "--host", host, "--port", str(port), *(["--reload"] if reload else []))


def wait_for(url: str, group: ProcessGroup) -> None:
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline:
        group.check()
        try:
            if httpx.get(url, timeout=2).status_code < 500:
                return
        except httpx.HTTPError:
            pass  # Nobody listens yet.
        time.sleep(0.1)
    raise CannotStart(f"{url} does not answer after {READY_WITHIN_SECONDS} seconds.")


def demo_banner(port: int, sandbox_url: str, connected: bool) -> str:
    from app.demo_cast import PASSWORD, PEOPLE

    people = "\n".join(f"    {person.email:<28} {PASSWORD:<18} {person.role}" for person in PEOPLE)
    next_step = (
        "Asana is connected and imported."
        if connected
        else "Sign in as the administrator and connect Asana under Integrations."
    )
    return f"""
  Sundial      http://{HOST}:{port}
  Sandbox      {sandbox_url}   (stands in for Asana: what changes there is here some seconds later)

  Sign in as
{people}

  {next_step}
  Ctrl-C stops everything; the data stays.
"""


def up_banner(host: str, port: int, data: Path) -> str:
    return f"""
  Sundial      {os.environ.get("PUBLIC_URL", f"http://{host}:{port}")}
  Data         {data}

  The first visit sets up the account. Ctrl-C stops everything; the data stays.
"""
