"""The command: its sentences, and what is found again after a rough end."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from app.asana_sandbox.app import Options
from app.asana_sandbox.command import sandbox as command
from app.asana_sandbox.remote import SandboxControl
from app.asana_sandbox.server import Address, CannotServeError, Server

START = "from app.asana_sandbox.command import sandbox; sandbox()"


@contextmanager
def started(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", START, "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout
        lines = iter(process.stdout.readline, "")
        yield process, next(match[0] for line in lines if (match := re.search(r"http://[\d.:]+", line)))
    finally:
        process.kill()
        process.wait()


def rename_something(url: str) -> str:
    with SandboxControl(url) as control:
        task = control.find("Watch the logs")
        control.rename_task(task, "Watch the new logs")
    return task


def test_killed_roughly_it_finds_changes_and_tokens_again(tmp_path):
    state = tmp_path / "new" / "asana.json"
    with started("--state", str(state)) as (process, url):
        task = rename_something(url)
        token = sign_in(url)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    with started("--state", str(state)) as (_, url), SandboxControl(url) as control:
        assert control.find("Watch the new logs") == task
        headers = {"Authorization": f"Bearer {token}"}
        assert httpx.get(f"{url}/api/1.0/users/me", headers=headers).status_code == 200
    assert [each.name for each in state.parent.iterdir()] == ["asana.json"]


def sign_in(url: str) -> str:
    asked = {
        "client_id": "1200000000000001",
        "redirect_uri": "http://127.0.0.1:9/",
        "response_type": "code",
        "state": "s",
        "decision": "allow",
        "person": SandboxControl(url).find("Alice Hartmann"),
    }
    location = httpx.post(f"{url}/-/oauth_authorize", data=asked).headers["location"]
    form = {
        "grant_type": "authorization_code",
        "client_id": "1200000000000001",
        "client_secret": "sandbox-secret",
        "redirect_uri": "http://127.0.0.1:9/",
        "code": httpx.URL(location).params["code"],
    }
    return str(httpx.post(f"{url}/-/oauth_token", data=form).json()["access_token"])


def test_told_to_stop_it_stops_at_once(tmp_path):
    with started() as (process, url):
        httpx.get(f"{url}/_sandbox/health")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) in (0, -signal.SIGTERM)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b'{"secret": 1}'])
def test_a_broken_file_is_set_aside_with_one_sentence(tmp_path, content):
    state = tmp_path / "asana.json"
    state.write_bytes(content)
    warnings: list[str] = []
    options = Options(state_file=state)
    server = Server(Address(port=0), options, warnings.append)
    server.listener.close()
    assert len(warnings) == 1
    assert "could not be read" in warnings[0]
    assert "\n" not in warnings[0]
    assert len(server.world.state.tasks) == 600
    assert [each.read_bytes() for each in tmp_path.glob("asana.json.broken-*")] == [content]


def test_a_taken_port_is_one_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = CliRunner().invoke(command, ["--port", port])
    assert result.exit_code == 1
    assert result.output.startswith(f"The sandbox cannot listen on port {port}:")
    assert len(result.output.splitlines()) == 1


def test_a_folder_that_cannot_be_is_one_sentence(tmp_path: Path):
    (tmp_path / "file").touch()
    result = CliRunner().invoke(command, ["--port", "0", "--state", str(tmp_path / "file" / "asana.json")])
    assert result.exit_code == 1
    assert len(result.output.splitlines()) == 1


def test_it_only_listens_on_this_machine():
    with pytest.raises(CannotServeError):
        Server(Address("0.0.0.0", 0))
