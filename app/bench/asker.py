"""The process that changes tasks in the sandbox, asks a running Sundial to catch up, and waits for the new names."""

import asyncio
from dataclasses import dataclass
from time import perf_counter

import httpx

from app import database
from app.asana_sandbox.remote import SandboxControl
from app.bench.outcome import Failed, Figures
from app.bench.page import Page
from app.bench.usage import cpu_of_family, peak_rss_mb
from app.bench.worker import ended, opened, the_connection
from app.integrations.asana.models import AsanaConnection, SyncRun, Trigger
from app.integrations.asana.sync.runs import request_sync
from app.tasks.sync import sync_later
from app.tasks.webhooks import keep_webhooks_later

SECONDS_BETWEEN_LOOKS = 0.01
WITHIN_SECONDS = 600

NEW_NAME = "Renamed"
ARRIVED = "SELECT count(*) = $3 FROM work_item WHERE source = 'asana' AND foreign_id = ANY($1) AND name LIKE $2"
HAS_ENDED = "SELECT finished_at IS NOT NULL FROM sync_run WHERE id = $1"
IS_SETTLED = """
SELECT NOT EXISTS (SELECT FROM sync_run WHERE state IN ('queued', 'running'))
   AND NOT EXISTS (SELECT FROM asana_project_state WHERE dirty_at IS NOT NULL)
"""
ALL_ACTIVE = """
SELECT count(*) = (SELECT count(*) FROM asana_project_state WHERE connection = $1)
FROM asana_webhook WHERE connection = $1 AND item IS NOT NULL AND state = 'active'
"""
ALL_TOLD = "SELECT count(*) = $2 FROM asana_project_state WHERE connection = $1 AND dirty_at IS NOT NULL"


@dataclass(frozen=True)
class Question:
    """`tasks` stand in `projects` different ones. `page`: where the web process answers, if it is to be asked there."""

    sandbox: str
    tasks: tuple[str, ...]
    projects: int
    worker_pid: int
    webhooks: bool
    page: str | None
    latency: int
    rate: int | None


async def ask(question: Question) -> Figures:
    async with opened():
        connection = await the_connection()
        # So that the worker has begun, and has asked this Asana before.
        await forced(connection)
        if question.webhooks:
            await make_webhooks(connection)
        with SandboxControl(question.sandbox) as control:
            return await changed_and_asked(question, connection, control)


async def make_webhooks(connection: AsanaConnection) -> None:
    await keep_webhooks_later(connection)
    await seconds_until(ALL_ACTIVE, connection.id)
    # What happened before a webhook was there is not told by it, so each of these projects is read once more.
    await forced(connection)
    await seconds_until(IS_SETTLED)


async def changed_and_asked(question: Question, connection: AsanaConnection, control: SandboxControl) -> Figures:
    for number, gid in enumerate(question.tasks):
        control.rename_task(gid, f"{NEW_NAME} {number:04d}")
    figures: Figures = {}
    if question.webhooks:
        figures["delivered_s"] = await seconds_until(ALL_TOLD, connection.id, question.projects)
    control.set_latency(question.latency)
    control.set_rate(question.rate)
    control.forget_requests()
    cpu = cpu_of_family(question.worker_pid)
    figures |= await asked(question, connection)
    run = await last_forced()
    return {
        **figures,
        "requests": control.requests()["total"],
        "requests_by_its_own_count": run.requests_made,
        "refusals": run.refusals,
        "kind": run.kind,
        "cpu_s": cpu_of_family(question.worker_pid) - cpu,
        "peak_rss_mb": peak_rss_mb(question.worker_pid),
    }


async def asked(question: Question, connection: AsanaConnection) -> Figures:
    """Seconds from asking until the new names are in the database, and from the button until they are on the page."""
    arrival = (ARRIVED, list(question.tasks), f"{NEW_NAME} %", len(question.tasks))
    if question.page is None:
        arrived, _ = await asyncio.gather(seconds_until(*arrival), forced(connection))
        return {"wall_s": arrived}
    async with httpx.AsyncClient(base_url=question.page, timeout=60) as http:
        page = Page(http)
        await page.open()
        names = [f"{NEW_NAME} {number:04d}" for number in range(len(question.tasks))]
        arrived, shown = await asyncio.gather(seconds_until(*arrival), page.press(names))
    return {"wall_s": arrived, "page_wall_s": shown}


async def forced(connection: AsanaConnection) -> None:
    """Asks as the button does, and returns when the pass has ended."""
    run = await request_sync(connection, Trigger.forced)
    await sync_later(run)
    await seconds_until(HAS_ENDED, run.id)
    await ended(run.id)


async def last_forced() -> SyncRun:
    run = await SyncRun.objects().where(SyncRun.trigger == Trigger.forced).order_by(SyncRun.id, ascending=False).first()
    assert run is not None
    return await ended(run.id)


async def seconds_until(question: str, *arguments: object) -> float:
    began = perf_counter()
    while not await database.fetch_value(question, *arguments):
        if perf_counter() - began > WITHIN_SECONDS:
            raise Failed(f"Waited for longer than {WITHIN_SECONDS} s: {' '.join(question.split())}")
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
    return perf_counter() - began
