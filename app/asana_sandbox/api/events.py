"""What changed since a sync token was given."""

from app.asana_sandbox.model import Gid
from app.asana_sandbox.world import SyncTokenTooOldError

from .call import Answer, Call
from .errors import sync_token_too_old, unknown_object
from .routes import PAGED, endpoint


@endpoint("GET", "/events", "resource", "sync", *PAGED)
def get_events(call: Call) -> Answer:
    return _events(call, call.required("resource"))


@endpoint("GET", "/projects/*/events", "sync", *PAGED)
@endpoint("GET", "/tasks/*/events", "sync", *PAGED)
def get_events_of(call: Call, resource: str) -> Answer:
    return _events(call, resource)


def _events(call: Call, resource: Gid) -> Answer:
    token = call.query.get("sync")
    _check_resource(call, resource, has_token=token is not None)
    try:
        found, sync, has_more = call.world.events_since(resource, token or "")
    except SyncTokenTooOldError:
        raise sync_token_too_old(call.world.sync_token(resource)) from None
    return {**call.whole_rows("event", found), "sync": sync, "has_more": has_more}


def _check_resource(call: Call, resource: Gid, *, has_token: bool) -> None:
    """Projects and tasks have streams. Who held a token is still told that its project was deleted."""
    state = call.world.state
    if resource in state.tasks:
        if not (has_token and state.tasks[resource].deleted_at):
            call.task(resource)
    elif resource in state.projects:
        if not (has_token and state.projects[resource].deleted_at):
            call.project(resource)
    else:
        raise unknown_object("resource", resource)
