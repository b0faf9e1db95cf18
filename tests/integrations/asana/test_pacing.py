"""The pace by itself, on a clock of our own, and together with the sandbox's limits."""

import asyncio
from collections.abc import Iterator

import pytest

from app.asana_sandbox.testing import RunningSandbox
from app.integrations.asana import pacing
from app.integrations.asana.authorization import FixedAuthorization
from app.integrations.asana.client import AsanaClient, asana_http
from app.integrations.asana.errors import RateLimited
from app.integrations.asana.pacing import FREE_RATE, PAID_RATE, Pace, pace_of
from app.integrations.asana.sync.concurrency import each


class Clock:
    """Time passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    clock = Clock()
    monkeypatch.setattr(pacing, "monotonic", clock.monotonic)
    monkeypatch.setattr(pacing, "sleep", clock.sleep)
    return clock


async def ask(pace: Pace, times: int, urgent: bool = False) -> None:
    for _ in range(times):
        async with pace.turn(patience=120, urgent=urgent):
            pass


async def be_refused(pace: Pace, retry_after: float | None) -> None:
    async with pace.turn(patience=120):
        pace.refused(retry_after)


async def test_it_lets_nearly_a_minutes_requests_go_at_once_and_then_keeps_the_rate(clock: Clock) -> None:
    pace = Pace(per_minute=150)
    await ask(pace, 147)
    assert clock.now == 1000
    await ask(pace, 150)
    assert clock.now == pytest.approx(1060)
    assert pace.requests == 297


async def test_it_may_hurry_again_after_a_rest(clock: Clock) -> None:
    pace = Pace(per_minute=150)
    await ask(pace, 147)
    clock.now += 60
    await ask(pace, 147)
    assert clock.now == 1060


async def test_a_refusal_leaves_nothing_to_hurry_with_when_its_pause_ends(clock: Clock) -> None:
    pace = Pace(per_minute=150)
    await ask(pace, 10)
    await be_refused(pace, 30)
    await ask(pace, 10)
    assert clock.now == pytest.approx(1034, abs=0.5)


async def test_it_waits_as_long_as_it_was_told(clock: Clock) -> None:
    pace = Pace()
    await be_refused(pace, 30)
    await ask(pace, 1)
    assert clock.now == pytest.approx(1030, abs=0.1)
    assert clock.now >= 1030


async def test_it_raises_where_the_wait_is_longer_than_the_patience(clock: Clock) -> None:
    pace = Pace()
    await be_refused(pace, 30)
    with pytest.raises(RateLimited) as refused:
        async with pace.turn(patience=10):
            pass
    assert refused.value.retry_after == 30


async def test_impatience_does_not_wait_behind_patience() -> None:
    pace = Pace()
    await be_refused(pace, 30)
    patient = asyncio.create_task(ask(pace, 1))
    await asyncio.sleep(0)
    with pytest.raises(RateLimited):
        async with pace.turn(patience=10):
            pass
    patient.cancel()


async def test_it_counts_refusals(clock: Clock) -> None:
    pace = Pace()
    assert pace.refusals == 0
    await be_refused(pace, 1)
    await be_refused(pace, 1)
    assert (pace.requests, pace.refusals) == (2, 2)


async def test_it_learns_the_rate_from_what_went_before_the_refusal(clock: Clock) -> None:
    pace = Pace()
    await ask(pace, 400)
    async with pace.turn(patience=1), pace.turn(patience=1):
        pace.refused(1)
        pace.refused(1)  # Of a request that was under way with the first.
    assert pace.learned == 400


async def test_it_slows_down_further_when_refused_again(clock: Clock) -> None:
    pace = Pace()
    await ask(pace, 400)
    await be_refused(pace, 1)
    await be_refused(pace, 1)
    assert pace.learned == 240


async def test_it_learns_no_rate_below_the_lowest_there_is(clock: Clock) -> None:
    pace = Pace()
    await ask(pace, 147)
    await be_refused(pace, 1)
    assert pace.learned == FREE_RATE


async def test_it_learns_nothing_from_a_refusal_before_the_lowest_rate_was_used_up(clock: Clock) -> None:
    pace = Pace()
    await ask(pace, 3)
    await be_refused(pace, 1)
    assert (pace.learned, pace.per_minute) == (None, PAID_RATE)


async def test_it_knows_the_higher_rate_once_more_than_the_lowest_was_answered(clock: Clock) -> None:
    pace = Pace()
    await ask(pace, 150)
    assert pace.learned is None
    await ask(pace, 20)
    assert pace.learned == PAID_RATE


async def test_it_tries_the_higher_rate_again_after_an_hour(clock: Clock) -> None:
    pace = Pace(per_minute=150)
    clock.now += 3601
    await ask(pace, 1)
    assert (pace.per_minute, pace.learned) == (PAID_RATE, None)


class Flight:
    """Requests that are on their way until they are let go, in the order in which they set out."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self.names: list[str] = []
        self._landed = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, name: str, urgent: bool = False) -> None:
        self._tasks.append(asyncio.create_task(self._fly(name, urgent)))

    async def _fly(self, name: str, urgent: bool) -> None:
        async with self.pace.turn(patience=120, urgent=urgent):
            self.names.append(name)
            await self._landed.wait()

    async def settle(self) -> None:
        for _ in range(50):
            await asyncio.sleep(0)

    async def land(self) -> None:
        self._landed.set()
        await asyncio.gather(*self._tasks)


