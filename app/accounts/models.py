"""Accounts and the people in them. Knows nothing of projects, time or Asana."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from piccolo.columns import (
    BigSerial,
    Boolean,
    ForeignKey,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.base import OnDelete
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.table import Table

from app import database
from app.crypto import new_token, token_hash
from app.settings import load_settings

INVITATION_LIFETIME = timedelta(days=7)
RESET_LIFETIME = timedelta(hours=1)


class Role(StrEnum):
    administrator = "administrator"
    user = "user"


INVITE = """
    INSERT INTO invitation (account, email, name, role, invited_by, token_hash, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (account, lower(email)) WHERE accepted_at IS NULL AND revoked_at IS NULL DO UPDATE
    SET name = coalesce(nullif(excluded.name, ''), invitation.name), role = excluded.role,
        invited_by = excluded.invited_by, token_hash = excluded.token_hash, created_at = now(),
        expires_at = excluded.expires_at, mailed_at = NULL, mail_problem = NULL
    RETURNING id
"""
CLAIM_INVITATION = """
    UPDATE invitation SET accepted_at = now()
    WHERE id = $1 AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > now()
"""
REVOKE_INVITATION = """
    UPDATE invitation SET revoked_at = now() WHERE id = $1 AND accepted_at IS NULL AND revoked_at IS NULL
"""
NOTE_MAILING = """
    UPDATE invitation
    SET mail_problem = $3::varchar, mailed_at = CASE WHEN $3::varchar IS NULL THEN now() ELSE mailed_at END
    WHERE id = $1 AND token_hash = $2
"""
CLAIM_RESET = "UPDATE password_reset SET used_at = now() WHERE id = $1 AND used_at IS NULL AND expires_at > now()"


class EmailTaken(Exception):
    """Somebody on this server has this e-mail address."""


class LinkRefused(Exception):
    """A link that leads nowhere any more; `reason` is unknown, expired, used or revoked."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Account(Table, tablename="account"):
    id = BigSerial(primary_key=True)
    name = Varchar(length=200)
    timezone = Varchar(length=64, default="UTC")
    created_at = Timestamptz(default=TimestamptzNow())


class User(Table, tablename="person"):
    """Somebody who signs in. E-mail addresses are unique on the server without regard to case."""

    id = BigSerial(primary_key=True)
    account = ForeignKey(Account, on_delete=OnDelete.cascade, null=False)
    name = Varchar(length=200)
    email = Varchar(length=254)
    role = Varchar(length=20, default=Role.user, choices=Role)
    password_hash = Text(null=True, default=None)
    timezone = Varchar(length=64, default="UTC")
    week_start = SmallInt(default=1, help_text="ISO weekday, 1 is Monday")
    clock_24h = Boolean(default=True)
    timer_limit = SmallInt(default=10, help_text="hours after which a running timer asks whether it is right")
    shortcuts = Boolean(default=True, help_text="whether single keys do something")
    deactivated_at = Timestamptz(null=True, default=None)
    last_seen_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz(default=TimestamptzNow())

    @classmethod
    async def add(cls, account_id: int, **values: Any) -> "User":
        """Raises EmailTaken."""
        person = cls(account=account_id, **values)
        added = await cls.insert(person).on_conflict(action="DO NOTHING").returning(cls.id)
        if not added:
            raise EmailTaken
        return await cls.get_by_id(added[0]["id"])

    @classmethod
    async def get_by_id(cls, person_id: int) -> "User":
        return await cls.objects().get(cls.id == person_id)  # type: ignore[return-value]

    @classmethod
    async def of_email(cls, email: str) -> "User | None":
        person_id = await database.fetch_value("SELECT id FROM person WHERE lower(email) = lower($1)", email)
        return await cls.objects().get(cls.id == person_id) if person_id else None


class Session(Table, tablename="session"):
    """A signed-in browser. The cookie holds a random token, this row only its hash."""

    id = BigSerial(primary_key=True)
    user = ForeignKey(User, on_delete=OnDelete.cascade, null=False)
    token_hash = Varchar(length=64, unique=True)
    created_at = Timestamptz(default=TimestamptzNow())
    last_seen_at = Timestamptz(default=TimestamptzNow())
    expires_at = Timestamptz()


class Invitation(Table, tablename="invitation"):
    """A link that lets one person join the account, once, until it expires."""

    id = BigSerial(primary_key=True)
    account = ForeignKey(Account, on_delete=OnDelete.cascade, null=False)
    email = Varchar(length=254)
    name = Varchar(length=200, default="")
    role = Varchar(length=20, default=Role.user, choices=Role)
    token_hash = Varchar(length=64, unique=True)
    invited_by = ForeignKey(User, on_delete=OnDelete.set_null, null=True)
    created_at = Timestamptz(default=TimestamptzNow())
    expires_at = Timestamptz()
    accepted_at = Timestamptz(null=True, default=None)
    revoked_at = Timestamptz(null=True, default=None)
    mailed_at = Timestamptz(null=True, default=None)
    mail_problem = Varchar(length=20, null=True, default=None, help_text="why the last try to mail it failed")

    @classmethod
    async def invite(
        cls, account_id: int, email: str, name: str = "", role: str = Role.user, invited_by: int | None = None
    ) -> tuple["Invitation", str]:
        """The invitation and its link. Somebody invited already gets a new link, and the one before ends.

        Raises EmailTaken where the person is in this account; that they are in another one is not told.
        """
        person = await User.of_email(email)
        if person and person.account == account_id:
            raise EmailTaken
        token = new_token()
        invitation_id = await database.fetch_value(
            INVITE,
            account_id,
            email,
            name,
            role,
            invited_by,
            token_hash(token),
            datetime.now(UTC) + INVITATION_LIFETIME,
        )
        return await cls.get_by_id(invitation_id), invitation_link(token)

    @classmethod
    async def get_by_id(cls, invitation_id: int) -> "Invitation":
        return await cls.objects().get(cls.id == invitation_id)  # type: ignore[return-value]

    @classmethod
    async def of_token(cls, token: str) -> "Invitation":
        """The invitation that this link may still accept. Raises LinkRefused."""
        invitation = await cls.objects().get(cls.token_hash == token_hash(token))
        if invitation is None:
            raise LinkRefused("unknown")
        if refusal := invitation.refusal:
            raise LinkRefused(refusal)
        return invitation

    @classmethod
    async def open_in(cls, account_id: int, invitation_id: int) -> "Invitation | None":
        """One that waits to be accepted, expired perhaps."""
        return await cls.objects().get(
            (cls.id == invitation_id)
            & (cls.account == account_id)
            & cls.accepted_at.is_null()
            & cls.revoked_at.is_null()
        )

    async def renew(self, invited_by: int) -> tuple["Invitation", str]:
        """Raises EmailTaken."""
        return await Invitation.invite(self.account, self.email, self.name, self.role, invited_by)

    @property
    def refusal(self) -> str | None:
        if self.accepted_at is not None:
            return "used"
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at <= datetime.now(UTC) else None

    async def claim(self) -> None:
        """Uses the link up: of two who follow it at once, one gets in. Raises LinkRefused."""
        if not await database.execute(CLAIM_INVITATION, self.id):
            raise LinkRefused("used")

    async def revoke(self) -> bool:
        return await database.execute(REVOKE_INVITATION, self.id) > 0

    def is_reached_by(self, link: str) -> bool:
        return token_hash(link.rpartition("/")[2]) == self.token_hash

    async def note_mailing(self, problem: str | None) -> None:
        """What became of this link's letter; nothing where a newer link has taken its place meanwhile."""
        await database.execute(NOTE_MAILING, self.id, self.token_hash, problem)


class PasswordReset(Table, tablename="password_reset"):
    """A link that lets one person choose a new password, once, within an hour."""

    id = BigSerial(primary_key=True)
    user = ForeignKey(User, on_delete=OnDelete.cascade, null=False)
    token_hash = Varchar(length=64, unique=True)
    created_at = Timestamptz(default=TimestamptzNow())
    expires_at = Timestamptz()
    used_at = Timestamptz(null=True, default=None)

    @classmethod
    async def make(cls, user_id: int) -> str:
        """A link, that replaces those made for this person before."""
        token = new_token()
        await cls.delete().where(cls.user == user_id)
        await cls(user=user_id, token_hash=token_hash(token), expires_at=datetime.now(UTC) + RESET_LIFETIME).save()
        return f"{load_settings().public_url}/password-reset/{token}"

    @classmethod
    async def of_token(cls, token: str) -> "PasswordReset":
        """Raises LinkRefused."""
        reset = await cls.objects().get(cls.token_hash == token_hash(token))
        if reset is None:
            raise LinkRefused("unknown")
        if reset.used_at is not None:
            raise LinkRefused("used")
        if reset.expires_at <= datetime.now(UTC):
            raise LinkRefused("expired")
        return reset

    async def claim(self) -> None:
        """Uses the link up, once. Raises LinkRefused."""
        if not await database.execute(CLAIM_RESET, self.id):
            raise LinkRefused("used")


class Attempt(Table, tablename="attempt"):
    """A failed try at something that may be guessed (sign-in, a link), counted to slow guessing down."""

    id = BigSerial(primary_key=True)
    kind = Varchar(length=20)
    key = Varchar(length=300)
    made_at = Timestamptz(default=TimestamptzNow())


def invitation_link(token: str) -> str:
    return f"{load_settings().public_url}/invitations/{token}"
