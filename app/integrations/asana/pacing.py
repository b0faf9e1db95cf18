"""How fast one connection may ask Asana: reads in flight, requests a minute, and pauses that Asana orders."""

from asyncio import AbstractEventLoop, Event, Lock, get_running_loop, sleep
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import inf
from time import monotonic
from weakref import WeakKeyDictionary

from app.integrations.asana.errors import RateLimited

# https://developers.asana.com/docs/rate-limits
IN_FLIGHT = 50
FREE_RATE = 150
PAID_RATE = 1500
PAUSE_WHEN_NOT_TOLD = 5.0
FASTER_AGAIN_AFTER = 3600.0
# Refused twice within a minute, what went in that minute does not tell the rate.
SLOWER = 0.6
# Shorter ones may end before the clock has moved at all.
SHORTEST_WAIT = 0.001
# Of the places in flight, so many are kept for what a person waits for.
KEPT_FOR_URGENT = 5
# Of a bucket, so much is left in it: requests overtake each other on their way, and Asana counts their arrival.
SPARE = 0.02
# Where a rate may be too high, so many requests go at once until so many in a row have been answered. Together they
# are more than the lower rate allows in the time that they take.
PROBES_AT_ONCE = 3
PROBES = 15


class Pace:
    """Shared by everything in a process that asks for the same connection.

    A bucket that holds a minute's requests and refills steadily, as Asana's own counting does: a small team's pass goes
    at once, a long one at the rate that is allowed. When Asana refuses, the bucket is empty whatever we thought was in
    it, which is why it is not aiolimiter's: that one cannot be told.

    Refused requests count like any other, so what is not known is tried with few at a time: at first, where a rate is
    about to exceed the lowest that there is, and after each refusal.
    """

    def __init__(self, per_minute: int | None = None, in_flight: int = IN_FLIGHT) -> None:
        """`per_minute` as it was learned before; None: it may be as high as any, which is not yet proven."""
        self.per_minute = per_minute or PAID_RATE
        self.requests = 0
        self.refusals = 0
        self._is_proven = per_minute is not None
        self._probes = 0 if self._is_proven else PROBES
        self._lanes = {True: Lock(), False: Lock()}
        self._urgent_waiting = 0
        self._places = {True: in_flight, False: in_flight - min(KEPT_FOR_URGENT, in_flight // 2)}
        self._asking = 0
        self._answered = Event()
        self._room = self._size
        self._filled_at = self._learned_at = monotonic()
        self._paused_until = 0.0
        self._refused_at = -inf
        self._last_minute: deque[float] = deque()

    @property
    def learned(self) -> int | None:
        """Requests a minute, once that is known: what to begin with the next time."""
        return self.per_minute if self._is_proven else None

    @asynccontextmanager
    async def turn(self, patience: float, urgent: bool = False) -> AsyncIterator[None]:
        """A place among the requests in flight; RateLimited when that would take longer than `patience` seconds.

        What is `urgent` goes before everything that is not, and has places of its own.
        """
        self._require_patience(patience)
        self._urgent_waiting += urgent
        try:
            async with self._lanes[urgent]:
                await self._wait(patience, urgent)
        finally:
            self._urgent_waiting -= urgent
        self._asking += 1
        is_probe = self._probes > 0
        try:
            yield
            if is_probe:
                self._probed()
        finally:
            self._asking -= 1
            self._answered.set()

    def refused(self, retry_after: float | None) -> None:
        """Asana answered 429, to be told within the turn: everybody waits as long as it says, and something about the
        rate that it allows has been learned.
        """
        now = monotonic()
        self.refusals += 1
        if now >= self._paused_until:  # Else it belongs to the refusal that ordered the pause.
            self._learn(now)
        self._refused_at = self._learned_at = now
        self._probes = PROBES
        pause = PAUSE_WHEN_NOT_TOLD if retry_after is None else retry_after
        self._paused_until = max(self._paused_until, now + pause)
        # Asana's bucket may have nothing to spare when the pause ends, not even the rounding.
        self._room, self._filled_at = -1.0, self._paused_until

    def _learn(self, now: float) -> None:
        """The limit is what went before the first refusal, so those still without an answer are not counted. Less than
        the lowest rate there is tells nothing: the bucket had been used before, by a process that died perhaps.
        """
        self._forget_before(now - 60)
        went = len(self._last_minute) - self._asking
        if now - self._refused_at < 60:
            self._believe(self.per_minute * SLOWER)
        elif went >= FREE_RATE * (1 - SPARE) - PROBES_AT_ONCE:
            self._believe(min(self.per_minute, went))

    def _believe(self, per_minute: float) -> None:
        self.per_minute = int(max(FREE_RATE, per_minute))
        self._is_proven = True

    def _probed(self) -> None:
        """One more was answered. With the last probe, a rate is proven that is above the lowest."""
        self._probes = max(0, self._probes - 1)
        if not self._probes and self._exceeds_lowest():
            self._is_proven = True

    def _exceeds_lowest(self) -> bool:
        return len(self._last_minute) >= FREE_RATE * (1 - SPARE)

    async def _wait(self, patience: float, urgent: bool) -> None:
        while True:
            if (wait := self._seconds_to_wait(urgent)) > 0:
                self._require_patience(patience, wait)
                await sleep(max(wait, SHORTEST_WAIT))
            elif self._asking >= self._most_in_flight(urgent):
                self._answered.clear()
                await self._answered.wait()
            else:
                break
        self._room -= 1
        self._last_minute.append(monotonic())
        self.requests += 1

    def _require_patience(self, patience: float, wait: float | None = None) -> None:
        wait = self._paused_until - monotonic() if wait is None else wait
        if wait > patience:
            raise RateLimited(f"the next request may go in {wait:.0f} s", wait)

    def _most_in_flight(self, urgent: bool) -> int:
        if not self._is_proven and not self._probes and self._exceeds_lowest():
            self._probes = PROBES
        return min(PROBES_AT_ONCE + urgent, self._places[urgent]) if self._probes else self._places[urgent]

    def _seconds_to_wait(self, urgent: bool) -> float:
        now = monotonic()
        if now - self._learned_at > FASTER_AGAIN_AFTER:
            self._try_faster(now)
        per_second = self.per_minute / 60
        self._room = min(self._size, self._room + max(0.0, now - self._filled_at) * per_second)
        self._filled_at = max(now, self._filled_at)
        self._forget_before(now - 60)
        needed = 1 if urgent else 1 + self._urgent_waiting
        return max(self._paused_until - now, (needed - self._room) / per_second)

    def _try_faster(self, now: float) -> None:
        self._learned_at = now
        if self.per_minute < PAID_RATE:
            self.per_minute, self._is_proven = PAID_RATE, False

    @property
    def _size(self) -> float:
        return self.per_minute * (1 - SPARE)

    def _forget_before(self, moment: float) -> None:
        while self._last_minute and self._last_minute[0] <= moment:
            self._last_minute.popleft()


_paces: WeakKeyDictionary[AbstractEventLoop, dict[str, Pace]] = WeakKeyDictionary()


def paces() -> dict[str, Pace]:
    """By the person whose token it is, for that is whom Asana counts. One event loop, one set: a process has one."""
    return _paces.setdefault(get_running_loop(), {})


def pace_of(asana_user_gid: str, per_minute: int | None = None) -> Pace:
    """`per_minute`: as it was learned before, if it was."""
    known = paces()
    if asana_user_gid not in known:
        known[asana_user_gid] = Pace(per_minute)
    return known[asana_user_gid]
