"""Several processes as one: started together, stopped together, none left behind.

Used by `sundial demo` and `sundial up`. On larger installations the Procfile's lines do this job.
"""

import contextlib
import errno
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import psutil

STOP_WITHIN_SECONDS = 10
# In a child: the file descriptor of a pipe that the parent holds open.
PARENT_PIPE = "SUNDIAL_PARENT_PIPE"


class CannotStart(Exception):
    """The text says why, in one sentence."""


class Stopped(Exception):
    """Somebody asked for the end: Ctrl-C or SIGTERM."""


def require_free_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise CannotStart(f"Port {port} is taken: choose another one with --port.") from error
            raise CannotStart(f"Port {port} of {host} cannot be used: {error.strerror}.") from error


@contextlib.contextmanager
def sole_use(folder: Path) -> Iterator[None]:
    """Holds the data folder while Sundial runs with it, and refuses a second one."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("a+")
    except OSError as error:
        raise CannotStart(f"The data folder {folder} cannot be written to: {error.strerror}.") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CannotStart(f"Sundial is already running with the data folder {folder}.") from error
        yield


@dataclass
class Ending:
    """Whether the end has to wait, and whether somebody asked for it meanwhile."""

    waits: bool = False
    is_asked: bool = False


ENDING = Ending()


@contextlib.contextmanager
def stop_by_signal() -> Iterator[None]:
    """Ctrl-C and SIGTERM both become Stopped, so that everything is put away in order."""

    def stop(_: int, __: FrameType | None) -> None:
        # A second impatient Ctrl-C must not interrupt the putting away.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        ENDING.is_asked = ENDING.waits
        if not ENDING.waits:
            raise Stopped

    before = signal.signal(signal.SIGTERM, stop), signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before[0])
        signal.signal(signal.SIGINT, before[1])


@contextlib.contextmanager
def not_interrupted() -> Iterator[None]:
    """The end waits for this: what was done by half could never be put away."""
    ENDING.waits = True
    try:
        yield
    finally:
        ENDING.waits = False
        is_asked, ENDING.is_asked = ENDING.is_asked, False
    if is_asked:
        raise Stopped


class ProcessGroup:
    """Child processes of one parent, remembered in a file so that the next start finds the orphans of a killed one."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.record = folder / "processes.json"
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        # The children hold the reading end; it ends when this process does, however that happens.
        self.parent_pipe, self.held = os.pipe()
        os.set_inheritable(self.parent_pipe, True)
        self.environment = {**os.environ, **environment, PARENT_PIPE: str(self.parent_pipe)}

    def run(self, *arguments: str) -> None:
        """Runs a `sundial` command to its end. Raises CannotStart with what it said when it fails."""
        done = subprocess.run(  # noqa: S603
            command(*arguments),
            env=self.environment,
            pass_fds=[self.parent_pipe],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise CannotStart(f"`sundial {arguments[0]}` failed: {(done.stderr or done.stdout).strip()}")

    def start(self, *arguments: str, quiet: bool = False, name: str | None = None) -> subprocess.Popen[bytes]:
        # A session of its own: Ctrl-C in the terminal reaches the parent alone, which then stops its children in order.
        child = self.children[name or arguments[0]] = subprocess.Popen(  # noqa: S603
            command(*arguments),
            env=self.environment,
            pass_fds=[self.parent_pipe],
            start_new_session=True,
            stdout=subprocess.DEVNULL if quiet else None,
        )
        pids = [child.pid for child in self.children.values()]
        self.record.write_text(json.dumps([[pid, psutil.Process(pid).create_time()] for pid in pids]))
        return child

    def wait(self) -> None:
        """Returns never: raises CannotStart when a child ends by itself, Stopped when asked to."""
        while True:
            self.check()
            time.sleep(0.2)

    def check(self) -> None:
        # Interrupted in its look at a child, subprocess keeps a lock for good, and waiting for the child never ends.
        with not_interrupted():
            ended = {name: child for name, child in self.children.items() if child.poll() is not None}
        for name, child in ended.items():
            raise CannotStart(f"The {name} process ended by itself (exit code {child.returncode}).")

    def stop(self) -> None:
        with not_interrupted():
            self._stop()

    def _stop(self) -> None:
        for child in reversed(self.children.values()):
            child.terminate()
        deadline = time.monotonic() + STOP_WITHIN_SECONDS
        for child in self.children.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self.record.unlink(missing_ok=True)

    def end_orphans(self) -> None:
        """Ends what an earlier, killed parent left running; a process id that is somebody else's by now is spared."""
        if not self.record.exists():
            return
        with contextlib.suppress(ValueError, TypeError):
            for pid, created in json.loads(self.record.read_text()):
                end_process(pid, created)
        self.record.unlink(missing_ok=True)


def end_process(pid: int, created: float) -> None:
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(pid)
        if abs(process.create_time() - created) > 1:
            return
        process.terminate()
        try:
            process.wait(STOP_WITHIN_SECONDS)
        except psutil.TimeoutExpired:
            process.kill()


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "app.cli", *arguments]


def end_with_parent() -> None:
    """In a child: when the parent is gone, even by SIGKILL, this process stops as if asked to."""
    parent_pipe = os.environ.pop(PARENT_PIPE, None)
    if parent_pipe is None:
        return

    def wait_for_end() -> None:
        with contextlib.suppress(OSError):
            os.read(int(parent_pipe), 1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait_for_end, daemon=True).start()
