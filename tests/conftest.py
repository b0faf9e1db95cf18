"""Every test runs on a real PostgreSQL whose tables were made by the migrations.

Page tests ask the application in this process, inside a transaction that is rolled back. Tests that involve another
connection or process (the worker, the browser) use `committed`, which really commits and empties the tables afterwards.

Properties are tried with the same examples each time, so what is green stays green. `SUNDIAL_EXAMPLES=2000 pytest`
tries that many new ones.
"""

# ruff: noqa: E402
import os
from collections.abc import AsyncIterator
from contextlib import suppress

import hypothesis
import pytest

from tests import server

# The application reads its settings when it is imported, so they stand before anything of it is.
server.set_environment()

from litestar import Litestar

from app import database
from app.accounts.models import Account, User
from app.main import create_app
from app.migrations import migrate_database
from app.web.pieces import PIECES
from tests.browser_like import Visitor
from tests.factories import make_account, make_user

pytest_plugins = ["tests.chromium"]

EXAMPLES = int(os.environ.get("SUNDIAL_EXAMPLES", "0"))
# A machine that is busy with other tests is no reason to fail.
hypothesis.settings.register_profile(
    "sundial",
    deadline=None,
    derandomize=not EXAMPLES,
    max_examples=EXAMPLES or 100,
    print_blob=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("sundial")

# Whatever of a page is kept is rendered again each time, and has to be the same.
PIECES.are_checked = True


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: many tests wait for workers and clocks."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
async def migrated(anyio_backend: str) -> AsyncIterator[None]:
    await migrate_database()
    await database.open_pool()
    yield
    await database.close_pool()


class Undone(Exception):
    """Ends a test's transaction."""


@pytest.fixture
async def rolled_back(migrated: None) -> AsyncIterator[None]:
    """One transaction around the test, undone at its end."""
    with suppress(Undone):
        async with database.transaction():
            yield
            raise Undone


@pytest.fixture
async def committed(migrated: None) -> AsyncIterator[None]:
    """For tests whose work others must see: commits, and empties every table afterwards."""
    # Page tests undo their rows, but a job they put into the queue was committed by the queue's own connection.
    await empty_tables()
    yield
    await empty_tables()


async def empty_tables() -> None:
    names = await database.fetch_value(server.TABLES)
    await database.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")


@pytest.fixture(scope="session")
async def app(migrated: None) -> AsyncIterator[Litestar]:
    application = create_app()
    async with application.lifespan():
        yield application


@pytest.fixture
def visitor(app: Litestar, rolled_back: None) -> Visitor:
    """Somebody who is not signed in. `await visitor.signed_in_as(user)` gives another who is."""
    return Visitor(app)


@pytest.fixture
async def account(rolled_back: None) -> Account:
    return await make_account(name="Meridian Works")


@pytest.fixture
async def alice(account: Account) -> User:
    """Administrator, and the one who connects Asana."""
    return await make_user(account, name="Alice Hartmann", email="alice@meridian.example", role="administrator")


@pytest.fixture
async def bob(account: Account) -> User:
    """A user on Alice's team."""
    return await make_user(account, name="Bob Okafor", email="bob@meridian.example")


@pytest.fixture
async def charlie(rolled_back: None) -> User:
    """Administrator of another account, who must see nothing of Alice's."""
    elsewhere = await make_account(name="Elsewhere")
    return await make_user(elsewhere, name="Charlie Lund", email="charlie@elsewhere.example", role="administrator")
