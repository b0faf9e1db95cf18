import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from app.asana_sandbox.app import Options
from app.asana_sandbox.testing import RunningSandbox, running_sandbox
from app.asana_sandbox.webhooks import Pace
from tests.asana_sandbox.conftest import gids, message

QUICK = Pace(gather=0.02, first_retry=0.05, slowest_retry=0.05, give_up_after=0.4)


@dataclass
class Receiver:
    url: str = ""
    echoes: bool = True
    status: int = 200
    secret: str = ""
    signed: list[bool] = field(default_factory=list)
    bundles: list[list[dict[str, Any]]] = field(default_factory=list)
    heartbeats: int = 0

    def take(self, headers: Any, body: bytes) -> tuple[int, dict[str, str]]:
        if "X-Hook-Secret" in headers:
            self.secret = headers["X-Hook-Secret"]
            return 200, {"X-Hook-Secret": self.secret} if self.echoes else {}
        expected = hmac.new(self.secret.encode(), body, sha256).hexdigest()
        self.signed.append(headers["X-Hook-Signature"] == expected)
        events = json.loads(body)["events"]
        if not events:
            self.heartbeats += 1
        elif self.status == 200:
            self.bundles.append(events)
        return self.status, {}

    def wait_for(self, count: int) -> list[list[dict[str, Any]]]:
        wait_until(lambda: len(self.bundles) >= count)
        return self.bundles


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@contextmanager
def listening() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, headers = receiver.take(self.headers, self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            for name, value in {**headers, "Content-Length": "0"}.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook?for=sundial"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def quick() -> Iterator[RunningSandbox]:
    with running_sandbox(options=Options(pace=QUICK)) as running:
        yield running


@pytest.fixture
def sandbox(quick: RunningSandbox) -> RunningSandbox:
    quick.control.reset()
    return quick


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as running:
        yield running


@pytest.fixture
def api(sandbox: RunningSandbox) -> Iterator[httpx.Client]:
    headers = {"Authorization": "Bearer sandbox-pat-alice"}
    with httpx.Client(base_url=sandbox.api_url, headers=headers, trust_env=False) as client:
        yield client


def create(api: httpx.Client, resource: str, target: str, **more: Any) -> httpx.Response:
    return api.post("/webhooks", json={"data": {"resource": resource, "target": target, **more}})


def test_the_handshake_happens_while_the_call_is_open(api, sandbox, receiver):
    project = sandbox.control.find("Newsletter")
    answer = create(api, project, receiver.url)
    assert answer.status_code == 201
    assert answer.json()["X-Hook-Secret"] == receiver.secret
    assert answer.json()["data"]["resource"]["name"] == "Newsletter"
    assert answer.json()["data"]["active"] is True


def test_a_receiver_that_does_not_echo_gets_no_webhook(api, sandbox, receiver):
    receiver.echoes = False
    assert create(api, sandbox.control.find("Newsletter"), receiver.url).status_code == 400
    unreachable = create(api, sandbox.control.find("Newsletter"), "http://127.0.0.1:9/")
    assert unreachable.status_code == 400
    workspace = sandbox.control.find("Meridian Works")
    assert api.get("/webhooks", params={"workspace": workspace}).json()["data"] == []


def test_changes_are_delivered_signed_and_without_names(api, sandbox, receiver):
    project = sandbox.control.find("Newsletter")
    create(api, project, receiver.url)
    task = sandbox.control.add_task(project, "December issue", by=sandbox.control.find("Bob Okafor"))
    events = receiver.wait_for(1)[0]
    assert all(receiver.signed)
    added = next(each for each in events if each["parent"]["resource_type"] == "project")
    assert added["resource"] == {"gid": task, "resource_type": "task", "resource_subtype": "default_task"}
    assert added["user"] == {"gid": sandbox.control.find("Bob Okafor"), "resource_type": "user"}
    assert "December issue" not in json.dumps(events)


def test_filters_let_only_their_own_through(api, sandbox, receiver):
    project = sandbox.control.find("Newsletter")
    wanted = [{"resource_type": "task", "action": "changed", "fields": ["completed"]}]
    create(api, project, receiver.url, filters=wanted)
    sandbox.control.complete_task(sandbox.control.add_task(project, "December issue"))
    assert [each["change"]["field"] for each in receiver.wait_for(1)[0]] == ["completed"]


def test_a_workspace_hook_needs_filters_and_tells_of_projects(api, sandbox, receiver):
    workspace = sandbox.control.find("Meridian Works")
    assert create(api, workspace, receiver.url).status_code == 400
    assert create(api, workspace, receiver.url, filters=[{"resource_type": "project"}]).status_code == 201
    project = sandbox.control.make_project("Brand new", workspace)
    sandbox.control.add_task(project, "Not for this hook")
    events = receiver.wait_for(1)[0]
    assert (events[0]["action"], events[0]["resource"]["gid"]) == ("added", project)
    assert {each["resource"]["resource_type"] for each in events} == {"project"}


def test_a_workspace_hook_tells_who_joins_a_team(api, sandbox, receiver):
    workspace, team = sandbox.control.find("Meridian Works"), sandbox.control.find("Studio", "team")
    create(api, workspace, receiver.url, filters=[{"resource_type": "team_membership", "action": "added"}])
    newcomer = sandbox.control.make_user("Tariq Noor", "tariq@meridian.example", workspace)
    sandbox.control.add_to_team(team, newcomer)
    sandbox.control.remove_from_team(team, newcomer)
    event = receiver.wait_for(1)[0][0]
    assert (event["action"], event["resource"]["resource_type"]) == ("added", "team_membership")
    assert event["parent"] == {"gid": team, "resource_type": "team"}
    assert sum(map(len, receiver.bundles)) == 1


def test_fields_are_for_changes_below_a_project(api, sandbox, receiver):
    fields = {"resource_type": "project", "action": "changed", "fields": ["name"]}
    workspace, project = sandbox.control.find("Meridian Works"), sandbox.control.find("Newsletter")
    assert create(api, workspace, receiver.url, filters=[fields]).status_code == 400
    assert create(api, project, receiver.url, filters=[{**fields, "action": "added"}]).status_code == 400
    assert create(api, project, receiver.url, filters=[fields]).status_code == 201


def test_a_heartbeat_is_an_empty_delivery(api, sandbox, receiver):
    create(api, sandbox.control.find("Newsletter"), receiver.url)
    wait_until(lambda: receiver.heartbeats == 1)
    sandbox.control.heartbeat()
    wait_until(lambda: receiver.heartbeats == 2)
    assert receiver.signed == [True, True]


def test_what_failed_is_delivered_later(api, sandbox, receiver):
    project = sandbox.control.find("Newsletter")
    hook = create(api, project, receiver.url).json()["data"]["gid"]
    receiver.status = 503
    task = sandbox.control.add_task(project, "December issue")
    wait_until(lambda: api.get(f"/webhooks/{hook}").json()["data"]["delivery_retry_count"] > 0)
    assert api.get(f"/webhooks/{hook}").json()["data"]["last_failure_content"] == "503"
    receiver.status = 200
    assert receiver.wait_for(1)[0][0]["resource"]["gid"] == task


@pytest.mark.parametrize("status", [410, 500])
def test_a_receiver_that_stays_away_loses_its_webhook(api, sandbox, receiver, status):
    project = sandbox.control.find("Newsletter")
    hook = create(api, project, receiver.url).json()["data"]["gid"]
    receiver.status = status
    sandbox.control.add_task(project, "December issue")
    wait_until(lambda: api.get(f"/webhooks/{hook}").status_code != 200)
    gone = api.get(f"/webhooks/{hook}")
    assert (gone.status_code, message(gone)) == (404, f"webhook: Unknown object: {hook}")


def test_hooks_are_listed_by_workspace_and_resource_and_deleted(api, sandbox, receiver):
    first, second = sandbox.control.find("Newsletter"), sandbox.control.find("Q4 planning")
    workspace = sandbox.control.find("Meridian Works")
    hooks = [create(api, each, receiver.url).json()["data"]["gid"] for each in (first, second)]
    assert gids(api.get("/webhooks", params={"workspace": workspace})) == hooks
    assert gids(api.get("/webhooks", params={"workspace": workspace, "resource": second})) == hooks[1:]
    assert api.get("/webhooks").status_code == 400
    other = {"Authorization": "Bearer sandbox-pat-bob"}
    assert api.get(f"/webhooks/{hooks[0]}", headers=other).status_code == 403
    deleted = api.delete(f"/webhooks/{hooks[0]}")
    assert (deleted.status_code, deleted.json()) == (200, {"data": {}})
    sandbox.control.add_task(first, "December issue")
    sandbox.control.add_task(second, "Count heads")
    receiver.wait_for(1)
    assert len(receiver.bundles) == 1


def test_only_what_one_sees_can_be_watched(api, sandbox, receiver):
    hidden = create(api, sandbox.control.find("Salary review"), receiver.url)
    assert hidden.status_code == 403
    assert create(api, "1", receiver.url).status_code == 404
    assert create(api, sandbox.control.find("Newsletter"), "ftp://127.0.0.1/").status_code == 400
    assert api.post("/webhooks", content=b"{").status_code == 400


def test_nothing_of_an_old_world_reaches_the_webhooks_of_a_new_one(api, sandbox, receiver):
    project = sandbox.control.find("Newsletter")
    old = create(api, project, receiver.url).json()["data"]["gid"]
    receiver.status = 503
    sandbox.control.add_task(project, "Of the old world")
    wait_until(lambda: api.get(f"/webhooks/{old}").json()["data"]["delivery_retry_count"] > 0)
    sandbox.control.reset()
    receiver.status = 200
    assert create(api, project, receiver.url).json()["data"]["gid"] == old
    task = sandbox.control.add_task(project, "Of the new world")
    assert receiver.wait_for(1)[0][0]["resource"]["gid"] == task
