"""Answers that say less than they should: nothing follows from what is not said, and the next pass knows it again."""

import pytest

from app.integrations.asana.models import PassKind, RunState
from tests.integrations.asana.sync.faults.matrix import PHASES, SPARSE
from tests.integrations.asana.sync.faults.promises import assert_promises_kept, assert_recovered, look
from tests.integrations.asana.sync.faults.scene import Scene, stir

KINDS = {phase: where.kinds for phase, where in PHASES.items() if phase != "token"}


@pytest.mark.parametrize("sparse", SPARSE)
@pytest.mark.parametrize(("phase", "kind"), [(phase, kind) for phase, kinds in KINDS.items() for kind in kinds])
async def test_nothing_follows_from_what_is_not_said(scene: Scene, sparse: str, phase: str, kind: PassKind) -> None:
    before = await look(scene)
    stir(scene.garden)
    scene.connected.sandbox.control.fail_next(**SPARSE[sparse], match=scene.garden.fill(PHASES[phase].match))
    run = await scene.sync(kind)
    assert run.state == RunState.done
    assert scene.failures() > 0
    await assert_promises_kept(scene, before)
    await assert_recovered(scene, await scene.recover(kind), before)
