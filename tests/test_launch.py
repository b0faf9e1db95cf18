"""`sundial demo` and `sundial up` as somebody starts and ends them in a terminal."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from app.launch import key_of
from app.processes import ProcessGroup, Stopped, stop_by_signal
from tests.browser.stack import free_port

# These start whole families of processes; side by side they would only slow each other down.
pytestmark = pytest.mark.xdist_group("launch")

READY_WITHIN_SECONDS = 60


class Running:
    """One `sundial` command in a terminal of its own."""

    def __init__(self, *arguments: str) -> None:
        environment = {key: value for key, value in os.environ.items() if key not in TEST_SETTINGS}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", *arguments],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.output = ""

    def read_until(self, words: str) -> str:
        assert self.process.stdout is not None
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        for line in self.process.stdout:
            self.output += line
            if words in line:
                return self.output
            assert time.monotonic() < deadline, self.output
        raise AssertionError(f"ended without {words!r}: {self.output}")

    def end(self, by: signal.Signals) -> int:
        self.process.send_signal(by)
        return self.process.wait(30)

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)


TEST_SETTINGS = {
    "DATABASE_URL",
    "SECRET_KEY",
    "PUBLIC_URL",
    "ASANA_CLIENT_ID",
    "ASANA_CLIENT_SECRET",
    "LOG_LEVEL",
}


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def demo(tmp_path: Path, port: int) -> Iterator[Running]:
    running = Running("demo", "--port", str(port), "--data", str(tmp_path / "data"))
    yield running
    if running.process.poll() is None:
        running.end(signal.SIGTERM)


def refused(*arguments: str) -> str:
    running = Running(*arguments)
    output, _ = running.process.communicate(timeout=60)
    assert running.process.returncode == 1, output
    assert "Traceback" not in output
    return output


def gone(processes: list[psutil.Process]) -> bool:
    return not [one for one in processes if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def wait_until_gone(processes: list[psutil.Process]) -> None:
    deadline = time.monotonic() + 20
    while not gone(processes):
        assert time.monotonic() < deadline, processes
        time.sleep(0.1)


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_it_is_and_stops_everything(demo: Running, port: int, tmp_path: Path, by: signal.Signals) -> None:
    said = demo.read_until("Ctrl-C")
    assert f"http://127.0.0.1:{port}" in said
    assert f"http://127.0.0.1:{port + 1}" in said
    assert re.search(r"alice@meridian\.example +\S+ +administrator", said)
    assert re.search(r"bob@meridian\.example +\S+ +user", said)
    assert httpx.get(f"http://127.0.0.1:{port}/health").json()["status"] == "ok"

    family = demo.family()
    assert demo.end(by) == 0
    wait_until_gone(family)
    assert not (tmp_path / "data" / "postgres" / "postmaster.pid").exists()


def test_it_cleans_up_and_finds_its_data_after_it_was_killed(demo: Running, port: int, tmp_path: Path) -> None:
    demo.read_until("Ctrl-C")
    secret = (tmp_path / "data" / "secret_key").read_text()
    family = demo.family()
    demo.end(signal.SIGKILL)

    again = Running("demo", "--port", str(port), "--data", str(tmp_path / "data"))
    again.read_until("Ctrl-C")
    wait_until_gone([one for one in family if "app.cli" in " ".join(one.cmdline() if one.is_running() else [])])
    assert (tmp_path / "data" / "secret_key").read_text() == secret
    assert httpx.get(f"http://127.0.0.1:{port}/health").json()["status"] == "ok"
    assert again.end(signal.SIGTERM) == 0


def test_it_refuses_a_taken_port(tmp_path: Path, port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        said = refused("demo", "--port", str(port), "--data", str(tmp_path))
    assert f"Port {port} is taken" in said


def test_it_refuses_when_the_sandbox_has_no_port(tmp_path: Path, port: int) -> None:
    with socket.create_server(("127.0.0.1", port + 1)):
        assert f"Port {port + 1} is taken" in refused("demo", "--port", str(port), "--data", str(tmp_path))


def test_it_refuses_a_folder_it_cannot_write_to(port: int) -> None:
    # /proc takes no files, not even root's.
    assert "cannot be written to" in refused("demo", "--port", str(port), "--data", "/proc/sundial")


def test_it_refuses_files_where_folders_belong(tmp_path: Path, port: int) -> None:
    (tmp_path / "postgres").touch()
    assert f"{tmp_path} cannot be used" in refused("demo", "--port", str(port), "--data", str(tmp_path))
    (tmp_path / "processes.json").mkdir()
    assert f"{tmp_path} cannot be used" in refused("demo", "--port", str(port), "--data", str(tmp_path))


def test_it_makes_a_key_where_an_interrupted_start_left_an_empty_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SECRET_KEY")
    (tmp_path / "secret_key").touch()
    key = key_of(tmp_path)["SECRET_KEY"]
    assert len(key) >= 32
    assert key_of(tmp_path)["SECRET_KEY"] == key


def test_it_refuses_half_a_database(tmp_path: Path, port: int) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("18")
    assert "not a whole database" in refused("demo", "--port", str(port), "--data", str(tmp_path))


class EndedWhileLookedAt(subprocess.Popen[bytes]):
    """Somebody presses Ctrl-C just while it is asked whether it runs."""

    was_looked_at = False

    def poll(self) -> int | None:
        if not self.was_looked_at:
            os.kill(os.getpid(), signal.SIGTERM)
        found = super().poll()
        self.was_looked_at = True
        return found


def test_the_end_interrupts_no_look_at_a_child(tmp_path: Path) -> None:
    """A look that is interrupted would leave the child's lock taken, and then nothing could wait for its end."""
    group = ProcessGroup(tmp_path, {})
    child = group.children["child"] = EndedWhileLookedAt([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    with pytest.raises(Stopped), stop_by_signal():
        group.wait()
    assert child.was_looked_at
    group.stop()
    assert child.returncode == -signal.SIGTERM


def test_it_refuses_to_run_twice_with_one_folder(demo: Running, tmp_path: Path) -> None:
    demo.read_until("Ctrl-C")
    assert "already running" in refused("demo", "--port", str(free_port()), "--data", str(tmp_path / "data"))


def test_it_runs_for_a_real_team_and_asks_for_the_account_first(tmp_path: Path, port: int) -> None:
    running = Running("up", "--port", str(port), "--data", str(tmp_path / "team"))
    running.read_until("Ctrl-C")
    answer = httpx.get(f"http://127.0.0.1:{port}/", follow_redirects=True)
    assert answer.url.path == "/setup"
    assert running.end(signal.SIGTERM) == 0


def test_it_says_why_it_cannot_listen(tmp_path: Path, port: int) -> None:
    # 192.0.2.1 is nobody's address.
    said = refused("up", "--host", "192.0.2.1", "--port", str(port), "--data", str(tmp_path))
    assert f"Port {port} of 192.0.2.1 cannot be used: " in said


@pytest.mark.parametrize("port", [0, 65_535])
def test_it_refuses_a_port_that_leaves_none_for_the_sandbox(tmp_path: Path, port: int) -> None:
    running = Running("demo", "--port", str(port), "--data", str(tmp_path))
    said, _ = running.process.communicate(timeout=60)
    assert "Invalid value for '--port'" in said


def test_it_names_a_bad_setting(tmp_path: Path, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_URL", "mail.example:25")
    said = refused("up", "--port", str(port), "--data", str(tmp_path))
    assert "SMTP_URL" in said
