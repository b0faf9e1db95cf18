"""What goes wrong without a wrong answer: lists shift, access is withdrawn, a day passes, clocks differ."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from litestar import Litestar

from app.asana_sandbox.model import Project, Task
from app.integrations.asana.models import PassKind
from tests.integrations.asana.sync.faults.promises import (
    assert_promises_kept,
    assert_recovered,
    assert_told,
    look,
)
from tests.integrations.asana.sync.faults.scene import Scene, stir

KINDS = pytest.mark.parametrize("kind", list(PassKind))


@pytest.fixture
def asanas_clock(scene: Scene) -> Iterator[Callable[[timedelta], None]]:
    """Sets how far Asana's clock is ahead of ours."""

    def shift(by: timedelta) -> None:
        scene.office.world.clock = lambda: datetime.now(UTC) + by

    before = scene.office.world.clock
    yield shift
    scene.office.world.clock = before


@KINDS
async def test_asana_is_down_for_a_day(
    scene: Scene, app: Litestar, asanas_clock: Callable[[timedelta], None], kind: PassKind
) -> None:
    before = await look(scene)
    stir(scene.garden)
    scene.connected.sandbox.control.fail_next(503, times=10_000)
    run = await scene.sync(kind)
    await assert_told(scene, app, run, "unavailable")
    await assert_promises_kept(scene, before)
    asanas_clock(timedelta(hours=25))
    scene.connected.sandbox.control.forget_requests()
    await assert_recovered(scene, await scene.recover(kind), before)
    # Of the complete pass each stream is asked for its first token, of the catch-up the old ones are refused.
    assert scene.connected.sandbox.control.requests()["by_status"]["412"] >= 5


@KINDS
@pytest.mark.parametrize("ahead", [timedelta(days=1), timedelta(days=-1)], ids=["asana-ahead", "asana-behind"])
async def test_our_clock_is_a_day_off(
    scene: Scene, asanas_clock: Callable[[timedelta], None], ahead: timedelta, kind: PassKind
) -> None:
    """Also what Asana says of when something was completed is then a day from our last reading."""
    asanas_clock(ahead)
    scene.office.world.expire_sync_tokens()
    assert (await scene.sync(kind)).state == "done"
    before = await look(scene)
    stir(scene.garden)
    run = await scene.sync(kind)
    await assert_promises_kept(scene, before)
    await assert_recovered(scene, run, before)


@KINDS
async def test_every_event_is_lost(scene: Scene, kind: PassKind) -> None:
    before = await look(scene)
    stir(scene.garden)
    scene.office.world.expire_sync_tokens()
    run = await scene.sync(kind)
    await assert_promises_kept(scene, before)
    await assert_recovered(scene, run, before)


def take_half(scene: Scene) -> list[str]:
    world, office = scene.office.world, scene.office
    taken = [gid for gid in world.projects_in[office.workspace] if gid != office.garden][::2]
    for gid in taken:
        world.set_owner(gid, office.bob)
        world.remove_member(gid, office.alice)
        world.make_private(gid)
    return taken


@KINDS
async def test_access_is_lost_to_half_of_the_workspace(scene: Scene, kind: PassKind) -> None:
    entries = (await look(scene)).entries
    taken = take_half(scene)
    before = await look(scene)
    run = await scene.sync(kind)
    await assert_promises_kept(scene, before)
    assert {await scene.connected.reason(gid) for gid in taken} == {"hidden"}
    await assert_recovered(scene, run, before)
    for gid in taken:
        scene.office.world.make_public(gid)
    await assert_recovered(scene, await scene.recover(kind), before)
    assert await scene.entries() == entries


def delete_first(scene: Scene) -> None:
    scene.office.world.delete_task(scene.garden.water)


def insert_first(scene: Scene) -> None:
    scene.office.world.add_task(scene.office.garden, "At the top", position=0)


@pytest.mark.parametrize("happens", [delete_first, insert_first], ids=["pages-skip", "pages-overlap"])
async def test_a_project_changes_between_two_pages(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, happens: Callable[[Scene], None]
) -> None:
    """Right after its first page was given."""
    scene.connected.sandbox.control.count_rows_in_offsets()
    listed: list[Any] = []

    def tasks_in_project(project: Project) -> list[Task]:
        found = type(scene.office.world).tasks_in_project(scene.office.world, project)
        if project.gid == scene.office.garden and not listed:
            listed.append(project)
            happens(scene)
        return found

    before = await look(scene)
    with monkeypatch.context() as patched:
        patched.setattr(scene.office.world, "tasks_in_project", tasks_in_project)
        await scene.sync(PassKind.complete)
    assert listed
    await assert_promises_kept(scene, before)
    await assert_recovered(scene, await scene.recover(PassKind.complete), before)


@KINDS
async def test_the_list_of_projects_shrinks_between_two_pages(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, kind: PassKind
) -> None:
    """The project that slips through between the pages is there all the same."""
    world, office = scene.office.world, scene.office
    scene.connected.sandbox.control.count_rows_in_offsets()
    real = list(world.projects_in[office.workspace])
    monkeypatch.setitem(world.projects_in, office.workspace, Shrinking(real))
    before = await look(scene)
    run = await scene.sync(kind)
    assert scene.connected.sandbox.control.requests()["by_route"].get("GET /projects/*", 0) >= 1
    assert run.archived == 0
    monkeypatch.setitem(world.projects_in, office.workspace, real)
    await assert_promises_kept(scene, before)
    await assert_recovered(scene, await scene.recover(kind), before)


class Shrinking(list[str]):
    """Whole when it is looked through for the first time, and without its first one afterwards."""

    looked = 0

    def __iter__(self) -> Iterator[str]:
        self.looked += 1
        whole = list.__iter__(self)
        if self.looked > 1:
            next(whole)
        return whole
