"""What holds after every pass, whatever went wrong in it."""

from dataclasses import dataclass
from html import unescape
from typing import Any

from litestar import Litestar

from app import database
from app.integrations.asana.models import PassKind, RunState, SyncRun
from app.integrations.asana.outcome import left_out_of
from app.integrations.asana.words import failure, warning
from tests.browser_like import Visitor
from tests.integrations.asana.sync.faults.scene import Scene
from tests.integrations.asana.sync.trees import Node, gids, tree_in_asana

TWICE = """
SELECT foreign_id FROM work_item GROUP BY account, source, foreign_id HAVING count(*) > 1
UNION ALL SELECT item::text FROM placement GROUP BY item, parent HAVING count(*) > 1
"""


@dataclass
class Before:
    """What there was when the pass began that is going to fail."""

    active: set[str]
    places: set[tuple[str, str]]
    entries: list[dict[str, Any]]


async def look(scene: Scene) -> Before:
    return Before(gids(await scene.connected.tree()), await scene.places(), await scene.entries())


async def assert_promises_kept(scene: Scene, before: Before) -> None:
    theirs = tree_in_asana(scene.connected.world, scene.garden.owner)
    archived = before.active - gids(await scene.connected.tree()) - without_place(before, gids(theirs))
    assert not archived & gids(theirs), "archived, though it is open in Asana"
    assert await scene.places() <= before.places | places_of(theirs, "root"), "in a place where it never was"
    assert await database.fetch(TWICE) == []
    assert await scene.entries() == before.entries


def without_place(before: Before, theirs: set[str]) -> set[str]:
    """What stood only where Asana has really closed: moved elsewhere, it is archived until that has been read."""
    above: dict[str, set[str]] = {}
    for item, parent in before.places:
        above.setdefault(item, set()).add(parent)
    gone = {parent for parents in above.values() for parent in parents} - theirs - {"root"}
    while further := {item for item, parents in above.items() if parents <= gone} - gone:
        gone |= further
    return gone


def places_of(nodes: list[Node], parent: str) -> set[tuple[str, str]]:
    here = {(node.gid, parent) for node in nodes}
    return here.union(*(places_of(node.children, node.gid) for node in nodes))


async def assert_told(scene: Scene, app: Litestar, run: SyncRun, word: str) -> None:
    """The run carries the word, and the page that Alice looks at says its sentence."""
    assert word in words_of(run), (run.state, run.failure, run.warnings)
    alices = await Visitor(app).signed_in_as(scene.connected.alice)
    page = unescape((await alices.get("/integrations/asana")).text)
    sentence = failure(word) if run.state == RunState.failed else warning(word)
    assert sentence in page


def words_of(run: SyncRun) -> set[str]:
    return {run.failure} - {None} | {each.word for each in left_out_of(run)}


async def assert_recovered(scene: Scene, run: SyncRun, before: Before) -> None:
    """A catch-up knows the places, but not always the order in them."""
    assert (run.state, run.warnings) == (RunState.done, "[]")
    await scene.connected.assert_equal_to_asana(order=run.kind == PassKind.complete)
    assert await scene.entries() == before.entries
