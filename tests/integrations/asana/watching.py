"""An account whose Asana can send to it: the application listens on a port of this machine."""

import asyncio
import hmac
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import httpx
import uvicorn

from app import database
from app.asana_sandbox.webhooks import Pace
from app.crypto import decrypt
from app.integrations.asana.models import AsanaProjectState, AsanaWebhook
from app.integrations.asana.webhooks import target_of
from app.main import create_app
from app.projects.models import WorkItem
from app.tasks.webhooks import keep_webhooks_later
from tests.factories import make_item
from tests.integrations.asana.sync.connected import Connected, until
from tests.integrations.asana.sync.office import Office
from tests.worker import work

QUICK = Pace(gather=0.02, first_retry=0.1, slowest_retry=0.1, give_up_after=60)


class Listening:
    """A web process, but for the process. It can be away for a while, and comes back at the same address."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        if self._socket.fileno() < 0:
            self._socket = socket.create_server(("127.0.0.1", self.port))
        config = uvicorn.Config(create_app(), log_level="warning", access_log=False, timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._serving = asyncio.create_task(self._server.serve([self._socket]))
        await until(self._is_started)

    async def _is_started(self) -> bool:
        return self._server.started

    async def stop(self) -> None:
        self._server.should_exit = True
        await self._serving
        self._socket.close()


@dataclass
class Watched:
    office: Office
    connected: Connected
    web: Listening
    projects: dict[str, WorkItem] = field(default_factory=dict)

    @property
    def at_asana(self) -> list[Any]:
        """The webhooks that Asana has."""
        return list(self.office.world.state.webhooks.values())

    async def import_all(self) -> None:
        """As a pass leaves the projects behind, without what is in them."""
        for project in self.office.world.state.projects.values():
            self.projects[project.gid] = await self.import_project(project.gid)

    async def import_project(self, gid: str) -> WorkItem:
        project = self.office.world.project(gid)
        imported = {"source": "asana", "foreign_id": gid, "foreign_group": project.workspace}
        item = await make_item(self.connected.account, project.name, kind="project", **imported)
        await AsanaProjectState(
            connection=self.connected.connection.id, item=item.id, last_read_at=datetime.now(UTC)
        ).save()
        return item

    async def keep(self, *, check: bool = False) -> None:
        await keep_webhooks_later(self.connected.connection, check=check)
        await work()

    async def rows(self) -> list[AsanaWebhook]:
        return await AsanaWebhook.objects().order_by(AsanaWebhook.id)

    async def row(self, project: str | None) -> AsanaWebhook:
        """The project's, or the workspace's."""
        item = self.projects[project].id if project else None
        row = await AsanaWebhook.objects().get(
            AsanaWebhook.item == item if item else AsanaWebhook.item.is_null()  # type: ignore[arg-type]
        )
        assert row is not None
        return row

    async def dirty_at(self, project: str) -> datetime | None:
        found: datetime | None = await database.fetch_value(
            "SELECT dirty_at FROM asana_project_state WHERE item = $1", self.projects[project].id
        )
        return found

    async def all_read(self) -> None:
        """As a catch-up leaves the marks behind."""
        await database.execute("UPDATE asana_project_state SET dirty_at = NULL")
        await database.execute("UPDATE asana_workspace SET dirty_at = NULL")

    def webhook_of(self, resource: str) -> Any:
        found = [hook for hook in self.at_asana if hook.resource == resource]
        assert len(found) == 1, found
        return found[0]


async def send(row: AsanaWebhook, body: bytes, **headers: str) -> httpx.Response:
    """As Asana does, unless other headers are given."""
    if not headers:
        assert row.secret is not None
        headers = {"X-Hook-Signature": signature_of(decrypt(row.secret), body)}
    async with httpx.AsyncClient(trust_env=False) as asana:
        return await asana.post(target_of(row.key), content=body, headers=headers)


def signature_of(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), body, sha256).hexdigest()


async def soon(question: Callable[[], Awaitable[Any]], seconds: float = 20) -> Any:
    """Works on what is queued until the answer is yes."""

    async def worked() -> Any:
        await work()
        return await question()

    return await until(worked, seconds)
