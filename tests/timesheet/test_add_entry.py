"""GET /entries/new and POST /entries"""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.accounts.models import User
from app.timesheet.models import TimeEntry
from tests.browser_like import Visitor
from tests.factories import make_entry, monday
from tests.timesheet.conftest import Company, undo_of

DAY = "2026-11-20"


def utc(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.fixture(autouse=True)
def on_monday_afternoon() -> object:
    with time_machine.travel(monday(15)):
        yield


async def the_entry() -> TimeEntry:
    entry = await TimeEntry.objects().first()
    assert entry
    return entry


async def test_it_adds_an_entry(bobs: Visitor, bob: User, company: Company) -> None:
    typed = {"item": company.checklist.id, "note": "by hand", "date": DAY, "start": "9", "end": "10:30", "day": DAY}
    answer = await bobs.post("/entries", data=typed)
    assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, f"/timesheet/{DAY}")
    entry = await the_entry()
    assert (entry.started_at, entry.stopped_at) == (utc(20, 9), utc(20, 10, 30))
    assert (entry.user, entry.item, entry.project, entry.note) == (
        bob.id,
        company.checklist.id,
        company.website.id,
        "by hand",
    )


async def test_it_shows_the_day_with_the_entry(bobs: Visitor, company: Company) -> None:
    typed = {"item": company.checklist.id, "date": DAY, "start": "9", "end": "10:30", "day": DAY}
    answer = await bobs.htmx_post("/entries", typed)
    assert answer.status_code == 200
    assert answer.text.index('id="new_entry"') < answer.text.index("<hx-partial")
    assert "Draft the checklist" in answer.text
    assert "9:00 – 10:30" in answer.text


@pytest.mark.parametrize("duration", ["1:30", "1h 30m", "90m", "1.5", "1,5"])
async def test_it_takes_a_duration(bobs: Visitor, duration: str) -> None:
    await bobs.post("/entries", data={"date": DAY, "start": "9:00", "duration": duration})
    assert (await the_entry()).stopped_at == utc(20, 10, 30)


async def test_it_takes_from_to_in_one_field(bobs: Visitor) -> None:
    await bobs.post("/entries", data={"date": DAY, "start": "9-10:30"})
    assert (await the_entry()).stopped_at == utc(20, 10, 30)


async def test_it_puts_a_duration_alone_after_the_last_entry_of_the_day(bobs: Visitor, bob: User) -> None:
    last = await make_entry(bob, started_at=utc(20, 11), stopped_at=utc(20, 12, 15))
    await bobs.post("/entries", data={"date": DAY, "duration": "1h"})
    added = await TimeEntry.objects().where(TimeEntry.id != last.id).first()
    assert added
    assert (added.started_at, added.stopped_at) == (utc(20, 12, 15), utc(20, 13, 15))


async def test_it_puts_a_duration_alone_today_before_now(bobs: Visitor) -> None:
    await bobs.post("/entries", data={"date": "2026-11-23", "duration": "1h"})
    entry = await the_entry()
    assert entry.stopped_at
    assert entry.stopped_at - entry.started_at == timedelta(hours=1)
    assert monday(15) <= entry.stopped_at < monday(15, 1)


async def test_it_goes_across_midnight(bobs: Visitor) -> None:
    await bobs.post("/entries", data={"date": DAY, "start": "22:00", "end": "1:30"})
    assert (await the_entry()).stopped_at == utc(21, 1, 30)


