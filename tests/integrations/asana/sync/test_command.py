"""`sundial sync`: the same story as on the pages, on a terminal."""

import asyncio
import os
import re
import sys

import pytest

from app.integrations.asana import words
from app.integrations.asana.command import CannotSync, sync
from app.integrations.asana.models import AsanaConnection, AsanaWorkspace, SyncRun, Trigger
from app.integrations.asana.sync.runs import the_run
from app.settings import load_settings
from tests.factories import make_account, make_user
from tests.integrations.asana.rows import make_connection
from tests.integrations.asana.sync.connected import Connected, until
from tests.integrations.asana.sync.office import Office

Captured = pytest.CaptureFixture[str]


async def last_run() -> SyncRun:
    run = await SyncRun.objects().order_by(SyncRun.id, ascending=False).first()
    assert run is not None
    return run


async def test_it_tells_what_it_does_and_what_changed(office: Office, connected: Connected, capsys: Captured) -> None:
    task = office.world.add_task(office.garden, "Water the plants")
    assert await sync(None, complete=False)
    first = capsys.readouterr().out
    assert first.startswith(f"Reading Asana for {connected.account.name}\n")
    assert re.search(r"^5 new, \d+\.\d s$", first, re.MULTILINE)
    assert "    Water the plants\n" in first
    office.world.rename_task(task, "Water all plants\x1b[2J\u202e")
    assert await sync(None, complete=False)
    second = capsys.readouterr().out
    assert "  1 renamed\n    Water the plants → Water all plants[2J\n" in second
    assert "\x1b" not in second
    run = await last_run()
    assert (run.trigger, run.kind, run.renamed) == ("command", "catch_up", 1)
    assert words.effort(run) in second


async def test_it_compares_everything_where_it_is_asked_to(office: Office, connected: Connected) -> None:
    await connected.sync(Trigger.first)
    assert await sync(str(connected.account.id), complete=True)
    run = await last_run()
    assert (run.trigger, run.kind) == ("command", "complete")


async def test_it_waits_for_a_pass_of_another_process_and_follows_its_own(
    office: Office, connected: Connected, capsys: Captured
) -> None:
    office.sandbox.control.set_latency(100)
    other = asyncio.create_task(connected.sync())

    async def is_running() -> bool:
        return await SyncRun.exists().where(SyncRun.state == "running")

    await until(is_running)
    assert await sync(None, complete=False)
    assert (await other).state == "done"
    assert "Waiting for another pass. " in capsys.readouterr().out
    assert (await last_run()).trigger == "command"
    assert await SyncRun.count() == 2


async def test_it_says_why_it_failed(office: Office, connected: Connected, capsys: Captured) -> None:
    office.sandbox.control.fail_next(503, times=100)
    assert not await sync(None, complete=False)
    assert words.failure("unavailable") in capsys.readouterr().err


async def test_it_tells_what_could_not_be_read(office: Office, connected: Connected, capsys: Captured) -> None:
    office.sandbox.control.fail_next(403, times=100, match=f"{office.garden}/tasks")
    assert await sync(None, complete=False)
    out = capsys.readouterr().out
    assert f"1 warning\n  Garden: {words.warning('forbidden')}\n" in out


async def test_it_needs_to_be_told_which_of_several_accounts(connected: Connected) -> None:
    elsewhere = await make_account(name="Elsewhere")
    charlie = await make_user(elsewhere, "Charlie Lund", "charlie@elsewhere.example", role="administrator")
    await make_connection(charlie)
    with pytest.raises(CannotSync, match="Several accounts are connected") as refused:
        await sync(None, complete=False)
    assert f"{elsewhere.id}  Elsewhere  charlie@elsewhere.example" in str(refused.value)
    assert await sync("Alice@meridian.example", complete=False)
    assert (await last_run()).account == connected.account.id


async def test_it_has_a_sentence_where_there_is_nothing_to_read(connected: Connected) -> None:
    with pytest.raises(CannotSync, match=r"No account that nobody@meridian\.example stands for is connected"):
        await sync("nobody@meridian.example", complete=False)
    await AsanaWorkspace.update({AsanaWorkspace.is_selected: False}, force=True)
    with pytest.raises(CannotSync, match="No workspace has been chosen yet"):
        await sync(None, complete=False)
    await AsanaConnection.update({AsanaConnection.state: "needs_reconnecting"}, force=True)
    with pytest.raises(CannotSync, match="Re-enable the integration"):
        await sync(None, complete=False)
    await AsanaConnection.update({AsanaConnection.state: "unlinked"}, force=True)
    with pytest.raises(CannotSync, match="No account is connected to Asana"):
        await sync(None, complete=False)
    assert await SyncRun.count() == 0


async def sundial(*arguments: str) -> tuple[int | None, str, str]:
    settings = load_settings()
    environment = {**os.environ, "ASANA_API_URL": settings.asana_api_url, "ASANA_OAUTH_URL": settings.asana_oauth_url}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "app.cli",
        *arguments,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


async def test_it_ends_with_a_code_for_scripts(office: Office, connected: Connected) -> None:
    code, out, err = await sundial("sync")
    assert (code, err) == (0, "")
    assert (await the_run((await last_run()).id)).state == "done"
    assert "4 new" in out
    office.sandbox.control.fail_next(402, times=100)
    code, out, err = await sundial("sync", "--complete")
    assert (code, err.strip()) == (1, words.failure("payment_required"))
    await AsanaConnection.delete(force=True)
    code, out, err = await sundial("sync")
    assert (code, out) == (1, "")
    assert err.startswith("Error: No account is connected to Asana.")
