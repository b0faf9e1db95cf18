import pytest

from tests.asana_sandbox.conftest import message


@pytest.fixture
def project(sandbox):
    return sandbox.control.find("Q4 planning")


def test_the_first_call_gives_a_token_and_nothing_else(get, project):
    first = get("/events", resource=project)
    assert first.status_code == 412
    assert message(first).startswith("Sync token invalid or too old.")
    nothing = get("/events", resource=project, sync=first.json()["sync"]).json()
    assert (nothing["data"], nothing["has_more"]) == ([], False)


def test_an_event_says_who_did_what_to_what(get, sandbox, project):
    sync = get("/events", resource=project).json()["sync"]
    bob = sandbox.control.find("Bob Okafor")
    task = sandbox.control.add_task(project, "Count heads", assignee=bob, by=bob)
    events = get("/events", resource=project, sync=sync).json()["data"]
    assert all(event["user"]["name"] == "Bob Okafor" for event in events)
    assert events[0]["action"] == "added"
    assert events[0]["resource"] == {
        "gid": task,
        "resource_type": "task",
        "resource_subtype": "default_task",
        "name": "Count heads",
    }
    assert events[0]["parent"] == {"gid": project, "resource_type": "project", "name": "Q4 planning"}
    assigned = next(event for event in events if event.get("change", {}).get("field") == "assignee")
    assert assigned["parent"] is None
    assert assigned["change"]["new_value"]["name"] == "Bob Okafor"
    assert {event["resource"]["resource_type"] for event in events} == {"task", "story"}


def test_many_events_come_a_hundred_at_a_time(get, sandbox, project):
    sync = get("/events", resource=project).json()["sync"]
    for number in range(40):
        sandbox.world.add_task(project, f"Task {number}")
    first = get("/events", resource=project, sync=sync).json()
    again = get("/events", resource=project, sync=sync).json()
    second = get("/events", resource=project, sync=first["sync"]).json()
    assert (len(first["data"]), first["has_more"]) == (100, True)
    assert again["data"] == first["data"]
    assert (len(second["data"]), second["has_more"]) == (20, False)


def test_fields_of_events_can_be_chosen(get, sandbox, project):
    sync = get("/events", resource=project).json()["sync"]
    task = sandbox.control.add_task(project, "Count heads")
    events = get("/events", resource=project, sync=sync, opt_fields="action,resource.resource_type").json()["data"]
    assert events[0] == {"action": "added", "resource": {"gid": task, "resource_type": "task"}}


def test_a_token_belongs_to_its_resource_and_can_be_made_too_old(get, sandbox, project):
    sync = get("/events", resource=project).json()["sync"]
    assert get("/events", resource=sandbox.control.find("Newsletter"), sync=sync).status_code == 412
    sandbox.control.expire_sync_tokens()
    stale = get("/events", resource=project, sync=sync)
    assert stale.status_code == 412
    assert get("/events", resource=project, sync=stale.json()["sync"]).status_code == 200


def test_a_deleted_project_is_told_to_whoever_followed_it(get, sandbox, project):
    sync = get("/events", resource=project).json()["sync"]
    sandbox.control.delete_project(project)
    events = get("/events", resource=project, sync=sync).json()["data"]
    assert [(each["action"], each["resource"]["resource_type"]) for each in events] == [("deleted", "project")]
    assert get("/events", resource=project).status_code == 404


def test_only_what_one_sees_can_be_followed(get, sandbox):
    hidden = get("/events", resource=sandbox.control.find("Salary review"))
    assert (hidden.status_code, message(hidden)) == (403, "You do not have access to this project.")
    assert get("/events", resource="1").status_code == 404


def test_a_tasks_own_stream_holds_its_subtasks(get, sandbox):
    task = sandbox.control.find("Move to the new server")
    sync = get("/events", resource=task).json()["sync"]
    sandbox.control.complete_task(sandbox.control.find("Switch over"))
    events = get(f"/tasks/{task}/events", sync=sync).json()["data"]
    assert "Switch over" in {event["resource"].get("name") for event in events}
