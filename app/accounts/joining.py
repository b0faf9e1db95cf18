"""How people come into an account: the first one sets it up, the others follow an invitation."""

from app import database
from app.accounts.models import Account, Invitation, Role, User
from app.accounts.passwords import hash_password

# Any number that nothing else locks: two set-ups at once take turns.
SETUP_LOCK = 7_305_002


class AlreadySetUp(Exception):
    """This server has an account."""


async def is_set_up() -> bool:
    return bool(await database.fetch_value("SELECT EXISTS (SELECT FROM account)"))


async def set_up(company: str, name: str, email: str, password: str, timezone: str = "UTC") -> User:
    """The server's first account and its administrator. Raises AlreadySetUp."""
    password_hash = await hash_password(password)
    async with database.transaction():
        await database.execute("SELECT pg_advisory_xact_lock($1)", SETUP_LOCK)
        if await is_set_up():
            raise AlreadySetUp
        account = await create_account(company, timezone)
        return await User.add(
            account.id,
            name=name,
            email=email,
            role=Role.administrator,
            timezone=timezone,
            password_hash=password_hash,
        )


async def create_account(name: str, timezone: str = "UTC") -> Account:
    account = Account(name=name, timezone=timezone)
    await account.save()
    return account


async def create_user(
    account: Account, name: str, email: str, password: str, role: str = Role.user, timezone: str | None = None
) -> User:
    """Raises EmailTaken."""
    return await User.add(
        account.id,
        name=name,
        email=email,
        role=role,
        timezone=timezone or account.timezone,
        password_hash=await hash_password(password),
    )


async def join(invitation: Invitation, name: str, password: str, timezone: str) -> User:
    """Raises LinkRefused where the link was used in the meantime, EmailTaken where the address is somebody's."""
    password_hash = await hash_password(password)
    async with database.transaction():
        await invitation.claim()
        return await User.add(
            invitation.account,
            name=name,
            email=invitation.email,
            role=invitation.role,
            timezone=timezone,
            password_hash=password_hash,
        )
