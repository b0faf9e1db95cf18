"""Asana's webhook deliveries, of which the machine decides whether each is lost, comes once, or comes twice."""

from collections import defaultdict

import httpx
import msgspec

from app.asana_sandbox.model import Event
from app.asana_sandbox.webhooks import compact, passes
from app.asana_sandbox.world import World
from tests.integrations.asana.watching import signature_of


class Post:
    def __init__(self, world: World) -> None:
        self._world = world
        self.waiting: dict[str, list[Event]] = defaultdict(list)
        # Projects and workspaces of which something was not delivered, and now never will be.
        self.lost: set[str] = set()
        # Those whose webhook has vanished at Asana, unnoticed here.
        self.silent: set[str] = set()
        world.listeners.append(self._take)

    def close(self) -> None:
        self._world.listeners.remove(self._take)

    @property
    def is_all_delivered(self) -> bool:
        return not (self.lost or any(self.waiting.values()))

    def _take(self, event: Event) -> None:
        self.lost |= self.silent & set(event.streams)
        for hook in self._world.state.webhooks.values():
            if hook.resource in event.streams and passes(event, hook.filters):
                self.waiting[hook.gid].append(event)

    async def deliver(self, times: int) -> None:
        """All that waits. A webhook that is no longer known here is told so, and ends."""
        for gid, events in list(self.waiting.items()):
            del self.waiting[gid]
            if hook := self._world.state.webhooks.get(gid):
                body = msgspec.json.encode({"events": [compact(event) for event in events]})
                for _ in range(times):
                    await self._send(hook.gid, hook.target, hook.secret, body)

    def lose(self) -> None:
        for gid in list(self.waiting):
            if hook := self._world.state.webhooks.get(gid):
                self.lost.add(hook.resource)
            del self.waiting[gid]

    def lose_webhook(self, number: int) -> None:
        """As when nothing could be delivered for a day."""
        hooks = list(self._world.state.webhooks.values())
        if hooks:
            hook = hooks[number % len(hooks)]
            del self._world.state.webhooks[hook.gid]
            self.silent.add(hook.resource)
            if self.waiting.pop(hook.gid, []):
                self.lost.add(hook.resource)

    async def _send(self, gid: str, target: str, secret: str, body: bytes) -> None:
        async with httpx.AsyncClient(trust_env=False) as asana:
            answer = await asana.post(target, content=body, headers={"X-Hook-Signature": signature_of(secret, body)})
        assert answer.status_code in (204, 410), answer
        if answer.status_code == 410:
            self._world.state.webhooks.pop(gid, None)
