"""Mail as jobs, so that no page waits for a mail server.

A link is worth as much as a password until it is used. The queue's table therefore never holds one that can be read: an
invitation's travels encrypted, a password reset's is made by the job itself. Either job is erased as soon as it ends.
"""

from typing import Any

import structlog
from saq.types import Context

from app import mail
from app.accounts.letters import invitation_letter, password_reset_letter
from app.accounts.models import Invitation, PasswordReset, User
from app.crypto import decrypt, encrypt
from app.tasks.queue import enqueue

log = structlog.get_logger()

# About half an hour of tries. The mail server may be restarting.
TRIES: dict[str, Any] = {"timeout": 60, "retries": 12, "retry_delay": 15.0, "retry_backoff": 600.0, "ttl": -1}


async def send_invitation(_: Context, *, invitation_id: int, sealed_link: str) -> None:
    link = decrypt(sealed_link)
    invitation = await Invitation.objects().get(Invitation.id == invitation_id)
    # A newer link is on its way in a job of its own.
    if invitation is None or invitation.refusal or not invitation.is_reached_by(link):
        return
    try:
        await mail.deliver(await invitation_letter(invitation, link))
    except mail.NotDelivered as failure:
        await invitation.note_mailing(failure.problem)
        try_again_if_passing(failure)
    else:
        await invitation.note_mailing(None)


async def send_invitation_later(invitation: Invitation, link: str) -> None:
    await enqueue("send_invitation", invitation_id=invitation.id, sealed_link=encrypt(link), **TRIES)


async def send_password_reset(_: Context, *, email: str) -> None:
    """Nobody learns from how long the page took whether the address is somebody's: it is looked up here."""
    person = await User.of_email(email)
    if person is None or person.deactivated_at is not None:
        return
    try:
        await mail.deliver(password_reset_letter(person, await PasswordReset.make(person.id)))
    except mail.NotDelivered as failure:
        try_again_if_passing(failure)


async def send_password_reset_later(email: str) -> None:
    await enqueue("send_password_reset", email=email, **TRIES)


def try_again_if_passing(failure: mail.NotDelivered) -> None:
    """Raised, it makes the queue try the job once more."""
    log.warning("mail not delivered", problem=failure.problem, detail=str(failure), will_retry=failure.passing)
    if failure.passing:
        raise failure


FUNCTIONS: list[Any] = [send_invitation, send_password_reset]
