"""Mail as the worker sends it, from the button to the mailbox."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app import database
from app.accounts.models import Account, Invitation, PasswordReset, User
from app.tasks.mail import send_invitation_later, send_password_reset_later
from tests.factories import make_account, make_user
from tests.mail.conftest import PointAt
from tests.mail.mail_server import MailServer, running
from tests.worker import work

EMAIL = "dana@meridian.example"


@pytest.fixture
async def company(app: Any, committed: None) -> Account:
    return await make_account(name="Meridian Works", timezone="Europe/Berlin")


@pytest.fixture
async def inviter(company: Account) -> User:
    return await make_user(company, "Alice Hartmann", "alice@meridian.example", role="administrator")


async def invite(inviter: User) -> tuple[Invitation, str]:
    return await Invitation.invite(inviter.account, EMAIL, "Dana", "user", inviter.id)


async def kept(invitation: Invitation) -> Invitation:
    return await Invitation.get_by_id(invitation.id)


async def jobs() -> list[str]:
    """All that the queue's table holds, readable by anybody who reads the database."""
    rows = await database.fetch("SELECT encode(job, 'escape') AS job FROM saq_jobs")
    return [row["job"] for row in rows]


async def test_it_mails_an_invitation(mail_server: MailServer, inviter: User) -> None:
    invitation, link = await invite(inviter)
    await send_invitation_later(invitation, link)
    await work()
    letter = mail_server.only_letter()
    assert letter["To"] == f"Dana <{EMAIL}>"
    assert letter["Reply-To"] == "alice@meridian.example"
    assert letter["Subject"] == "Alice Hartmann invites you to Meridian Works on Sundial"
    body = letter.get_body(("plain",))
    assert body is not None
    assert link in body.get_content()
    assert "(Europe/Berlin)" in body.get_content()
    mailed = await kept(invitation)
    assert mailed.mailed_at is not None
    assert mailed.mail_problem is None


async def test_it_keeps_no_readable_link_and_no_job_that_is_done(mail_server: MailServer, inviter: User) -> None:
    invitation, link = await invite(inviter)
    await send_invitation_later(invitation, link)
    (waiting,) = await jobs()
    assert "send_invitation" in waiting
    assert link.rpartition("/")[2] not in waiting
    await work()
    assert mail_server.letters
    assert await jobs() == []


async def test_it_mails_only_the_newest_link(mail_server: MailServer, inviter: User) -> None:
    invitation, old = await invite(inviter)
    await send_invitation_later(invitation, old)
    invitation, new = await invite(inviter)
    await send_invitation_later(invitation, new)
    await work()
    body = mail_server.only_letter().get_body(("plain",))
    assert body is not None
    assert new in body.get_content()


@pytest.mark.parametrize("change", ["revoked_at", "accepted_at"])
async def test_it_mails_nothing_that_is_over(mail_server: MailServer, inviter: User, change: str) -> None:
    invitation, link = await invite(inviter)
    await send_invitation_later(invitation, link)
    await Invitation.update({change: datetime.now(UTC)}).where(Invitation.id == invitation.id)
    await work()
    assert mail_server.letters == []
    assert await jobs() == []


async def test_it_says_that_an_address_does_not_exist_and_gives_up(mail_server: MailServer, inviter: User) -> None:
    mail_server.refusals[EMAIL] = "550 No such mailbox"
    invitation, link = await invite(inviter)
    await send_invitation_later(invitation, link)
    await work()
    refused = await kept(invitation)
    assert (refused.mail_problem, refused.mailed_at) == ("address", None)
    assert await jobs() == []


async def test_it_tries_again_while_the_server_is_away(point_at: PointAt, inviter: User) -> None:
    async with running() as away:
        point_at(away.url)
    invitation, link = await invite(inviter)
    await send_invitation_later(invitation, link)
    await work()
    assert (await kept(invitation)).mail_problem == "unreachable"
    (waiting,) = await jobs()
    assert link.rpartition("/")[2] not in waiting
    async with running() as server:
        point_at(server.url)
        await database.execute("UPDATE saq_jobs SET scheduled = 0")
        await work()
    assert server.only_letter()["To"] == f"Dana <{EMAIL}>"
    delivered = await kept(invitation)
    assert delivered.mail_problem is None
    assert delivered.mailed_at is not None


async def test_it_mails_a_link_for_a_new_password(mail_server: MailServer, inviter: User) -> None:
    await send_password_reset_later("Alice@Meridian.example")
    await work()
    letter = mail_server.only_letter()
    assert letter["To"] == "Alice Hartmann <alice@meridian.example>"
    body = letter.get_body(("plain",))
    assert body is not None
    found = re.search(r"http://testserver/password-reset/(\S+)", body.get_content())
    assert found
    reset = await PasswordReset.of_token(found[1])
    assert reset.user == inviter.id
    assert timedelta(minutes=59) < reset.expires_at - datetime.now(UTC) <= timedelta(hours=1)


@pytest.mark.parametrize("email", ["nobody@meridian.example", "alice@meridian.example"])
async def test_it_mails_nobody_unknown_or_deactivated(mail_server: MailServer, inviter: User, email: str) -> None:
    await User.update({User.deactivated_at: datetime.now(UTC)}).where(User.id == inviter.id)
    await send_password_reset_later(email)
    await work()
    assert mail_server.letters == []
    assert await PasswordReset.count() == 0
