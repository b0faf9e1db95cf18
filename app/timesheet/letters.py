"""What Sundial writes to people about their time."""

from datetime import datetime
from email.message import EmailMessage

from app import mail
from app.settings import load_settings
from app.timesheet.reminders import LongTimer
from app.web.filters import duration_words, item_name


def long_timer_letter(timer: LongTimer, now: datetime) -> EmailMessage:
    habits = timer.habits(now)
    start = timer.started_at.astimezone(habits.zone)
    return mail.write(
        "long_timer",
        timer.email,
        timer.name,
        name=timer.name,
        task="" if timer.task is None else item_name(timer.task),
        since=f"{start:%A} {start.day} {start:%B}, {habits.write(timer.started_at)}",
        length=duration_words((now - timer.started_at).total_seconds()),
        link=f"{load_settings().public_url}/timesheet",
    )
