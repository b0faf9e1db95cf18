"""The client against the sandbox over HTTP: what it reads, and what it makes of every kind of trouble."""

import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from app.asana_sandbox.testing import RunningSandbox
from app.integrations.asana.authorization import FixedAuthorization
from app.integrations.asana.client import AsanaClient, asana_http
from app.integrations.asana.errors import (
    AccessRevoked,
    AsanaError,
    Forbidden,
    NotFound,
    PaymentRequired,
    RateLimited,
    Unavailable,
    UnexpectedAnswer,
)
from app.integrations.asana.pacing import Pace

TOKEN = "sandbox-pat-alice"


@pytest.fixture
async def client(company: RunningSandbox) -> AsyncIterator[AsanaClient]:
    async with asana_http(company.api_url, timeout=1.0) as http:
        yield AsanaClient(http, FixedAuthorization(TOKEN), Pace())


@pytest.fixture
def big_project(company: RunningSandbox) -> str:
    """A project of 230 tasks, which are three pages."""
    project = company.world.make_project("Big", company.control.find("Meridian Works", "workspace"))
    for number in range(230):
        company.world.add_task(project, f"Task {number}")
    return project


async def test_it_reads_who_it_asks_for(client: AsanaClient) -> None:
    me = await client.me()
    assert (me.name, me.email) == ("Alice Hartmann", "alice@meridian.example")
    assert [workspace.name for workspace in me.workspaces or []] == ["Meridian Works", "Hartmann Garden"]


async def test_it_reads_workspaces_and_their_people(client: AsanaClient) -> None:
    meridian, garden = await client.workspaces()
    assert (meridian.is_organization, garden.is_organization) == (True, False)
    users = {user.name: user.email for user in await client.users(meridian.gid)}
    assert users["Tomás Ortega"] == "Tomas.Ortega@Meridian.example"
    assert users["Yuki Tanaka"] is None


async def test_it_reads_open_and_closed_projects(client: AsanaClient, company: RunningSandbox) -> None:
    projects = await client.projects(company.control.find("Meridian Works", "workspace"))
    assert {project.is_open for project in projects} == {True, False}
    assert any(project.archived for project in projects)
    assert any(project.completed and not project.archived for project in projects)


async def test_it_reads_a_list_to_its_end(client: AsanaClient, big_project: str) -> None:
    tasks = await client.tasks(big_project, "now")
    assert [task.name for task in tasks] == [f"Task {number}" for number in range(230)]


async def test_it_asks_for_no_more_than_it_uses(client: AsanaClient, company: RunningSandbox, big_project: str) -> None:
    await client.tasks(big_project, "now")
    queries = [each["query"] for each in company.control.requests()["last"] if each["path"].endswith("/tasks")]
    assert len(queries) == 3
    for unused in ("followers", "custom_fields", "notes", "tags"):
        assert not any(unused in query for query in queries)


async def test_it_leaves_out_completed_tasks(client: AsanaClient, company: RunningSandbox, big_project: str) -> None:
    company.world.complete_task(company.control.find("Task 7", "task"))
    assert len(await client.tasks(big_project, "now")) == 229
    assert len(await client.tasks(big_project, "2020-01-01T00:00:00Z")) == 230


async def test_it_reads_where_a_task_is(client: AsanaClient, company: RunningSandbox, big_project: str) -> None:
    gid = company.control.find("Task 7", "task")
    task = await client.task(gid)
    assert (task.project_gids, task.parent_gid, task.num_subtasks) == ([big_project], "", 0)
    below = company.world.add_subtask(gid, "Below")
    assert [each.gid for each in await client.subtasks(gid)] == [below]
    task = await client.task(below)
    assert (task.project_gids, task.parent_gid) == ([], gid)


async def test_it_reads_tags_only_when_asked(client: AsanaClient, company: RunningSandbox, big_project: str) -> None:
    workspace = company.control.find("Meridian Works", "workspace")
    gid = company.control.find("Task 7", "task")
    company.world.tag_task(gid, company.world.make_tag("Urgent", workspace))
    assert (await client.task(gid)).tags is None
    assert [tag.name for tag in (await client.task(gid, tags=True)).tags or []] == ["Urgent"]


