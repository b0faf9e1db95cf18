"""Webhooks as Asana sees them: the handshake, signed deliveries over real HTTP, and everything that is neither."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from app import database
from app.crypto import decrypt, encrypt, new_token
from app.integrations.asana.connection import unlink
from app.integrations.asana.models import AsanaConnection, AsanaWebhook, AsanaWorkspace, RunState, SyncRun
from app.integrations.asana.sync.runs import pass_lock
from app.integrations.asana.webhooks import target_of
from app.tasks.queue import open_queue
from tests.browser_like import Visitor
from tests.factories import make_account, make_user
from tests.integrations.asana.rows import make_connection, make_run
from tests.integrations.asana.sync.connected import until
from tests.integrations.asana.watching import Watched, send, signature_of, soon
from tests.redis_server import RedisServer, queue_answers, queue_on_redis

HEARTBEAT = b'{"events": []}'


async def made(watched: Watched, project: str | None = None, **values: Any) -> AsanaWebhook:
    """A row as it is once Asana has made its webhook; for a workspace where no project is named."""
    row = AsanaWebhook(
        **{
            "connection": watched.connected.connection.id,
            "item": watched.projects[project].id if project else None,
            "workspace_gid": watched.office.workspace,
            "key": new_token(),
            "gid": "4711",
            "secret": encrypt("s3cret"),
            "state": "active",
            **values,
        }
    )
    await row.save()
    return row


def changed(resource_type: str = "task", gid: str = "1") -> bytes:
    resource = {"gid": gid, "resource_type": resource_type}
    return json.dumps({"events": [{"action": "changed", "resource": resource, "parent": None}]}).encode()


async def queued_jobs() -> list[str]:
    rows = await database.fetch("SELECT key FROM saq_jobs WHERE status = 'queued' ORDER BY key")
    return [row["key"] for row in rows if row["key"].startswith("deliveries:")]


async def test_it_shakes_hands_once(watched: Watched) -> None:
    row = await made(watched, watched.office.garden, gid=None, secret=None, state="pending")
    answer = await send(row, b"", **{"X-Hook-Secret": "first"})
    assert (answer.status_code, answer.headers["X-Hook-Secret"], answer.content) == (204, "first", b"")
    await row.refresh()
    assert row.secret is not None
    assert "first" not in row.secret
    assert decrypt(row.secret) == "first"

    other = await send(row, b"", **{"X-Hook-Secret": "second"})
    assert (other.status_code, "X-Hook-Secret" in other.headers) == (400, False)
    assert (await send(row, b"", **{"X-Hook-Secret": "first"})).status_code == 204
    await row.refresh()
    assert decrypt(row.secret) == "first"


@pytest.mark.parametrize("secret", ["", "é", "x" * 201])
async def test_it_takes_no_odd_secret(watched: Watched, secret: str) -> None:
    row = await made(watched, watched.office.garden, gid=None, secret=None, state="pending")
    async with httpx.AsyncClient(trust_env=False) as asana:
        answer = await asana.post(target_of(row.key), headers=[(b"X-Hook-Secret", secret.encode("latin-1"))])
    assert answer.status_code in {400, 401}
    await row.refresh()
    assert row.secret is None


@pytest.mark.parametrize("values", [{"secret": None}, {"secret": None, "gid": None, "state": "refused"}])
async def test_it_shakes_no_hands_that_were_not_offered(watched: Watched, values: dict[str, Any]) -> None:
    row = await made(watched, watched.office.garden, **values)
    assert (await send(row, b"", **{"X-Hook-Secret": "planted"})).status_code == 400
    await row.refresh()
    assert row.secret is None
    assert (await send(row, changed(), **{"X-Hook-Signature": signature_of("", changed())})).status_code == 401


async def test_a_delivery_marks_its_project(watched: Watched) -> None:
    row = await made(watched, watched.office.garden)
    assert (await send(row, changed())).status_code == 204
    first = await watched.dirty_at(watched.office.garden)
    assert first is not None
    assert await watched.dirty_at(watched.office.launch) is None
    # Doubled it is as good as new: whoever saw the first mark must not take the second one away.
    assert (await send(row, changed())).status_code == 204
    second = await watched.dirty_at(watched.office.garden)
    assert second is not None
    assert second > first


async def test_a_delivery_of_the_workspace_marks_that(watched: Watched) -> None:
    row = await made(watched)
    await send(row, changed("team_membership"))
    workspace = await AsanaWorkspace.objects().first()
    assert workspace is not None
    assert workspace.dirty_at is not None
    assert await watched.dirty_at(watched.office.garden) is None


async def test_it_verifies_the_bytes_and_not_what_they_mean(watched: Watched) -> None:
    """Asana's own bodies have their keys in any order, blanks, and letters written in more than one way."""
    row = await made(watched, watched.office.garden)
    body = (
        b'{"events" : [{"parent":null,"resource":{"resource_type":"task","gid":"1"},"action":"changed"},\n'
        b' {"action":"changed", "resource":{"gid":"2","resource_type":"t\\u0061sk"},"user":{"gid":"3"}}]}\r\n'
    )
    assert (await send(row, body)).status_code == 204
    signature = signature_of("s3cret", body)
    written_again = json.dumps(json.loads(body)).encode()
    await watched.all_read()
    answer = await send(row, written_again, **{"X-Hook-Signature": signature})
    assert (answer.status_code, await watched.dirty_at(watched.office.garden)) == (401, None)


