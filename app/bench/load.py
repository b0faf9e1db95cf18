"""People at work: each does something every ten seconds, whether the server keeps up with them or not."""

import asyncio
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median, quantiles
from time import perf_counter

from app.bench.browser import Answer, Browser
from app.bench.outcome import Failed, Figures

SECONDS_BETWEEN_ACTIONS = 10
# What somebody does, over and over. Of eight actions three look at the timesheet and one at the projects.
DAY = ("timesheet", "picker", "search", "start", "timesheet", "projects", "stop", "timesheet")
SEARCHED = ("inv", "report", "kestrel bro", "tra", "design", "1200000000000123", "web corvane", "manu")
OPTION = re.compile(r'data-item="(\d+)" data-project="(\d*)"')


@dataclass(frozen=True)
class Measured:
    """`client_ms` counts from when the answer was wanted, so that waiting for one's turn is in it."""

    kind: str
    server_ms: float
    client_ms: float


class Visitor:
    def __init__(self, port: int, session: str, number: int) -> None:
        self._browser = Browser(port, session)
        self._actions = itertools.cycle(DAY[number % len(DAY) :] + DAY[: number % len(DAY)])
        self._numbers = itertools.count(number)
        self._turn = asyncio.Lock()
        self._work: list[tuple[str, str]] = []

    async def arrive(self) -> None:
        await self._browser.get("/timesheet")
        self._work = OPTION.findall((await self._browser.get("/picker/options", compressed=False, htmx=True)).text)
        if not self._work:
            raise Failed("Somebody has nothing to track on.")

    async def act(self, wanted_at: float) -> Measured:
        async with self._turn:
            action = next(self._actions)
            answer = await getattr(self, f"_{action}")(next(self._numbers))
        kind = "picker" if action == "search" else action
        return Measured(kind, answer.server_ms, (perf_counter() - wanted_at) * 1000)

    def leave(self) -> None:
        self._browser.close()

    async def _timesheet(self, _: int) -> Answer:
        return await self._browser.get("/timesheet")

    async def _projects(self, _: int) -> Answer:
        return await self._browser.get("/projects")

    async def _picker(self, _: int) -> Answer:
        return await self._browser.get("/picker/options", htmx=True)

    async def _search(self, number: int) -> Answer:
        text = SEARCHED[number % len(SEARCHED)].replace(" ", "+")
        return await self._browser.get(f"/picker/options?q={text}", htmx=True)

    async def _start(self, number: int) -> Answer:
        item, project = self._work[number % len(self._work)]
        return await self._browser.post("/timer", {"day": "", "item": item, "project": project, "note": ""})

    async def _stop(self, _: int) -> Answer:
        return await self._browser.post("/timer/stop", {"day": "", "entry": ""})


async def load(port: int, sessions: list[str], seconds: float) -> dict[str, Figures]:
    """Figures of each kind of question."""
    visitors = [Visitor(port, session, number) for number, session in enumerate(sessions)]
    for visitor in visitors:
        await visitor.arrive()
    try:
        measured = await acting(visitors, seconds)
    finally:
        for visitor in visitors:
            visitor.leave()
    return {kind: figures_of([each for each in measured if each.kind == kind]) for kind in kinds_of(measured)}


async def acting(visitors: list[Visitor], seconds: float) -> list[Measured]:
    pause = SECONDS_BETWEEN_ACTIONS / len(visitors)
    turns = zip(moments(pause, seconds), itertools.cycle(visitors), strict=False)
    async with asyncio.TaskGroup() as group:
        tasks = []
        for moment, visitor in turns:
            await asyncio.sleep(moment - perf_counter())
            tasks.append(group.create_task(visitor.act(moment)))
    return [task.result() for task in tasks]


def moments(pause: float, seconds: float) -> Iterator[float]:
    """When there is something to do, regardless of how long it takes."""
    began = perf_counter()
    return (began + number * pause for number in range(int(seconds / pause)))


def kinds_of(measured: list[Measured]) -> list[str]:
    return sorted({each.kind for each in measured})


def figures_of(measured: list[Measured]) -> Figures:
    server, client = [each.server_ms for each in measured], [each.client_ms for each in measured]
    return {
        "requests": len(measured),
        "server_median_ms": median(server),
        "server_p99_ms": percentile(server, 99),
        "client_median_ms": median(client),
        "client_p99_ms": percentile(client, 99),
    }


def percentile(values: list[float], percent: int) -> float:
    """Of few values the largest: nothing is made up between them."""
    return quantiles(values, n=100, method="inclusive")[percent - 1] if len(values) > 1 else values[0]
