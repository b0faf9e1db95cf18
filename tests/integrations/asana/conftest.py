"""A sandbox Asana that the application's settings point at, and a connection for tests that ask no Asana."""

from collections.abc import AsyncIterator, Iterator

import pytest

from app.accounts.models import User
from app.asana_sandbox.app import Options
from app.asana_sandbox.testing import RunningSandbox, running_sandbox
from app.integrations.asana.models import AsanaConnection
from app.integrations.asana.pacing import paces
from app.settings import load_settings
from tests.browser_like import Visitor
from tests.integrations.asana.rows import make_connection, make_workspace
from tests.integrations.asana.sync.connected import connect
from tests.integrations.asana.sync.office import make_office
from tests.integrations.asana.watching import QUICK, Listening, Watched


@pytest.fixture(scope="session")
def running_company() -> Iterator[RunningSandbox]:
    with running_sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def company(running_company: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningSandbox]:
    """The seeded company, as it was seeded."""
    running_company.control.reset()
    yield from pointed_at(running_company, monkeypatch)


def pointed_at(sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningSandbox]:
    monkeypatch.setenv("ASANA_API_URL", sandbox.api_url)
    monkeypatch.setenv("ASANA_OAUTH_URL", sandbox.oauth_url)
    load_settings.cache_clear()
    yield sandbox
    monkeypatch.undo()
    load_settings.cache_clear()


@pytest.fixture
async def connection(alice: User) -> AsanaConnection:
    """Alice's, with one workspace that is read."""
    connection = await make_connection(alice)
    await make_workspace(connection)
    return connection


@pytest.fixture
async def alices(visitor: Visitor, alice: User, connection: AsanaConnection) -> Visitor:
    return await visitor.signed_in_as(alice)


@pytest.fixture
async def bobs(visitor: Visitor, bob: User, connection: AsanaConnection) -> Visitor:
    return await visitor.signed_in_as(bob)


@pytest.fixture
async def watched(committed: None, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Watched]:
    """A small Asana with two projects, both imported, that can send to Sundial."""
    office = make_office()
    with running_sandbox(office.world, Options(pace=QUICK)) as office.sandbox:
        for _ in pointed_at(office.sandbox, monkeypatch):
            paces().clear()
            web = Listening()
            monkeypatch.setenv("PUBLIC_URL", web.url)
            monkeypatch.setenv("ASANA_WEBHOOKS", "on")
            load_settings.cache_clear()
            await web.start()
            watched = Watched(office, await connect(office.world, office.sandbox), web)
            await watched.import_all()
            yield watched
            await web.stop()
