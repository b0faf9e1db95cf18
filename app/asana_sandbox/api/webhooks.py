"""Webhooks, as the application that made them sees them."""

from typing import Any
from urllib.parse import urlsplit

import msgspec

from app.asana_sandbox.model import Webhook, WebhookFilter
from app.asana_sandbox.webhooks import HandshakeError

from .call import Answer, Call
from .errors import ApiError, bad_value, missing_input, no_access, unknown_object
from .fields import plan_for, render
from .routes import PAGED, endpoint

HIGHER_LEVEL = ("workspace", "team")


@endpoint("POST", "/webhooks", status=201)
async def create_webhook(call: Call) -> Answer:
    data = call.data()
    resource, target = str(data.get("resource") or ""), str(data.get("target") or "")
    if not resource or not target:
        raise missing_input("target" if resource else "resource")
    filters = _filters(call, resource, data.get("filters") or [])
    if urlsplit(target).scheme not in ("http", "https"):
        raise bad_value("target", "Not a valid URL")
    try:
        secret = await call.deliveries.shake_hands(target)
    except HandshakeError as error:
        raise ApiError(400, str(error)) from None
    hook = _keep(call, resource, target, secret, filters)
    call.deliveries.beat(hook.gid)
    return {"data": render(call.view, hook, plan_for("webhook", call.opt_fields, True)), "X-Hook-Secret": secret}


@endpoint("GET", "/webhooks", "workspace", "resource", *PAGED)
def get_webhooks(call: Call) -> Answer:
    workspace = call.workspace(call.required("workspace"))
    resource = call.query.get("resource")
    own = [hook for hook in call.world.state.webhooks.values() if _is_own(call, hook)]
    own = [hook for hook in own if call.view.workspace_gid_of(hook.resource) == workspace.gid]
    return call.many("webhook", [hook for hook in own if resource in (None, hook.resource)])


@endpoint("GET", "/webhooks/*")
def get_webhook(call: Call, webhook: str) -> Answer:
    return call.one("webhook", _find(call, webhook))


@endpoint("DELETE", "/webhooks/*")
def delete_webhook(call: Call, webhook: str) -> Answer:
    found = _find(call, webhook)
    del call.world.state.webhooks[found.gid]
    call.world.revision += 1
    call.deliveries.drop(found.gid)
    return {"data": {}}


def _filters(call: Call, resource: str, given: Any) -> list[WebhookFilter]:
    kind = call.view.kind_of(resource)
    if kind not in (*HIGHER_LEVEL, "project", "task"):
        raise unknown_object("resource", resource)
    getattr(call, kind)(resource)
    if kind in HIGHER_LEVEL and not given:
        raise bad_value("filters", "Required for webhooks on higher-level resources")
    try:
        filters = msgspec.convert(given, list[WebhookFilter])
    except msgspec.ValidationError as error:
        raise bad_value("filters", str(error)) from None
    if any(each.fields and (kind in HIGHER_LEVEL or each.action != "changed") for each in filters):
        raise bad_value("filters", "Fields are for changes alone, and not for higher-level resources")
    return filters


def _keep(call: Call, resource: str, target: str, secret: str, filters: list[WebhookFilter]) -> Webhook:
    world = call.world
    with world.lock:
        hook = Webhook(
            world.new_gid(), resource, target, secret, call.person, call.grant.client_id, world.now(), filters
        )
        world.state.webhooks[hook.gid] = hook
        world.revision += 1
    return hook


def _is_own(call: Call, hook: Webhook) -> bool:
    return hook.person == call.person and hook.client_id == call.grant.client_id


def _find(call: Call, gid: str) -> Webhook:
    hook = call.world.state.webhooks.get(gid)
    if hook is None:
        raise unknown_object("webhook", gid)
    if not _is_own(call, hook):
        raise no_access("webhook")
    return hook
