"""GET /live: who is told what, and when it ends."""

import asyncio
import time
from contextlib import ExitStack

import httpx
from litestar import Litestar

from app import database
from app.accounts.models import Session, User
from app.accounts.people import deactivate, member_of
from app.live import listening
from app.live.streams import ALL, COME_AGAIN_LATER, MOST_STREAMS, STREAMS, Stream, Streams
from app.timesheet import timer
from app.timesheet.models import TimeEntry
from app.timesheet.work import NO_TASK
from tests.factories import asking, make_entry
from tests.live.conftest import hearing, until_it_listens

HEADERS = {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store, no-transform",
    "x-accel-buffering": "no",
}


async def test_it_tells_of_a_start_a_change_and_a_stop(app: Litestar, served: str, bob: User) -> None:
    async with hearing(app, served, bob) as bobs:
        entry = await timer.start(asking(bob), NO_TASK)
        assert (await bobs.next())[0] == "time-changed"
        await entry.change(note="calls")
        assert (await bobs.next())[0] == "time-changed"
        await timer.stop(asking(bob))
        assert (await bobs.next())[0] == "time-changed"
        await TimeEntry.delete().where(TimeEntry.id == entry.id)
        assert (await bobs.next())[0] == "time-changed"


async def test_it_tells_within_a_second(app: Litestar, served: str, bob: User) -> None:
    async with hearing(app, served, bob) as bobs:
        waits = []
        for _ in range(5):
            await make_entry(bob, stopped_at=bob.created_at)
            told_at = time.monotonic()
            await bobs.next()
            waits.append(time.monotonic() - told_at)
        assert sorted(waits)[2] < 1


async def test_it_says_that_it_must_not_be_held_back(app: Litestar, served: str, bob: User) -> None:
    async with hearing(app, served, bob) as bobs:
        headers = bobs.answer.headers
        assert {name: headers[name] for name in HEADERS} == HEADERS
        assert "content-encoding" not in headers
        assert bobs.answer.http_version == "HTTP/1.1"


async def test_it_names_the_transaction_and_nothing_else(app: Litestar, served: str, bob: User) -> None:
    async with hearing(app, served, bob) as bobs:
        async with database.transaction():
            change = await database.fetch_value("SELECT pg_current_xact_id()::text")
            for number in range(3):
                await make_entry(bob, note=f"secret {number}", stopped_at=None if number == 2 else bob.created_at)
        assert await bobs.next() == ("time-changed", change)
        assert await bobs.nothing()


async def test_it_tells_nobody_elses(app: Litestar, served: str, bob: User, charlie: User) -> None:
    async with hearing(app, served, charlie) as charlies, hearing(app, served, bob) as bobs:
        await timer.start(asking(bob), NO_TASK)
        assert (await bobs.next())[0] == "time-changed"
        assert await charlies.nothing()


async def test_it_tells_what_came_before_it_began_to_listen(app: Litestar, served: str, bob: User) -> None:
    async with hearing(app, served, bob) as bobs:
        await timer.start(asking(bob), NO_TASK)
        told = await bobs.next()
    async with hearing(app, served, bob) as again:
        assert await again.next() == told


async def test_it_tells_many_changes_at_once(app: Litestar, served: str, bob: User) -> None:
    async with hearing(app, served, bob) as bobs:
        for _ in range(60):
            await make_entry(bob, stopped_at=bob.created_at)
        signals = [await bobs.next()]
        while not await bobs.nothing() and len(signals) < 30:
            signals.append(("time-changed", ""))
        assert len(signals) < 30


async def test_a_stream_that_is_not_read_does_not_grow(bob: User) -> None:
    with STREAMS.opened(bob.id, 0) as stream:
        for number in range(10_000):
            STREAMS.tell(bob.id, str(number))
        messages = stream.messages()
        await anext(messages)
        assert await anext(messages) == f"event: time-changed\ndata: {ALL}\n\n".encode()


