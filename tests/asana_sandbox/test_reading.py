"""opt_fields, paging, filters, and what is refused."""

import httpx
import pytest

from tests.asana_sandbox.conftest import gids, message, names


@pytest.fixture
def project(sandbox):
    return sandbox.control.find("Mobile app 2.0")


@pytest.fixture
def shared(sandbox):
    return sandbox.control.find("Agree on one sign-in for site and app")


def test_a_list_is_compact_and_a_single_object_whole(get, project):
    assert get(f"/projects/{project}/tasks", limit=1).json()["data"][0].keys() == {
        "gid",
        "name",
        "resource_type",
        "resource_subtype",
    }
    assert {"archived", "owner", "members", "notes"} <= get(f"/projects/{project}").json()["data"].keys()


def test_only_what_was_asked_comes_back(get):
    first = get("/workspaces", opt_fields="is_organization").json()["data"][0]
    assert first.keys() == {"gid", "is_organization"}


def test_a_mistyped_field_is_silently_left_out(get, shared):
    answer = get(f"/tasks/{shared}", opt_fields="is_rendered_as_seperator,name").json()["data"]
    assert answer.keys() == {"gid", "name"}


def test_fields_that_have_to_be_asked_for(get, shared):
    assert (
        not {"num_subtasks", "created_by", "is_rendered_as_separator"} & get(f"/tasks/{shared}").json()["data"].keys()
    )
    answer = get(f"/tasks/{shared}", opt_fields="num_subtasks,is_rendered_as_separator").json()["data"]
    assert answer == {"gid": shared, "num_subtasks": 0, "is_rendered_as_separator": False}


@pytest.mark.parametrize(
    "fields",
    [
        "memberships.(project|section).name",
        "this.memberships.(project|section).name",
        "memberships.project.name,memberships.section.name",
    ],
)
def test_groups_and_this_say_the_same(get, shared, fields):
    places = get(f"/tasks/{shared}", opt_fields=fields).json()["data"]["memberships"]
    assert [place["project"]["name"] for place in places] == ["Website relaunch", "Mobile app 2.0"]
    assert all(place.keys() == {"project", "section"} for place in places)
    assert all(place["section"].keys() == {"gid", "name"} for place in places)


def test_a_related_object_asked_bare_is_compact(get, shared):
    bare = get(f"/tasks/{shared}", opt_fields="workspace,assignee.email").json()["data"]
    assert bare["workspace"].keys() == {"gid", "name", "resource_type"}
    assert bare["assignee"] == {"gid": bare["assignee"]["gid"], "email": "bob@meridian.example"}


def test_addresses_come_only_when_asked_and_not_from_everyone(get, sandbox):
    workspace = sandbox.control.find("Meridian Works")
    assert all("email" not in each for each in get("/users", workspace=workspace).json()["data"])
    people = get("/users", workspace=workspace, opt_fields="name,email").json()["data"]
    assert [each["name"] for each in people if "email" not in each] == ["Yuki Tanaka"]


def test_users_of_a_workspace_come_by_name_and_know_no_limit(get, sandbox):
    workspace = sandbox.control.find("Meridian Works")
    answer = get(f"/workspaces/{workspace}/users", limit=2)
    assert "next_page" not in answer.json()
    assert names(answer) == sorted(names(answer), key=str.casefold)
    assert len(names(answer)) == 12


def test_a_project_tells_of_one_members_part_in_it(get, sandbox, project):
    tomas = sandbox.control.find("Tomás Ortega", "user")
    found = get(f"/projects/{project}/project_memberships", user=tomas).json()["data"]
    assert [each["member"]["gid"] for each in found] == [tomas]


def test_pages_join_to_the_whole_list(get, project):
    whole = gids(get(f"/projects/{project}/tasks"))
    found, offset = [], {}
    while True:
        answer = get(f"/projects/{project}/tasks", limit=7, **offset)
        found += gids(answer)
        next_page = answer.json()["next_page"]
        if next_page is None:
            break
        assert set(next_page) == {"offset", "path", "uri"}
        offset = {"offset": next_page["offset"]}
    assert found == whole
    assert "next_page" not in get(f"/projects/{project}/tasks").json()


def test_a_row_that_vanishes_between_pages_hides_no_other(get, sandbox, project):
    whole = gids(get(f"/projects/{project}/tasks"))
    first = get(f"/projects/{project}/tasks", limit=5)
    sandbox.control.delete_task(whole[0])
    sandbox.control.delete_task(whole[1])
    second = get(f"/projects/{project}/tasks", limit=100, offset=first.json()["next_page"]["offset"])
    assert gids(second) == whole[5:]