@pytest.mark.parametrize(
    "signature", [b"", b"0" * 64, b"\xe9\xff", signature_of("guess", changed()).encode(), b"x" * 5000]
)
async def test_it_refuses_what_is_not_signed(watched: Watched, signature: bytes) -> None:
    row = await made(watched, watched.office.garden)
    async with httpx.AsyncClient(trust_env=False) as forger:
        headers = [(b"X-Hook-Signature", signature)] if signature else []
        answer = await forger.post(target_of(row.key), content=changed(), headers=headers)
    assert (answer.status_code, await watched.dirty_at(watched.office.garden)) == (401, None)
    assert await queued_jobs() == []


async def test_it_refuses_the_signature_of_another_webhook(watched: Watched) -> None:
    row = await made(watched, watched.office.garden)
    other = await made(watched, watched.office.launch, gid="4712", secret=encrypt("other"))
    signature = signature_of(decrypt(other.secret or ""), changed())
    assert (await send(row, changed(), **{"X-Hook-Signature": signature})).status_code == 401


async def test_a_heartbeat_is_noted_and_reads_nothing(watched: Watched) -> None:
    row = await made(watched, watched.office.garden)
    assert (await send(row, HEARTBEAT)).status_code == 204
    await row.refresh()
    first = row.last_delivery_at
    assert first is not None
    assert (await watched.dirty_at(watched.office.garden), await queued_jobs()) == (None, [])
    await send(row, HEARTBEAT)
    await row.refresh()
    assert row.last_delivery_at == first, "written more than once a minute"
    row.last_delivery_at = first - timedelta(minutes=2)
    await row.save()
    await send(row, HEARTBEAT)
    await row.refresh()
    assert row.last_delivery_at >= first


async def test_what_people_write_is_not_read(watched: Watched) -> None:
    row = await made(watched, watched.office.garden)
    assert (await send(row, changed("story"))).status_code == 204
    assert (await watched.dirty_at(watched.office.garden), await queued_jobs()) == (None, [])
    both = json.loads(changed("story"))["events"] + json.loads(changed())["events"]
    await send(row, json.dumps({"events": both}).encode())
    assert await watched.dirty_at(watched.office.garden) is not None


@pytest.mark.parametrize(
    "body", [b"<html>", b"", b"[]", b'{"events": 7}', b'{"events": [{"resource": null}]}', b"\xff"]
)
async def test_signed_but_not_understood_something_happened(watched: Watched, body: bytes) -> None:
    row = await made(watched, watched.office.garden)
    assert (await send(row, body)).status_code == 204
    assert await watched.dirty_at(watched.office.garden) is not None


async def test_it_takes_a_large_bundle_and_refuses_a_huge_one(watched: Watched) -> None:
    row = await made(watched, watched.office.garden)
    events = json.loads(changed())["events"] * 20_000
    body = json.dumps({"events": events}).encode()
    assert 1_500_000 < len(body) < 5_000_000
    assert (await send(row, body)).status_code == 204
    await watched.all_read()
    assert (await send(row, body + b" " * 5_000_000)).status_code == 413
    assert await watched.dirty_at(watched.office.garden) is None


@pytest.mark.parametrize("key", ["unknown", "x" * 43, "x" * 2000, "%00" * 43, "%ff", "..%2f"])
async def test_an_address_that_nobody_knows_is_gone(watched: Watched, key: str) -> None:
    """410 makes Asana delete the webhook."""
    async with httpx.AsyncClient(trust_env=False) as asana:
        for headers in ({"X-Hook-Secret": "secret"}, {"X-Hook-Signature": "0" * 64}, {}):
            answer = await asana.post(target_of(key), content=HEARTBEAT, headers=headers)
            assert answer.status_code in {410, 404} if "%2f" in key else answer.status_code == 410


