"""GET /timesheet and GET /timesheet/{day}"""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.accounts.models import Account, User
from app.projects.models import Assignment, WorkItem
from tests.browser_like import Visitor
from tests.factories import assign, make_entry, make_item, monday
from tests.queries import queries
from tests.timesheet.conftest import Company

DAY = "/timesheet/2026-11-23"


@pytest.fixture(autouse=True)
def on_monday_evening() -> object:
    with time_machine.travel(monday(18), tick=False):
        yield


async def worked(user: User, item: WorkItem | None, start: int, stop: int, **values: object) -> None:
    await make_entry(user, item, monday(start), stopped_at=monday(stop), **values)


async def test_it_shows_today(bobs: Visitor, bob: User, company: Company) -> None:
    await worked(bob, company.checklist, 9, 11, project=company.website.id, note="first version")
    page = await bobs.get("/timesheet")
    assert page.status_code == 200
    assert "<title>Timesheet · Sundial</title>" in page.text
    for shown in ("Today", "Monday 23 November", "Draft the checklist", "Website relaunch", "first version"):
        assert shown in page.text
    assert "9:00 – 11:00" in page.text
    assert ">2 h 00 m</strong>" in page.text


async def test_it_shows_another_day_and_the_way_around(bobs: Visitor, bob: User, company: Company) -> None:
    await worked(bob, company.checklist, 9, 11)
    page = await bobs.get(DAY)
    assert 'href="/timesheet/2026-11-22" rel="prev"' in page.text
    assert 'href="/timesheet/2026-11-24" rel="next"' in page.text
    assert 'href="/timesheet/2026-11-23" aria-current="date"' in page.text
    tuesday = await bobs.get("/timesheet/2026-11-24")
    assert "Draft the checklist" not in tuesday.text
    assert "Week <strong" in tuesday.text
    assert ">2 h 00 m</strong>" in tuesday.text


@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "9999-12-31", "2101-01-01", "today", "2026-02-30", "1"])
async def test_it_knows_no_other_days(bobs: Visitor, day: str) -> None:
    assert (await bobs.get(f"/timesheet/{day}")).status_code == 404


@pytest.mark.parametrize("day", ["2000-01-01", "2100-12-31"])
async def test_it_shows_the_first_and_the_last_day_there_are(bobs: Visitor, day: str) -> None:
    assert (await bobs.get(f"/timesheet/{day}")).status_code == 200


async def test_it_puts_the_running_time_in_the_title(bobs: Visitor, bob: User, company: Company) -> None:
    await make_entry(bob, company.checklist, monday(18) - timedelta(hours=2, minutes=14, seconds=9))
    page = await bobs.get("/timesheet")
    assert "<title>2:14:09 · Draft the checklist · Sundial</title>" in page.text
    assert ">2:14:09</running-clock>" in page.text


async def test_it_shows_a_timer_that_runs_since_days_on_every_page(bobs: Visitor, bob: User, company: Company) -> None:
    await make_entry(bob, company.checklist, monday(9) - timedelta(days=30))
    page = await bobs.get("/timesheet/2026-06-01")
    assert 'aria-label="The timer is running"' in page.text
    assert "Nothing recorded on this day" in page.text


async def test_it_shows_gaps_with_a_way_to_fill_them(bobs: Visitor, bob: User) -> None:
    await worked(bob, None, 9, 10)
    await make_entry(bob, None, monday(10, 29), stopped_at=monday(11))
    page = await bobs.get(DAY)
    assert "29 m not recorded" in page.text
    assert "/entries/new?day=2026-11-23&amp;start=2026-11-23T10%3A00%3A00%2B00%3A00&amp;stop=" in page.text


async def test_it_points_out_overlaps(bobs: Visitor, bob: User, company: Company) -> None:
    await worked(bob, company.review, 9, 10)
    await make_entry(bob, None, monday(9, 45), stopped_at=monday(11))
    page = await bobs.get(DAY)
    assert "15 m at the same time as <bdi>Review the pricing page</bdi>" in page.text


async def test_it_shows_an_entry_across_midnight_whole_on_both_days(bobs: Visitor, bob: User) -> None:
    await make_entry(bob, None, monday(0) - timedelta(hours=1), stopped_at=monday(2))
    today = (await bobs.get(DAY)).text
    yesterday = (await bobs.get("/timesheet/2026-11-22")).text
    assert ">3:00</p>" in today.replace("\n", "").replace("  ", "")
    assert "2 h 00 m of it on this day" in today
    assert "1 h 00 m of it on this day" in yesterday


@pytest.mark.parametrize(
    ("zone", "started"),
    [
        ("Europe/Berlin", "10:00"),
        ("America/New_York", "4:00"),
        ("Asia/Kolkata", "14:30"),
        ("Australia/Lord_Howe", "20:00"),
    ],
)
async def test_it_shows_times_where_the_person_is(bobs: Visitor, bob: User, zone: str, started: str) -> None:
    await User.update({User.timezone: zone}).where(User.id == bob.id)
    await make_entry(bob, None, monday(9), stopped_at=monday(9, 10))
    assert f"{started} – " in (await bobs.get(DAY)).text


async def test_it_shows_a_day_that_the_calendar_jumped_over(bobs: Visitor, bob: User) -> None:
    """Samoa had no 30th of December in 2011. What runs from the 29th to the 31st is no longer for it."""
    await User.update({User.timezone: "Pacific/Apia"}).where(User.id == bob.id)
    start = datetime(2011, 12, 30, 9, tzinfo=UTC)
    await make_entry(bob, None, start, stopped_at=start + timedelta(hours=2))
    for day, total in (("2011-12-29", "1 h 00 m"), ("2011-12-30", "0 m"), ("2011-12-31", "1 h 00 m")):
        page = await bobs.get(f"/timesheet/{day}")
        assert page.status_code == 200
        assert f'<strong class="figure">{total}</strong>' in page.text
    assert '<strong class="figure">2 h 00 m</strong>' in page.text