def test_offsets_expire_and_foreign_ones_are_invalid(get, sandbox, project):
    offset = get(f"/projects/{project}/tasks", limit=5).json()["next_page"]["offset"]
    elsewhere = get("/projects", limit=5, offset=offset)
    made_up = get(f"/projects/{project}/tasks", limit=5, offset="eyJ0eXAi.abc")
    sandbox.control.expire_offsets()
    expired = get(f"/projects/{project}/tasks", limit=5, offset=offset)
    assert (elsewhere.status_code, message(elsewhere)) == (400, "offset: Your pagination token is invalid.")
    assert (made_up.status_code, message(made_up)) == (400, "offset: Your pagination token is invalid.")
    assert (expired.status_code, message(expired)) == (400, "offset: Your pagination token has expired.")


@pytest.mark.parametrize("limit", ["0", "101", "x", "-1"])
def test_a_limit_is_one_to_a_hundred(get, limit):
    assert get("/workspaces", limit=limit).status_code == 400


def test_a_long_list_without_limit_is_refused(get, sandbox):
    project = sandbox.control.find("Newsletter")
    for number in range(1001):
        sandbox.world.add_task(project, f"Issue {number}")
    answer = get(f"/projects/{project}/tasks")
    assert answer.status_code == 400
    assert message(answer).startswith("The result is too large.")


def test_completed_since_now_leaves_open_tasks(get, sandbox, project):
    everything = get(f"/projects/{project}/tasks", opt_fields="completed").json()["data"]
    still_open = get(f"/projects/{project}/tasks", opt_fields="completed", completed_since="now").json()["data"]
    assert any(task["completed"] for task in everything)
    assert [task["gid"] for task in everything if not task["completed"]] == [task["gid"] for task in still_open]


def test_modified_since_finds_what_was_touched(get, sandbox, project, shared):
    before = sandbox.world.now()
    sandbox.control.rename_task(shared, "Agree on one password")
    assert gids(get("/tasks", project=project, modified_since=before)) == [shared]
    assert get("/tasks", project=project, modified_since="yesterday").status_code == 400


def test_tasks_by_section_tag_assignee_and_own_list(get, sandbox, shared):
    workspace, bob = sandbox.control.find("Meridian Works"), sandbox.control.find("Bob Okafor")
    section = sandbox.world.task(shared).places[sandbox.control.find("Mobile app 2.0")]
    assert shared in gids(get("/tasks", section=section))
    assert shared in gids(get("/tasks", assignee=bob, workspace=workspace))
    assert shared in gids(get("/tasks", who="bob", assignee="me", workspace=workspace))
    own = get("/users/me/user_task_list", who="bob", workspace=workspace).json()["data"]
    assert own["name"] == "My tasks in Meridian Works"
    mine = gids(get(f"/user_task_lists/{own['gid']}/tasks", who="bob", completed_since="now"))
    assert sandbox.control.find("Renew my passport") in mine
    assert get(f"/user_task_lists/{own['gid']}/tasks").status_code == 404


def test_a_subtask_in_a_project_is_listed_there_with_its_parent(get, sandbox, project):
    child, parent = sandbox.control.find("Lower the DNS time to live"), sandbox.control.find("Move to the new server")
    listed = {task["gid"]: task for task in get(f"/projects/{project}/tasks", opt_fields="parent").json()["data"]}
    assert listed[child]["parent"]["gid"] == parent
    assert child in gids(get(f"/tasks/{parent}/subtasks"))


def test_a_subtask_has_no_project_and_its_address_neither(get, sandbox):
    task = get(f"/tasks/{sandbox.control.find('Freeze content')}").json()["data"]
    assert (task["projects"], task["memberships"]) == ([], [])
    workspace = sandbox.control.find("Meridian Works")
    assert task["permalink_url"] == f"{sandbox.url}/1/{workspace}/task/{task['gid']}"


def test_permalinks_lead_to_the_sandboxs_own_page(get, sandbox, project, shared):
    for path in (f"/tasks/{shared}", f"/projects/{project}"):
        address = get(path).json()["data"]["permalink_url"]
        assert address.startswith(f"{sandbox.url}/1/")
        assert get(address, who="nobody").status_code == 200


def test_archived_can_be_left_out_or_asked_for(get, sandbox):
    workspace = sandbox.control.find("Meridian Works")
    both = set(gids(get("/projects", workspace=workspace)))
    archived = set(gids(get("/projects", workspace=workspace, archived="true")))
    assert archived == {gid for gid in both if sandbox.world.project(gid).archived}
    assert set(gids(get("/projects", workspace=workspace, archived="false"))) == both - archived


