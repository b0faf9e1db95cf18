"""A Redis server of a test's own, and the queue on it."""

import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.settings import load_settings
from app.tasks.queue import UNREACHABLE, close_queue, open_queue
from tests.browser.stack import free_port
from tests.integrations.asana.sync.connected import until


class RedisServer:
    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(folder)]
        self.start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.process = subprocess.Popen([*self.command, "--save", ""], stdout=subprocess.DEVNULL)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


async def queue_answers() -> bool:
    try:
        await (await open_queue()).count("queued")
    except UNREACHABLE:
        return False
    return True


@asynccontextmanager
async def queue_at(url: str | None) -> AsyncIterator[None]:
    """Where the queue is meanwhile; None: where it is anyway."""
    await close_queue()
    with pytest.MonkeyPatch.context() as environment:
        if url:
            environment.setenv("QUEUE_URL", url)
        load_settings.cache_clear()
        await until(queue_answers)
        yield
        await close_queue()
    load_settings.cache_clear()


@asynccontextmanager
async def queue_on_redis(folder: Path) -> AsyncIterator[RedisServer]:
    if shutil.which("redis-server") is None:
        pytest.skip("needs redis-server")
    server = RedisServer(folder)
    try:
        async with queue_at(server.url):
            yield server
    finally:
        server.stop()