async def test_what_comes_while_a_signal_is_being_sent_is_told_next(bob: User) -> None:
    with STREAMS.opened(bob.id, 0) as stream:
        messages = stream.messages()
        await anext(messages)
        STREAMS.tell(bob.id, "1")
        assert b"data: 1\n" in await anext(messages)
        # The server is still sending it.
        STREAMS.tell(bob.id, "2")
        async with asyncio.timeout(2):
            assert b"data: 2\n" in await anext(messages)


async def test_it_ends_at_sign_out(app: Litestar, served: str, bob: User) -> None:
    async with hearing(app, served, bob) as here, hearing(app, served, bob) as there:
        session = await Session.objects().order_by(Session.id).first()
        assert session
        await session.remove()
        assert (await here.next())[0] == "signed-out"
        assert (await here.next())[0] == "end"
        assert await there.nothing()


async def test_it_ends_when_somebody_is_deactivated(app: Litestar, served: str, bob: User) -> None:
    await database.execute("UPDATE person SET role = 'administrator' WHERE id = $1", bob.id)
    member = await member_of(bob.account, bob.id)
    assert member
    async with hearing(app, served, bob) as bobs:
        other = User(account=bob.account, name="Alice", email="alice@meridian.example", role="administrator")
        await other.save()
        await deactivate(member)
        assert (await bobs.next())[0] == "signed-out"
        assert (await bobs.next())[0] == "end"


async def test_it_keeps_few_streams_a_person(app: Litestar, served: str, bob: User) -> None:
    async with hearing(app, served, bob) as oldest:
        opened = [STREAMS.opened(bob.id, 0) for _ in range(MOST_STREAMS)]
        for one in opened:
            one.__enter__()
        said = b"".join([chunk async for chunk in oldest.answer.aiter_raw()])
        assert said.endswith(b"retry: 60000\n\n")
        for one in opened:
            one.__exit__(None, None, None)


async def test_it_keeps_few_streams_however_fast_they_come() -> None:
    streams = Streams()
    with ExitStack() as stack:
        opened = [stack.enter_context(streams.opened(1, 0)) for _ in range(MOST_STREAMS + 3)]
        assert [await last_words(each) for each in opened[:3]] == [COME_AGAIN_LATER] * 3
        streams.tell(1, "7")
        assert [await second_message(each) for each in opened[3:]] == [
            b"event: time-changed\ndata: 7\n\n"
        ] * MOST_STREAMS


async def last_words(stream: Stream) -> bytes:
    async with asyncio.timeout(2):
        return [message async for message in stream.messages()][-1]


async def second_message(stream: Stream) -> bytes:
    messages = stream.messages()
    await anext(messages)
    return await anext(messages)


async def test_it_forgets_who_left(app: Litestar, served: str, bob: User) -> None:
    async with hearing(app, served, bob), hearing(app, served, bob):
        await counts(2)
    await counts(0)


async def counts(number: int) -> None:
    async with asyncio.timeout(5):
        while len(STREAMS) != number:  # noqa: ASYNC110 - the server tells nobody
            await asyncio.sleep(0.01)


async def test_it_is_counted(app: Litestar, served: str, bob: User) -> None:
    async with hearing(app, served, bob):
        await counts(1)
        assert "\nsundial_live_streams 1.0\n" in (await httpx.AsyncClient().get(f"{served}/metrics")).text


async def test_it_listens_again_when_the_connection_is_lost(app: Litestar, served: str, bob: User) -> None:
    async with hearing(app, served, bob) as bobs:
        (lost,) = await until_it_listens()
        await database.execute("SELECT pg_terminate_backend($1)", lost)
        assert await bobs.next(15) == ("time-changed", ALL)
        assert await until_it_listens(lost)
        await timer.start(asking(bob), NO_TASK)
        assert (await bobs.next())[1] != ALL


async def test_who_came_before_it_could_listen_looks_again(app: Litestar) -> None:
    streams = Streams()
    with streams.opened(1, 0) as stream:
        async with listening(streams), asyncio.timeout(5):
            assert await second_message(stream) == f"event: time-changed\ndata: {ALL}\n\n".encode()


async def test_it_requires_signing_in(served: str, bob: User) -> None:
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"{served}/live")).headers["location"].startswith("/sign-in")
