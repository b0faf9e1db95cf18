"""Webhooks: the handshake, signed deliveries in bundles, heartbeats, retries, and the end of a dead receiver.

Asana refuses targets on localhost. Here they are what there is.
"""

import asyncio
import hmac
import secrets
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import httpx
import msgspec

from .model import Event, Gid, Subject, Webhook, WebhookFilter
from .world import World, moment

HEARTBEAT_EVERY = 8 * 3600.0
GIVE_UP_AFTER = 24 * 3600.0
ANSWER_WITHIN = 10.0


class HandshakeError(Exception):
    pass


@dataclass(frozen=True)
class Pace:
    """In seconds. Asana's own deliveries take about a minute; here they are quick so that people can watch."""

    gather: float = 0.2
    first_retry: float = 2.0
    slowest_retry: float = 3600.0
    give_up_after: float = GIVE_UP_AFTER
    heartbeat_every: float = HEARTBEAT_EVERY


class Deliveries:
    def __init__(self, world: World, pace: Pace | None = None) -> None:
        self.world = world
        self.pace = pace or Pace()
        self._waiting: dict[Gid, list[Event]] = defaultdict(list)
        self._senders: dict[Gid, asyncio.Task[None]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._heart: asyncio.Task[None] | None = None
        self._client: httpx.AsyncClient | None = None

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._client = httpx.AsyncClient(timeout=ANSWER_WITHIN, trust_env=False)
        self._heart = asyncio.create_task(self._keep_beating())
        self.world.listeners.append(self.on_event)

    async def stop(self) -> None:
        self.world.listeners.remove(self.on_event)
        tasks = [task for task in [self._heart, *self._senders.values()] if task]
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
        if self._client:
            await self._client.aclose()

    async def shake_hands(self, target: str) -> str:
        """Posts a fresh secret to the target, which has to send it back. Returns the secret."""
        secret = secrets.token_hex(32)
        try:
            answer = await self._post(target, b"{}", {"X-Hook-Secret": secret})
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise HandshakeError(f"The remote server could not be reached: {error}") from error
        if answer.status_code not in (200, 204):
            raise HandshakeError(f"The remote server answered {answer.status_code} instead of 200 or 204")
        if not hmac.compare_digest(answer.headers.get("X-Hook-Secret", "").encode(), secret.encode()):
            raise HandshakeError("The remote server did not respond with the handshake secret.")
        return secret

    def on_event(self, event: Event) -> None:
        """May be called from any thread."""
        if self._loop and self.world.state.webhooks:
            self._loop.call_soon_threadsafe(self._take, event)

    def beat(self, gid: Gid | None = None) -> None:
        """An empty delivery, at the handshake and every eight hours: to one webhook or to all."""
        for hook in self.world.state.webhooks.values():
            if gid in (None, hook.gid):
                self._send_soon(hook.gid)

    def drop(self, gid: Gid) -> None:
        self._waiting.pop(gid, None)
        sender = self._senders.pop(gid, None)
        if sender:
            sender.cancel()

    def forget(self) -> None:
        """A world that begins anew gives the same ids to new webhooks: nothing old may reach them."""
        self._waiting.clear()
        for gid in list(self._senders):
            self.drop(gid)

    def _take(self, event: Event) -> None:
        for hook in self.world.state.webhooks.values():
            if hook.resource in event.streams and passes(event, hook.filters):
                self._waiting[hook.gid].append(event)
                self._send_soon(hook.gid)

    def _send_soon(self, gid: Gid) -> None:
        sender = self._senders.get(gid)
        if sender is None or sender.done():
            self._senders[gid] = asyncio.create_task(self._send_all(gid))

    async def _send_all(self, gid: Gid) -> None:
        await asyncio.sleep(self.pace.gather)
        is_first = True
        while gid in self.world.state.webhooks and (is_first or self._waiting[gid]):
            is_first = False
            bundle = self._waiting.pop(gid, [])
            await self._deliver(self.world.state.webhooks[gid], bundle)

    async def _deliver(self, hook: Webhook, bundle: list[Event]) -> None:
        body = msgspec.json.encode({"events": [compact(event) for event in bundle]})
        failing_since = self.world.clock()
        while hook.gid in self.world.state.webhooks:
            trouble = await self._try(hook, body)
            if trouble is None:
                return
            if trouble == "410" or self._is_hopeless(failing_since):
                self._delete(hook)
                return
            await asyncio.sleep(self._note_failure(hook, trouble, failing_since))

    async def _try(self, hook: Webhook, body: bytes) -> str | None:
        """None when the receiver took it, else what went wrong."""
        signature = hmac.new(hook.secret.encode(), body, sha256).hexdigest()
        try:
            answer = await self._post(hook.target, body, {"X-Hook-Signature": signature})
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return str(error) or type(error).__name__
        if answer.is_success:
            hook.last_success_at = self.world.now()
            hook.delivery_retry_count = 0
            hook.next_attempt_after = hook.failure_deletion_timestamp = None
            return None
        return str(answer.status_code)

    def _note_failure(self, hook: Webhook, trouble: str, since: datetime) -> float:
        """The seconds until the next try, doubling."""
        wait = min(self.pace.first_retry * 2.0**hook.delivery_retry_count, self.pace.slowest_retry)
        hook.delivery_retry_count += 1
        hook.last_failure_at = self.world.now()
        hook.last_failure_content = trouble
        hook.next_attempt_after = moment(self.world.clock() + timedelta(seconds=wait))
        hook.failure_deletion_timestamp = moment(since + timedelta(seconds=self.pace.give_up_after))
        return wait

    def _is_hopeless(self, failing_since: datetime) -> bool:
        return (self.world.clock() - failing_since).total_seconds() >= self.pace.give_up_after

    def _delete(self, hook: Webhook) -> None:
        with self.world.lock:
            self.world.state.webhooks.pop(hook.gid, None)
            self.world.revision += 1

    async def _keep_beating(self) -> None:
        while True:
            await asyncio.sleep(self.pace.heartbeat_every)
            self.beat()

    async def _post(self, target: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
        if self._client is None:
            raise HandshakeError("Deliveries are not running.")
        headers = {"Content-Type": "application/json", **headers}
        return await self._client.post(target, content=body, headers=headers)


def compact(event: Event) -> dict[str, Any]:
    """As webhooks tell it: ids and types, no names."""
    told: dict[str, Any] = {
        "user": {"gid": event.user, "resource_type": "user"} if event.user else None,
        "created_at": event.created_at,
        "action": event.action,
        "resource": _bare(event.resource),
        "parent": _bare(event.parent) if event.parent else None,
    }
    if event.change:
        change = {"field": event.change.field, "action": event.change.action}
        values = {name: getattr(event.change, name) for name in ("new_value", "added_value", "removed_value")}
        told["change"] = change | {k: _bare(v) for k, v in values.items() if isinstance(v, Subject)}
    return told


def _bare(subject: Subject) -> dict[str, str]:
    bare = {"gid": subject.gid, "resource_type": subject.resource_type}
    return bare | ({"resource_subtype": subject.resource_subtype} if subject.resource_subtype else {})


def passes(event: Event, filters: list[WebhookFilter]) -> bool:
    return not filters or any(_fits(event, each) for each in filters)


def _fits(event: Event, wanted: WebhookFilter) -> bool:
    return (
        wanted.resource_type in (None, event.resource.resource_type)
        and wanted.resource_subtype in (None, event.resource.resource_subtype)
        and wanted.action in (None, event.action)
        and (not wanted.fields or (event.change is not None and event.change.field in wanted.fields))
    )