async def test_it_answers_before_anybody_has_set_the_server_up(visitor: Visitor) -> None:
    answer = await visitor.post(f"/integrations/asana/webhooks/{new_token()}")
    assert answer.status_code == 410


async def test_an_unlinked_connection_is_gone(watched: Watched) -> None:
    row = await made(watched, watched.office.garden)
    await unlink(watched.connected.connection)
    assert (await send(row, changed())).status_code == 410
    row = await made(watched, watched.office.garden)
    assert (await send(row, changed())).status_code == 410


async def test_it_keeps_two_accounts_apart(watched: Watched) -> None:
    row = await made(watched, watched.office.garden)
    elsewhere = await make_other_connection()
    theirs = await made(watched, connection=elsewhere.id, secret=encrypt("theirs"))
    assert (await send(row, changed(), **{"X-Hook-Signature": signature_of("theirs", changed())})).status_code == 401
    assert (await send(theirs, changed("project"))).status_code == 204
    mine = await AsanaWorkspace.objects().get(AsanaWorkspace.connection == watched.connected.connection.id)
    assert mine is not None
    assert mine.dirty_at is None
    assert all(key.startswith(f"deliveries:{elsewhere.id}:") for key in await queued_jobs())


async def make_other_connection() -> AsanaConnection:
    return await make_connection(await make_user(await make_account("Elsewhere"), email="charlie@elsewhere.example"))


async def runs(watched: Watched) -> list[SyncRun]:
    return await SyncRun.objects().where(SyncRun.trigger == "webhook").order_by(SyncRun.id)


async def test_many_deliveries_start_one_catch_up(watched: Watched) -> None:
    garden, launch = await made(watched, watched.office.garden), await made(watched, watched.office.launch, gid="4712")
    began = datetime.now(UTC)
    answers = await asyncio.gather(*(send(row, changed()) for row in [garden, launch] * 10))
    assert {answer.status_code for answer in answers} == {204}
    seconds = (datetime.now(UTC) - began).total_seconds()
    jobs = await queued_jobs()
    assert 1 <= len(jobs) <= seconds + 2
    assert await runs(watched) == []
    first = (await soon(lambda: runs(watched)))[0]
    assert (first.queued_at - began).total_seconds() > 1
    await soon(no_more_jobs)
    assert len(await runs(watched)) <= len(jobs)


async def no_more_jobs() -> bool:
    return await queued_jobs() == []


async def test_what_comes_during_a_catch_up_starts_another(watched: Watched) -> None:
    row = await made(watched, watched.office.garden)
    async with pass_lock(watched.connected.connection.id) as own:
        assert own is not None
        running = await make_run(watched.connected.connection, RunState.running, trigger="webhook")
        await send(row, changed())
        await soon(lambda: SyncRun.exists().where(SyncRun.id != running.id, SyncRun.state == RunState.queued))


async def test_what_comes_while_such_a_job_is_at_work_starts_another(watched: Watched) -> None:
    row = await made(watched, watched.office.garden)
    await send(row, changed())
    (first,) = await queued_jobs()
    await database.execute("UPDATE saq_jobs SET status = 'active' WHERE key = $1", first)
    await asyncio.sleep(2.1)  # Before this a worker does not take it.
    await send(row, changed())
    (second,) = await queued_jobs()
    assert second != first


async def test_nothing_is_read_for_a_connection_that_waits_to_be_reconnected(watched: Watched) -> None:
    row = await made(watched, watched.office.garden)
    await AsanaConnection.update({AsanaConnection.state: "needs_reconnecting"}, force=True)
    assert (await send(row, changed())).status_code == 204
    assert await watched.dirty_at(watched.office.garden) is not None
    await soon(no_more_jobs)
    assert await runs(watched) == []


@pytest.fixture
async def redis(watched: Watched, tmp_path: Path) -> AsyncIterator[RedisServer]:
    async with queue_on_redis(tmp_path) as server:
        yield server


async def test_the_queue_may_be_on_redis(watched: Watched, redis: RedisServer) -> None:
    row = await made(watched, watched.office.garden)
    began = datetime.now(UTC)
    for _ in range(5):
        assert (await send(row, changed())).status_code == 204
    assert await (await open_queue()).count("incomplete") <= 2
    first = (await soon(lambda: runs(watched)))[0]
    assert 1 < (first.queued_at - began).total_seconds() < 5


async def test_the_queue_may_be_away(watched: Watched, redis: RedisServer) -> None:
    """The mark stays, and the next pass by the clock reads it."""
    row = await made(watched, watched.office.garden)
    redis.stop()
    assert (await send(row, changed())).status_code == 204
    assert await watched.dirty_at(watched.office.garden) is not None
    redis.start()
    await until(queue_answers)
