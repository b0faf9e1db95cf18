"""Proving who one is with a password, and not by guessing it."""

from datetime import timedelta

from app import database
from app.accounts import attempts, passwords
from app.accounts.attempts import Limit
from app.accounts.authentication import CurrentUser, end_sessions
from app.accounts.models import LinkRefused, PasswordReset, User

BY_EMAIL = Limit("sign_in_email", 10, timedelta(minutes=15))
# An office may share one address.
BY_ADDRESS = Limit("sign_in_address", 60, timedelta(minutes=15))
BY_PERSON = Limit("own_password", 10, timedelta(minutes=15))
RESET_BY_EMAIL = Limit("reset_email", 3, timedelta(hours=1))
RESET_BY_ADDRESS = Limit("reset_address", 30, timedelta(hours=1))


class WrongPassword(Exception):
    """Nobody has this e-mail address and this password."""


class Deactivated(Exception):
    """They are right, but an administrator has turned this person's access off."""


async def person_with(email: str, password: str, address: str) -> User:
    """Raises WrongPassword, Deactivated, TooManyAttempts."""
    from_address = await BY_ADDRESS.take(address)
    await BY_EMAIL.take(email)
    person = await User.of_email(email)
    if not await passwords.is_right(password, person.password_hash if person else None) or person is None:
        raise WrongPassword
    await attempts.forget(from_address)
    await BY_EMAIL.forget(email)
    await strengthen(person, password)
    if person.deactivated_at is not None:
        raise Deactivated
    return person


async def strengthen(person: User, password: str) -> None:
    """Keeps the password by today's parameters, where it was kept by weaker ones."""
    if person.password_hash and passwords.is_outdated(person.password_hash):
        await keep_hash(person.id, await passwords.hash_password(password))


async def keep_hash(user_id: int, password_hash: str) -> None:
    await User.update({User.password_hash: password_hash}).where(User.id == user_id)


async def may_ask_for_reset(email: str, address: str) -> None:
    """So that nobody's mailbox is flooded. Raises TooManyAttempts, for unknown e-mail addresses as for others."""
    await RESET_BY_ADDRESS.take(address)
    await RESET_BY_EMAIL.take(email)


async def change_password(user: CurrentUser, current: str, new: str) -> None:
    """Ends the person's other sessions. Raises WrongPassword, TooManyAttempts."""
    await BY_PERSON.take(str(user.id))
    person = await User.get_by_id(user.id)
    if not await passwords.is_right(current, person.password_hash):
        raise WrongPassword
    await BY_PERSON.forget(str(user.id))
    password_hash = await passwords.hash_password(new)
    async with database.transaction():
        await keep_hash(user.id, password_hash)
        await end_sessions(user.id, but=user.session_id)


async def open_reset(token: str) -> tuple[PasswordReset, User]:
    """The reset that this link may still make, and whose it is. Raises LinkRefused."""
    reset = await PasswordReset.of_token(token)
    person = await User.get_by_id(reset.user)
    if person.deactivated_at is not None:
        raise LinkRefused("deactivated")
    return reset, person


async def reset_password(reset: PasswordReset, person: User, password: str) -> None:
    """Ends all sessions of the person, who may have lost the old password to somebody. Raises LinkRefused."""
    password_hash = await passwords.hash_password(password)
    async with database.transaction():
        await reset.claim()
        await keep_hash(person.id, password_hash)
        await end_sessions(person.id)
    await BY_EMAIL.forget(person.email)
