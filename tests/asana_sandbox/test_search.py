"""Search: its filters, its order, its limits, its lag."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from app.asana_sandbox.gate import Gate, Limits
from tests.asana_sandbox.conftest import gids, message, names

Search = Callable[..., httpx.Response]
PREMIUM = "Search is only available to premium users."


@pytest.fixture
def search(get, sandbox) -> Search:
    paid = sandbox.control.find("Meridian Works", "workspace")
    return lambda who="alice", **query: get(f"/workspaces/{paid}/tasks/search", who=who, **query)


@pytest.fixture
def project(sandbox):
    return sandbox.control.make_project("Atlas", sandbox.control.find("Meridian Works", "workspace"))


@pytest.fixture
def clock(sandbox, monkeypatch):
    """A second passes each time that somebody looks at it."""
    ticks = iter(range(10**9))
    began = datetime(2030, 1, 1, tzinfo=UTC)
    monkeypatch.setattr(sandbox.world, "clock", lambda: began + timedelta(seconds=next(ticks)))


def test_it_is_for_paid_workspaces_and_their_people(get, sandbox, search):
    free = sandbox.control.find("Hartmann Garden")
    refused = get(f"/workspaces/{free}/tasks/search", text="tulip")
    assert (refused.status_code, message(refused)) == (402, PREMIUM)
    assert get(f"/workspaces/{free}/tasks/search", who="bob").status_code == 403
    assert search().status_code == 200


def test_it_finds_every_word_in_name_or_description(sandbox, search, project):
    task = sandbox.control.add_task(project, "Paint the lighthouse")
    sandbox.control.describe_task(task, "White and red")
    assert gids(search(text="RED lighthouse")) == [task]
    assert gids(search(text="blue lighthouse")) == []


def test_it_finds_by_place_assignee_and_state(sandbox, search, project):
    bob, alice = sandbox.control.find("Bob Okafor"), sandbox.control.find("Alice Hartmann")
    later = sandbox.control.make_section(project, "Later")
    task = sandbox.control.add_task(project, "Task", section=later, assignee=bob)
    other = sandbox.control.add_task(project, "Other", assignee=alice)
    step = sandbox.control.add_subtask(task, "Step", assignee=bob)
    sandbox.control.complete_task(other)
    assert set(gids(search(projects__any=project))) == {task, other}
    assert gids(search(sections__any=later)) == [task]
    assert set(gids(search(sections__any=later, projects__any=project))) == {task, other}
    assert gids(search(projects__any=project, completed="false")) == [task]
    assert gids(search(projects__any=project, assignee__any="me")) == [other]
    assert set(gids(search(projects__any=project, assignee__any=f"bob@meridian.example,{alice}"))) == {task, other}
    assert gids(search(is_subtask="true", text="Step", assignee__any=bob, created_at__after="2026-01-01")) == [step]
    assert step not in gids(search(is_subtask="false", assignee__any=bob, limit=100))


def test_it_pages_by_windows_and_knows_no_offset(clock, sandbox, search, project):
    tasks = [sandbox.control.add_task(project, f"Task {number}") for number in range(5)]
    asked = {"projects.any": project, "sort_by": "created_at", "sort_ascending": "true", "limit": 2}
    fields = {"opt_fields": "created_at", "offset": "nonsense"}
    seen, after = [], "2026-01-01T00:00:00.000Z"
    while page := search(**asked, **fields, created_at__after=after).json()["data"]:
        assert len(page) <= 2
        seen += [row["gid"] for row in page]
        after = page[-1]["created_at"]
    assert seen == tasks
    assert gids(search(**asked, created_at__before=after)) == tasks[:2]
    assert set(search(**asked).json()) == {"data"}
    assert search(limit=101).status_code == 400


@pytest.mark.parametrize("by", ["modified_at", "completed_at"])
def test_it_sorts_the_newest_first_unless_asked(clock, sandbox, search, project, by):
    tasks = [sandbox.control.add_task(project, f"Task {number}") for number in range(3)]
    for task in (tasks[1], tasks[0], tasks[2]):
        sandbox.control.complete_task(task)
    expected = [tasks[2], tasks[0], tasks[1]]
    assert gids(search(projects__any=project, sort_by=by)) == expected
    assert gids(search(projects__any=project, sort_by=by, sort_ascending="true")) == expected[::-1]
    last = getattr(sandbox.world.task(tasks[0]), by)
    assert gids(search(projects__any=project, **{f"{by}.after": last})) == [tasks[2]]
    assert gids(search(projects__any=project, **{f"{by}.before": last})) == [tasks[1]]


def test_equals_come_in_no_order(sandbox, search, project):
    for number in range(20):
        sandbox.control.add_task(project, f"Task {number}")
    orders = {tuple(gids(search(projects__any=project, sort_by="relevance"))) for _ in range(3)}
    assert len(orders) == 3
    assert len({frozenset(order) for order in orders}) == 1


def test_a_move_is_not_a_modification(sandbox, search, project):
    task = sandbox.control.add_task(project, "Task")
    before = sandbox.world.task(task).modified_at
    sandbox.control.move_task(task, sandbox.control.make_section(project, "Later"))
    assert gids(search(projects__any=project, modified_at__after=before)) == []


def test_it_shows_everyone_their_own_part(sandbox, search):
    salaries = sandbox.control.find("Salary review")
    hidden = sandbox.world.tasks_in_project(sandbox.world.project(salaries))[0]
    section = hidden.places[salaries]
    assert hidden.gid in gids(search(who="grace", projects__any=salaries, limit=100))
    for query in ({"projects.any": salaries}, {"sections.any": section}, {"text": hidden.name}):
        assert hidden.gid not in gids(search(who="bob", **query, limit=100))
    # A task that one sees for its own sake does not tell where else it stands.
    sandbox.control.add_follower(hidden.gid, sandbox.control.find("Bob Okafor"))
    assert gids(search(who="bob", projects__any=salaries)) == []
    assert hidden.gid in gids(search(who="bob", text=hidden.name))


def test_it_gives_only_the_fields_that_are_asked_for(search):
    assert set(search(limit=1).json()["data"][0]) == {"gid", "name", "resource_type", "resource_subtype"}
    assert set(search(limit=1, opt_fields="parent,num_subtasks").json()["data"][0]) == {
        "gid",
        "parent",
        "num_subtasks",
    }


def test_it_ignores_what_asana_does_not_know(search):
    assert search(colour="blue").status_code == 200
    assert search(sort_by="colour").status_code == 400
    for known in ("projects.not", "due_on.before", "custom_fields.1.value"):
        refused = search(**{known: "1"})
        assert (refused.status_code, message(refused)) == (
            400,
            f"{known}: Asana knows this parameter, the sandbox does not",
        )


def test_it_lags(sandbox, search, project, monkeypatch):
    now = datetime(2030, 1, 1, tzinfo=UTC)
    monkeypatch.setattr(sandbox.world, "clock", lambda: now)
    old, gone = (sandbox.control.add_task(project, name) for name in ("Old name", "Gone"))
    sandbox.control.set_search_lag(30)
    sandbox.control.rename_task(old, "New name")
    sandbox.control.delete_task(gone)
    sandbox.control.add_task(project, "Fresh")
    now += timedelta(seconds=29)
    assert names(search(projects__any=project)) == ["New name"]
    assert names(search(text="Old name")) == ["New name"]
    assert names(search(text="New name", projects__any=project)) == []
    now += timedelta(seconds=1)
    assert set(names(search(projects__any=project))) == {"New name", "Fresh"}
    assert names(search(text="Old name")) == []


def test_its_lag_ends_with_a_reset(sandbox, search):
    sandbox.control.set_search_lag(3600)
    sandbox.control.reset()
    project = sandbox.control.find("Newsletter")
    task = sandbox.control.add_task(project, "Fresh")
    assert task in gids(search(projects__any=project, text="Fresh"))


def test_it_has_a_limit_of_its_own(sandbox, get, search):
    gate = Gate(Limits(rate=1500), lambda: 0.0)
    assert [gate.wait_before("a", is_search=True) for _ in range(61)] == [None] * 60 + [1]
    assert gate.wait_before("a") is None
    sandbox.control.set_rate(1500)
    statuses = [search(limit=1).status_code for _ in range(70)]
    assert statuses[:60] == [200] * 60
    assert 429 in statuses
    assert get("/users/me").status_code == 200
    sandbox.control.set_rate(None)
    assert search(limit=1).status_code == 200


def test_searches_in_a_batch_count_too(sandbox, search):
    workspace = sandbox.control.find("Meridian Works", "workspace")
    actions = [{"method": "get", "relative_path": f"/workspaces/{workspace}/tasks/search", "data": {"limit": 1}}] * 10
    headers = {"Authorization": "Bearer sandbox-pat-alice"}
    sandbox.control.set_rate(1500)
    with httpx.Client(base_url=sandbox.api_url, headers=headers, trust_env=False) as client:
        statuses = [client.post("/batch", json={"data": {"actions": actions}}).status_code for _ in range(7)]
    assert statuses == [200] * 6 + [429]
