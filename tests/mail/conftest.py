"""SMTP_URL pointing at a mail server that runs inside the test."""

from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from app.settings import load_settings
from tests.mail.mail_server import MailServer, running

PointAt = Callable[[str], None]


@pytest.fixture
def point_at(monkeypatch: pytest.MonkeyPatch) -> PointAt:
    def point(url: str) -> None:
        monkeypatch.setenv("SMTP_URL", url)
        load_settings.cache_clear()

    return point


@pytest.fixture(autouse=True)
def own_settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("MAIL_FROM", "Sundial <sundial@meridian.example>")
    load_settings.cache_clear()
    yield
    monkeypatch.undo()
    load_settings.cache_clear()


@pytest.fixture
async def mail_server(point_at: PointAt) -> AsyncIterator[MailServer]:
    async with running() as server:
        point_at(server.url)
        yield server
