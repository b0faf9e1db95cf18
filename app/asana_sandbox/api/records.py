"""The fields of everything the API answers with."""

from .fields import ABSENT, KINDS, Field, Kind, fixed, many, related, same
from .pairs import TaskListOf

NAME = same("name")


def _type(name: str) -> Field:
    return fixed(name)


KINDS["user"] = Kind(
    {
        "name": NAME,
        "resource_type": _type("user"),
        "email": Field(lambda view, person: view.email(person)),
        "photo": fixed(None),
        "workspaces": many(lambda view, person: view.workspaces_of(person), "workspace"),
        "custom_fields": fixed([], is_opt_in=True),
    }
)

KINDS["workspace"] = Kind(
    {
        "name": NAME,
        "resource_type": _type("workspace"),
        "is_organization": same("is_organization"),
        "email_domains": same("email_domains"),
    }
)

KINDS["team"] = Kind(
    {
        "name": NAME,
        "resource_type": _type("team"),
        "description": fixed(""),
        "html_description": fixed("<body></body>", is_opt_in=True),
        "organization": related(lambda view, team: view.state.workspaces[team.workspace], "workspace"),
        "permalink_url": Field(lambda view, team: f"{view.base_url}/0/{team.gid}"),
        "visibility": fixed("public"),
    }
)

# A project's member is a person or a team; both answer to these.
KINDS["member"] = Kind(
    {
        "name": NAME,
        "resource_type": Field(lambda view, member: "user" if hasattr(member, "email") else "team"),
        "email": Field(lambda view, member: view.email(member) if hasattr(member, "email") else ABSENT),
    }
)

KINDS["membership"] = Kind(
    {
        "resource_type": _type("membership"),
        "resource_subtype": fixed("project_membership"),
        "member": related(lambda view, pair: view.member(pair.membership), "member"),
        "access_level": Field(lambda view, pair: pair.membership.access_level),
        "parent": related(lambda view, pair: pair.project, "project"),
    },
    compact=("resource_type", "resource_subtype", "member", "access_level", "parent"),
)

KINDS["user_task_list"] = Kind(
    {
        "name": Field(lambda view, entry: view.task_list_name(entry.membership)),
        "resource_type": _type("user_task_list"),
        "owner": related(lambda view, entry: view.user(entry.membership.person), "user"),
        "workspace": related(lambda view, entry: view.state.workspaces[entry.membership.workspace], "workspace"),
    }
)

KINDS["tag"] = Kind(
    {
        "name": NAME,
        "resource_type": _type("tag"),
        "color": same("color"),
        "notes": fixed(""),
        "created_at": same("created_at"),
        "followers": fixed([]),
        "workspace": related(lambda view, tag: view.state.workspaces[tag.workspace], "workspace"),
        "permalink_url": Field(lambda view, tag: f"{view.base_url}/0/{tag.gid}/{tag.gid}"),
    }
)

KINDS["section"] = Kind(
    {
        "name": NAME,
        "resource_type": _type("section"),
        "created_at": same("created_at"),
        "project": related(lambda view, section: view.state.projects[section.project], "project"),
        "projects": many(lambda view, section: [view.state.projects[section.project]], "project"),
    }
)

KINDS["project"] = Kind(
    {
        "name": NAME,
        "resource_type": _type("project"),
        "archived": same("archived"),
        "color": same("color"),
        "completed": Field(lambda view, project: project.completed_at is not None),
        "completed_at": same("completed_at"),
        "completed_by": related(lambda view, project: view.user(project.completed_by), "user"),
        "created_at": same("created_at"),
        "current_status": fixed(None),
        "current_status_update": fixed(None),
        "custom_field_settings": fixed([]),
        "custom_fields": fixed([]),
        "default_access_level": fixed("editor"),
        "default_view": same("default_view"),
        "due_date": same("due_on"),
        "due_on": same("due_on"),
        "followers": many(lambda view, project: view.users(list(project.memberships)), "user"),
        "html_notes": fixed("<body></body>", is_opt_in=True),
        "icon": same("icon"),
        "members": many(lambda view, project: view.users(list(project.memberships)), "user"),
        "minimum_access_level_for_customization": fixed("editor"),
        "minimum_access_level_for_sharing": fixed("editor"),
        "modified_at": same("modified_at"),
        "notes": same("notes"),
        "owner": related(lambda view, project: view.user(project.owner), "user"),
        "permalink_url": Field(lambda view, project: view.project_url(project)),
        "privacy_setting": same("privacy"),
        "public": Field(lambda view, project: project.privacy == "public_to_workspace"),
        "start_on": same("start_on"),
        "team": related(lambda view, project: view.team(project.team), "team"),
        "workspace": related(lambda view, project: view.state.workspaces[project.workspace], "workspace"),
        "project_brief": fixed(None, is_opt_in=True),
        "created_from_template": fixed(None, is_opt_in=True),
    }
)

