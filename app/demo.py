"""The demo's account: a small company whose people are also in the sandbox's Asana."""

import asyncio

from app import database
from app.accounts.joining import create_account, create_user
from app.accounts.models import Account, User
from app.demo_cast import COMPANY, PASSWORD, PEOPLE
from app.integrations.asana.connecting import grant_by_personal_token
from app.integrations.asana.connection import choose_workspaces, connection_of, establish
from app.integrations.asana.models import SyncRun, Trigger
from app.integrations.asana.sync.runs import request_sync
from app.tasks.queue import close_queue
from app.tasks.sync import sync_later

ADMINISTRATORS_TOKEN = "sandbox-pat-alice"  # noqa: S105 - the sandbox knows it, Asana does not
IMPORTED_WITHIN_SECONDS = 60


async def seed(connected: bool) -> None:
    """Makes what is not there yet, so that every start may call it."""
    await database.open_pool()
    try:
        administrator = await make_people()
        if connected:
            await connect(administrator)
    finally:
        await close_queue()
        await database.close_pool()


async def make_people() -> User:
    account = await Account.objects().order_by(Account.id).first() or await create_account(COMPANY)
    for person in PEOPLE:
        if await User.of_email(person.email) is None:
            await create_user(account, person.name, person.email, PASSWORD, person.role)
    administrator = await User.of_email(PEOPLE[0].email)
    assert administrator is not None
    return administrator


async def connect(administrator: User) -> None:
    """As in the wizard: the sandbox's personal token, every workspace, and the first synchronization to its end."""
    account_id = administrator.account
    if await connection_of(account_id) is None:
        grant = await grant_by_personal_token(ADMINISTRATORS_TOKEN)
        connection = await establish(account_id, administrator.id, grant)
        await choose_workspaces(connection, [workspace.gid for workspace in grant.workspaces])
        run = await request_sync(connection, Trigger.first, administrator)
        await sync_later(run)
        await finished(run)


async def finished(run: SyncRun) -> None:
    for _ in range(IMPORTED_WITHIN_SECONDS * 10):
        if await SyncRun.exists().where(SyncRun.id == run.id, SyncRun.finished_at.is_not_null()):
            return
        await asyncio.sleep(0.1)
    raise TimeoutError(f"The import did not end within {IMPORTED_WITHIN_SECONDS} seconds.")
