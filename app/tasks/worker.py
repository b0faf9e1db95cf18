"""The worker process: which functions it knows and what it does by the clock."""

from typing import Any

from saq import CronJob, Worker
from saq.types import Context

from app import database
from app.tasks import asana, cleanup, mail, sync, timers, webhooks
from app.tasks.queue import close_queue, open_queue

FUNCTIONS: list[Any] = [*asana.FUNCTIONS, *mail.FUNCTIONS, *sync.FUNCTIONS, *timers.FUNCTIONS, *webhooks.FUNCTIONS]

# All that happens by itself, in one list.
CRON_JOBS: list[CronJob[Any]] = [
    # Asana
    CronJob(sync.sync_all_periodically, cron="* * * * *"),
    CronJob(sync.compare_nightly, cron="*/10 * * * *"),
    CronJob(sync.resume_abandoned_syncs, cron="* * * * * */10"),  # The last figure stands for seconds.
    CronJob(webhooks.check_all_webhooks, cron="43 4 * * *", timeout=600),
    # Timers
    CronJob(timers.remind_of_long_timers, cron="*/10 * * * *"),
    # Housekeeping
    CronJob(cleanup.forget_expired, cron="17 3 * * *", timeout=600),
]


async def startup(context: Context) -> None:
    context["opened_pool"] = await database.open_pool()  # type: ignore[typeddict-unknown-key]
    await sync.resume_abandoned_syncs(context)
    await webhooks.check_webhooks_after_start(context)


async def shutdown(context: Context) -> None:
    if context.get("opened_pool"):
        await database.close_pool()
    await close_queue()


async def make_worker(**options: Any) -> Worker[Any]:
    return Worker(
        queue=await open_queue(),
        functions=FUNCTIONS,
        cron_jobs=CRON_JOBS,
        startup=startup,
        shutdown=shutdown,
        concurrency=8,
        **options,
    )


async def run_worker() -> None:
    await (await make_worker()).start()
