"""The application behind a real server, because only there an answer comes piece by piece."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
import uvicorn
from litestar import Litestar

from app import database
from app.accounts.models import User
from app.live.listening import NAME
from tests.browser_like import Visitor
from tests.factories import make_account, make_user


@pytest.fixture
async def served(app: Litestar, committed: None) -> AsyncIterator[str]:
    """The server's address."""
    await until_it_listens()
    server = uvicorn.Server(uvicorn.Config(app, port=0, lifespan="off", log_level="warning"))
    serving = asyncio.create_task(server.serve())
    async with asyncio.timeout(10):
        while not server.started:  # noqa: ASYNC110 - the server tells nobody
            await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    await serving


# A process remembers each person's last change, and tests count their people from 1 again.
IDS = itertools.count(1_000_000)


@pytest.fixture
async def bob(committed: None) -> User:
    return await make_user(await make_account(), name="Bob Okafor", email="bob@meridian.example", id=next(IDS))


@pytest.fixture
async def charlie(committed: None) -> User:
    elsewhere = await make_account(name="Elsewhere")
    return await make_user(elsewhere, name="Charlie Lund", email="charlie@elsewhere.example", id=next(IDS))


async def until_it_listens(*but: int) -> set[int]:
    """The process ids of the connections on which this process is told of changes, others than `but`."""
    asked = "SELECT pid FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()"
    async with asyncio.timeout(10):
        while True:
            listening = {row["pid"] for row in await database.fetch(asked + " AND query = 'SELECT 1'", NAME)} - {*but}
            if listening:
                return listening
            await asyncio.sleep(0.01)


class Heard:
    """What one browser is told, event by event."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self.lines = answer.aiter_lines()

    async def next(self, within: float = 5) -> tuple[str, str]:
        """The next event's name and data; `("end", "")` when the stream ends. Signs of life are left out."""
        event = ""
        async with asyncio.timeout(within):
            async for line in self.lines:
                name, _, value = line.partition(": ")
                if name == "event":
                    event = value
                elif name == "data" and event != "alive":
                    return event, value
        return "end", ""

    async def nothing(self, within: float = 0.5) -> bool:
        try:
            await self.next(within)
        except TimeoutError:
            return True
        return False


@asynccontextmanager
async def hearing(app: Litestar, url: str, user: User) -> AsyncIterator[Heard]:
    """A browser of this person's that listens."""
    visitor = await Visitor(app).signed_in_as(user)
    cookies = {cookie.name: cookie.value or "" for cookie in visitor.cookies.jar}
    async with (
        httpx.AsyncClient(base_url=url, cookies=cookies, timeout=30) as client,
        client.stream("GET", "/live") as answer,
    ):
        yield Heard(answer)
