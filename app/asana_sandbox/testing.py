"""A running sandbox for tests: served on a free port of 127.0.0.1 from a thread."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn

from .app import Options
from .remote import SandboxControl
from .seed import seeded_world
from .server import server_of
from .world import World


@dataclass
class RunningSandbox:
    url: str
    world: World
    control: SandboxControl

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/1.0"

    @property
    def oauth_url(self) -> str:
        return f"{self.url}/-"


@contextmanager
def running_sandbox(world: World | None = None, options: Options | None = None) -> Iterator[RunningSandbox]:
    """The seeded company, unless another world is given. Its verbs may be called directly or over `control`."""
    world = world or seeded_world()
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        server = server_of(world, options, patience=1)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        _wait_until_started(server, thread)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            with SandboxControl(url) as control:
                yield RunningSandbox(url, world, control)
        finally:
            server.should_exit = True
            thread.join(timeout=10)


def _wait_until_started(server: uvicorn.Server, thread: threading.Thread) -> None:
    deadline = time.monotonic() + 15
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise RuntimeError("The sandbox did not start.")
        time.sleep(0.01)