async def test_it_takes_the_persons_zone(bobs: Visitor, bob: User) -> None:
    await User.update({User.timezone: "Asia/Kolkata"}).where(User.id == bob.id)
    await bobs.post("/entries", data={"date": DAY, "start": "9:00", "end": "10:00"})
    assert (await the_entry()).started_at == utc(20, 3, 30)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"start": "soon", "end": "10"}, "Write a time such as"),
        ({"start": "9", "duration": "a while"}, "Write a duration such as"),
        ({"start": "9"}, "When did it end"),
        ({}, "When did it start"),
        ({"date": "2026-11-24", "start": "9", "end": "10"}, "still to come"),
        ({"date": "2026-11-23", "start": "14", "end": "16"}, "still to come"),
        ({"start": "9", "duration": "24:01"}, "24 hours"),
        ({"date": "yesterday", "start": "9", "end": "10"}, "Write the day"),
    ],
)
@pytest.mark.parametrize("htmx", [True, False])
async def test_it_refuses_with_a_sentence_and_keeps_what_was_typed(
    bobs: Visitor, typed: dict[str, str], sentence: str, htmx: bool
) -> None:
    post = bobs.htmx_post if htmx else bobs.post
    sent = {"date": DAY, "note": "not to be <lost>", **typed}
    answer = await post("/entries", data=sent)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert 'value="not to be &lt;lost&gt;"' in answer.text
    for field in ("start", "end", "duration"):
        assert f'name="{field}" type="text" value="{typed.get(field, "")}"' in answer.text
    assert await TimeEntry.count() == 0


async def test_it_names_every_wrong_field_at_once(bobs: Visitor, company: Company) -> None:
    typed = {"q": "no such task", "date": "soon", "start": "nine", "end": "25", "duration": "long"}
    answer = await bobs.post("/entries", data=typed)
    assert answer.status_code == 422
    for sentence in (
        "Nothing is called that.",
        "Write the day as year-month-day",
        "Write a time such as 9:30, 930 or 14:30.",
        "Hours go from 0 to 24",
        "Write a duration such as 1:30",
    ):
        assert sentence in answer.text
    assert answer.text.count('aria-invalid="true"') == 5
    assert await TimeEntry.count() == 0


async def test_it_writes_examples_as_the_person_writes_time(bobs: Visitor, bob: User) -> None:
    await User.update({User.clock_24h: False}).where(User.id == bob.id)
    answer = await bobs.post("/entries", data={"date": DAY, "start": "nine", "end": "10"})
    assert "Write a time such as 9:30 am, 930 or 9pm." in answer.text


async def test_it_adds_once_what_is_sent_twice(bobs: Visitor, company: Company) -> None:
    for item in (company.checklist.id, ""):
        for _ in range(2):
            await bobs.post("/entries", data={"item": item, "date": DAY, "start": "9", "end": "10"})
    assert await TimeEntry.count() == 2


async def test_it_is_undone(bobs: Visitor) -> None:
    typed = {"date": DAY, "start": "9", "end": "10", "day": DAY}
    answer = await bobs.htmx_post("/entries", typed)
    assert "The entry was added." in answer.text
    assert 'name="undo"' not in (await bobs.htmx_post("/entries", typed)).text
    await bobs.htmx_post("/entries/undo", {"undo": undo_of(answer.text), "day": DAY})
    assert await TimeEntry.count() == 0


async def test_it_is_undone_without_scripts(bobs: Visitor) -> None:
    answer = await bobs.post("/entries", data={"date": DAY, "start": "9", "end": "10", "day": DAY})
    page = await bobs.get(answer.headers["location"])
    assert "The entry was added." in page.text
    await bobs.post("/entries/undo", data={"undo": undo_of(page.text)})
    assert await TimeEntry.count() == 0


async def test_it_adds_what_overlaps_and_says_so(bobs: Visitor, bob: User, company: Company) -> None:
    await make_entry(bob, company.review, started_at=utc(20, 9), stopped_at=utc(20, 10))
    answer = await bobs.htmx_post("/entries", {"date": DAY, "start": "9:48", "end": "11", "day": DAY})
    assert "12 m at the same time as" in answer.text
    assert await TimeEntry.count() == 2


async def test_it_finds_the_task_by_its_words_without_scripts(bobs: Visitor, company: Company) -> None:
    await bobs.post("/entries", data={"date": DAY, "start": "9", "end": "10", "q": "pricing", "item": ""})
    assert (await the_entry()).item == company.review.id


async def test_it_offers_the_hits_where_there_are_several(bobs: Visitor, company: Company) -> None:
    typed = {"date": DAY, "start": "9", "end": "10", "q": "content", "item": ""}
    answer = await bobs.post("/entries", data=typed)
    assert answer.status_code == 422
    assert "Which one?" in answer.text
    choice = f"{company.review.id}-{company.website.id}"
    assert f'type="radio" name="choice" value="{choice}"' in answer.text
    await bobs.post("/entries", data={**typed, "choice": choice})
    assert (await the_entry()).item == company.review.id


