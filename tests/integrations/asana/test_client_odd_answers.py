"""Answers that Asana has been seen to give, or might, and that the sandbox never gives of itself."""

from typing import Any

import httpx
import pytest

from app.integrations.asana.authorization import FixedAuthorization
from app.integrations.asana.client import AsanaClient
from app.integrations.asana.errors import UnexpectedAnswer
from app.integrations.asana.http import AsanaHttp
from app.integrations.asana.pacing import Pace

API = "https://app.asana.test/api/1.0"


def client_answered(*answers: httpx.Response) -> tuple[AsanaClient, list[httpx.Request]]:
    """A client that is given these answers one after the other, and the requests it makes."""
    asked: list[httpx.Request] = []
    waiting = iter(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return next(waiting)

    http = AsanaHttp(API, httpx.MockTransport(answer), timeout=1)
    return AsanaClient(http, FixedAuthorization("token"), Pace()), asked


def data(value: Any, **envelope: Any) -> httpx.Response:
    return httpx.Response(200, json={"data": value, **envelope})


async def test_it_reads_tasks_with_next_to_nothing_in_them() -> None:
    client, _ = client_answered(data([{"gid": "1"}, {"gid": "2", "name": None, "assignee": None, "parent": None}]))
    bare, empty = await client.tasks("10", "now")
    assert (bare.name, bare.parent_gid, bare.project_gids) == (None, None, None)
    assert (empty.assignee, empty.parent_gid) == (None, "")


async def test_it_reads_memberships_of_an_application_without_permissions() -> None:
    client, _ = client_answered(data([{"gid": "1", "memberships": [{}]}]))
    [task] = await client.tasks("10", "now")
    assert task.project_gids is None
    assert task.section_in("10") is None


async def test_it_ignores_fields_and_values_it_does_not_know() -> None:
    client, _ = client_answered(
        data(
            [{"gid": "1", "name": "A", "mood": "sunny", "resource_subtype": "quest", "assignee": {"gid": "2", "x": 1}}]
        )
    )
    [task] = await client.tasks("10", "now")
    assert task.name == "A"
    assert task.assignee is not None


async def test_it_follows_no_redirect() -> None:
    client, asked = client_answered(httpx.Response(302, headers={"Location": "https://evil.test/api/1.0/users/me"}))
    with pytest.raises(UnexpectedAnswer):
        await client.me()
    assert [request.url.host for request in asked] == ["app.asana.test"]


async def test_it_takes_only_the_offset_of_the_next_page() -> None:
    next_page = {"offset": "abc", "path": "/users", "uri": "https://evil.test/api/1.0/workspaces?offset=abc"}
    client, asked = client_answered(data([{"gid": "1"}], next_page=next_page), data([{"gid": "2"}], next_page=None))
    assert [workspace.gid for workspace in await client.workspaces()] == ["1", "2"]
    assert [request.url.host for request in asked] == ["app.asana.test", "app.asana.test"]
    assert asked[1].url.params["offset"] == "abc"


async def test_it_does_not_turn_in_circles() -> None:
    page = {"next_page": {"offset": "abc"}}
    client, _ = client_answered(data([{"gid": "1"}], **page), data([{"gid": "1"}], **page))
    with pytest.raises(UnexpectedAnswer, match="again"):
        await client.workspaces()


@pytest.mark.parametrize("answer", [{"data": None}, {"data": [{}]}, {"data": [{"gid": "../users/me"}]}, {}, []])
async def test_it_refuses_what_it_does_not_understand(answer: Any) -> None:
    client, _ = client_answered(httpx.Response(200, json=answer))
    with pytest.raises(UnexpectedAnswer):
        await client.workspaces()


async def test_it_keeps_gids_inside_their_path() -> None:
    client, asked = client_answered(data({"gid": "1"}))
    await client.task("../users/me?x")
    assert asked[0].url.raw_path.startswith(b"/api/1.0/tasks/..%2Fusers%2Fme%3Fx?")
