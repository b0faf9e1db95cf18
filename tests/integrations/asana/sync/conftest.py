from collections.abc import Iterator

import pytest
import stamina

from app.asana_sandbox.testing import RunningSandbox, running_sandbox
from app.integrations.asana.pacing import paces
from tests.integrations.asana.conftest import pointed_at
from tests.integrations.asana.sync.connected import Connected, connect
from tests.integrations.asana.sync.office import Office, make_office


@pytest.fixture(autouse=True)
def _no_waiting_between_attempts() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3):
        yield


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """A small Asana that a test can hold in its head."""
    office = make_office()
    with running_sandbox(office.world) as sandbox:
        office.sandbox = sandbox
        for _ in pointed_at(sandbox, monkeypatch):
            yield office


@pytest.fixture
async def connected(office: Office, committed: None) -> Connected:
    """Alice's account, connected to the office, nothing imported yet."""
    paces().clear()
    return await connect(office.world, office.sandbox)


@pytest.fixture
async def connected_company(company: RunningSandbox, committed: None) -> Connected:
    return await connect(company.world, company)
