"""The least that has to be done: plain httpx, the importer's own questions, the rows into a temporary table.

It knows nothing of limits, trouble, what changed or who may see it, and keeps nothing. What the worker uses beyond this
is what Sundial itself costs.
"""

import asyncio
import os
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import httpx
import msgspec

from app.bench.outcome import Figures
from app.bench.usage import measured, peak_rss_mb
from app.integrations.asana.client import PROJECT_FIELDS, TASK_FIELDS, USER_FIELDS

ROWS_A_COPY = 5_000
TABLE = """
CREATE TEMP TABLE fetched (gid text, parent text, name text, permalink text, modified_at text, completed boolean,
    assignee text, section text)
"""


class Reference(msgspec.Struct):
    gid: str
    name: str | None = None


class Membership(msgspec.Struct):
    project: Reference | None = None
    section: Reference | None = None


class Row(msgspec.Struct):
    """A workspace, a person, a project, a section or a task."""

    gid: str
    name: str | None = None
    permalink_url: str | None = None
    modified_at: str | None = None
    archived: bool | None = None
    completed: bool | None = None
    num_subtasks: int | None = None
    assignee: Reference | None = None
    parent: Reference | None = None
    memberships: list[Membership] = []

    def columns(self) -> tuple[Any, ...]:
        return (
            self.gid,
            self.parent.gid if self.parent else None,
            self.name,
            self.permalink_url,
            self.modified_at,
            self.completed,
            self.assignee.gid if self.assignee else None,
            next((each.section.gid for each in self.memberships if each.section), None),
        )


class Next(msgspec.Struct):
    offset: str


class Page(msgspec.Struct):
    data: list[Row] = []
    next_page: Next | None = None


@dataclass
class Fetcher:
    http: httpx.AsyncClient
    database: asyncpg.Connection
    waiting: asyncio.LifoQueue[str] = field(default_factory=asyncio.LifoQueue)
    decoder: msgspec.json.Decoder[Page] = field(default_factory=lambda: msgspec.json.Decoder(Page))
    requests: int = 0
    rows: int = 0
    _fetched: list[tuple[Any, ...]] = field(default_factory=list)
    _writing: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def fetch(self, workspaces: tuple[str, ...], at_once: int) -> None:
        for workspace in workspaces:
            self.waiting.put_nowait(f"users?workspace={workspace}&limit=100&opt_fields={USER_FIELDS}")
            self.waiting.put_nowait(f"projects?workspace={workspace}&limit=100&opt_fields={PROJECT_FIELDS}")
        async with asyncio.TaskGroup() as group:
            workers = [group.create_task(self._work()) for _ in range(at_once)]
            await self.waiting.join()
            for worker in workers:
                worker.cancel()
        await self._write()

    async def _work(self) -> None:
        while True:
            url = await self.waiting.get()
            response = await self.http.get(url)
            self.requests += 1
            if response.status_code == 200:
                await self._read(url, self.decoder.decode(response.content))
            elif response.status_code != 412:  # With which Asana gives the first token of an event stream.
                raise RuntimeError(f"{url}: {response.status_code}")
            self.waiting.task_done()

    async def _read(self, url: str, page: Page) -> None:
        if page.next_page:
            first = url.partition("&offset=")[0]
            self.waiting.put_nowait(f"{first}&offset={page.next_page.offset}")
        for row in page.data:
            if url.startswith("projects?") and not row.archived and not row.completed:
                self._ask_for_project(row.gid)
            elif row.num_subtasks and not row.completed:
                self.waiting.put_nowait(f"tasks/{row.gid}/subtasks?limit=100&opt_fields={TASK_FIELDS}")
            self._fetched.append(row.columns())
        self.rows += len(page.data)
        if len(self._fetched) >= ROWS_A_COPY:
            await self._write()

    def _ask_for_project(self, gid: str) -> None:
        self.waiting.put_nowait(f"events?resource={gid}")
        self.waiting.put_nowait(f"projects/{gid}/sections?limit=100&opt_fields=name")
        self.waiting.put_nowait(f"projects/{gid}/tasks?limit=100&completed_since=now&opt_fields={TASK_FIELDS}")

    async def _write(self) -> None:
        async with self._writing:
            rows, self._fetched = self._fetched, []
            await self.database.copy_records_to_table("fetched", records=rows)


async def fetch(token: str, workspaces: tuple[str, ...], at_once: int) -> Figures:
    """Reads the addresses from the environment, as Sundial's own processes do."""
    limits = httpx.Limits(max_connections=at_once, max_keepalive_connections=at_once)
    headers = {"Authorization": f"Bearer {token}"}
    database = await asyncpg.connect(os.environ["DATABASE_URL"])
    try:
        await database.execute(TABLE)
        async with httpx.AsyncClient(
            base_url=os.environ["ASANA_API_URL"], headers=headers, limits=limits, timeout=60
        ) as http:
            fetcher = Fetcher(http, database)
            with measured() as usage:
                await fetcher.fetch(workspaces, at_once)
    finally:
        await database.close()
    return {
        "at_once": at_once,
        "cpu_s": usage.cpu_s,
        "wall_s": usage.wall_s,
        "requests": fetcher.requests,
        "rows": fetcher.rows,
        "peak_rss_mb": peak_rss_mb(),
    }
