"""The people of an account as its administrators manage them."""

from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from app import database
from app.accounts.authentication import end_sessions
from app.accounts.models import Role, User


class LastAdministrator(Exception):
    """An account without an administrator could never get one again."""


@dataclass(frozen=True)
class Member:
    id: int
    account_id: int
    name: str
    email: str
    role: str
    deactivated_at: datetime | None
    last_seen_at: datetime | None
    dom_name: ClassVar[str] = "person"

    @property
    def is_administrator(self) -> bool:
        return self.role == Role.administrator


@dataclass(frozen=True)
class Invited:
    """An invitation that waits to be accepted."""

    id: int
    email: str
    name: str
    role: str
    invited_by: str | None
    created_at: datetime
    expires_at: datetime
    mailed_at: datetime | None
    mail_problem: str | None
    is_expired: bool
    dom_name: ClassVar[str] = "invitation"

    @property
    def days_left(self) -> int:
        """Counting the day that has begun; 0 once it has expired."""
        return max(0, -((datetime.now(UTC) - self.expires_at) // timedelta(days=1)))


# A page of all the people of a large account would be too heavy: the others are found by their name or address.
MOST_SHOWN = 200

COLUMNS = "id, account AS account_id, name, email, role, deactivated_at, last_seen_at"
MEMBER = f"SELECT {COLUMNS} FROM person WHERE account = $1 AND id = $2"  # noqa: S608 - the columns above
MEMBERS = f"""
    SELECT {COLUMNS}, count(*) OVER () AS found, count(*) FILTER (WHERE deactivated_at IS NULL) OVER () AS active
    FROM person WHERE account = $1 AND strpos(lower(name || ' ' || email), lower($2)) > 0
    ORDER BY deactivated_at IS NOT NULL, lower(name), id
    LIMIT {MOST_SHOWN}
"""  # noqa: S608

INVITED = """
    SELECT invitation.id, invitation.email, invitation.name, invitation.role, inviter.name AS invited_by,
           invitation.created_at, expires_at, mailed_at, mail_problem, expires_at <= now() AS is_expired
    FROM invitation LEFT JOIN person inviter ON inviter.id = invitation.invited_by
    WHERE invitation.account = $1 AND accepted_at IS NULL AND revoked_at IS NULL
    ORDER BY invitation.created_at DESC, invitation.id DESC
"""

OTHER_ADMINISTRATORS = """
    SELECT count(*) FROM person
    WHERE account = $1 AND id <> $2 AND role = 'administrator' AND deactivated_at IS NULL
"""

DEACTIVATE = "UPDATE person SET deactivated_at = coalesce(deactivated_at, now()) WHERE id = $1"


@dataclass(frozen=True)
class Members:
    """The first of those who were looked for, how many there are in all, and how many of them may sign in."""

    shown: list[Member]
    found: int = 0
    active: int = 0

    @property
    def are_all(self) -> bool:
        return len(self.shown) == self.found


async def members_of(account_id: int, text: str = "") -> Members:
    """Those whose name or address holds the text, each word as it stands there."""
    rows = await database.fetch(MEMBERS, account_id, text.replace("\0", "").strip())
    shown = [Member(*list(row.values())[: len(fields(Member))]) for row in rows]
    return Members(shown, rows[0]["found"], rows[0]["active"]) if rows else Members(shown)


async def member_of(account_id: int, person_id: int) -> Member | None:
    row = await database.fetch_one(MEMBER, account_id, person_id)
    return Member(**dict(row)) if row else None


async def invited_to(account_id: int) -> list[Invited]:
    return [Invited(**dict(row)) for row in await database.fetch(INVITED, account_id)]


async def change_role(member: Member, role: Role) -> None:
    """Raises LastAdministrator."""
    async with database.transaction():
        if role != Role.administrator:
            await keep_an_administrator(member)
        await User.update({User.role: role}).where(User.id == member.id)


async def deactivate(member: Member) -> None:
    """Signs the person out everywhere and lets them in no more; what is theirs stays. Raises LastAdministrator."""
    async with database.transaction():
        await keep_an_administrator(member)
        await database.execute(DEACTIVATE, member.id)
        await end_sessions(member.id)


async def reactivate(member: Member) -> None:
    await User.update({User.deactivated_at: None}).where(User.id == member.id)


async def keep_an_administrator(member: Member) -> None:
    """Two administrators who demote each other at once take turns here, by the account's row."""
    await database.execute("SELECT 1 FROM account WHERE id = $1 FOR NO KEY UPDATE", member.account_id)
    if not await database.fetch_value(OTHER_ADMINISTRATORS, member.account_id, member.id):
        raise LastAdministrator
