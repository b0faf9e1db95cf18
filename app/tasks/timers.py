"""Letters about timers that ran on through the night, each morning wherever it is morning."""

from datetime import UTC, datetime
from typing import Any

from saq.types import Context

from app import mail
from app.tasks.mail import TRIES, try_again_if_passing
from app.tasks.queue import enqueue
from app.timesheet.letters import long_timer_letter
from app.timesheet.reminders import claim, due_timers, give_back


async def remind_of_long_timers(_: Context) -> None:
    """What a stopped worker or a silent mail server left over is found by a later one, on the same day or the next."""
    if not mail.is_configured():
        return
    for timer in await due_timers(datetime.now(UTC)):
        await enqueue("send_long_timer", key=f"long-timer:{timer.entry_id}", entry_id=timer.entry_id, **TRIES)


async def send_long_timer(_: Context, *, entry_id: int) -> None:
    now = datetime.now(UTC)
    for timer in await due_timers(now, entry_id):
        if not await claim(timer, now):
            return
        try:
            await mail.deliver(long_timer_letter(timer, now))
        except mail.NotDelivered as failure:
            if failure.passing:
                await give_back(timer)
            try_again_if_passing(failure)


FUNCTIONS: list[Any] = [send_long_timer]