async def test_it_keeps_so_many_in_flight_and_no_more() -> None:
    flight = Flight(Pace(per_minute=1500, in_flight=50))
    for number in range(60):
        flight.start(f"background {number}")
        flight.start(f"urgent {number}", urgent=number < 7)
    await flight.settle()
    assert len(flight.names) <= 50
    for number in range(60):
        flight.start(f"another {number}", urgent=True)
    await flight.settle()
    assert len(flight.names) == 50
    await flight.land()
    assert len(flight.names) == 180


async def test_places_in_flight_are_kept_for_what_is_urgent() -> None:
    flight = Flight(Pace(per_minute=1500, in_flight=50))
    for number in range(60):
        flight.start(f"background {number}")
    await flight.settle()
    assert len(flight.names) == 45
    for number in range(60):
        flight.start(f"urgent {number}", urgent=True)
    await flight.settle()
    assert flight.names[45:] == [f"urgent {number}" for number in range(5)]
    await flight.land()


async def test_what_is_urgent_waits_behind_one_at_most() -> None:
    pace = Pace(per_minute=1500)
    await ask(pace, 1470)
    flight = Flight(pace)
    for number in range(20):
        flight.start(f"background {number}")
    await flight.settle()
    for number in range(3):
        flight.start(f"urgent {number}", urgent=True)
    await flight.land()
    assert [name for name in flight.names[:4] if name.startswith("urgent")] == ["urgent 0", "urgent 1", "urgent 2"]


async def test_an_urgent_request_that_is_given_up_holds_nobody_up() -> None:
    pace = Pace(per_minute=1500)
    await ask(pace, 1470)
    given_up = asyncio.create_task(ask(pace, 5, urgent=True))
    await asyncio.sleep(0)
    given_up.cancel()
    await asyncio.wait([given_up])
    await ask(pace, 3)
    assert pace.requests == 1473


async def test_only_few_are_in_flight_until_something_is_known() -> None:
    flight = Flight(Pace())
    for number in range(60):
        flight.start(str(number))
    await flight.settle()
    assert len(flight.names) == 3
    await flight.land()


async def test_a_process_has_one_pace_for_each_person() -> None:
    assert pace_of("1") is pace_of("1")
    assert pace_of("1") is not pace_of("2")


async def test_it_stays_within_the_sandboxs_own_limits(company: RunningSandbox) -> None:
    company.control.set_concurrency(reads=50)
    async with asana_http(company.api_url) as http:
        client = AsanaClient(http, FixedAuthorization("sandbox-pat-alice"), Pace())

        async def read(_: int) -> None:
            await client.me()

        await each(range(200), read, at_once=200)
    assert set(company.control.requests()["by_status"]) == {"200"}


@pytest.mark.parametrize(("rate", "requests"), [(150, 158), (1500, 400)])
async def test_learning_the_rate_wastes_few_requests(company: RunningSandbox, rate: int, requests: int) -> None:
    """Eight more than a minute allows: who takes 3.2 seconds for all of them is never refused, and learns nothing."""
    company.control.set_rate(rate)
    pace = Pace()
    async with asana_http(company.api_url) as http:
        client = AsanaClient(http, FixedAuthorization("sandbox-pat-alice"), pace)

        async def read(_: int) -> None:
            await client.me()

        await each(range(requests), read, at_once=50)
    assert pace.learned == rate
    assert pace.refusals <= 5
    assert company.control.requests()["by_status"].get("429", 0) == pace.refusals
