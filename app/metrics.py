"""GET /metrics for Prometheus: what this process served, and what the synchronization did by any process.

The latter is counted in the database when it is asked for, so every web process tells the same. Nothing in it names
anybody: connections are told apart by their numbers.
"""

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress
from ipaddress import ip_address
from secrets import compare_digest
from typing import Any

from litestar import MediaType, Request, Response, get
from litestar.plugins.prometheus import PrometheusConfig
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from app import database
from app.live import STREAMS
from app.settings import load_settings
from app.tasks.queue import UNREACHABLE, open_queue

QUEUE_TIMEOUT_SECONDS = 2.0
# A proxy on this machine asks from 127.0.0.1 too, whoever asked it.
SIGNS_OF_A_PROXY = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
REFUSAL = "Metrics are for programs on this machine itself, or with the METRICS_TOKEN as their bearer token.\n"

# By route, never by address: that may hold a link's secret.
SERVED = PrometheusConfig(
    app_name="sundial",
    prefix="sundial_http",
    group_path=True,
    exclude=["^/static/", "^/health$", "^/metrics$", "^/live$"],
    buckets=[0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0],
)

# Old runs are thrown away after a month, and summed up as they go.
RUNS = """
    SELECT trigger, kind, state, failure, sum(runs)::bigint AS runs, sum(requests)::bigint AS requests,
           sum(refusals)::bigint AS refusals
    FROM (
        SELECT trigger, kind, state, coalesce(failure, '') AS failure, count(*) AS runs, sum(requests_made) AS requests,
               sum(refusals) AS refusals
        FROM sync_run GROUP BY 1, 2, 3, 4
        UNION ALL
        SELECT trigger, kind, state, failure, runs, requests, refusals FROM sync_total
    ) counted
    GROUP BY 1, 2, 3, 4
"""

CONNECTIONS = """
    SELECT connection.id::text AS id, connection.state, connection.requests_per_minute,
           extract(epoch FROM now() - (
               SELECT run.finished_at FROM sync_run run
               WHERE run.connection = connection.id AND run.state = 'done' ORDER BY run.id DESC LIMIT 1))::float8 AS age
    FROM asana_connection connection
"""


@get("/metrics", include_in_schema=False)
async def metrics(request: Request[Any, Any, Any]) -> Response[Any]:
    if not may_read(request):
        return Response(REFUSAL, status_code=403, media_type=MediaType.TEXT)
    registry = CollectorRegistry()
    registry.register(
        Told(
            [
                *told_of_runs(await database.fetch(RUNS)),
                *told_of_connections(await database.fetch(CONNECTIONS)),
                *told_of_jobs(await waiting_jobs()),
                GaugeMetricFamily("sundial_live_streams", "Browsers that listen to this process.", value=len(STREAMS)),
            ]
        )
    )
    return Response(
        generate_latest(REGISTRY) + generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST}
    )


def may_read(request: Request[Any, Any, Any]) -> bool:
    if token := load_settings().metrics_token:
        given = request.headers.get("Authorization", "")
        return compare_digest(given.encode(), f"Bearer {token}".encode())
    return is_from_this_machine(request)


def is_from_this_machine(request: Request[Any, Any, Any]) -> bool:
    if request.client is None or any(sign in request.headers for sign in SIGNS_OF_A_PROXY):
        return False
    with suppress(ValueError):
        return ip_address(request.client.host).is_loopback
    return False


class Told(Collector):
    """What has been asked for already: the registry itself cannot wait for an answer."""

    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families


def told_of_runs(rows: list[Any]) -> Iterable[Metric]:
    ended = CounterMetricFamily(
        "sundial_sync_runs", "Synchronizations that have ended.", labels=["trigger", "kind", "state"]
    )
    failed = CounterMetricFamily("sundial_sync_failures", "Synchronizations that failed, by reason.", labels=["word"])
    for labels, count in summed(row for row in rows if row["state"] in {"done", "failed"}).items():
        ended.add_metric(labels, count)
    for word in sorted({row["failure"] for row in rows} - {""}):
        failed.add_metric([word], sum(row["runs"] for row in rows if row["failure"] == word))
    yield ended
    yield failed
    yield CounterMetricFamily(
        "sundial_asana_requests",
        "Requests to Asana by synchronizations, refused ones included.",
        value=sum(row["requests"] for row in rows),
    )
    yield CounterMetricFamily(
        "sundial_asana_refusals",
        "Requests that Asana refused for asking too fast (429).",
        value=sum(row["refusals"] for row in rows),
    )
    open_runs = GaugeMetricFamily("sundial_sync_open_runs", "Synchronizations that wait or run now.", labels=["state"])
    for state in ("queued", "running"):
        open_runs.add_metric([state], sum(row["runs"] for row in rows if row["state"] == state))
    yield open_runs


def summed(rows: Iterable[Any]) -> Mapping[tuple[str, str, str], int]:
    totals: dict[tuple[str, str, str], int] = {}
    for row in rows:
        labels = (row["trigger"], row["kind"], row["state"])
        totals[labels] = totals.get(labels, 0) + row["runs"]
    return totals


def told_of_connections(rows: list[Any]) -> Iterable[Metric]:
    states = GaugeMetricFamily("sundial_asana_connections", "Connections to Asana, by state.", labels=["state"])
    for state in ("active", "needs_reconnecting", "unlinked"):
        states.add_metric([state], sum(row["state"] == state for row in rows))
    yield states
    age = GaugeMetricFamily(
        "sundial_sync_last_success_age_seconds",
        "Since the last synchronization that went well; none for a connection that has never been read to the end.",
        labels=["connection"],
    )
    rate = GaugeMetricFamily(
        "sundial_asana_requests_per_minute",
        "How fast Asana lets a connection ask, once learned.",
        labels=["connection"],
    )
    for row in rows:
        if row["state"] != "unlinked" and row["age"] is not None:
            age.add_metric([row["id"]], row["age"])
        if row["state"] != "unlinked" and row["requests_per_minute"] is not None:
            rate.add_metric([row["id"]], row["requests_per_minute"])
    yield age
    yield rate


def told_of_jobs(jobs: dict[str, int]) -> Iterable[Metric]:
    depth = GaugeMetricFamily(
        "sundial_queue_jobs", "Jobs that wait or are at work; none while the queue does not answer.", labels=["state"]
    )
    for state, count in jobs.items():
        depth.add_metric([state], count)
    yield depth


async def waiting_jobs() -> dict[str, int]:
    with suppress(*UNREACHABLE, TimeoutError):
        async with asyncio.timeout(QUEUE_TIMEOUT_SECONDS):
            queue = await open_queue()
            return {"queued": await queue.count("queued"), "active": await queue.count("active")}
    return {}
