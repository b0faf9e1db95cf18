"""Who listens to this process, and what they are told."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress

HEARTBEAT_SECONDS = 20.0
# Changes that follow one another faster are told together.
PAUSE_SECONDS = 0.2
# Then the browser comes again, and is asked anew who it is: a session that expired ends no other way.
LONGEST_SECONDS = 3600.0
# Of one person. A browser needs one; what a phone left behind without a word counts until its network gives it up.
MOST_STREAMS = 20
MOST_CHANGES = 20
# How many a second may be sent back to the pages at once, when all of them have to look again.
TOLD_PER_SECOND = 200.0

# Stands for whatever may have been missed.
ALL = "all"
ALIVE = b"event: alive\ndata: -\n\n"
SIGNED_OUT = b"event: signed-out\ndata: -\n\n"
# For the browser that made room for another.
COME_AGAIN_LATER = b"retry: 60000\n\n"


class Stream:
    """One browser that listens. What happens between two of its looks is one signal, so nothing can pile up.

    A change is named by its transaction: a page knows which ones it has seen, and asks for the others alone.
    """

    def __init__(self, user_id: int, session_id: int) -> None:
        self.user_id = user_id
        self.session_id = session_id
        self._changes: set[str] = set()
        self._is_woken = asyncio.Event()
        self._last_words: bytes | None = None

    def tell(self, change: str) -> None:
        self._changes.add(change)
        if len(self._changes) > MOST_CHANGES:
            self._changes = {ALL}
        self._is_woken.set()

    def end(self, last_words: bytes = b"") -> None:
        self._last_words = last_words
        self._is_woken.set()

    async def messages(self) -> AsyncIterator[bytes]:
        # Not all come again in the same moment when a server was restarted.
        yield f"retry: {random.randint(1000, 5000)}\n\n".encode()  # noqa: S311 - nothing to guess
        ends_at = time.monotonic() + LONGEST_SECONDS
        while True:
            await self._wait()
            if self._last_words is not None or time.monotonic() > ends_at:
                break
            is_news = self._is_woken.is_set()
            self._is_woken.clear()
            yield self._signal() if self._changes else ALIVE
            if is_news:
                await asyncio.sleep(PAUSE_SECONDS)
        yield self._last_words or b""

    async def _wait(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(HEARTBEAT_SECONDS):
                await self._is_woken.wait()

    def _signal(self) -> bytes:
        changes, self._changes = self._changes, set()
        told = ALL if ALL in changes else " ".join(sorted(changes))
        return f"event: time-changed\ndata: {told}\n\n".encode()


class Streams:
    """All streams of this process. `latest` is each person's last change, told to whoever begins to listen: it may
    have been made between the page's own look and this moment.
    """

    def __init__(self) -> None:
        self._of_user: dict[int, list[Stream]] = {}
        self._latest: dict[int, str] = {}
        self._is_closed = False

    def __len__(self) -> int:
        return sum(map(len, self._of_user.values()))

    def __iter__(self) -> Iterator[Stream]:
        return iter([stream for streams in self._of_user.values() for stream in streams])

    @contextmanager
    def opened(self, user_id: int, session_id: int) -> Iterator[Stream]:
        stream = Stream(user_id, session_id)
        streams = self._of_user.setdefault(user_id, [])
        streams.append(stream)
        self._greet(stream, streams)
        try:
            yield stream
        finally:
            streams.remove(stream)
            if not streams:
                self._of_user.pop(user_id, None)

    def _greet(self, stream: Stream, streams: list[Stream]) -> None:
        if self._is_closed:
            stream.end()
        if change := self._latest.get(stream.user_id):
            stream.tell(change)
        for oldest in streams[:-MOST_STREAMS]:
            oldest.end(COME_AGAIN_LATER)

    def tell(self, user_id: int, change: str) -> None:
        self._latest[user_id] = change
        for stream in self._of_user.get(user_id, ()):
            stream.tell(change)

    def tell_everybody(self) -> None:
        """Something may have been missed. All at once they would be more than a server just started can take."""
        loop, within = asyncio.get_running_loop(), len(self) / TOLD_PER_SECOND
        for stream in self:
            loop.call_later(random.uniform(0, within), stream.tell, ALL)  # noqa: S311 - nothing to guess

    def end_session(self, session_id: int) -> None:
        for stream in self:
            if stream.session_id == session_id:
                stream.end(SIGNED_OUT)

    def end_all(self) -> None:
        """For a server that stops. Whoever comes now is sent away at once."""
        self._is_closed = True
        for stream in self:
            stream.end()


STREAMS = Streams()
