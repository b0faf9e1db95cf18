"""The sandbox's own page, without a browser: addresses, identifiers, actions, and who sees what."""

from collections.abc import Iterator
from html import unescape

import httpx
import pytest

from app.asana_sandbox.testing import RunningSandbox


@pytest.fixture
def page(sandbox: RunningSandbox) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=sandbox.url, follow_redirects=True, trust_env=False) as client:
        yield client


@pytest.fixture
def task(sandbox: RunningSandbox) -> str:
    return sandbox.control.find("Move to the new server")


@pytest.fixture
def project(sandbox: RunningSandbox, task: str) -> str:
    return next(iter(sandbox.world.task(task).places))


def test_every_address_of_a_task_opens_its_pane(page, sandbox, task, project):
    workspace = sandbox.control.find("Meridian Works")
    for path in (
        f"/1/{workspace}/project/{project}/task/{task}",
        f"/1/{workspace}/project/{project}/task/{task}?focus=true",
        f"/1/{workspace}/project/{project}/task/{task}/subtasks",
        f"/1/{workspace}/task/{task}",
        f"/0/{project}/{task}",
        f"/0/{project}/{task}/f",
        f"/0/0/{task}",
    ):
        answer = page.get(path)
        assert answer.status_code == 200, path
        assert f'class="TaskPane" data-task-id="{task}"' in answer.text, path


def test_a_project_has_a_list_and_a_board(page, sandbox, task, project):
    workspace = sandbox.control.find("Meridian Works")
    for path in (f"/0/{project}/list", f"/0/{project}/{project}", f"/1/{workspace}/project/{project}/list/99"):
        answer = page.get(path).text
        assert f'class="SpreadsheetTaskName-input" id="spreadsheet_task_name_{task}"' in answer
        assert 'class="PageHeaderEditableTitle-input" name="name" value="Website relaunch"' in answer
    for path in (f"/0/{project}/board", f"/1/{workspace}/project/{project}/board"):
        assert f'class="BoardCardLayout" data-task-id="{task}"' in page.get(path).text


def test_a_pane_has_subtasks_ancestors_and_projects_where_asana_has_them(page, sandbox, task):
    below = sandbox.control.find("Switch over")
    assert f'data-task-id="{below}"' in page.get(f"/0/0/{task}").text
    pane = page.get(f"/0/0/{below}").text
    assert 'class="TaskAncestryBreadcrumb-navigationLink"' in pane
    assert "TaskAncestry-ancestorProjects" in pane
    assert 'class="TaskProjectTokenPill-name">Website relaunch' in page.get(f"/0/0/{task}").text


def test_names_are_only_ever_text(page, sandbox):
    odd = sandbox.control.find("  Ideas & <b>odds</b> 🌻 ")
    for view in ("list", "board"):
        text = page.get(f"/0/{odd}/{view}").text
        assert "<script>alert" not in text
        assert "<b>odds" not in text
        assert "<img" not in text
        assert "  blanks before and after  " in unescape(text)


def test_pages_carry_a_strict_policy_and_no_inline_code(page, task):
    answer = page.get(f"/0/0/{task}")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert " style=" not in answer.text
    assert "onclick" not in answer.text


@pytest.mark.parametrize(
    ("action", "form", "check"),
    [
        ("name", {"name": "Moved\r\nalready"}, lambda task: task.name == "Moved already"),
        ("complete", {}, lambda task: task.completed_at),
        ("notes", {"notes": "At night."}, lambda task: task.notes == "At night."),
        ("due", {"due_on": "2026-12-24"}, lambda task: task.due_on == "2026-12-24"),
        ("assignee", {"person": ""}, lambda task: task.assignee is None),
        ("subtasks", {"name": "Sleep"}, lambda task: len(task.subtasks) == 6),
        ("delete", {}, lambda task: task.deleted_at),
    ],
)
def test_forms_change_a_task_and_lead_back(page, sandbox, task, action, form, check):
    answer = page.post(f"/-/tasks/{task}/{action}", data={**form, "back": "/"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert check(sandbox.world.task(task))


def test_a_task_moves_between_sections_and_projects(page, sandbox, task, project):
    app = sandbox.control.find("Mobile app 2.0")
    done, there = sandbox.world.project(project).sections[-1], sandbox.world.project(app).sections[0]
    page.post(f"/-/tasks/{task}/move", data={"section": done, "from_project": project})
    assert sandbox.world.task(task).places == {project: done}
    page.post(f"/-/tasks/{task}/projects", data={"section": there})
    assert sandbox.world.task(task).places == {project: done, app: there}
    page.post(f"/-/tasks/{task}/leave", data={"project": project})
    assert sandbox.world.task(task).places == {app: there}


def test_a_deleted_task_can_be_brought_back_from_where_one_is(page, sandbox, task, project):
    workspace = sandbox.control.find("Meridian Works")
    back = f"/1/{workspace}/project/{project}?trashed={task}"
    answer = page.post(f"/-/tasks/{task}/delete", data={"back": back})
    assert f'action="/-/tasks/{task}/restore"' in answer.text
    page.post(f"/-/tasks/{task}/restore", data={"back": back})
    assert sandbox.world.task(task).deleted_at is None


def test_projects_are_made_renamed_archived_and_deleted(page, sandbox):
    workspace = sandbox.control.find("Meridian Works")
    page.post(f"/-/workspaces/{workspace}/projects", data={"name": "Brand new"})
    project = sandbox.control.find("Brand new")
    page.post(f"/-/projects/{project}/name", data={"name": "Newer"})
    page.post(f"/-/projects/{project}/sections", data={"name": "Later"})
    page.post(f"/-/projects/{project}/tasks", data={"name": "First"})
    page.post(f"/-/projects/{project}/archive", data={})
    found = sandbox.world.project(project)
    assert (found.name, found.archived, len(found.sections)) == ("Newer", True, 2)
    assert [task.name for task in sandbox.world.tasks_in_project(found)] == ["First"]
    page.post(f"/-/projects/{project}/unarchive", data={})
    assert found.archived is False
    page.post(f"/-/projects/{project}/delete", data={})
    assert page.get(f"/0/{project}/list").status_code == 404


def test_one_acts_as_whom_one_chose(page, sandbox, task):
    bob = sandbox.control.find("Bob Okafor")
    answer = page.post("/-/acting", data={"person": bob, "back": "/"})
    assert "Bob Okafor’s tasks" in answer.text
    hidden = sandbox.control.find("Salary review")
    assert page.get(f"/0/{hidden}/list").status_code == 403
    page.post(f"/-/tasks/{task}/complete", data={})
    assert sandbox.world.task(task).completed_by == bob


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example", ""])
def test_a_form_never_leads_elsewhere(page, task, back):
    answer = page.post(f"/-/tasks/{task}/complete", data={"back": back}, follow_redirects=False)
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize(
    ("path", "status"),
    [("/0/0/1", 404), ("/0/1/list", 404), ("/-/tasks/1/complete", 404), ("/-/tasks/1/paint", 404)],
)
def test_what_is_not_there_is_said(page, path, status):
    answer = page.post(path, data={}) if path.startswith("/-") else page.get(path)
    assert answer.status_code == status


def test_what_makes_no_sense_is_said(page, sandbox, project):
    section = sandbox.world.project(project).sections[0]
    answer = page.post(f"/-/sections/{section}/delete", data={})
    assert (answer.status_code, answer.text) == (422, "A section must be empty to be deleted.")
