"""Keeps the world in a file, so that a restart, however rough, finds it again.

Whatever was answered is already on disk: a request that changed something is answered after the write. The file
is replaced, never written in place, and nothing is written when nothing changed.
"""

import asyncio
import os
import time
from pathlib import Path

import msgspec

from .model import State
from .world import World


class BrokenStateError(Exception):
    """The file was there and could not be read; it has been set aside."""


class Store:
    def __init__(self, path: Path | None, world: World) -> None:
        self.path = path
        self.world = world
        self._saved = -1 if path and not path.exists() else world.revision
        self._writing = asyncio.Lock()

    async def save_if_changed(self) -> None:
        if self.path is None or self._saved == self.world.revision:
            return
        async with self._writing:
            if self._saved != self.world.revision:
                await self._save(self.path)

    async def _save(self, path: Path) -> None:
        with self.world.lock:
            revision = self.world.revision
            content = msgspec.json.encode(self.world.state)
        await asyncio.to_thread(write, path, content)
        self._saved = revision


def write(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def load(path: Path) -> State | None:
    """None when there is no file yet.

    Raises BrokenStateError after moving a file that cannot be read out of the way.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=State)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError as error:
        aside = path.with_name(f"{path.name}.broken-{int(time.time())}")
        path.rename(aside)
        raise BrokenStateError(
            f"The sandbox's file {path} could not be read ({error}); it is kept as {aside.name} "
            "and the sandbox starts again from its seed."
        ) from error
