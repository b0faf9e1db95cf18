"""Tasks by everything they can be listed by."""

from app.asana_sandbox.model import Task

from .call import Answer, Call
from .errors import filter_missing, filters_conflict, unknown_object
from .routes import PAGED, endpoint

FILTERS = ("project", "section", "tag", "user_task_list")


@endpoint(
    "GET",
    "/tasks",
    *FILTERS,
    "assignee",
    "workspace",
    "completed_since",
    "modified_since",
    *PAGED,
)
def get_tasks(call: Call) -> Answer:
    given = [name for name in FILTERS if name in call.query]
    by_assignee = "assignee" in call.query or "workspace" in call.query
    if not given and not by_assignee:
        raise filter_missing()
    if len(given) + by_assignee != 1 or by_assignee != ("assignee" in call.query and "workspace" in call.query):
        raise filters_conflict()
    return _list(call, LISTS[given[0]](call, call.query[given[0]]) if given else _assigned(call))


@endpoint("GET", "/projects/*/tasks", "completed_since", *PAGED)
def get_tasks_for_project(call: Call, project: str) -> Answer:
    return _list(call, _of_project(call, project))


@endpoint("GET", "/sections/*/tasks", "completed_since", *PAGED)
def get_tasks_for_section(call: Call, section: str) -> Answer:
    return _list(call, _of_section(call, section))


@endpoint("GET", "/tags/*/tasks", *PAGED)
def get_tasks_for_tag(call: Call, tag: str) -> Answer:
    return _list(call, _of_tag(call, tag))


@endpoint("GET", "/user_task_lists/*/tasks", "completed_since", *PAGED)
def get_tasks_for_user_task_list(call: Call, user_task_list: str) -> Answer:
    return _list(call, _of_task_list(call, user_task_list))


@endpoint("GET", "/tasks/*/subtasks", *PAGED)
def get_subtasks_for_task(call: Call, task: str) -> Answer:
    return call.many("task", call.world.live_subtasks(call.task(task)))


@endpoint("GET", "/tasks/*")
def get_task(call: Call, task: str) -> Answer:
    return call.one("task", call.task(task))


def _of_project(call: Call, gid: str) -> list[Task]:
    return call.world.tasks_in_project(call.project(gid))


def _of_section(call: Call, gid: str) -> list[Task]:
    return call.world.tasks_in_section(call.section(gid))


def _of_tag(call: Call, gid: str) -> list[Task]:
    return call.visible_tasks(list(call.world.tagged[call.tag(gid).gid]))


def _of_task_list(call: Call, gid: str) -> list[Task]:
    """Somebody else's list is as good as unknown."""
    own = [call.world.workspace_membership(call.person, each.gid) for each in call.sight.workspaces()]
    for membership in own:
        if membership.user_task_list == gid:
            return _assigned_in(call, call.person, membership.workspace)
    raise unknown_object("user_task_list", gid)


def _assigned(call: Call) -> list[Task]:
    person, workspace = call.user(call.query["assignee"]), call.workspace(call.query["workspace"])
    return _assigned_in(call, person.gid, workspace.gid)


def _assigned_in(call: Call, person: str, workspace: str) -> list[Task]:
    tasks = call.visible_tasks(list(call.world.assigned_to[person]))
    return [task for task in tasks if task.workspace == workspace]


LISTS = {"project": _of_project, "section": _of_section, "tag": _of_tag, "user_task_list": _of_task_list}


def _list(call: Call, tasks: list[Task]) -> Answer:
    completed_since, modified_since = call.since("completed_since"), call.since("modified_since")
    if completed_since:
        tasks = [each for each in tasks if each.completed_at is None or each.completed_at >= completed_since]
    if modified_since:
        tasks = [each for each in tasks if each.modified_at >= modified_since]
    return call.many("task", tasks)
