"""The official `asana` package, unchanged but for its host, reads everything an importer needs."""

import json
from collections.abc import Iterator
from typing import Any

import asana
import pytest
from asana.rest import ApiException

from app.asana_sandbox.testing import RunningSandbox
from tests.asana_sandbox.test_webhooks import listening


@pytest.fixture
def sdk(sandbox: RunningSandbox) -> Iterator[asana.ApiClient]:
    configuration = asana.Configuration()
    configuration.host = sandbox.api_url
    configuration.access_token = "sandbox-pat-alice"
    return asana.ApiClient(configuration)


def gids(things: Any) -> list[str]:
    return [thing["gid"] for thing in things]


def test_it_reads_who_it_is_and_its_workspaces(sdk, sandbox):
    me = asana.UsersApi(sdk).get_user("me", {})
    workspaces = list(asana.WorkspacesApi(sdk).get_workspaces({"opt_fields": "name,is_organization"}))
    assert (me["name"], me["email"]) == ("Alice Hartmann", "alice@meridian.example")
    assert [each["name"] for each in workspaces] == ["Meridian Works", "Hartmann Garden"]
    assert [each["is_organization"] for each in workspaces] == [True, False]


def test_it_reads_people_with_their_addresses(sdk, sandbox):
    workspace = sandbox.control.find("Meridian Works")
    people = list(asana.UsersApi(sdk).get_users({"workspace": workspace, "opt_fields": "name,email"}))
    emails = {each["name"]: each.get("email") for each in people}
    assert len(people) == 12
    assert emails["Bob Okafor"] == "bob@meridian.example"
    assert emails["Yuki Tanaka"] is None
    memberships = asana.WorkspaceMembershipsApi(sdk).get_workspace_memberships_for_workspace(
        workspace, {"opt_fields": "user.name,is_guest"}
    )
    assert [each["user"]["name"] for each in memberships if each["is_guest"]] == ["Olivia Brandt"]


def test_it_reads_the_whole_tree_with_its_own_paging(sdk, sandbox):
    alice = sandbox.control.find("Alice Hartmann")
    projects_api, sections_api, tasks_api = (
        asana.ProjectsApi(sdk),
        asana.SectionsApi(sdk),
        asana.TasksApi(sdk),
    )
    fields = {"opt_fields": "name,completed,num_subtasks,memberships.section"}

    def below(task: dict[str, Any]) -> list[dict[str, Any]]:
        children = list(tasks_api.get_subtasks_for_task(task["gid"], {**fields, "limit": 2}))
        return [{"gid": each["gid"], "name": each["name"], "subtasks": below(each)} for each in children]

    def node(task: dict[str, Any]) -> dict[str, Any]:
        children = below(task) if task["num_subtasks"] else []
        return {"gid": task["gid"], "name": task["name"], "subtasks": children}

    def project_tree(project: str) -> list[dict[str, Any]]:
        sections = list(sections_api.get_sections_for_project(project, {"limit": 1}))
        tasks = list(tasks_api.get_tasks_for_project(project, {**fields, "limit": 7}))
        places = {task["gid"]: {place["section"]["gid"] for place in task["memberships"]} for task in tasks}
        return [
            {
                "gid": section["gid"],
                "name": section["name"],
                "tasks": [node(task) for task in tasks if section["gid"] in places[task["gid"]]],
            }
            for section in sections
        ]

    def trimmed(task: dict[str, Any]) -> dict[str, Any]:
        below = [trimmed(each) for each in task["subtasks"]]
        # The SDK itself turns hard blanks into soft ones.
        return {"gid": task["gid"], "name": task["name"].replace("\xa0", " "), "subtasks": below}

    for workspace in sandbox.control.tree_for(alice):
        listed = gids(projects_api.get_projects({"workspace": workspace["gid"], "limit": 5}))
        assert listed == gids(workspace["projects"])
        for project in workspace["projects"]:
            expected = [
                {**section, "tasks": [trimmed(task) for task in section["tasks"]]} for section in project["sections"]
            ]
            assert project_tree(project["gid"]) == expected


def test_it_reads_archived_and_open_projects(sdk, sandbox):
    api, workspace = asana.ProjectsApi(sdk), sandbox.control.find("Meridian Works")
    every = set(gids(api.get_projects_for_workspace(workspace, {})))
    archived = set(gids(api.get_projects_for_workspace(workspace, {"archived": True})))
    open_ones = set(gids(api.get_projects_for_workspace(workspace, {"archived": False})))
    assert len(archived) == 2
    assert archived | open_ones == every
    assert not archived & open_ones


