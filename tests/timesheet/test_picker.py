"""GET /picker, GET /picker/options and GET /picker/tree"""

from datetime import UTC, datetime, timedelta

import pytest

from app.accounts.models import Account, User
from app.projects.models import WorkItem
from app.timesheet.work import Work
from tests.browser_like import Visitor
from tests.factories import assign, make_entry, make_item, place
from tests.queries import queries
from tests.timesheet.conftest import Company


def yesterday(minutes: int = 0) -> datetime:
    return datetime.now(UTC) - timedelta(days=1, minutes=minutes)


async def tracked(user: User, item: WorkItem, minutes: int = 0, **values: object) -> None:
    start = yesterday(minutes)
    await make_entry(user, item, start, stopped_at=start + timedelta(seconds=30), **values)


async def test_it_finds_what_may_be_tracked_on_with_its_path(bobs: Visitor, company: Company) -> None:
    answer = await bobs.htmx_get("/picker/options", params={"q": "dra"})
    assert 'role="option"' in answer.text
    assert "Draft the checklist" in answer.text
    assert "Website relaunch" in answer.text
    assert f'data-item="{company.checklist.id}"' in answer.text
    assert f'data-project="{company.website.id}"' in answer.text


async def test_it_offers_every_place_of_an_item_of_several_projects(
    bobs: Visitor, bob: User, account: Account, company: Company
) -> None:
    shop = await make_item(account, "Shop", "project", company.root)
    await assign(bob, shop)
    await place(company.checklist, shop)
    answer = await bobs.htmx_get("/picker/options", params={"q": "draft"})
    assert answer.text.count('role="option"') == 2
    assert f'data-project="{shop.id}"' in answer.text


async def test_it_colours_a_task_as_its_entries_are(bobs: Visitor, bob: User, company: Company) -> None:
    hue = Work(project_id=company.website.id).hue
    await tracked(bob, company.checklist, project=company.website.id)
    day = yesterday().date().isoformat()
    assert f'"entry {hue}"' in (await bobs.get(f"/timesheet/{day}")).text
    assert f'"picker__option {hue}"' in (await bobs.htmx_get("/picker/options", params={"q": "draft"})).text


async def test_it_does_not_find_what_is_not_theirs(bobs: Visitor, charlies: Visitor, company: Company) -> None:
    assert "Secret bid" not in (await bobs.htmx_get("/picker/options?q=secret")).text
    assert "Draft" not in (await charlies.htmx_get("/picker/options?q=draft")).text


async def test_it_says_when_nothing_is_found_and_offers_to_go_without(bobs: Visitor, company: Company) -> None:
    answer = await bobs.htmx_get("/picker/options", params={"q": "<b>call", "free": "1"})
    assert "Nothing you may track on is called that" in answer.text
    assert 'data-note="&lt;b&gt;call"' in answer.text
    assert "data-note" not in (await bobs.htmx_get("/picker/options", params={"q": "call"})).text


async def test_it_begins_with_what_was_tracked_lately(bobs: Visitor, bob: User, company: Company) -> None:
    await tracked(bob, company.checklist, 10, project=company.website.id)
    await tracked(bob, company.review, 5, project=company.website.id)
    await tracked(bob, company.secret, 1)
    answer = await bobs.htmx_get("/picker/options")
    assert "Recent" in answer.text
    assert answer.text.index("Review the pricing page") < answer.text.index("Draft the checklist")
    assert "Secret bid" not in answer.text


async def test_it_leaves_archived_tasks_out(bobs: Visitor, bob: User, company: Company) -> None:
    await tracked(bob, company.checklist)
    values = {WorkItem.archived_at: datetime.now(UTC), WorkItem.archived_reason: "completed"}
    await WorkItem.update(values).where(WorkItem.id == company.checklist.id)
    for path in ("/picker/options", "/picker/options?q=draft", f"/picker/tree?under={company.content.id}"):
        assert "Draft the checklist" not in (await bobs.htmx_get(path)).text


async def test_it_opens_the_tree_a_branch_at_a_time(bobs: Visitor, company: Company) -> None:
    top = (await bobs.htmx_get("/picker/tree")).text
    assert "Website relaunch" in top
    assert "Acquisition" not in top
    assert "Draft the checklist" not in top
    below = (await bobs.htmx_get(f"/picker/tree?under={company.content.id}&project={company.website.id}")).text
    assert "Draft the checklist" in below
    assert f'data-project="{company.website.id}"' in below


async def test_it_opens_no_branch_that_is_not_theirs(bobs: Visitor, charlies: Visitor, company: Company) -> None:
    for visitor in (bobs, charlies):
        answer = await visitor.htmx_get("/picker/tree", params={"under": company.secret.id})
        assert "Secret" not in answer.text
    assert "Website" not in (await charlies.htmx_get("/picker/tree")).text


async def test_it_goes_on_where_a_long_branch_was_cut(bobs: Visitor, account: Account, company: Company) -> None:
    for number in range(205):
        await make_item(account, f"Page {number}", "task", company.content, 10 + number)
    first = (await bobs.htmx_get(f"/picker/tree?under={company.content.id}")).text
    assert "Page 204" not in first
    rest = first.split('class="picker__more"')[1].split('data-branch="')[1].split('"')[0].replace("&amp;", "&")
    assert "Page 204" in (await bobs.htmx_get(rest)).text


@pytest.mark.parametrize("after", ["x", "-", "1-", "9999999999999-1", "1-99999999999999999999"])
async def test_it_survives_addresses_nobody_made(bobs: Visitor, company: Company, after: str) -> None:
    path = "/picker/tree"
    assert (await bobs.htmx_get(path, params={"under": company.content.id, "after": after})).status_code == 200
    assert (await bobs.htmx_get(path, params={"under": after, "project": after})).status_code == 200


async def test_it_is_a_page_with_buttons_that_start_without_scripts(bobs: Visitor, company: Company) -> None:
    page = await bobs.get("/picker", params={"q": "draft", "note": "first version"})
    assert "<h1" in page.text
    assert 'aria-label="Start Draft the checklist"' in page.text
    assert 'name="note" value="first version"' in page.text
    browse = await bobs.get("/picker")
    assert f'href="/picker?under={company.website.id}&amp;project={company.website.id}' in browse.text


async def test_it_asks_no_more_for_many_hits_than_for_few(bobs: Visitor, account: Account, company: Company) -> None:
    async with queries() as few:
        await bobs.htmx_get("/picker/options?q=draft")
    for number in range(40):
        await make_item(account, f"Draft {number}", "task", company.content)
    async with queries() as many:
        await bobs.htmx_get("/picker/options?q=draft")
    assert len(many) == len(few) <= 5


@pytest.mark.parametrize("path", ["/picker", "/picker/options", "/picker/tree"])
async def test_it_requires_signing_in(visitor: Visitor, bob: User, path: str) -> None:
    assert (await visitor.get(path)).headers["location"].startswith("/sign-in")
    assert (await visitor.htmx_get(path)).headers["hx-redirect"] == "/sign-in"
