"""The fields of events and webhooks."""

from typing import Any

from app.asana_sandbox.model import Subject

from .fields import ABSENT, KINDS, Field, Kind, fixed, many, related, same


def _if_set(name: str) -> Field:
    def read(view: Any, thing: Any) -> Any:
        value = getattr(thing, name)
        return ABSENT if value is None else value

    return Field(read)


def _changed_to(name: str) -> Field:
    def read(view: Any, change: Any) -> Any:
        value = getattr(change, name)
        if isinstance(value, Subject):
            return {"gid": value.gid, "resource_type": value.resource_type, "name": value.name}
        return ABSENT if value is None else value

    return Field(read)


KINDS["subject"] = Kind(
    {
        "resource_type": same("resource_type"),
        "resource_subtype": _if_set("resource_subtype"),
        "name": _if_set("name"),
    },
    compact=("resource_type", "resource_subtype", "name"),
)

KINDS["change"] = Kind(
    {
        "field": same("field"),
        "action": same("action"),
        "new_value": _changed_to("new_value"),
        "added_value": _changed_to("added_value"),
        "removed_value": _changed_to("removed_value"),
    },
    compact=("field", "action", "new_value", "added_value", "removed_value"),
    has_gid=False,
)

KINDS["event"] = Kind(
    {
        "user": related(lambda view, event: view.event_user(event), "user"),
        "created_at": same("created_at"),
        "action": same("action"),
        "resource": related(lambda view, event: event.resource, "subject"),
        "parent": related(lambda view, event: event.parent, "subject"),
        "change": related(lambda view, event: event.change or ABSENT, "change"),
        "type": Field(lambda view, event: event.resource.resource_type),
    },
    has_gid=False,
)

KINDS["webhook_filter"] = Kind(
    {name: _if_set(name) for name in ("resource_type", "resource_subtype", "action", "fields")},
    compact=("resource_type", "resource_subtype", "action", "fields"),
    has_gid=False,
)

KINDS["webhook"] = Kind(
    {
        "resource_type": fixed("webhook"),
        "active": same("active"),
        "resource": related(lambda view, hook: view.subject(hook.resource), "subject"),
        "target": same("target"),
        "created_at": same("created_at"),
        "last_success_at": same("last_success_at"),
        "last_failure_at": same("last_failure_at"),
        "last_failure_content": same("last_failure_content"),
        "delivery_retry_count": same("delivery_retry_count"),
        "next_attempt_after": same("next_attempt_after"),
        "failure_deletion_timestamp": same("failure_deletion_timestamp"),
        "filters": many(lambda view, hook: hook.filters, "webhook_filter"),
    },
    compact=("resource_type", "active", "resource", "target"),
)
