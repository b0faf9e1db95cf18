"""People who have passwords. Making one takes a tenth of a second, so the hash is made once for all tests."""

from collections.abc import AsyncIterator

import pytest

from app.accounts.models import User
from app.accounts.passwords import hasher
from app.settings import load_settings
from tests.mail.mail_server import MailServer, running

PASSWORD = "a calm warm morning"
PASSWORD_HASH = hasher.hash(PASSWORD)


@pytest.fixture
async def bob_with_password(bob: User) -> User:
    await give_password(bob)
    return bob


@pytest.fixture
async def alice_with_password(alice: User) -> User:
    await give_password(alice)
    return alice


async def give_password(user: User) -> None:
    user.password_hash = PASSWORD_HASH
    await user.save([User.password_hash])


@pytest.fixture
async def mail_server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MailServer]:
    async with running() as server:
        monkeypatch.setenv("SMTP_URL", server.url)
        load_settings.cache_clear()
        yield server
    monkeypatch.undo()
    load_settings.cache_clear()
