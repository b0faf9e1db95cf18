"""GET /picker/options?q=: what may be typed or pasted, how hits are told apart, and what stands first."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from app.accounts.models import Account, User
from app.projects.models import Keyword, WorkItem
from tests.browser_like import Visitor
from tests.factories import assign, make_entry, make_item, place
from tests.timesheet.conftest import Company

GID = "1211440849237760"
PROJECT = "1211440849237745"
ADDRESSES = (
    f"https://app.asana.com/0/{PROJECT}/{GID}",
    f"https://app.asana.com/0/{PROJECT}/{GID}/f",
    f"https://app.asana.com/0/0/{GID}/f",
    f"https://app.asana.com/0/search/234567890123456/{GID}",
    f"https://app.asana.com/1/1202775892569436/project/{PROJECT}/task/{GID}",
    f"https://app.asana.com/1/1202775892569436/project/{PROJECT}/task/{GID}?focus=true",
    f"https://app.asana.com/1/1202775892569436/task/{GID}",
    f"  app.asana.com/0/{PROJECT}/{GID} ",
)


async def ask(visitor: Visitor, q: str = "", **fields: str) -> str:
    return (await visitor.htmx_get("/picker/options", params={"q": q, **fields})).text


def choices(answer: str) -> list[str]:
    return re.findall(r'id="option_([\d-]+)"', answer)


def names(answer: str) -> list[str]:
    return re.findall(r'data-name="([^"]*)"', answer)


@pytest.fixture
async def imported(account: Account, company: Company) -> WorkItem:
    """A task with an id as Asana gives them, in Bob's project."""
    return await make_item(account, "Plan the launch", "task", company.content, 5, source="asana", foreign_id=GID)


@pytest.mark.parametrize("q", ["p", "plan", "LAUNCH", "web plan", "launch content", "asana launch", "la pl", GID])
async def test_it_finds_any_word_of_name_and_path_and_the_id(bobs: Visitor, imported: WorkItem, q: str) -> None:
    assert "Plan the launch" in names(await ask(bobs, q))


async def test_it_finds_keywords_by_their_beginning(bobs: Visitor, imported: WorkItem) -> None:
    await Keyword(account=imported.account, item=imported.id, word="Opening Day", made_by="asana").save()
    assert names(await ask(bobs, "opening d")) == ["Plan the launch"]


@pytest.mark.parametrize("address", ADDRESSES)
async def test_it_follows_a_pasted_address(bobs: Visitor, charlies: Visitor, imported: WorkItem, address: str) -> None:
    assert names(await ask(bobs, address)) == ["Plan the launch"]
    assert "Start Plan the launch" in (await bobs.get("/picker", params={"q": address})).text
    assert names(await ask(charlies, address)) == []


async def test_it_follows_the_address_of_a_project(
    bobs: Visitor, account: Account, bob: User, company: Company
) -> None:
    fair = await make_item(account, "Trade fair", "project", company.root, source="asana", foreign_id=PROJECT)
    await assign(bob, fair)
    address = f"https://app.asana.com/1/1202775892569436/project/{PROJECT}/list/1215109875390628"
    assert choices(await ask(bobs, address)) == [f"{fair.id}-{fair.id}"]


async def test_it_says_what_an_address_that_leads_nowhere_may_mean(bobs: Visitor, company: Company) -> None:
    answer = await ask(bobs, f"https://app.asana.com/0/0/{GID}", free="1")
    assert "Nothing you may track on is at this address." in answer
    assert "without a task" in answer


async def test_it_understands_an_address_where_no_script_ran(bobs: Visitor, imported: WorkItem) -> None:
    form = {"date": "2026-11-23", "start": "9:00", "end": "10:00", "q": ADDRESSES[0], "shown": ""}
    answer = await bobs.post("/entries", data=form)
    assert answer.status_code == 303
    assert "Plan the launch" in (await bobs.get("/timesheet/2026-11-23")).text


async def test_it_marks_what_was_typed(bobs: Visitor, account: Account, company: Company) -> None:
    await make_item(account, "<b>Draft</b> & redraft", "task", company.content)
    answer = await ask(bobs, "dra web")
    assert "&lt;b&gt;<mark>Dra</mark>ft&lt;/b&gt; &amp; redraft" in answer
    assert "<mark>Web</mark>site relaunch" in answer


async def test_it_offers_each_place_side_by_side_and_says_which(
    bobs: Visitor, bob: User, account: Account, company: Company
) -> None:
    shop = await make_item(account, "Shop", "project", company.root)
    hidden = await make_item(account, "Board only", "project", company.root)
    await assign(bob, shop)
    for project in (shop, hidden):
        await place(company.checklist, project)
    await make_item(account, "Draft a checklist", "task", company.content)
    answer = await ask(bobs, "draft check")
    assert choices(answer) == [
        f"{await id_of('Draft a checklist')}-{company.website.id}",
        f"{company.checklist.id}-{company.website.id}",
        f"{company.checklist.id}-{shop.id}",
    ]
    assert "Board only" not in answer


async def id_of(name: str) -> int:
    item = await WorkItem.objects().get(WorkItem.name == name)
    assert item is not None
    return int(item.id)


async def test_it_remembers_the_place_of_what_was_tracked(
    bobs: Visitor, bob: User, account: Account, company: Company
) -> None:
    shop = await make_item(account, "Shop", "project", company.root)
    await assign(bob, shop)
    await place(company.checklist, shop)
    start = datetime.now(UTC) - timedelta(hours=2)
    await make_entry(bob, company.checklist, start, stopped_at=start + timedelta(hours=1), project=shop.id)
    assert choices(await ask(bobs)) == [f"{company.checklist.id}-{shop.id}"]


async def days_of(user: User, item: WorkItem, *hours_ago: float) -> None:
    for hours in hours_ago:
        start = datetime.now(UTC) - timedelta(hours=hours)
        await make_entry(user, item, start, stopped_at=start + timedelta(minutes=5))


async def test_it_puts_what_one_does_daily_above_what_one_did_once(
    bobs: Visitor, bob: User, account: Account, company: Company
) -> None:
    once, forgotten, twice_a_day = [
        await make_item(account, name, "task", company.content) for name in ("Once", "Forgotten", "Often in one day")
    ]
    await days_of(bob, company.checklist, 26, 50, 74, 98, 122)
    await days_of(bob, once, 25)
    await days_of(bob, twice_a_day, 27, 28, 29, 30)
    await days_of(bob, forgotten, *(24 * day for day in range(40, 50)))
    await days_of(bob, company.review, 0.1)
    assert names(await ask(bobs)) == [
        "Draft the checklist",
        "Review the pricing page",
        "Once",
        "Often in one day",
        "Forgotten",
    ]


async def test_it_says_that_there_are_more_than_are_shown(bobs: Visitor, account: Account, company: Company) -> None:
    assert "data-more" not in await ask(bobs, "draft")
    for number in range(40):
        await make_item(account, f"Draft {number}", "task", company.content)
    answer = await ask(bobs, "draft")
    assert len(choices(answer)) == 30
    assert "There are more." in answer


async def test_it_finds_nothing_of_another_account(charlies: Visitor, imported: WorkItem) -> None:
    for q in ("plan", "web", "a", GID, "asana"):
        assert choices(await ask(charlies, q)) == []