async def test_it_says_when_nothing_is_called_that(bobs: Visitor, company: Company) -> None:
    answer = await bobs.post("/entries", data={"date": DAY, "start": "9", "end": "10", "q": "secret"})
    assert answer.status_code == 422
    assert "Nothing is called that" in answer.text
    assert "Secret bid" not in answer.text


async def test_it_refuses_a_task_that_is_not_theirs(bobs: Visitor, company: Company) -> None:
    answer = await bobs.htmx_post("/entries", {"item": company.secret.id, "date": DAY, "start": "9", "end": "10"})
    assert answer.status_code == 422
    assert "not among yours" in answer.text
    assert "Secret bid" not in answer.text


async def test_it_fills_a_gap_to_the_second(bobs: Visitor) -> None:
    start, stop = "2026-11-20T10:12:33+00:00", "2026-11-20T10:41:10+00:00"
    form = await bobs.htmx_get("/entries/new", params={"day": DAY, "start": start, "stop": stop})
    assert 'value="10:12"' in form.text
    assert 'value="0:29"' in form.text
    sent = {"date": DAY, "start": "10:12", "end": "10:41", "duration": "0:29", "exact_start": start, "exact_end": stop}
    await bobs.post("/entries", data=sent)
    entry = await the_entry()
    assert (entry.started_at, entry.stopped_at) == (datetime.fromisoformat(start), datetime.fromisoformat(stop))


@pytest.mark.parametrize(
    ("start", "stop"),
    [
        ("2026-11-20T10:00:00+00:00", "2026-11-20T09:00:00+00:00"),
        ("2026-11-20T10:00:00+00:00", ""),
        ("2026-11-20T10:00:00+00:00", "2026-11-22T10:00:01+00:00"),
        ("2026-11-30T10:00:00+00:00", "2026-11-30T11:00:00+00:00"),
        ("0001-01-01T00:00:00+14:00", "0001-01-01T01:00:00+14:00"),
        ("soon", "later"),
    ],
)
async def test_it_refuses_moments_that_no_page_made(bobs: Visitor, start: str, stop: str) -> None:
    form = await bobs.htmx_get("/entries/new", params={"start": start, "stop": stop})
    fields = {name: value_of(form.text, name) for name in ("date", "start", "end", "duration")}
    answer = await bobs.htmx_post("/entries", {**fields, "exact_start": start, "exact_end": stop})
    assert answer.status_code == 422
    assert await TimeEntry.count() == 0


def value_of(html: str, name: str) -> str:
    return html.split(f'name="{name}"')[1].split('value="')[1].split('"')[0]


@pytest.mark.parametrize(
    ("typed", "meaning"),
    [
        ({"start": "9-10:30"}, "Friday 20 November, 9:00 – 10:30: <strong>1 h 30 m</strong>"),
        ({"duration": "90m"}, "Friday 20 November, 9:00 – 10:30: <strong>1 h 30 m</strong>"),
        ({"start": "9"}, ""),
        ({"start": "soon", "end": "x"}, ""),
        ({"date": "x"}, ""),
    ],
)
async def test_it_says_how_it_reads_what_is_being_typed(bobs: Visitor, typed: dict[str, str], meaning: str) -> None:
    answer = await bobs.htmx_get("/entries/reading", params={"date": DAY, **typed})
    assert answer.status_code == 200
    assert answer.text.strip() == meaning


async def test_it_opens_the_form_on_the_page_without_scripts(bobs: Visitor) -> None:
    page = await bobs.get(f"/entries/new?day={DAY}")
    assert "<h1" in page.text
    assert 'action="/entries"' in page.text
    assert f'value="{DAY}"' in page.text


async def test_it_requires_signing_in(visitor: Visitor, bob: User) -> None:
    assert (await visitor.post("/entries", data={"date": DAY})).headers["location"] == "/sign-in"
    for path in ("/entries/new", "/entries/reading"):
        assert (await visitor.get(path)).headers["location"].startswith("/sign-in")
    assert await TimeEntry.count() == 0
