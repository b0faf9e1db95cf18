"""GET /entries/{id}/history"""

import html
import re
from datetime import timedelta
from typing import Any

import pytest

from app.accounts.models import Account, User
from app.timesheet import entries, timer
from app.timesheet.merging import Merger, merge
from app.timesheet.models import Tag, TimeEntry
from app.timesheet.spans import Stretch
from app.timesheet.splitting import split
from app.timesheet.undo import undo
from app.timesheet.work import Work
from tests.browser_like import Visitor
from tests.factories import asking, make_entry, monday
from tests.timesheet.conftest import Company


@pytest.fixture
async def entry(bob: User, company: Company) -> TimeEntry:
    return await make_entry(bob, company.checklist, stopped_at=monday(10), project=company.website.id, note="calls")


async def told(visitor: Visitor, entry: TimeEntry, **options: Any) -> str:
    """What the page says, as plain words."""
    answer = await visitor.get(f"/entries/{entry.id}/history", **options)
    assert answer.status_code == 200
    main = answer.text.split("<main")[-1]
    return " ".join(re.sub(r"<[^>]*>", " ", html.unescape(main)).split())


async def test_it_says_that_nothing_was_changed_and_how_it_was_made(bobs: Visitor, entry: TimeEntry) -> None:
    assert "Nothing was changed since it was made on the web timesheet" in await told(bobs, entry)


async def test_it_says_who_changed_what_newest_first(
    bobs: Visitor, account: Account, entry: TimeEntry, company: Company
) -> None:
    tag = Tag(account=account.id, name="Meeting")
    await tag.save()
    await entry.change(started_at=monday(9, 15), note="mails")
    await entry.change(item=company.review.id, tags=[tag.id], billable=True)
    words = await told(bobs, entry)
    changes = [
        "Bob Okafor changed it",
        "Task Website relaunch › Draft the checklist → Website relaunch › Review the pricing page",
        "Tags none → Meeting",
        "Billable no → yes",
        "Bob Okafor changed it",
        "Start 9:00 → 9:15",
        "Note “ calls ” → “ mails ”",
        "Made on the web timesheet",
    ]
    at = -1
    for change in changes:
        at = words.index(change, at + 1)


async def test_it_tells_times_by_the_clock_of_the_reader(
    bobs: Visitor, alices: Visitor, alice: User, entry: TimeEntry
) -> None:
    await User.update({User.timezone: "America/New_York", User.clock_24h: False}).where(User.id == alice.id)
    await entry.change(stopped_at=monday(10) + timedelta(hours=20))
    assert "End 23 Nov 2026, 10:00 → 24 Nov 2026, 6:00" in await told(bobs, entry)
    assert "End 23 Nov 2026, 5:00 am → 24 Nov 2026, 1:00 am" in await told(alices, entry)


async def test_it_says_when_it_was_stopped(bobs: Visitor, bob: User) -> None:
    running = await make_entry(bob)
    await timer.stop(asking(bob))
    assert "Bob Okafor stopped it" in await told(bobs, running)


async def test_it_says_sundial_where_nobody_did_it(bobs: Visitor, entry: TimeEntry) -> None:
    await entry.change(note="tidied", changed_by=None)
    assert "Sundial changed it" in await told(bobs, entry)


async def test_it_tells_of_a_split_and_what_undid_it(bobs: Visitor, bob: User, entry: TimeEntry) -> None:
    undo_id = await split(asking(bob), entry.id, monday(9, 30), was=Stretch(monday(9), monday(10)))
    part = await TimeEntry.objects().get(TimeEntry.id != entry.id)
    assert part
    assert "Bob Okafor split it" in await told(bobs, entry)
    assert "End 10:00 → 9:30" in await told(bobs, entry)
    assert "split it off from another entry" in await told(bobs, part)
    await undo(asking(bob), undo_id or 0)
    words = await told(bobs, entry)
    assert "undid what was done" in words
    assert "End 9:30 → 10:00" in words
    assert "Bob Okafor deleted it" in await told(bobs, part)


async def test_it_tells_of_a_merger_in_both(bobs: Visitor, bob: User, entry: TimeEntry) -> None:
    later = entry.another(started_at=monday(10), stopped_at=monday(11), note="mails")
    await later.save()
    await merge(asking(bob), later.id, entry.id, seen=Merger(entry, later).stretch)
    words = await told(bobs, entry)
    assert "merged it with the one before" in words
    assert "Note “ calls ” → “ calls; mails ”" in words
    assert "merged it into another entry" in await told(bobs, later)


async def test_it_remembers_one_that_is_gone_and_its_return(bobs: Visitor, bob: User, entry: TimeEntry) -> None:
    await entries.put_on(asking(bob), entry.id, Work(None, None))
    undo_id = await entries.delete(asking(bob), entry.id)
    words = await told(bobs, entry)
    assert "No task 23 Nov 2026, 9:00 – 10:00" in words
    assert "Bob Okafor deleted it" in words
    assert "Task Website relaunch › Draft the checklist → No task" in words
    await undo(asking(bob), undo_id or 0)
    assert "Bob Okafor brought it back" in await told(bobs, entry)


async def test_it_escapes_what_people_write(bobs: Visitor, entry: TimeEntry) -> None:
    await entry.change(note="<b>bold</b>")
    answer = await bobs.get(f"/entries/{entry.id}/history")
    assert "&lt;b&gt;bold&lt;/b&gt;" in answer.text
    assert "<b>bold" not in answer.text


async def test_it_opens_in_the_place_of_the_line(bobs: Visitor, entry: TimeEntry) -> None:
    answer = await bobs.htmx_get(f"/entries/{entry.id}/history?day=2026-11-23")
    assert answer.text.lstrip().startswith(f'<li id="time_entry_{entry.id}"')
    assert 'href="/timesheet/2026-11-23"' in answer.text


@pytest.mark.parametrize("is_gone", [False, True])
async def test_administrators_of_the_account_see_it_and_nobody_else(
    visitor: Visitor, alices: Visitor, charlies: Visitor, account: Account, bob: User, entry: TimeEntry, is_gone: bool
) -> None:
    dana = User(account=account.id, name="Dana Weiss", email="dana@meridian.example")
    await dana.save()
    if is_gone:
        await entries.delete(asking(bob), entry.id)
    words = await told(alices, entry)
    assert "of Bob Okafor" in words
    for other in (charlies, await visitor.signed_in_as(dana)):
        assert (await other.get(f"/entries/{entry.id}/history")).status_code == 404


async def test_there_is_none_of_what_never_was(bobs: Visitor) -> None:
    assert (await bobs.get("/entries/999999/history")).status_code == 404