async def test_it_reads_members_and_teams(client: AsanaClient, company: RunningSandbox, big_project: str) -> None:
    team = company.control.find("Product", "team")
    company.world.add_member(big_project, team)
    members = [each.member for each in await client.memberships(big_project) if each.member]
    assert [(member.gid, member.resource_type) for member in members] == [(team, "team")]
    assert "Bob Okafor" in {user.name for user in await client.team_users(team)}


async def test_it_starts_a_list_again_when_its_offset_has_expired(
    client: AsanaClient, company: RunningSandbox, big_project: str
) -> None:
    company.control.fail_next(400, match=f"projects/{big_project}/tasks", skip=2)
    assert len(await client.tasks(big_project, "now")) == 230
    assert company.control.requests()["by_route"]["GET /projects/*/tasks"] == 6


async def test_it_gives_a_list_up_whose_offsets_expire_again_and_again(
    client: AsanaClient, company: RunningSandbox, big_project: str
) -> None:
    for skip in (1, 1, 1):
        company.control.fail_next(400, match=f"projects/{big_project}/tasks", skip=skip)
    with pytest.raises(Unavailable, match="to its end"):
        await client.tasks(big_project, "now")


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, UnexpectedAnswer), (402, PaymentRequired), (403, Forbidden), (404, NotFound), (451, Forbidden)],
)
async def test_it_does_not_insist_where_asking_again_is_no_use(
    client: AsanaClient, company: RunningSandbox, status: int, error: type[AsanaError]
) -> None:
    company.control.fail_next(status, match="users/me")
    with pytest.raises(error):
        await client.me()
    assert company.control.requests()["total"] == 1


@pytest.mark.parametrize(
    "trouble",
    [
        {"status": 500},
        {"status": 502},
        {"status": 503},
        {"kind": "cut"},
        {"kind": "not_json"},
        {"kind": "reset"},
        {"kind": "slow", "seconds": 1.5},
    ],
    ids=str,
)
async def test_it_asks_again_after_trouble_that_may_pass(
    client: AsanaClient, company: RunningSandbox, trouble: dict[str, Any]
) -> None:
    company.control.fail_next(**trouble, match="users/me")
    assert (await client.me()).name == "Alice Hartmann"


async def test_it_gives_up_after_a_few_times(client: AsanaClient, company: RunningSandbox) -> None:
    company.control.fail_next(503, times=100, match="users/me")
    with pytest.raises(Unavailable):
        await client.me()
    assert company.control.requests()["total"] == 5


async def test_it_waits_as_long_as_asana_says(client: AsanaClient, company: RunningSandbox) -> None:
    company.control.fail_next(429, retry_after=1, match="users/me")
    began = time.monotonic()
    await client.me()
    assert time.monotonic() - began >= 1


async def test_it_does_not_wait_longer_than_it_has_patience_for(client: AsanaClient, company: RunningSandbox) -> None:
    company.control.fail_next(429, retry_after=600, match="users/me")
    with pytest.raises(RateLimited) as refused:
        await client.me()
    assert refused.value.retry_after == pytest.approx(600, abs=1)
    with pytest.raises(RateLimited):
        await client.workspaces()
    assert company.control.requests()["total"] == 1


async def test_it_says_that_a_token_is_refused_without_saying_the_token(
    client: AsanaClient, company: RunningSandbox
) -> None:
    company.control.revoke_tokens()
    with pytest.raises(AccessRevoked) as refused:
        await client.me()
    assert TOKEN not in f"{refused.value!r} {refused.value.__cause__!r} {refused.value.__context__!r}"


class Renewing:
    """An authorization whose first token has expired."""

    def __init__(self) -> None:
        self.refused: list[str] = []

    async def token(self) -> str:
        return "expired"

    async def refresh(self, refused: str) -> str:
        self.refused.append(refused)
        return TOKEN


async def test_it_refreshes_an_expired_token_once(company: RunningSandbox) -> None:
    authorization = Renewing()
    async with asana_http(company.api_url) as http:
        assert (await AsanaClient(http, authorization, Pace()).me()).name == "Alice Hartmann"
    assert authorization.refused == ["expired"]
