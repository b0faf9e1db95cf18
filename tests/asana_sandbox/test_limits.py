"""Rates, concurrency, and failures on order."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from app.asana_sandbox.app import Options
from app.asana_sandbox.gate import Gate, Limits
from app.asana_sandbox.model import Grant
from app.asana_sandbox.testing import running_sandbox
from tests.asana_sandbox.conftest import message


class Clock:
    at = 0.0

    def __call__(self) -> float:
        return self.at


def test_a_minute_holds_as_many_requests_as_allowed():
    clock = Clock()
    gate = Gate(Limits(rate=150), clock)
    assert [gate.wait_before("a") for _ in range(150)] == [None] * 150
    assert gate.wait_before("a") == 1
    assert gate.wait_before("b") is None
    clock.at += 61
    assert [gate.wait_before("a") for _ in range(150)] == [None] * 150


def test_rejected_requests_count():
    clock = Clock()
    gate = Gate(Limits(rate=60), clock)
    waits = [gate.wait_before("a") for _ in range(70)]
    assert waits[:60] == [None] * 60
    assert waits[60:] == list(range(1, 11))
    clock.at += 5
    assert gate.wait_before("a") == 6


def test_too_many_requests_are_told_when_to_come_back(sandbox, get):
    sandbox.control.set_rate(2)
    answers = [get("/users/me") for _ in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 429]
    assert int(answers[-1].headers["retry-after"]) == 30
    assert message(answers[-1]).startswith("You've made too many requests")
    sandbox.control.set_rate(None)
    assert get("/users/me").status_code == 200


def test_only_so_many_at_once():
    with running_sandbox(options=Options(limits=Limits(reads_at_once=3, latency=0.4))) as sandbox:
        headers = {"Authorization": "Bearer sandbox-pat-alice"}
        with httpx.Client(base_url=sandbox.api_url, headers=headers) as client, ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(lambda _: client.get("/users/me"), range(6)))
        statuses = sorted(each.status_code for each in answers)
        assert statuses == [200, 200, 200, 429, 429, 429]
        assert all(each.headers["retry-after"] == "1" for each in answers if each.status_code == 429)
        assert sandbox.control.requests()["most_at_once"] > 3


def test_a_failure_hits_only_what_it_was_ordered_for(sandbox, get):
    sandbox.control.fail_next(429, retry_after=7, match="/projects", times=2, skip=1)
    seen = [get("/users/me"), get("/projects"), get("/projects"), get("/projects"), get("/projects")]
    assert [each.status_code for each in seen] == [200, 200, 429, 429, 200]
    assert seen[2].headers["retry-after"] == "7"


def test_a_server_error_has_its_phrase(sandbox, get):
    sandbox.control.fail_next(500)
    answer = get("/users/me")
    assert answer.status_code == 500
    assert answer.json()["errors"][0]["phrase"]


@pytest.mark.parametrize("kind", ["cut", "reset"])
def test_a_connection_can_break(sandbox, get, kind):
    sandbox.control.fail_next(kind=kind)
    with pytest.raises(httpx.TransportError):
        get("/users/me")
    assert get("/users/me").status_code == 200


def test_an_answer_can_be_no_json_or_late(sandbox, get):
    sandbox.control.fail_next(kind="not_json")
    sandbox.control.fail_next(kind="slow", seconds=0.3)
    assert get("/users/me").text.startswith("<!doctype html>")
    late = get("/users/me")
    assert late.json()["data"]["name"] == "Alice Hartmann"
    assert late.elapsed.total_seconds() >= 0.3


def test_a_token_request_can_fail_too(sandbox):
    sandbox.control.fail_next(503, match="oauth_token")
    assert httpx.post(f"{sandbox.oauth_url}/oauth_token", data={}).status_code == 503
    assert httpx.post(f"{sandbox.oauth_url}/oauth_token", data={}).status_code == 401


def test_requests_are_counted_by_route(sandbox, get):
    project = sandbox.control.find("Newsletter")
    for _ in range(3):
        get(f"/projects/{project}/tasks")
    get("/nonsense")
    report = sandbox.control.requests()
    assert report["by_route"] == {"GET /projects/*/tasks": 3, "GET unknown route": 1}
    assert report["by_status"] == {"200": 3, "404": 1}
    sandbox.control.forget_requests()
    assert sandbox.control.requests()["total"] == 0


def test_a_refusal_need_not_say_when_to_come_back(sandbox, get):
    sandbox.control.fail_next(429, retry_after=None)
    answer = get("/users/me")
    assert answer.status_code == 429
    assert "retry-after" not in answer.headers


def test_an_answer_can_say_more_or_less_than_anybody_expects(sandbox, get):
    workspace = sandbox.control.find("Meridian Works", "workspace")
    for kind in ("strange", "bare", "null"):
        sandbox.control.fail_next(kind=kind, match="^/projects$")
    asked = {"workspace": workspace, "opt_fields": "name,color", "limit": 1}
    strange, bare, null = (get("/projects", **asked).json() for _ in range(3))
    assert strange["data"][0]["color"] == "unheard_of"
    assert strange["data"][0]["mood"]
    assert set(bare["data"][0]) == {"gid"}
    assert null["data"][0] == {"gid": bare["data"][0]["gid"], "name": None, "color": None}
    assert sandbox.control.requests()["by_failure"] == {"strange": 1, "bare": 1, "null": 1}


def test_an_offset_can_expire_in_the_middle_of_a_list(sandbox, get):
    asked = {"workspace": sandbox.control.find("Meridian Works", "workspace"), "limit": 1}
    sandbox.control.fail_next(kind="expiring")
    offset = get("/projects", **asked).json()["next_page"]["offset"]
    assert "expired" in message(get("/projects", **asked, offset=offset))


def test_offsets_can_count_rows(sandbox, get):
    project = sandbox.control.make_project("Shrinking", sandbox.control.find("Meridian Works", "workspace"))
    tasks = [sandbox.control.add_task(project, f"Task {number}") for number in range(4)]
    sandbox.control.count_rows_in_offsets()
    first = get(f"/projects/{project}/tasks", limit=2).json()
    sandbox.control.delete_task(tasks[0])
    second = get(f"/projects/{project}/tasks", limit=2, offset=first["next_page"]["offset"]).json()
    assert [row["gid"] for row in first["data"] + second["data"]] == [tasks[0], tasks[1], tasks[3]]


@pytest.mark.parametrize("kind", ["cut", "reset"])
def test_a_token_requests_connection_can_break(sandbox, kind):
    alice = sandbox.control.find("Alice Hartmann")
    refresh = sandbox.world.state.grants.setdefault(
        "refresh", Grant("refresh", "refresh", alice, "1200000000000001", "default")
    )
    form = {
        "grant_type": "refresh_token",
        "client_id": refresh.client_id,
        "client_secret": "sandbox-secret",
        "refresh_token": refresh.token,
    }
    sandbox.control.fail_next(kind=kind, match="oauth_token")
    with pytest.raises(httpx.TransportError):
        httpx.post(f"{sandbox.oauth_url}/oauth_token", data=form)
    assert httpx.post(f"{sandbox.oauth_url}/oauth_token", data=form).status_code == 200
