"""GET /health, also while something is gone."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from app import postgres
from tests.browser.stack import command, free_port, wait_until_it_answers
from tests.browser_like import Visitor
from tests.redis_server import RedisServer


async def test_it_says_that_database_and_queue_answer(visitor: Visitor) -> None:
    answer = await visitor.get("/health")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "ok", "queue": "ok"}


@contextmanager
def web(**environment: str) -> Iterator[str]:
    """A web process; yields the address of its health."""
    port = free_port()
    process = subprocess.Popen(command("web", "--port", str(port)), env={**os.environ, **environment})
    try:
        wait_until_it_answers(f"http://127.0.0.1:{port}/sign-in")
        yield f"http://127.0.0.1:{port}/health"
    finally:
        process.terminate()
        process.wait(20)


def wait_until_it_says(address: str, status_code: int, **states: str) -> None:
    deadline = time.monotonic() + 30
    while (answer := httpx.get(address, timeout=10)).status_code != status_code:
        assert time.monotonic() < deadline, answer.text
        time.sleep(0.1)
    assert answer.json() == states


def test_it_says_when_the_database_is_gone_and_when_it_is_back(tmp_path: Path) -> None:
    server = postgres.start(tmp_path / "postgres")
    own = {"DATABASE_URL": server.get_uri()}
    subprocess.run(command("migrate"), env={**os.environ, **own}, check=True, capture_output=True)
    try:
        with web(**own) as health:
            wait_until_it_says(health, 200, status="ok", database="ok", queue="ok")
            postgres.stop(server)
            wait_until_it_says(health, 503, status="failing", database="unreachable", queue="unreachable")
            server = postgres.start(tmp_path / "postgres")
            wait_until_it_says(health, 200, status="ok", database="ok", queue="ok")
    finally:
        postgres.stop(server)


@pytest.mark.skipif(shutil.which("redis-server") is None, reason="needs redis-server")
def test_it_says_when_only_the_queue_is_gone(migrated: None, tmp_path: Path) -> None:
    redis = RedisServer(tmp_path)
    try:
        with web(QUEUE_URL=redis.url) as health:
            wait_until_it_says(health, 200, status="ok", database="ok", queue="ok")
            redis.stop()
            wait_until_it_says(health, 503, status="failing", database="ok", queue="unreachable")
            redis.start()
            wait_until_it_says(health, 200, status="ok", database="ok", queue="ok")
    finally:
        redis.stop()
