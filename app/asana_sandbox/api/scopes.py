"""What an application without full permissions may ask.

Sections, events and every kind of membership have no granular scope at all, which is why an importer needs full
permissions. The words of the refusal are ours: Asana's are not on record.
"""

from app.asana_sandbox.model import Grant

from .errors import ApiError
from .routes import Route

FULL = "default"
ACTIONS = {"GET": "read", "POST": "write", "DELETE": "delete"}
RESOURCES = {
    "users": "users",
    "workspaces": "workspaces",
    "teams": "teams",
    "projects": "projects",
    "tasks": "tasks",
    "subtasks": "tasks",
    "search": "tasks",
    "tags": "tags",
    "webhooks": "webhooks",
}


def check_scope(grant: Grant, route: Route) -> None:
    granted = grant.scope.split()
    if FULL in granted or route.template == "/batch":
        return
    resource = RESOURCES.get(next(part for part in reversed(route.segments) if part != "*"))
    needed = f"{resource}:{ACTIONS[route.method]}"
    if resource is None or needed not in granted:
        said = f"the scope {needed}" if resource else "full permissions"
        raise ApiError(403, f"This request needs {said}, which the app was not granted.")
