"""Every fault at every phase of a pass: what it must not do, what it says, and that the next pass puts it right."""

import pytest
from litestar import Litestar

from app.integrations.asana import client
from tests.integrations.asana.sync.faults.matrix import CELLS, Cell
from tests.integrations.asana.sync.faults.promises import (
    assert_promises_kept,
    assert_recovered,
    assert_told,
    look,
)
from tests.integrations.asana.sync.faults.scene import Scene, stir


@pytest.mark.parametrize("cell", CELLS, ids=str)
async def test_it_keeps_its_promises(scene: Scene, app: Litestar, cell: Cell, monkeypatch: pytest.MonkeyPatch) -> None:
    before = await look(scene)
    stir(scene.garden)
    cell.order(scene)
    if cell.fault == "time-out":
        monkeypatch.setattr(client, "TIMEOUT_SECONDS", 0.3)
    run = await scene.sync(cell.kind)
    assert scene.failures() > 0
    await assert_promises_kept(scene, before)
    if cell.word:
        await assert_told(scene, app, run, cell.word)
    if not cell.is_got_over:
        monkeypatch.setattr(client, "TIMEOUT_SECONDS", 60)
        run = await scene.recover(cell.kind)
    await assert_recovered(scene, run, before)
