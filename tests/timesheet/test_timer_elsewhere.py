"""The running timer above the pages that are not the timesheet."""

from datetime import UTC, datetime, timedelta

import pytest

from app.accounts.models import User
from app.timesheet.models import TimeEntry
from tests.browser_like import Visitor
from tests.factories import make_entry, monday
from tests.queries import queries
from tests.timesheet.conftest import Company

TIMER = "now__timer"


@pytest.mark.parametrize("path", ["/projects", "/profile", "/integrations", "/help"])
async def test_it_is_above_every_other_page(bobs: Visitor, bob: User, company: Company, path: str) -> None:
    await make_entry(bob, company.checklist, started_at=datetime.now(UTC) - timedelta(hours=1, minutes=23))
    page = (await bobs.get(path)).text
    assert 'hx-get="/timer"' in page
    assert TIMER in page
    assert "Draft the checklist" in page
    assert ">1:23:0" in page


@pytest.mark.parametrize("path", ["/timesheet", "/timesheet/2026-11-20", "/timesheet/week", "/entries/new"])
async def test_it_is_not_where_the_timer_itself_is(bobs: Visitor, bob: User, company: Company, path: str) -> None:
    await make_entry(bob, company.checklist, started_at=datetime.now(UTC))
    page = (await bobs.get(path)).text
    assert TIMER not in page
    assert "The timer is running" in page


async def test_it_names_no_task_where_there_is_none(bobs: Visitor, bob: User) -> None:
    await make_entry(bob, started_at=datetime.now(UTC))
    assert '<bdi class="now__name">No task</bdi>' in (await bobs.get("/profile")).text


async def test_it_only_listens_while_none_runs(bobs: Visitor, bob: User, alice: User) -> None:
    await make_entry(bob, started_at=monday(9), stopped_at=monday(10))
    await make_entry(alice, started_at=datetime.now(UTC))
    page = (await bobs.get("/profile")).text
    assert 'id="now"' in page
    assert TIMER not in page


async def test_it_is_asked_for_alone(bobs: Visitor, bob: User, company: Company) -> None:
    await make_entry(bob, company.checklist, started_at=datetime.now(UTC))
    answer = await bobs.htmx_get("/timer")
    assert answer.text.startswith('<div id="now"')
    assert "Draft the checklist" in answer.text
    plain = await bobs.get("/timer")
    assert (plain.status_code, plain.headers["location"]) == (303, "/timesheet")


async def test_it_costs_one_question(bobs: Visitor, bob: User) -> None:
    async with queries() as asked:
        await bobs.get("/profile")
    assert len([sql for sql in asked if "pg_current_snapshot" in sql]) == 1
    async with queries() as asked:
        await bobs.htmx_get("/projects")
    assert not [sql for sql in asked if "pg_current_snapshot" in sql]


async def test_a_page_says_which_changes_it_has_seen(bobs: Visitor, bob: User) -> None:
    """As PostgreSQL writes a snapshot; js/live.js reads it."""
    await TimeEntry(account=bob.account, user=bob.id, started_at=datetime.now(UTC)).save()
    for path in ("/timesheet", "/timesheet/week", "/profile"):
        page = (await bobs.get(path)).text
        seen = page.split('data-seen="')[1].split('"')[0]
        first, until, *_ = seen.split(":")
        assert int(first) <= int(until), path
