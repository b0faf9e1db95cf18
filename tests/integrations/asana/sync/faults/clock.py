"""The waiting that Asana orders, without the waiting: time jumps ahead by as much as somebody sleeps."""

import asyncio
from time import monotonic


class JumpingClock:
    def __init__(self) -> None:
        self.slept = 0.0

    def monotonic(self) -> float:
        return monotonic() + self.slept

    async def sleep(self, seconds: float) -> None:
        self.slept += seconds
        await asyncio.sleep(0)
