"""A machine of random steps: Asana changes, fails and comes back, Sundial follows, and time is tracked meanwhile.

After each pass everything in together.py must hold. What fails is told in as few steps as hypothesis finds, and is kept
in .hypothesis for the next run. `SUNDIAL_EXAMPLES=200 pytest -n 0 tests/integrations/asana/sync/machine` looks further,
and each time elsewhere.
"""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from random import Random
from typing import Any

import pytest
from anyio import from_thread, to_thread
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from app.asana_sandbox.app import Options
from app.asana_sandbox.testing import running_sandbox
from app.asana_sandbox.webhooks import Pace
from app.integrations.asana import client
from app.integrations.asana.models import Trigger
from app.settings import load_settings
from tests.integrations.asana.conftest import pointed_at
from tests.integrations.asana.sync.machine.company import CHOICE, Company
from tests.integrations.asana.sync.machine.together import Together
from tests.integrations.asana.sync.office import Office, make_office
from tests.integrations.asana.watching import Listening

EXAMPLES = int(os.environ.get("SUNDIAL_EXAMPLES", "0"))
SETTINGS = settings(
    max_examples=EXAMPLES or 8,
    stateful_step_count=40 if EXAMPLES else 20,
    derandomize=not EXAMPLES,
    deadline=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)
# The machine delivers what webhooks tell, so the sandbox does not.
NEVER = Pace(gather=10_000_000, heartbeat_every=10_000_000)

numbers = st.integers(0, 50)
people = st.sampled_from(["alice", "bob"])
several = st.lists(st.sampled_from(CHOICE), min_size=1, max_size=6)
choices = st.randoms(use_true_random=False)


@st.composite
def faults(draw: st.DrawFn) -> dict[str, Any]:
    """Not 403 and 404 where a task or project is asked for by itself: that is Asana's word that it is gone."""
    status = draw(st.sampled_from([400, 403, 404, 429, 500, 503]))
    parts = ["/sections", "/subtasks", "/memberships", "/teams"]
    everything = [*parts, "", "/projects", "/tasks", "/users", "/events"]
    return {
        "kind": draw(st.sampled_from(["status", "status", "status", "cut", "not_json", "reset"])),
        "status": status,
        "retry_after": draw(st.sampled_from([0, 600])),
        "match": draw(st.sampled_from(parts if status in {403, 404} else everything)),
        "skip": draw(st.integers(0, 5)),
        "times": draw(st.sampled_from([1, 2, 20])),
    }


class Machine(RuleBasedStateMachine):
    """Each rule runs on the test's own event loop, where the database's pool lives."""

    company: Company

    def run(self, step: Callable[..., Awaitable[None]], *arguments: object) -> None:
        from_thread.run(step, *arguments)

    def run_linked(self, step: Callable[..., Awaitable[None]], *arguments: object) -> None:
        """Not a precondition: whether a token was refused can depend on which of two requests came first, and the steps
        that hypothesis chooses must not.
        """
        if from_thread.run(self.together.is_linked):
            from_thread.run(step, *arguments)

    @initialize(seed=st.integers(0, 1000))
    def begin(self, seed: int) -> None:
        self.together = from_thread.run(Together.begin, self.company, self.company.office.sandbox, seed)
        self.run(self.sync, Trigger.first)

    async def sync(self, trigger: Trigger) -> None:
        await self.together.sync(trigger)

    @rule(names=several, random=choices)
    def happen(self, names: list[str], random: Random) -> None:
        self.together.happen(names, random)

    @rule(fault=faults())
    def fail(self, fault: dict[str, Any]) -> None:
        self.company.office.sandbox.control.fail_next(**fault)

    @rule()
    def expire_tokens_of_streams(self) -> None:
        self.company.world.expire_sync_tokens()

    @rule()
    def revoke(self) -> None:
        self.together.revoke()

    @rule(names=several, random=choices)
    def catch_up(self, names: list[str], random: Random) -> None:
        self.together.happen(names, random)
        self.run_linked(self.sync, Trigger.forced)

    @rule(names=several, random=choices)
    def compare(self, names: list[str], random: Random) -> None:
        self.together.happen(names, random)
        self.run_linked(self.together.compare)

    @rule(names=several, random=choices)
    def recover(self, names: list[str], random: Random) -> None:
        self.together.happen(names, random)
        self.run(self.together.recover)

    @rule()
    def unlink(self) -> None:
        self.run_linked(self.together.unlink)

    @rule(who=st.sampled_from(["alice", "alice", "priya"]), both=st.booleans())
    def enable(self, who: str, both: bool) -> None:
        office = self.company.office
        workspaces = [office.workspace, self.company.side] if both else [office.workspace]
        self.run(self.together.enable, getattr(office, who), workspaces)

    @rule(which=st.sampled_from([(0,), (1,), (0, 1)]))
    def choose(self, which: tuple[int, ...]) -> None:
        both = [self.company.office.workspace, self.company.side]
        self.run_linked(self.together.choose, [both[each] for each in which])

    @rule(wanted=st.booleans())
    def synchronize_keywords(self, wanted: bool) -> None:
        self.run_linked(self.together.synchronize_keywords, wanted)

    @rule()
    def join_sundial(self) -> None:
        self.run(self.together.join_sundial)

    @rule(check=st.booleans())
    def keep_webhooks(self, check: bool) -> None:
        self.run_linked(self.together.keep_webhooks, check)

    @rule(times=st.sampled_from([1, 1, 2]))
    def deliver(self, times: int) -> None:
        self.run(self.together.deliver, times)

    @rule()
    def lose_deliveries(self) -> None:
        self.together.post.lose()

    @rule(number=numbers)
    def lose_webhook(self, number: int) -> None:
        self.together.post.lose_webhook(number)

    @rule(who=people, number=numbers)
    def start_timer(self, who: str, number: int) -> None:
        self.run(self.together.timesheet.start, getattr(self.together.connected, who), number)

    @rule(who=people)
    def stop_timer(self, who: str) -> None:
        self.run(self.together.timesheet.stop, getattr(self.together.connected, who))

    @rule(who=people, number=numbers, verb=st.sampled_from(["add", "change", "delete"]))
    def edit_entries(self, who: str, number: int, verb: str) -> None:
        self.run(getattr(self.together.timesheet, verb), getattr(self.together.connected, who), number)

    def teardown(self) -> None:
        if hasattr(self, "together"):
            self.together.post.close()


@pytest.fixture
async def company(committed: None, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Company]:
    """Pages are short, so that even small lists have several."""
    monkeypatch.setattr(client, "ROWS_A_PAGE", 4)
    office: Office = make_office()
    with running_sandbox(office.world, Options(pace=NEVER)) as office.sandbox:
        for _ in pointed_at(office.sandbox, monkeypatch):
            web = Listening()
            monkeypatch.setenv("PUBLIC_URL", web.url)
            monkeypatch.setenv("ASANA_WEBHOOKS", "on")
            load_settings.cache_clear()
            await web.start()
            yield Company(office)
            await web.stop()


async def test_sundial_follows_asana_whatever_comes_between(company: Company) -> None:
    class Here(Machine):
        pass

    Here.company = company
    await to_thread.run_sync(lambda: run_state_machine_as_test(Here, settings=SETTINGS))
