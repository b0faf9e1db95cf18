from collections.abc import Iterator

import pytest

from app.asana_sandbox.app import Options
from app.asana_sandbox.testing import RunningSandbox, running_sandbox
from app.integrations.asana import client, pacing
from app.integrations.asana.models import RunState, Trigger
from tests.integrations.asana.conftest import pointed_at
from tests.integrations.asana.sync.connected import connect
from tests.integrations.asana.sync.faults.clock import JumpingClock
from tests.integrations.asana.sync.faults.scene import Scene, authorize_by_oauth, plant, track_time
from tests.integrations.asana.sync.office import Office, make_office


@pytest.fixture(scope="session")
def running_office() -> Iterator[RunningSandbox]:
    """One for all cells: each begins by going back to the seed."""
    options = Options(seed=lambda: make_office().world.state)
    with running_sandbox(make_office().world, options) as sandbox:
        yield sandbox


@pytest.fixture
def office(running_office: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    running_office.control.reset()
    office = make_office()  # Its gids are those of the seed, which is made in the same way.
    office.world = running_office.world
    office.sandbox = running_office
    for _ in pointed_at(running_office, monkeypatch):
        yield office


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> JumpingClock:
    clock = JumpingClock()
    monkeypatch.setattr(pacing, "monotonic", clock.monotonic)
    monkeypatch.setattr(pacing, "sleep", clock.sleep)
    return clock


@pytest.fixture
async def scene(office: Office, committed: None, clock: JumpingClock, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """Imported, and time is tracked on it."""
    monkeypatch.setattr(client, "ROWS_A_PAGE", 2)
    pacing.paces().clear()
    garden = plant(office)
    connected = await connect(office.world, office.sandbox)
    await authorize_by_oauth(connected, office.alice)
    scene = Scene(connected, office, garden)
    assert (await connected.sync(Trigger.first)).state == RunState.done
    await track_time(scene)
    office.sandbox.control.forget_requests()
    return scene
