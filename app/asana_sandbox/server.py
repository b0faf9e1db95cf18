"""Serves a sandbox on this machine until it is told to stop."""

import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn

from .app import Options, create_sandbox
from .protocol import CuttableProtocol
from .seed import seeded_world
from .store import BrokenStateError, load
from .world import World

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class CannotServeError(Exception):
    """One sentence that says why."""


@dataclass
class Address:
    host: str = "127.0.0.1"
    port: int = 8001

    def __str__(self) -> str:
        return f"http://{self.host}:{self.port}"


@dataclass
class Server:
    """Bound to its address from the start, so that a taken port is known before anything else happens."""

    address: Address
    options: Options = field(default_factory=Options)
    warn: Callable[[str], None] = lambda sentence: None
    # Served where there is no kept state.
    make_world: Callable[[], World] = seeded_world

    def __post_init__(self) -> None:
        if self.address.host not in LOOPBACK:
            raise CannotServeError(
                f"The sandbox has no passwords, so it only listens on this machine: not on {self.address.host}."
            )
        _check_folder(self.options.state_file)
        self.listener = _listen(self.address)
        self.address.port = self.listener.getsockname()[1]
        self.world = _restored(self.options.state_file, self.warn) or self.make_world()

    def run(self) -> None:
        server_of(self.world, self.options).run(sockets=[self.listener])

    def personal_tokens(self) -> list[tuple[str, str]]:
        state = self.world.state
        return [(state.people[g.person].name, g.token) for g in state.grants.values() if g.kind == "personal"]


def server_of(world: World, options: Options | None = None, *, patience: int = 2) -> uvicorn.Server:
    """Told to stop, it gives requests so many seconds to end."""
    config = uvicorn.Config(
        create_sandbox(world, options),
        http=CuttableProtocol,
        lifespan="on",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=patience,
    )
    return uvicorn.Server(config)


def _listen(address: Address) -> socket.socket:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address.host, address.port))
    except (OSError, OverflowError) as error:
        listener.close()
        raise CannotServeError(f"The sandbox cannot listen on port {address.port}: {error}.") from error
    listener.listen(512)
    return listener


def _check_folder(state_file: Path | None) -> None:
    if state_file is None:
        return
    try:
        state_file.parent.mkdir(parents=True, exist_ok=True)
        probe = state_file.with_name(f".{state_file.name}.probe")
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise CannotServeError(f"The sandbox cannot write to {state_file.parent}: {error.strerror}.") from error


def _restored(state_file: Path | None, warn: Callable[[str], None]) -> World | None:
    try:
        state = load(state_file) if state_file else None
    except BrokenStateError as error:
        warn(str(error))
        state = None
    return World(state) if state else None
