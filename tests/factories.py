"""Rows for tests: dull fixed defaults, so that a test states only what matters to it."""

from datetime import UTC, datetime
from typing import Any

from app.accounts.authentication import CurrentUser
from app.accounts.models import Account, User
from app.projects.models import Assignment, Placement, WorkItem
from app.timesheet.models import TimeEntry


def monday(hour: int, minute: int = 0) -> datetime:
    """A moment on Monday 23 November 2026, UTC."""
    return datetime(2026, 11, 23, hour, minute, tzinfo=UTC)


async def make_account(name: str = "Meridian Works", **values: Any) -> Account:
    account = Account(name=name, **values)
    await account.save()
    return account


async def make_user(
    account: Account, name: str = "Dana Weiss", email: str = "dana@meridian.example", **values: Any
) -> User:
    user = User(account=account.id, name=name, email=email, **values)
    await user.save()
    return user


async def make_item(
    account: Account,
    name: str,
    kind: str = "task",
    under: WorkItem | None = None,
    position: int = 0,
    **values: Any,
) -> WorkItem:
    item = WorkItem(account=account.id, name=name, kind=kind, **values)
    await item.save()
    if under is not None:
        await place(item, under, position)
    return item


async def place(item: WorkItem, under: WorkItem, position: int = 0) -> Placement:
    placement = Placement(account=item.account, item=item.id, parent=under.id, position=position)
    await placement.save()
    return placement


async def assign(user: User, item: WorkItem, made_by: str = "hand") -> Assignment:
    assignment = Assignment(account=item.account, user=user.id, item=item.id, made_by=made_by)
    await assignment.save()
    return assignment


async def make_entry(
    user: User, item: WorkItem | None = None, started_at: datetime | None = None, **values: Any
) -> TimeEntry:
    entry = TimeEntry(
        account=user.account,
        user=user.id,
        item=item.id if item else None,
        started_at=started_at or monday(9),
        **values,
    )
    await entry.save()
    return entry


def asking(user: User) -> CurrentUser:
    return CurrentUser(
        id=user.id,
        account_id=user.account,
        account_name="",
        name=user.name,
        email=user.email,
        role=user.role,
        timezone=user.timezone,
        week_start=user.week_start,
        clock_24h=user.clock_24h,
        timer_limit=user.timer_limit,
        shortcuts=user.shortcuts,
        session_id=0,
    )
