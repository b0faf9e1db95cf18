"""The bare fetcher: it ends as a whole."""

import asyncio

import asyncpg
import httpx
import pytest

from app.asana_sandbox.seed import large_world
from app.asana_sandbox.testing import running_sandbox
from app.bench.fetcher import TABLE, Fetcher
from app.settings import load_settings


async def test_it_ends_with_all_its_workers_when_one_fails(app: object) -> None:
    database = await asyncpg.connect(load_settings().database_url)
    try:
        await database.execute(TABLE)
        with running_sandbox(large_world(projects=3, tasks=60)) as sandbox:
            workspace = sandbox.control.find("Meridian Works")
            sandbox.control.fail_next(500, match="sections")
            headers = {"Authorization": "Bearer sandbox-pat-alice"}
            async with httpx.AsyncClient(base_url=sandbox.api_url, headers=headers) as http:
                with pytest.raises((RuntimeError, ExceptionGroup)):
                    await Fetcher(http, database).fetch((workspace,), at_once=4)
                assert not [task for task in asyncio.all_tasks() if "Fetcher" in repr(task)]
    finally:
        await database.close()
