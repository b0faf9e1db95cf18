"""The letter about a timer that ran on through the night: when it is sent, to whom, and that it is sent once."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from litestar import Litestar

from app import database
from app.accounts.models import Account, User
from app.projects.models import WorkItem
from app.settings import load_settings
from app.tasks.timers import remind_of_long_timers, send_long_timer
from app.timesheet.letters import long_timer_letter
from app.timesheet.models import TimeEntry
from app.timesheet.reminders import LongTimer
from tests.factories import make_account, make_entry, make_item, make_user, monday
from tests.mail.conftest import PointAt
from tests.mail.mail_server import MailServer
from tests.worker import work

TUESDAY = monday(0) + timedelta(days=1)
CONTEXT = {}  # type: ignore[var-annotated]


def tuesday(hour: int, minute: int = 0) -> datetime:
    return TUESDAY + timedelta(hours=hour, minutes=minute)


@pytest.fixture
async def bob(app: Litestar, committed: None) -> User:
    account = await make_account()
    return await make_user(account, "Bob Okafor", "bob@meridian.example")


@pytest.fixture
async def entry(bob: User) -> TimeEntry:
    account = await Account.objects().get(Account.id == bob.account)
    assert account
    item = await make_item(account, "Draft the <checklist>")
    return await make_entry(bob, item, started_at=monday(17, 30))


async def written(mail_server: MailServer, at: datetime) -> int:
    """How many letters there are once the clock's job ran at this moment."""
    # The queue's own clock is the database's, so only what looks at the time of the timer is told another.
    with time_machine.travel(at, tick=True):
        await remind_of_long_timers(CONTEXT)  # type: ignore[arg-type]
        await work()
    return len(mail_server.letters)