def test_deleted_things_are_gone_and_come_back(get, sandbox, project, shared):
    sandbox.control.delete_task(shared)
    assert shared not in gids(get(f"/projects/{project}/tasks"))
    assert message(get(f"/tasks/{shared}")) == f"task: Unknown object: {shared}"
    sandbox.control.restore_task(shared)
    assert get(f"/tasks/{shared}").status_code == 200
    sandbox.control.delete_project(project)
    assert get(f"/projects/{project}").status_code == 404
    assert project not in gids(get("/projects", workspace=sandbox.control.find("Meridian Works")))


def test_everyone_sees_their_own_part(get, sandbox):
    workspace, garden = sandbox.control.find("Meridian Works"), sandbox.control.find("Hartmann Garden")
    assert len(gids(get("/workspaces", who="alice"))) == 2
    assert gids(get("/workspaces", who="bob")) == [workspace]
    assert get(f"/workspaces/{garden}", who="bob").status_code == 403
    assert set(names(get("/projects", who="olivia", workspace=workspace))) == {
        "Trade fair Hamburg",
        "Research interviews",
    }
    salaries = sandbox.control.find("Salary review")
    hidden = sandbox.world.tasks_in_project(sandbox.world.project(salaries))[0]
    assert get(f"/projects/{salaries}", who="grace").status_code == 200
    refused = get(f"/projects/{salaries}/tasks", who="bob")
    assert (refused.status_code, message(refused)) == (403, "You do not have access to this project.")
    assert get(f"/tasks/{hidden.gid}", who="ruth").status_code == 403


def test_a_hidden_project_is_left_out_of_a_visible_task(get, sandbox, shared):
    salaries = sandbox.control.find("Salary review")
    sandbox.control.add_to_project(shared, salaries)
    assert [each["name"] for each in get(f"/tasks/{shared}").json()["data"]["projects"]] == [
        "Website relaunch",
        "Mobile app 2.0",
    ]


@pytest.mark.parametrize(
    ("path", "query", "status", "said"),
    [
        ("/nonsense", {}, 404, "No matching route for request"),
        ("/projects/12/nonsense", {}, 404, "No matching route for request"),
        ("/tasks/1234567890", {}, 404, "task: Unknown object: 1234567890"),
        ("/tasks/abc", {}, 404, "task: Not a recognized ID: abc"),
        ("/projects", {"workspace": "abc"}, 400, "workspace: Not a recognized ID: abc"),
        ("/tasks", {}, 400, "You should specify one of workspace, project, tag, section, user_task_list"),
        (
            "/tasks",
            {"project": "1", "section": "2"},
            400,
            "Must specify exactly one of project, tag, section, user task list, or assignee + workspace",
        ),
        ("/projects", {"archived": "perhaps"}, 400, "archived: Not a boolean: perhaps"),
        ("/events", {}, 400, "resource: Missing input"),
        ("/users/me", {"fields": "name"}, 400, "fields: Not a recognized parameter for this request"),
    ],
)
def test_it_refuses_in_asanas_words(get, path, query, status, said):
    answer = get(path, **query)
    assert (answer.status_code, message(answer)) == (status, said)
    assert answer.headers["content-type"] == "application/json; charset=UTF-8"


def test_a_wrong_method_is_an_unknown_route(sandbox, get):

    headers = {"Authorization": "Bearer sandbox-pat-alice"}
    answer = httpx.put(f"{sandbox.api_url}/users/me", headers=headers)
    assert (answer.status_code, message(answer)) == (404, "No matching route for request")


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer made-up"}, {"Authorization": "Basic abc"}])
def test_without_a_known_token_nothing_is_told(sandbox, header):

    answer = httpx.get(f"{sandbox.api_url}/users/me", headers=header)
    assert (answer.status_code, message(answer)) == (401, "Not Authorized")


def test_a_batch_answers_each_action(sandbox):

    actions = [
        {"relative_path": "/users/me", "method": "get", "options": {"fields": ["name"]}},
        {"relative_path": "/tasks/1", "method": "get"},
    ]
    answer = httpx.post(
        f"{sandbox.api_url}/batch",
        json={"data": {"actions": actions}},
        headers={"Authorization": "Bearer sandbox-pat-alice"},
    )
    results = answer.json()["data"]
    assert answer.status_code == 200
    assert [each["status_code"] for each in results] == [200, 404]
    assert results[0]["body"]["data"]["name"] == "Alice Hartmann"
