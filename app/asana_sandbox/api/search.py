"""Searching for tasks: for paid workspaces, a hundred at most, and no way to the next hundred but another question.

https://developers.asana.com/reference/searchtasksforworkspace
"""

from collections.abc import Callable
from functools import partial
from itertools import islice
from random import random
from typing import Any

from app.asana_sandbox.model import Task

from .call import Answer, Call
from .errors import bad_value, not_modelled, premium_only
from .paging import read_limit
from .routes import ANY_OTHER, endpoint

ROWS_UNASKED = 20

Criterion = Callable[[Task], bool]
MOMENTS = ("created_at", "modified_at", "completed_at")
SORTED_BY: dict[str, Callable[[Task], Any]] = {
    "created_at": lambda task: task.created_at,
    "modified_at": lambda task: task.modified_at,
    "completed_at": lambda task: task.completed_at,
    "due_date": lambda task: task.due_on,
    # Nobody likes anything here, and every find is as relevant as any other: those orders are no order.
    "likes": lambda task: None,
    "relevance": lambda task: None,
}

PARAMETERS = (
    *("text", "completed", "is_subtask", "projects.any", "sections.any", "assignee.any"),
    *(f"{name}.{side}" for name in MOMENTS for side in ("after", "before")),
    *("sort_by", "sort_ascending", "limit"),
)
# Asana ignores what it does not know. What it knows and the sandbox does not is refused, as it would find too much.
NOT_MODELLED = (
    *("portfolios.", "tags.", "teams.", "followers.", "created_by.", "assigned_by.", "liked_by.", "commented_on_by."),
    *("projects.", "sections.", "assignee.", "custom_fields.", "custom_types.", "due_", "start_on", "resource_subtype"),
    *("created_on", "completed_on", "modified_on", "is_block", "has_attachment"),
)


@endpoint("GET", "/workspaces/*/tasks/search", *PARAMETERS, ANY_OTHER)
def search_tasks_for_workspace(call: Call, workspace: str) -> Answer:
    """What is found and in which order follows the index. The answer shows each task as it is, to those who see it."""
    place = call.workspace(workspace)
    if not place.is_paid:
        raise premium_only()
    _refuse_what_is_not_modelled(call)
    criteria, order, limit = _criteria(call), _order(call), read_limit(call.query) or ROWS_UNASKED
    documents = [each for each in call.sandbox.index.documents() if each.workspace == place.gid]
    matching = [each for each in documents if all(fits(each) for fits in criteria)]
    matching.sort(key=order, reverse=not call.flag("sort_ascending"))
    found = (call.world.task(each.gid) for each in matching)
    return call.all_at_once("task", list(islice(filter(call.sight.sees_task, found), limit)))


def is_search(method: str, path: str) -> bool:
    return method == "GET" and path.startswith("/workspaces/") and path.endswith("/tasks/search")


def _refuse_what_is_not_modelled(call: Call) -> None:
    for name in call.query:
        if name not in PARAMETERS and name.startswith(NOT_MODELLED):
            raise not_modelled(name)


def _criteria(call: Call) -> list[Criterion]:
    by_moments = [by for name in MOMENTS for by in _moment_criteria(call, name)]
    return [*_flag_criteria(call), *by_moments, *_place_criteria(call), *_people_criteria(call), *_text_criteria(call)]


def _flag_criteria(call: Call) -> list[Criterion]:
    completed, is_subtask = call.flag("completed"), call.flag("is_subtask")
    criteria: list[Criterion] = []
    if completed is not None:
        criteria.append(lambda task: (task.completed_at is not None) is completed)
    if is_subtask is not None:
        criteria.append(lambda task: (task.parent is not None) is is_subtask)
    return criteria


def _moment_criteria(call: Call, name: str) -> list[Criterion]:
    """Whoever has no such moment, as what is not completed, is neither before nor after one."""
    after, before = call.since(f"{name}.after"), call.since(f"{name}.before")
    criteria: list[Criterion] = []
    if after:
        criteria.append(lambda task: (getattr(task, name) or "") > after)
    if before:
        criteria.append(lambda task: "" < (getattr(task, name) or "") < before)
    return criteria


def _place_criteria(call: Call) -> list[Criterion]:
    """In any of those projects or in any of those sections. What the caller may not see holds nothing."""
    projects, sections = _listed(call, "projects.any"), _listed(call, "sections.any")
    if not projects and not sections:
        return []
    seen = {each.gid for each in call.world.state.projects.values() if call.sight.sees_project(each)}

    def stands_there(task: Task) -> bool:
        return any(
            project in seen and (project in projects or section in sections) for project, section in task.places.items()
        )

    return [stands_there]


def _people_criteria(call: Call) -> list[Criterion]:
    people = {call.user(each).gid for each in _listed(call, "assignee.any")}
    return [lambda task: task.assignee in people] if people else []


def _text_criteria(call: Call) -> list[Criterion]:
    """Every word of it stands in the name or the description."""
    words = call.query.get("text", "").casefold().split()

    def has_all(task: Task) -> bool:
        text = f"{task.name} {task.notes}".casefold()
        return all(word in text for word in words)

    return [has_all] if words else []


def _order(call: Call) -> Callable[[Task], Any]:
    by = call.query.get("sort_by", "modified_at")
    if by not in SORTED_BY:
        raise bad_value("sort_by", f"Not a valid order: {by}")
    return partial(_key, SORTED_BY[by])


def _key(read: Callable[[Task], Any], task: Task) -> tuple[bool, str, float]:
    """Equals come in another order each time."""
    value = read(task)
    return (value is not None, value or "", random())  # noqa: S311


def _listed(call: Call, name: str) -> set[str]:
    return {each for each in call.query.get(name, "").split(",") if each}