# One entry of a task's `memberships`: no object of its own, so it has no gid.
KINDS["place"] = Kind(
    {
        "project": related(lambda view, place: place[0], "project"),
        "section": related(lambda view, place: place[1], "section"),
    },
    compact=("project", "section"),
    has_gid=False,
)

KINDS["task"] = Kind(
    {
        "name": NAME,
        "resource_type": _type("task"),
        "resource_subtype": same("resource_subtype"),
        "actual_time_minutes": fixed(0),
        "approval_status": Field(lambda view, task: ABSENT if task.approval_status is None else task.approval_status),
        "assigned_by": fixed(None, is_opt_in=True),
        "assignee": related(lambda view, task: view.user(task.assignee), "user"),
        "assignee_status": fixed("upcoming"),
        "completed": Field(lambda view, task: task.completed_at is not None),
        "completed_at": same("completed_at"),
        "completed_by": related(lambda view, task: view.user(task.completed_by), "user", is_opt_in=True),
        "created_at": same("created_at"),
        "created_by": related(lambda view, task: view.user(task.created_by), "user", is_opt_in=True),
        "custom_fields": fixed([]),
        "dependencies": fixed([], is_opt_in=True),
        "dependents": fixed([], is_opt_in=True),
        "due_at": fixed(None),
        "due_on": same("due_on"),
        "external": fixed(None, is_opt_in=True),
        "followers": many(lambda view, task: view.users(task.followers), "user"),
        "hearted": fixed(False),
        "hearts": fixed([]),
        "html_notes": fixed("<body></body>", is_opt_in=True),
        "is_rendered_as_separator": same("is_separator", is_opt_in=True),
        "liked": fixed(False),
        "likes": fixed([]),
        "memberships": many(lambda view, task: view.places_of(task), "place"),
        "modified_at": same("modified_at"),
        "notes": same("notes"),
        "num_hearts": fixed(0),
        "num_likes": fixed(0),
        "num_subtasks": Field(lambda view, task: len(view.world.live_subtasks(task)), is_opt_in=True),
        "parent": related(lambda view, task: view.parent_of(task), "task"),
        "permalink_url": Field(lambda view, task: view.task_url(task)),
        "projects": many(lambda view, task: view.projects_of(task), "project"),
        "start_at": fixed(None),
        "start_on": same("start_on"),
        "tags": many(lambda view, task: [view.state.tags[gid] for gid in task.tags], "tag"),
        "workspace": related(lambda view, task: view.state.workspaces[task.workspace], "workspace"),
    },
    compact=("name", "resource_type", "resource_subtype"),
)

KINDS["workspace_membership"] = Kind(
    {
        "resource_type": _type("workspace_membership"),
        "user": related(lambda view, entry: view.user(entry.person), "user"),
        "workspace": related(lambda view, entry: view.state.workspaces[entry.workspace], "workspace"),
        "user_task_list": related(lambda view, entry: TaskListOf(entry), "user_task_list"),
        "created_at": same("created_at"),
        "is_active": fixed(True),
        "is_admin": same("is_admin"),
        "is_guest": same("is_guest"),
        "is_view_only": fixed(False),
        "vacation_dates": fixed(None),
    },
    compact=("resource_type", "user", "workspace"),
)
