"""Where a measurement plays: a temporary folder with an embedded database, and the processes that belong to it.

Whatever ends it, Ctrl-C too, no process and no folder is left.
"""

import json
import secrets
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from app import postgres
from app.bench.outcome import Figures
from app.bench.usage import cpu_of_family
from app.launch import HOST, SANDBOX_CLIENT, wait_for
from app.processes import CannotStart, ProcessGroup, Stopped, not_interrupted, stop_by_signal

SECONDS_BETWEEN_LOOKS = 0.05


@dataclass
class Stage:
    folder: Path
    group: ProcessGroup
    database_pid: int

    def run(self, name: str, *arguments: object, watch: Callable[[], None] = lambda: None) -> Figures:
        """Runs `sundial bench NAME` as a process to its end and returns what it measured of itself."""
        result = self.folder / f"{name}.json"
        options = [str(argument) for argument in (*arguments, "--result", result)]
        child = self.group.start("bench", name, *options, quiet=True, name=name)
        while child.poll() is None:
            watch()
            time.sleep(SECONDS_BETWEEN_LOOKS)
        del self.group.children[name]
        if child.returncode:
            raise CannotStart(f"`sundial bench {name}` failed: its own words stand above.")
        figures: Figures = json.loads(result.read_text())
        return figures

    def start_web(self, port: int) -> None:
        self.group.start("web", "--port", str(port), quiet=True)
        wait_for(f"http://{HOST}:{port}/health", self.group)

    def start_sandbox(self, *arguments: object) -> str:
        """Its address, once it answers."""
        port = free_port()
        options = [str(argument) for argument in (*arguments, "--port", port)]
        self.group.start("bench", "sandbox", *options, quiet=True, name="sandbox")
        wait_for(f"http://{HOST}:{port}/_sandbox/health", self.group)
        self.group.environment |= {
            "ASANA_API_URL": f"http://{HOST}:{port}/api/1.0",
            "ASANA_OAUTH_URL": f"http://{HOST}:{port}/-",
        }
        return f"http://{HOST}:{port}"

    def cpu_of(self, name: str) -> float:
        return cpu_of_family(self.group.children[name].pid)

    def cpu_of_database(self) -> float:
        return cpu_of_family(self.database_pid)


@contextmanager
def stage() -> Iterator[Stage]:
    try:
        with ExitStack() as stack:
            stack.enter_context(stop_by_signal())
            with not_interrupted():
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sundial-bench-")))
                server = postgres.start(folder / "postgres")
                stack.callback(postgres.stop, server)
            group = ProcessGroup(folder, environment_of(server.get_uri()))
            stack.callback(group.stop)
            group.run("migrate")
            yield Stage(folder, group, database_pid(folder))
    except (Stopped, KeyboardInterrupt):
        say("Stopped.")
        sys.exit(130)
    except (CannotStart, postgres.UnusableDataFolder) as error:
        raise click.ClickException(str(error)) from error


def environment_of(database_url: str) -> dict[str, str]:
    """Nothing comes from outside. The clock starts no pass of its own within the hour."""
    return {
        "DATABASE_URL": database_url,
        "QUEUE_URL": database_url,
        "SECRET_KEY": secrets.token_urlsafe(48),
        "PUBLIC_URL": f"http://{HOST}:8000",
        "SMTP_URL": "",
        "ASANA_WEBHOOKS": "off",
        "SYNC_MINUTES": "60",
        "LOG_LEVEL": "WARNING",
        **SANDBOX_CLIENT,
    }


def database_pid(folder: Path) -> int:
    return int((folder / "postgres" / "postmaster.pid").read_text().split()[0])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def say(sentence: str) -> None:
    click.echo(sentence, err=True)