def test_it_reads_memberships_and_expands_teams(sdk, sandbox):
    project = sandbox.control.find("Mobile app 2.0")
    members = list(asana.MembershipsApi(sdk).get_memberships({"parent": project}))
    teams = [each["member"]["gid"] for each in members if each["member"]["resource_type"] == "team"]
    assert {each["member"]["name"] for each in members} >= {"Tomás Ortega", "Engineering"}
    expanded = asana.UsersApi(sdk).get_users_for_team(teams[0], {"opt_fields": "name,email"})
    assert "Jonas Weber" in {each["name"] for each in expanded}


def test_it_reads_tags_teams_and_tasks_by_tag(sdk, sandbox):
    workspace = sandbox.control.find("Meridian Works")
    tags = list(asana.TagsApi(sdk).get_tags_for_workspace(workspace, {}))
    assert [each["name"] for each in tags].count("Lv3") == 2
    tagged = list(asana.TasksApi(sdk).get_tasks_for_tag(tags[0]["gid"], {"opt_fields": "tags.name"}))
    assert all("urgent" in [tag["name"] for tag in task["tags"]] for task in tagged)
    assert tagged
    assert len(list(asana.TeamsApi(sdk).get_teams_for_workspace(workspace, {}))) == 4


def test_it_reads_a_task_and_its_sections_tasks(sdk, sandbox):
    gid = sandbox.control.find("Agree on one sign-in for site and app")
    task = asana.TasksApi(sdk).get_task(gid, {})
    assert [place["project"]["name"] for place in task["memberships"]] == ["Website relaunch", "Mobile app 2.0"]
    section = task["memberships"][0]["section"]["gid"]
    assert gid in gids(asana.TasksApi(sdk).get_tasks_for_section(section, {}))
    assert asana.SectionsApi(sdk).get_section(section, {})["project"]["name"] == "Website relaunch"


def test_it_reads_events_and_finds_what_changed(sdk, sandbox):
    project = sandbox.control.find("Q4 planning")
    assert list(asana.EventsApi(sdk).get_events(project, {})) == []
    with pytest.raises(ApiException) as first:
        sdk.call_api("/events", "GET", query_params={"resource": project}, auth_settings=["personalAccessToken"])
    assert first.value.status == 412
    sync = json.loads(first.value.body)["sync"]
    task = sandbox.control.add_task(project, "Count heads")
    sandbox.control.complete_task(task)
    events = list(asana.EventsApi(sdk).get_events(project, {"sync": sync}))
    assert {"added", "changed"} <= {each["action"] for each in events if each["resource"]["gid"] == task}
    assert "completed" in {each["change"]["field"] for each in events if "change" in each}


def test_it_finds_asanas_own_errors(sdk, sandbox):
    hidden = sandbox.control.find("Salary review")
    refusals = {
        hidden: (403, b"You do not have access to this project."),
        "1": (404, b"project: Unknown object: 1"),
        "abc": (404, b"project: Not a recognized ID: abc"),
    }
    for gid, (status, message) in refusals.items():
        with pytest.raises(ApiException) as refused:
            asana.ProjectsApi(sdk).get_project(gid, {})
        assert refused.value.status == status
        assert message in refused.value.body


def test_it_waits_as_told_and_tries_again(sdk, sandbox):
    sandbox.control.fail_next(429, retry_after=1, match="/users/me")
    assert asana.UsersApi(sdk).get_user("me", {})["name"] == "Alice Hartmann"
    assert [each["status"] for each in sandbox.control.requests()["last"]] == [429, 200]


def test_it_makes_reads_and_removes_webhooks(sdk, sandbox):
    webhooks = asana.WebhooksApi(sdk)
    project = sandbox.control.find("Newsletter")
    workspace = sandbox.control.find("Meridian Works")
    with listening() as receiver:
        made = webhooks.create_webhook({"data": {"resource": project, "target": receiver.url}}, {})
        assert receiver.secret
        assert gids(webhooks.get_webhooks(workspace, {"resource": project})) == [made["gid"]]
        read = webhooks.get_webhook(made["gid"], {"opt_fields": "active,resource.name,target"})
        assert (read["active"], read["resource"]["name"], read["target"]) == (True, "Newsletter", receiver.url)
        webhooks.delete_webhook(made["gid"])
        assert list(webhooks.get_webhooks(workspace, {})) == []


def test_it_searches(sdk, sandbox):
    workspace, project = sandbox.control.find("Meridian Works"), sandbox.control.find("Newsletter")
    asked = {"projects.any": project, "is_subtask": False, "sort_by": "created_at", "limit": 100}
    found = list(asana.TasksApi(sdk).search_tasks_for_workspace(workspace, asked))
    assert set(gids(found)) == {each.gid for each in sandbox.world.tasks_in_project(sandbox.world.project(project))}
    with pytest.raises(ApiException) as refused:
        list(asana.TasksApi(sdk).search_tasks_for_workspace(sandbox.control.find("Hartmann Garden"), {}))
    assert refused.value.status == 402