async def test_it_shows_the_persons_today(bobs: Visitor, bob: User) -> None:
    await User.update({User.timezone: "Australia/Lord_Howe"}).where(User.id == bob.id)
    assert "Tuesday 24 November" in (await bobs.get("/timesheet")).text


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", "2026-10-25", "25 h 00 m"),
        ("Europe/Berlin", "2026-03-29", "23 h 00 m"),
        ("America/New_York", "2026-11-01", "25 h 00 m"),
        ("Australia/Lord_Howe", "2026-04-05", "24 h 30 m"),
    ],
)
async def test_it_totals_the_days_on_which_clocks_change(
    bobs: Visitor, bob: User, zone: str, day: str, hours: str
) -> None:
    await User.update({User.timezone: zone}).where(User.id == bob.id)
    middle = datetime.fromisoformat(f"{day}T12:00:00+00:00")
    await make_entry(bob, None, middle - timedelta(days=2), stopped_at=middle + timedelta(days=2))
    assert f'<strong class="figure">{hours}</strong>' in (await bobs.get(f"/timesheet/{day}")).text


async def test_it_writes_the_clock_as_the_person_is_used_to(bobs: Visitor, bob: User) -> None:
    await User.update({User.clock_24h: False}).where(User.id == bob.id)
    await worked(bob, None, 9, 13)
    assert "9:00 am – 1:00 pm" in (await bobs.get(DAY)).text


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("", "Untitled"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("مراجعة", "<bdi>مراجعة</bdi>"),
        ("🚀" * 150, "🚀" * 150),
        ("\"quoted\" & 'so'", "&#34;quoted&#34; &amp; &#39;so&#39;"),
    ],
)
async def test_it_shows_any_name(bobs: Visitor, bob: User, account: Account, name: str, shown: str) -> None:
    item = await make_item(account, name)
    await worked(bob, item, 9, 10, note=name)
    page = await bobs.get(DAY)
    assert page.status_code == 200
    assert shown in page.text
    assert "<script>alert" not in page.text


async def test_it_keeps_the_name_of_a_task_that_is_no_longer_theirs(bobs: Visitor, bob: User, company: Company) -> None:
    await worked(bob, company.checklist, 9, 10, project=company.website.id)
    await Assignment.delete().where(Assignment.user == bob.id)
    assert "Draft the checklist" in (await bobs.get(DAY)).text


async def test_it_keeps_the_name_of_an_archived_task_and_does_not_continue_it(
    bobs: Visitor, bob: User, company: Company
) -> None:
    await worked(bob, company.checklist, 9, 10)
    values = {WorkItem.archived_at: datetime.now(UTC), WorkItem.archived_reason: "unlinked"}
    await WorkItem.update(values).where(WorkItem.id == company.checklist.id)
    page = await bobs.get(DAY)
    assert "Draft the checklist" in page.text
    assert "archived" in page.text
    assert "Continue Draft the checklist" not in page.text


async def test_it_asks_no_more_for_many_entries_than_for_few(
    bobs: Visitor, bob: User, account: Account, company: Company
) -> None:
    await worked(bob, company.checklist, 9, 10)
    async with queries() as few:
        assert (await bobs.get(DAY)).status_code == 200
    for number in range(30):
        task = await make_item(account, f"Task {number}", under=company.content)
        start = monday(10) + timedelta(minutes=10 * number)
        await make_entry(bob, task, start, stopped_at=start + timedelta(minutes=9))
    async with queries() as many:
        assert (await bobs.get(DAY)).status_code == 200
    assert len(many) == len(few) <= 5


async def test_it_answers_htmx_with_the_region_alone(bobs: Visitor) -> None:
    answer = await bobs.htmx_get("/timesheet")
    assert answer.text.lstrip().startswith("<title>")
    assert "<html" not in answer.text
    assert "HX-Request" in answer.headers["vary"]


async def test_it_shows_nobody_elses_time(
    bobs: Visitor, alice: User, charlie: User, alices: Visitor, charlies: Visitor, bob: User, company: Company
) -> None:
    await worked(alice, company.secret, 9, 10, note="hers")
    await worked(charlie, None, 9, 10, note="his")
    await worked(bob, company.checklist, 9, 10, note="own")
    for visitor, seen, unseen in ((bobs, "own", "hers"), (alices, "hers", "own"), (charlies, "his", "own")):
        page = await visitor.get(DAY)
        assert f">{seen}<" in page.text
        assert f">{unseen}<" not in page.text
    assert "Secret bid" not in (await bobs.get(DAY)).text


async def test_it_tells_an_administrator_to_connect_first(alices: Visitor) -> None:
    page = await alices.get("/timesheet")
    assert "Nothing to track on yet" in page.text
    assert 'href="/integrations"' in page.text


async def test_it_tells_a_user_without_tasks_what_will_come(bobs: Visitor) -> None:
    assert "No task is yours yet" in (await bobs.get("/timesheet")).text


async def test_it_tells_a_newcomer_how_to_start(bobs: Visitor, company: Company) -> None:
    assert "Start your first timer" in (await bobs.get("/timesheet")).text


async def test_it_says_when_a_day_is_empty(bobs: Visitor, bob: User, company: Company) -> None:
    await assign(bob, company.checklist)
    await worked(bob, None, 9, 10)
    assert "Nothing recorded on this day" in (await bobs.get("/timesheet/2026-11-20")).text


async def test_it_requires_signing_in(visitor: Visitor, bob: User) -> None:
    for path in ("/timesheet", DAY):
        answer = await visitor.get(path)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in?next=")
