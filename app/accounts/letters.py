"""The letters about accounts: to somebody invited, and to somebody who forgot a password."""

from datetime import datetime
from email.message import EmailMessage
from zoneinfo import ZoneInfo

from app import mail
from app.accounts.models import Account, Invitation, User


async def invitation_letter(invitation: Invitation, link: str) -> EmailMessage:
    account = await Account.objects().get(Account.id == invitation.account)
    inviter = await User.objects().get(User.id == invitation.invited_by)
    return mail.write(
        "invitation",
        invitation.email,
        invitation.name,
        reply_to=inviter.email if inviter else None,
        inviter=inviter.name if inviter else "",
        company=account.name if account else "",
        name=invitation.name,
        link=link,
        until=moment_in(invitation.expires_at, account.timezone if account else "UTC"),
    )


def password_reset_letter(person: User, link: str) -> EmailMessage:
    return mail.write("password_reset", person.email, person.name, name=person.name, email=person.email, link=link)


def moment_in(moment: datetime, timezone: str) -> str:
    """With the name of the zone: where the reader sits is not known yet."""
    local = moment.astimezone(ZoneInfo(timezone))
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M} ({timezone.replace('_', ' ')})"
