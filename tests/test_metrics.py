"""GET /metrics: who may read it, and what it counts."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.accounts.models import User
from app.integrations.asana.models import AsanaConnection, RunState, SyncTotal
from app.settings import load_settings
from app.tasks.cleanup import forget_expired
from tests.browser_like import Visitor
from tests.integrations.asana.rows import make_connection, make_run

TOKEN = "a-token-of-the-monitoring"
PROXIED = [{"X-Forwarded-For": "203.0.113.7"}, {"Forwarded": "for=203.0.113.7"}, {"X-Real-IP": "203.0.113.7"}]


@pytest.fixture
async def connection(alice: User) -> AsanaConnection:
    return await make_connection(alice, requests_per_minute=150)


@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("METRICS_TOKEN", TOKEN)
    load_settings.cache_clear()
    yield TOKEN
    monkeypatch.undo()
    load_settings.cache_clear()


async def values(visitor: Visitor, name: str) -> dict[tuple[str, ...], float]:
    """The samples of that name by their labels' values, in the order of the labels' names."""
    answer = await visitor.get("/metrics")
    assert answer.status_code == 200
    return {
        tuple(sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
        if sample.name == name
    }


async def test_it_is_for_programs_on_this_machine(visitor: Visitor) -> None:
    answer = await visitor.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")


@pytest.mark.parametrize("headers", PROXIED)
async def test_it_refuses_what_a_proxy_on_this_machine_passes_on(visitor: Visitor, headers: dict[str, str]) -> None:
    answer = await visitor.get("/metrics", headers=headers)
    assert (answer.status_code, "sundial" in answer.text) == (403, False)


async def test_it_refuses_other_machines(visitor: Visitor) -> None:
    answer = await Visitor(visitor.app, "203.0.113.7").get("/metrics")
    assert (answer.status_code, "sundial" in answer.text) == (403, False)


@pytest.mark.parametrize("given", [None, f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer ", "Bearer ü"])
async def test_it_wants_the_token_where_there_is_one(visitor: Visitor, token: str, given: str | None) -> None:
    headers = {} if given is None else {"Authorization": given.encode()}
    assert (await visitor.get("/metrics", headers=headers)).status_code == 403


async def test_it_lets_the_token_through_a_proxy(visitor: Visitor, token: str) -> None:
    far = Visitor(visitor.app, "203.0.113.7")
    answer = await far.get("/metrics", headers={"Authorization": f"Bearer {token}", **PROXIED[0]})
    assert answer.status_code == 200


async def test_it_counts_runs_failures_and_requests(visitor: Visitor, connection: AsanaConnection) -> None:
    await make_run(connection, kind="catch_up", requests_made=20, refusals=2)
    await make_run(connection, kind="catch_up", requests_made=22)
    await make_run(connection, RunState.failed, kind="catch_up", failure="unavailable", requests_made=5)
    await make_run(connection, RunState.running, kind="complete", trigger="nightly", requests_made=100)
    assert await values(visitor, "sundial_sync_runs_total") == {
        ("catch_up", "done", "forced"): 2,
        ("catch_up", "failed", "forced"): 1,
    }
    assert await values(visitor, "sundial_sync_failures_total") == {("unavailable",): 1}
    assert await values(visitor, "sundial_asana_requests_total") == {(): 147}
    assert await values(visitor, "sundial_asana_refusals_total") == {(): 2}
    assert await values(visitor, "sundial_sync_open_runs") == {("queued",): 0, ("running",): 1}


async def test_it_goes_on_counting_what_has_been_thrown_away(visitor: Visitor, connection: AsanaConnection) -> None:
    names = ("runs", "failures")
    long_ago = datetime.now(UTC) - timedelta(days=40)
    for _ in range(2):
        await make_run(connection, kind="catch_up", requests_made=20, refusals=1, finished_at=long_ago)
        await make_run(
            connection, RunState.failed, kind="catch_up", failure="revoked", requests_made=3, finished_at=long_ago
        )
        await make_run(connection, kind="complete", requests_made=7)
        before = [await values(visitor, f"sundial_sync_{name}_total") for name in names]
        requests = await values(visitor, "sundial_asana_requests_total")
        await forget_expired({})  # type: ignore[typeddict-item]
        assert [await values(visitor, f"sundial_sync_{name}_total") for name in names] == before
        assert await values(visitor, "sundial_asana_requests_total") == requests
    assert {total.runs for total in await SyncTotal.objects()} == {2}
    assert await values(visitor, "sundial_asana_refusals_total") == {(): 2}


async def test_it_tells_how_fresh_each_connection_is_by_its_number(
    visitor: Visitor, connection: AsanaConnection, charlie: User
) -> None:
    other = await make_connection(charlie)
    await make_run(connection, finished_at=datetime.now(UTC) - timedelta(minutes=5))
    await make_run(connection, RunState.failed, failure="unavailable")
    ages = await values(visitor, "sundial_sync_last_success_age_seconds")
    assert ages == {(str(connection.id),): pytest.approx(300, abs=10)}
    assert await values(visitor, "sundial_asana_requests_per_minute") == {(str(connection.id),): 150}
    other.state = "needs_reconnecting"
    await other.save()
    assert await values(visitor, "sundial_asana_connections") == {
        ("active",): 1,
        ("needs_reconnecting",): 1,
        ("unlinked",): 0,
    }


async def test_it_counts_the_jobs_of_the_queue(visitor: Visitor) -> None:
    assert set(await values(visitor, "sundial_queue_jobs")) == {("queued",), ("active",)}


async def test_it_counts_what_was_served_by_route_and_never_by_address(visitor: Visitor, alice: User) -> None:
    async def served() -> dict[tuple[str, ...], float]:
        return await values(visitor, "sundial_http_requests_total")

    alices = await visitor.signed_in_as(alice)
    page = ("sundial", "GET", "/projects/{item_id}", "404")
    link = ("sundial", "GET", "/password-reset/{token}", "404")
    before = await served()
    await alices.get("/projects/123456789")
    await visitor.get("/password-reset/a-secret-of-a-link")
    after = await served()
    for labels in (page, link):
        assert after[labels] - before.get(labels, 0) == 1
    assert not any("secret" in value for labels in after for value in labels)


async def test_it_names_nobody(visitor: Visitor, connection: AsanaConnection, alice: User) -> None:
    await make_run(connection, changes=[{"kind": "added", "item_id": 1, "name": "Secret plans"}])
    text = (await visitor.get("/metrics")).text
    for secret in (alice.name, alice.email, "Secret", "Meridian"):
        assert secret not in text
    assert not re.search(r"\S@\S", text)
