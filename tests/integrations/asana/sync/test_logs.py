"""What a worker writes about passes that go wrong: every line with its run, none with anybody's name or token."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from app.crypto import decrypt
from app.integrations.asana.models import SyncRun, Trigger
from app.integrations.asana.sync.runs import request_sync, the_run
from app.settings import load_settings
from app.tasks.mail import send_password_reset_later
from app.tasks.queue import close_queue
from app.tasks.sync import sync_later
from tests.integrations.asana.sync.connected import Connected, until
from tests.integrations.asana.sync.office import Office

OF_THE_OFFICE = ("Garden", "Launch", "Doing", "Water the plants", "Alice", "Hartmann", "Okafor", "Meridian", "meridian")


@asynccontextmanager
async def worker(file: Path) -> AsyncIterator[None]:
    """The process itself, whose lines go to a file, and with a mail server that is not there."""
    settings = load_settings()
    environment = {
        **os.environ,
        "ASANA_API_URL": settings.asana_api_url,
        "ASANA_OAUTH_URL": settings.asana_oauth_url,
        "SMTP_URL": "smtp://somebody:a-password@127.0.0.1:1",
        "LOG_LEVEL": "INFO",
    }
    with file.open("w") as stream:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "app.cli", "worker", env=environment, stdout=stream, stderr=stream
        )
        try:
            yield
        finally:
            process.terminate()
            with suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), 15)
            if process.returncode is None:
                process.kill()
                await process.wait()
            await close_queue()


def ended(run: SyncRun) -> Callable[[], Awaitable[bool]]:
    async def has_ended() -> bool:
        return (await the_run(run.id)).finished_at is not None

    return has_ended


async def test_it_writes_json_with_the_run_and_names_nobody(
    office: Office, connected: Connected, tmp_path: Path
) -> None:
    file = tmp_path / "lines"
    control = office.sandbox.control
    office.world.add_task(office.garden, "Water the plants")
    control.fail_next(503, times=1, match="/sections")
    control.fail_next(403, times=1, match=f"{office.garden}/tasks")
    runs = []

    async def perform() -> SyncRun:
        runs.append(await request_sync(connected.connection, Trigger.forced, connected.alice))
        await sync_later(runs[-1])
        await until(ended(runs[-1]))
        return await the_run(runs[-1].id)

    async with worker(file):
        assert (await perform()).warnings != "[]"
        control.revoke_tokens()
        assert (await perform()).failure == "revoked"
        await send_password_reset_later(connected.alice.email)

        async def is_told_of_the_letter() -> bool:
            return "Error processing job send_password_reset" in file.read_text()

        await until(is_told_of_the_letter)

    text = file.read_text()
    lines: list[dict[str, Any]] = [json.loads(line) for line in text.splitlines()]
    events = {(line["event"], line.get("run")) for line in lines}
    assert ("sync: left out", runs[0].id) in events
    assert ("sync: done", runs[0].id) in events
    assert ("sync: failed", runs[1].id) in events
    assert {line["run"] for line in lines if line["event"] == "stamina.retry_scheduled"} == {runs[0].id}
    for secret in (*OF_THE_OFFICE, decrypt(connected.connection.access_token), "a-password"):
        assert secret not in text, secret