async def test_it_writes_in_the_morning_and_once(mail_server: MailServer, bob: User, entry: TimeEntry) -> None:
    assert await written(mail_server, tuesday(7, 58)) == 0
    for at in (tuesday(8), tuesday(8, 10), tuesday(14), tuesday(32)):
        assert await written(mail_server, at) == 1
    letter = mail_server.only_letter()
    assert letter["To"] == "Bob Okafor <bob@meridian.example>"
    assert letter["Subject"] == "Your timer is still running: Draft the <checklist>"
    text, html = (letter.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    assert "since Monday 23 November, 17:30" in text.get_content()
    assert "http://testserver/timesheet" in text.get_content()
    assert "Draft the &lt;checklist&gt;" in html.get_content()
    await entry.refresh()
    assert entry.is_running
    assert entry.reminded_at


async def test_it_writes_when_it_is_morning_where_they_are(
    mail_server: MailServer, bob: User, entry: TimeEntry
) -> None:
    await User.update({User.timezone: "America/New_York", User.clock_24h: False}).where(User.id == bob.id)
    # 12:30 there on Monday; the limit is reached at 22:30.
    assert await written(mail_server, tuesday(12, 58)) == 0
    assert await written(mail_server, tuesday(13)) == 1
    body = mail_server.only_letter().get_body(("plain",))
    assert body is not None
    assert "since Monday 23 November, 12:30 pm" in body.get_content()


@pytest.mark.parametrize(
    ("started_at", "silent_until"),
    [
        # Clocks went back at night, so that 8:00 is at 7:00 UTC, and forward, so that it is at 6:00.
        (datetime(2026, 10, 24, 16, tzinfo=UTC), datetime(2026, 10, 25, 7, tzinfo=UTC)),
        (datetime(2026, 3, 28, 16, tzinfo=UTC), datetime(2026, 3, 29, 6, tzinfo=UTC)),
    ],
)
async def test_it_writes_at_eight_on_days_of_another_length(
    mail_server: MailServer, bob: User, started_at: datetime, silent_until: datetime
) -> None:
    await User.update({User.timezone: "Europe/Berlin"}).where(User.id == bob.id)
    await make_entry(bob, started_at=started_at)
    assert await written(mail_server, silent_until - timedelta(minutes=2)) == 0
    assert await written(mail_server, silent_until) == 1


async def test_it_makes_up_for_a_worker_that_stood_still_but_not_at_night(
    mail_server: MailServer, bob: User, entry: TimeEntry
) -> None:
    assert await written(mail_server, tuesday(23)) == 0
    assert await written(mail_server, tuesday(24 + 3)) == 0
    assert await written(mail_server, tuesday(24 + 11)) == 1


async def test_it_writes_of_no_timer_that_has_not_run_over_a_night(mail_server: MailServer, bob: User) -> None:
    await User.update({User.timer_limit: 1}).where(User.id == bob.id)
    await make_entry(bob, started_at=tuesday(5))
    assert await written(mail_server, tuesday(9)) == 0
    assert await written(mail_server, tuesday(24 + 8)) == 1


@pytest.mark.parametrize("reason", ["stopped_at", "kept_at", "started_at", "deactivated"])
async def test_it_leaves_alone_who_need_not_be_written_to(
    mail_server: MailServer, bob: User, entry: TimeEntry, reason: str
) -> None:
    if reason == "deactivated":
        await User.update({User.deactivated_at: tuesday(1)}).where(User.id == bob.id)
    else:
        changes = {"stopped_at": monday(18), "kept_at": tuesday(6), "started_at": tuesday(7)}
        await entry.change(**{reason: changes[reason]})
    assert await written(mail_server, tuesday(9)) == 0


async def test_it_writes_once_though_several_jobs_run_at_once(
    mail_server: MailServer, bob: User, entry: TimeEntry
) -> None:
    with time_machine.travel(tuesday(9), tick=True):
        jobs = [send_long_timer(CONTEXT, entry_id=entry.id) for _ in range(6)]  # type: ignore[arg-type]
        await asyncio.gather(*jobs, remind_of_long_timers(CONTEXT), remind_of_long_timers(CONTEXT))  # type: ignore[arg-type]
        await work()
    assert len(mail_server.letters) == 1


async def test_it_writes_to_nobody_without_a_mail_server(bob: User, entry: TimeEntry) -> None:
    with time_machine.travel(tuesday(9), tick=True):
        await remind_of_long_timers(CONTEXT)  # type: ignore[arg-type]
    await entry.refresh()
    assert entry.reminded_at is None
    assert await database.fetch_value("SELECT count(*) FROM saq_jobs") == 0


async def test_it_tries_again_once_the_mail_server_answers(
    mail_server: MailServer, point_at: PointAt, bob: User, entry: TimeEntry
) -> None:
    point_at("smtp://127.0.0.1:9")
    with time_machine.travel(tuesday(9), tick=True), pytest.raises(Exception, match="unreachable"):
        await send_long_timer(CONTEXT, entry_id=entry.id)  # type: ignore[arg-type]
    await entry.refresh()
    assert entry.reminded_at is None
    point_at(mail_server.url)
    assert await written(mail_server, tuesday(9, 10)) == 1


async def test_it_gives_up_an_address_that_nobody_has(mail_server: MailServer, bob: User, entry: TimeEntry) -> None:
    mail_server.refusals[bob.email] = "550 No such user"
    assert await written(mail_server, tuesday(9)) == 0
    mail_server.refusals.clear()
    assert await written(mail_server, tuesday(10)) == 0


@pytest.mark.parametrize("task", [None, "", "x" * 300, "<b>&\r\nBcc: eve@elsewhere.example"])
def test_it_takes_any_name(task: str | None) -> None:
    timer = LongTimer(1, monday(9), None, task, "Bob <Okafor>", "bob@meridian.example", 10, "UTC", clock_24h=True)
    letter = long_timer_letter(timer, tuesday(8))
    assert letter["Bcc"] is None
    assert len(letter["Subject"]) <= 200
    text, html = (letter.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    assert {None: "without a task", "": "Untitled"}.get(task, (task or "")[:3]) in text.get_content()
    assert "<b>&" not in html.get_content()
    assert "has been running for 23 h 00 m" in " ".join(text.get_content().split())
    assert load_settings().public_url in text.get_content()


async def test_it_writes_of_a_task_that_is_archived_meanwhile(
    mail_server: MailServer, bob: User, entry: TimeEntry
) -> None:
    archived = {WorkItem.archived_at: monday(18), WorkItem.archived_reason: "completed"}
    await WorkItem.update(archived).where(WorkItem.id == entry.item)
    assert await written(mail_server, tuesday(9)) == 1
