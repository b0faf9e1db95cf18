"""After every pass, for every person, Sundial's tree is what Asana shows the owner. Over random histories.

`SUNDIAL_HISTORIES=100 pytest tests/integrations/asana/sync/test_equality.py` looks further than every run does.
"""

import os
from typing import Any

import pytest

from app import database
from app.integrations.asana.models import RunState
from tests.integrations.asana.sync.connected import Connected
from tests.integrations.asana.sync.happenings import Happenings
from tests.integrations.asana.sync.office import Office
from tests.integrations.asana.sync.trees import gids, tree_in_asana

HISTORIES = int(os.environ.get("SUNDIAL_HISTORIES", "3"))
PASSES = 7


@pytest.mark.parametrize("seed", range(HISTORIES))
async def test_it_follows_whatever_happens(office: Office, connected: Connected, seed: int) -> None:
    happenings = Happenings(office, seed)
    happenings.begin()
    for number in range(PASSES):
        done = happenings.happen(happenings.random.choice([1, 5, 15]))
        run = await connected.sync()
        assert (run.state, run.warnings) == (RunState.done, "[]")
        await assert_equal(connected, f"seed {seed}, catch-up {number}, after {done}", order=number == 0)
    compared = await connected.compare()
    assert connected.changes_of(compared) == [], (
        f"seed {seed}: the catch-ups had missed {connected.changes_of(compared)}"
    )
    await assert_equal(connected, f"seed {seed}, compared")


@pytest.mark.parametrize("seed", range(500, 500 + HISTORIES))
async def test_a_complete_pass_needs_no_events(office: Office, connected: Connected, seed: int) -> None:
    happenings = Happenings(office, seed, untold=True)
    happenings.begin()
    for number in range(PASSES):
        done = happenings.happen(happenings.random.choice([1, 5, 15]))
        run = await connected.compare()
        assert (run.state, run.warnings) == (RunState.done, "[]")
        await assert_equal(connected, f"seed {seed}, pass {number}, after {done}")


@pytest.mark.parametrize("seed", range(1000, 1000 + HISTORIES))
async def test_it_recovers_from_whatever_fails(office: Office, connected: Connected, seed: int) -> None:
    happenings = Happenings(office, seed)
    happenings.begin()
    for number in range(PASSES // 2):
        done = happenings.happen(10)
        faults = [random_fault(happenings) for _ in range(happenings.random.choice([1, 2, 4]))]
        for fault in faults:
            connected.sandbox.control.fail_next(**fault)
        before = await archived_by_itself(connected)
        await connected.sync()
        with_context = f"seed {seed}, pass {number}, after {done} with {faults}"
        theirs = gids(tree_in_asana(connected.world, connected.connection.asana_user_gid))
        assert not (await archived_by_itself(connected) - before) & theirs, with_context
        connected.sandbox.control.stop_failing()
        connected.forget_pace()
        assert (await connected.sync()).state == RunState.done
        await assert_equal(connected, with_context, order=False)


def random_fault(happenings: Happenings) -> dict[str, Any]:
    """Not 403 and 404 where a single task may be asked for: that is Asana's word that it is gone."""
    random = happenings.random
    status = random.choice([400, 403, 404, 429, 500, 503])
    parts = ["/sections", "/subtasks", "/memberships"]
    return {
        "kind": random.choice(["status", "status", "status", "cut", "not_json", "reset"]),
        "status": status,
        "retry_after": random.choice([0, 600]),
        "match": random.choice(parts if status in {403, 404} else [*parts, "", "/projects", "/tasks", "/users"]),
        "skip": random.randrange(6),
        "times": random.choice([1, 2, 20]),
    }


async def assert_equal(connected: Connected, context: str, *, order: bool = True) -> None:
    try:
        await connected.assert_equal_to_asana(order=order)
    except AssertionError as error:
        raise AssertionError(context) from error


async def archived_by_itself(connected: Connected) -> set[str]:
    """Tasks and lists with a reason of their own. A project that cannot be read may stay archived longer than it is."""
    rows = await database.fetch(
        "SELECT foreign_id FROM work_item WHERE archived_reason <> 'above' AND kind IN ('task', 'list')"
    )
    return {row["foreign_id"] for row in rows}
