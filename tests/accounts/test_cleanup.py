"""What is of no more use goes, and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
from piccolo.table import Table
from saq.types import Context

from app.accounts.models import Attempt, Invitation, PasswordReset, Session, User
from app.tasks.cleanup import forget_expired
from app.timesheet.week.models import WeekRow

NOW = datetime.now(UTC)


def days(count: float) -> datetime:
    return NOW + timedelta(days=count)


async def session(user: User, expires_at: datetime) -> None:
    await Session(user=user.id, token_hash=str(expires_at), expires_at=expires_at).save()


async def attempt(user: User, made_at: datetime) -> None:
    await Attempt(kind="sign_in_email", key=user.email, made_at=made_at).save()


async def reset(user: User, expires_at: datetime) -> None:
    await PasswordReset(user=user.id, token_hash=str(expires_at), expires_at=expires_at).save()


async def invitation(user: User, expires_at: datetime, **over: datetime) -> None:
    email = f"{expires_at:%d%H%M%S%f}@meridian.example"
    row = Invitation(account=user.account, email=email, token_hash=email, expires_at=expires_at, **over)
    await row.save()


async def week_row(user: User, week: datetime) -> None:
    await WeekRow(account=user.account, user=user.id, week=week.date()).save()


@pytest.fixture
async def rows(bob: User) -> None:
    """Of each kind one that goes and one that stays."""
    await session(bob, days(-0.01))
    await session(bob, days(0.01))
    await attempt(bob, days(-1.1))
    await attempt(bob, days(-0.9))
    await reset(bob, days(-8))
    await reset(bob, days(-6))
    await invitation(bob, days(-91))
    await invitation(bob, days(-89))
    await week_row(bob, days(-402))
    await week_row(bob, days(-398))


@pytest.mark.parametrize("table", [Session, Attempt, PasswordReset, Invitation, WeekRow])
async def test_it_forgets_what_is_over(rows: None, table: type[Table]) -> None:
    ids = [row["id"] for row in await table.select("id").order_by("id")]
    await forget_expired(Context())
    assert [row["id"] for row in await table.select("id")] == ids[1:]


async def test_it_forgets_an_invitation_long_after_it_was_used_or_revoked(bob: User) -> None:
    await invitation(bob, days(-80), accepted_at=days(-91))
    await invitation(bob, days(-81), revoked_at=days(-91))
    await invitation(bob, days(-82), revoked_at=days(-85))
    await forget_expired(Context())
    assert await Invitation.count() == 1
