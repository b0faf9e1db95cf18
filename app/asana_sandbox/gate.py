"""Everything that can stand between a request and its answer: rates, concurrency, latency, ordered failures.

The figures are Asana's: per token 150 or 1,500 requests a minute, 60 of them searches, 50 reads and 15 writes at
once. Rejected requests count like any other.
"""

import math
import re
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

FailureKind = Literal["status", "cut", "slow", "not_json", "reset", "strange", "bare", "null", "expiring"]
LONGEST_LOG = 50_000
SEARCHES_A_MINUTE = 60


@dataclass
class Failure:
    """An order to fail: the next `times` requests in whose path the pattern `match` is found."""

    kind: FailureKind = "status"
    status: int = 500
    times: int = 1
    match: str = ""
    skip: int = 0
    # With a status of 429; None leaves the header out.
    retry_after: int | None = 1
    seconds: float = 0.0


@dataclass
class Limits:
    # Requests a minute for each token; None for as many as one likes, and as many searches.
    rate: int | None = None
    reads_at_once: int | None = 50
    writes_at_once: int | None = 15
    # Seconds that every answer takes.
    latency: float = 0.0
    # Offsets that count rows: what comes or goes while a list is read makes its next page repeat or skip some.
    offsets_count_rows: bool = False


@dataclass(frozen=True)
class LoggedRequest:
    method: str
    path: str
    query: str
    status: int
    person: str | None
    milliseconds: float


class Gate:
    def __init__(self, limits: Limits | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._at_first = limits or Limits()
        self.clock = clock
        self._in_flight: Counter[tuple[str, str]] = Counter()
        self.reset()

    def reset(self) -> None:
        """The limits it began with, no orders and no counts."""
        self.limits = replace(self._at_first)
        self.failures: list[Failure] = []
        self._buckets: dict[str, tuple[float, float]] = {}
        self.forget()

    def forget(self) -> None:
        self.log: deque[LoggedRequest] = deque(maxlen=LONGEST_LOG)
        self.counts: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()
        self.most_at_once = 0

    def set_rate(self, per_minute: int | None) -> None:
        self.limits.rate = per_minute
        self._buckets.clear()

    def wait_before(self, token: str, *, is_search: bool = False) -> int | None:
        """Counts one request of this token; the seconds to wait, when it is one too many."""
        if self.limits.rate is None:
            return None
        waits = [self._wait(token, self.limits.rate), self.wait_before_search(token) if is_search else None]
        return max((wait for wait in waits if wait is not None), default=None)

    def wait_before_search(self, token: str) -> int | None:
        """The same for searches alone, which have a limit of their own beside the general one."""
        return None if self.limits.rate is None else self._wait(f"searches of {token}", SEARCHES_A_MINUTE)

    def _wait(self, token: str, per_minute: int) -> int | None:
        now, most, per_second = self.clock(), float(per_minute), per_minute / 60
        left, since = self._buckets.get(token, (most, now))
        left = min(most, left + (now - since) * per_second) - 1
        # Whoever goes on hammering stays out longer, but never for more than a minute.
        left = max(left, -most)
        self._buckets[token] = (left, now)
        return None if left >= 0 else max(1, math.ceil(-left / per_second))

    @contextmanager
    def room_for(self, token: str, method: str) -> Iterator[bool]:
        """Whether this request may run beside the others of the same token."""
        is_read = method == "GET"
        kind = "read" if is_read else "write"
        most = self.limits.reads_at_once if is_read else self.limits.writes_at_once
        self._in_flight[token, kind] += 1
        running = self._in_flight[token, kind]
        self.most_at_once = max(self.most_at_once, running)
        try:
            yield most is None or running <= most
        finally:
            self._in_flight[token, kind] -= 1

    def fail_next(self, failure: Failure) -> None:
        self.failures.append(failure)

    def failure_for(self, path: str) -> Failure | None:
        for failure in self.failures:
            if not re.search(failure.match, path):
                continue
            if failure.skip:
                failure.skip -= 1
                return None
            failure.times -= 1
            if failure.times <= 0:
                self.failures.remove(failure)
            self.failed[str(failure.status) if failure.kind == "status" else failure.kind] += 1
            return failure
        return None

    def note(self, request: LoggedRequest, template: str) -> None:
        self.log.append(request)
        self.counts[f"{request.method} {template}"] += 1

    def report(self) -> dict[str, Any]:
        return {
            "total": self.counts.total(),
            "by_route": dict(self.counts),
            "by_failure": dict(self.failed),
            "by_status": dict(Counter(str(each.status) for each in self.log)),
            "most_at_once": self.most_at_once,
            "last": [asdict(each) for each in list(self.log)[-200:]],
        }
