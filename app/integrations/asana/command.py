"""`sundial sync`: a pass from the command line, told in the words of the pages."""

import asyncio
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic

import click
import structlog

from app import database
from app.integrations.asana import words
from app.integrations.asana.models import AsanaConnection, ConnectionState, RunState, SyncRun, Trigger
from app.integrations.asana.outcome import Change, ChangeGroup, Told, told_in_full
from app.integrations.asana.progress import OPEN
from app.integrations.asana.sync.perform import perform
from app.integrations.asana.sync.runs import request_sync, the_connection, the_run
from app.web.filters import item_name, plural

log = structlog.get_logger()

LOOK_EVERY_SECONDS = 0.25
# Where another process performs the pass, its row says when it has ended.
TRY_AGAIN_AFTER_SECONDS = 0.5
# Without a terminal each line stays, so the same phase is told again only now and then.
SAME_PHASE_AFTER_SECONDS = 10.0


class CannotSync(Exception):
    """The text says why, in one sentence."""


@dataclass(frozen=True)
class Candidate:
    """A connected account that could be meant."""

    connection: int
    account: int
    name: str
    owner: str | None
    state: str
    problem: str | None
    has_workspaces: bool


CANDIDATES = """
    SELECT connection.id AS connection, account.id AS account, account.name, owner.email AS owner, connection.state,
           connection.problem,
           EXISTS (
               SELECT FROM asana_workspace workspace
               WHERE workspace.connection = connection.id AND workspace.is_selected) AS has_workspaces
    FROM asana_connection connection JOIN account ON account.id = connection.account
    LEFT JOIN person owner ON owner.id = connection.connected_by
    WHERE connection.state <> $1 AND ($2::text IS NULL OR account.id::text = $2 OR lower(owner.email) = lower($2))
    ORDER BY account.id
"""


async def sync(account: str | None, complete: bool) -> bool:
    """Whether the pass went well. Raises CannotSync where there is none to make."""
    opened_here = await database.open_pool()
    try:
        candidate = await the_one(account)
        run = await follow(await begin(candidate, complete))
        tell(told_in_full(run))
        return run.state == RunState.done
    finally:
        if opened_here:
            await database.close_pool()


async def the_one(account: str | None) -> Candidate:
    rows = await database.fetch(CANDIDATES, ConnectionState.unlinked, account)
    candidates = [Candidate(**dict(row)) for row in rows]
    if not candidates:
        whose = f"No account that {account} stands for" if account else "No account"
        raise CannotSync(f"{whose} is connected to Asana. An administrator enables it on the page Integrations.")
    if len(candidates) > 1:
        listed = "".join(f"\n  {each.account}  {printable(each.name)}  {each.owner or ''}" for each in candidates)
        raise CannotSync(f"Several accounts are connected. Name one with --account:{listed}")
    refuse_what_cannot_be_read(candidates[0])
    return candidates[0]


def refuse_what_cannot_be_read(candidate: Candidate) -> None:
    if candidate.state == ConnectionState.needs_reconnecting:
        raise CannotSync(words.problem(candidate.problem))
    if not candidate.has_workspaces:
        raise CannotSync("No workspace has been chosen yet. An administrator does so in the integration’s settings.")


async def begin(candidate: Candidate, complete: bool) -> SyncRun:
    if complete:
        await AsanaConnection.update({AsanaConnection.complete_read_at: None}).where(
            AsanaConnection.id == candidate.connection
        )
    click.echo(f"Reading Asana for {printable(candidate.name)}")
    return await request_sync(await the_connection(candidate.connection), Trigger.command)


async def follow(run: SyncRun) -> SyncRun:
    """The run as it ended, whichever process performed it."""
    line = StatusLine()
    performing = asyncio.create_task(perform_to_its_end(run.id))
    while not performing.done():
        line.show(await doing(run.id))
        await asyncio.wait({performing}, timeout=LOOK_EVERY_SECONDS)
    line.clear()
    try:
        await performing
    except Exception:
        if (await the_run(run.id)).state in OPEN:
            raise
        log.exception("sync: unexpected", run=run.id)
    return await the_run(run.id)


async def doing(run_id: int) -> str:
    run = await the_run(run_id)
    if run.state == RunState.queued:
        others = (SyncRun.connection == run.connection) & (SyncRun.state == RunState.running)
        if other := await SyncRun.objects().where(others).first():
            return f"Waiting for another pass. {words.phase(other)}"
    return words.phase(run)


async def perform_to_its_end(run_id: int) -> None:
    """Again and again, since the process that holds the connection may die before it comes to this run."""
    while True:
        await perform(run_id)
        if (await the_run(run_id)).state not in OPEN:
            return
        await asyncio.sleep(TRY_AGAIN_AFTER_SECONDS)


class StatusLine:
    """One line that changes on a terminal; a line for each step elsewhere."""

    def __init__(self) -> None:
        self._is_terminal = sys.stdout.isatty()
        self._shown = ""
        self._shown_at = 0.0

    def show(self, text: str) -> None:
        if text == self._shown:
            return
        if self._is_terminal:
            click.echo(f"\r\x1b[2K{text}", nl=False)
        elif self._is_worth_a_line(text):
            click.echo(text)
        else:
            return
        self._shown, self._shown_at = text, monotonic()

    def clear(self) -> None:
        if self._is_terminal:
            click.echo("\r\x1b[2K", nl=False)

    def _is_worth_a_line(self, text: str) -> bool:
        is_same_phase = text.partition(":")[0] == self._shown.partition(":")[0]
        return not is_same_phase or monotonic() - self._shown_at > SAME_PHASE_AFTER_SECONDS


def tell(told: Told) -> None:
    if told.run.state == RunState.failed:
        click.echo(words.failure(told.run.failure), err=True)
    for line in story(told):
        click.echo(line)


def story(told: Told) -> Iterator[str]:
    if told.run.state == RunState.done or told.groups:
        yield told.line
    for group in told.groups:
        yield from names_of(group)
    if told.left_out:
        yield plural(len(told.left_out), "warning")
    for each in told.left_out:
        yield f"  {printable(each.name)}: {words.warning(each.word)}"
    if told.run.requests_made:
        yield words.effort(told.run)


def names_of(group: ChangeGroup) -> Iterator[str]:
    yield f"  {words.changed(group.kind, group.count)}"
    for change in group.changes:
        yield f"    {changed_name(change)}"
    if group.further:
        yield f"    {'and ' if group.changes else ''}{group.further:,} more"


def changed_name(change: Change) -> str:
    return printable(change.name) if change.was is None else f"{printable(change.was)} → {printable(change.name)}"


def printable(name: str | None) -> str:
    """What somebody typed in Asana must not move the terminal's cursor or turn its writing around."""
    return "".join(character for character in item_name(name) if character.isprintable())
