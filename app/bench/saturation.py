"""How many answers a second one web process can give, of timesheets and of bare pages.

They are asked for in turn, so that whatever else the machine does slows both down alike.
"""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from statistics import median
from time import perf_counter

from app.bench.browser import Browser
from app.bench.outcome import Figures

CLIENTS = 16
ROUNDS = 3
Ask = Callable[[], Awaitable[object]]


async def saturate(timesheet: int, bare: int, sessions: list[str], people: list[int], seconds: float) -> Figures:
    """`timesheet` and `bare` are ports; `people` are those whose `sessions` these are. A warm-up comes before."""
    at_timesheet = [Browser(timesheet, session) for session in sessions]
    at_bare = [Browser(bare) for _ in range(CLIENTS)]
    shares = [at_timesheet[number::CLIENTS] for number in range(CLIENTS)]
    asked_timesheet = [asking_timesheet(share) for share in shares if share]
    asked_bare = [asking_bare(browser, people) for browser in at_bare]
    rates: dict[str, list[float]] = {"timesheet": [], "bare": []}
    try:
        for number in range(ROUNDS + 1):
            for name, questions in (("timesheet", asked_timesheet), ("bare", asked_bare)):
                rate = await answers_a_second(questions, seconds if number else seconds / 4)
                rates[name] += [rate] if number else []
    finally:
        for browser in (*at_timesheet, *at_bare):
            browser.close()
    timesheets, bares = median(rates["timesheet"]), median(rates["bare"])
    return {"timesheets_per_s": timesheets, "bare_pages_per_s": bares, "rate_ratio": timesheets / bares}


def asking_timesheet(browsers: list[Browser]) -> Iterator[Ask]:
    """Each client plays several people in turn, each with a connection of their own."""
    return (partial(browser.get, "/timesheet") for browser in itertools.cycle(browsers))


def asking_bare(browser: Browser, people: list[int]) -> Iterator[Ask]:
    return (partial(browser.get, f"/bare/{person}") for person in itertools.cycle(people))


async def answers_a_second(clients: list[Iterator[Ask]], seconds: float) -> float:
    began = perf_counter()
    counts = await asyncio.gather(*(ask_until(questions, began + seconds) for questions in clients))
    return sum(counts) / (perf_counter() - began)


async def ask_until(questions: Iterator[Ask], end: float) -> int:
    for count, ask in enumerate(questions):
        if perf_counter() >= end:
            return count
        await ask()
    return 0
