"""Rows of a connected account, for tests of pages that need no Asana behind them."""

import json
from datetime import UTC, datetime
from typing import Any

from app.accounts.models import User
from app.crypto import encrypt
from app.integrations.asana.models import (
    AsanaConnection,
    AsanaPerson,
    AsanaWorkspace,
    AuthorizedBy,
    RunState,
    SyncRun,
    Trigger,
)


async def make_connection(user: User, **values: Any) -> AsanaConnection:
    connection = AsanaConnection(
        **{
            "account": user.account,
            "connected_by": user.id,
            "authorized_by": AuthorizedBy.oauth,
            "asana_user_gid": "1",
            "asana_user_name": user.name,
            "asana_user_email": user.email,
            "access_token": encrypt("access"),
            "refresh_token": encrypt("refresh"),
            **values,
        }
    )
    await connection.save()
    return connection


async def make_workspace(connection: AsanaConnection, name: str = "Meridian Works", **values: Any) -> AsanaWorkspace:
    workspace = AsanaWorkspace(
        **{
            "connection": connection.id,
            "gid": name.lower().replace(" ", "-"),
            "name": name,
            "is_selected": True,
            "project_count": 3,
            "counted_at": datetime.now(UTC),
            **values,
        }
    )
    await workspace.save()
    return workspace


async def make_person(connection: AsanaConnection, name: str, email: str | None = None, **values: Any) -> AsanaPerson:
    person = AsanaPerson(
        **{
            "connection": connection.id,
            "gid": f"person-{name}",
            "name": name,
            "email": email,
            "workspace_gids": ["meridian-works"],
            **values,
        }
    )
    await person.save()
    return person


async def make_run(connection: AsanaConnection, state: RunState = RunState.done, **values: Any) -> SyncRun:
    """`changes` and `warnings` are given as lists."""
    for name in ("changes", "warnings"):
        if name in values:
            values[name] = json.dumps(values[name])
    now = datetime.now(UTC)
    started = {} if state == RunState.queued else {"started_at": now, "heartbeat_at": now}
    finished = {"finished_at": now} if state in (RunState.done, RunState.failed) else {}
    run = SyncRun(
        **{
            "account": connection.account,
            "connection": connection.id,
            "trigger": Trigger.forced,
            "state": state,
            **started,
            **finished,
            **values,
        }
    )
    await run.save()
    return run
