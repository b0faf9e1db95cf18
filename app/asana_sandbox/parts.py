"""What a running sandbox is made of, handed to everything that answers requests."""

from collections.abc import Callable
from dataclasses import dataclass

from .gate import Gate
from .grants import Grants
from .model import State
from .search_index import SearchIndex
from .store import Store
from .webhooks import Deliveries
from .world import World


@dataclass(frozen=True)
class Sandbox:
    world: World
    grants: Grants
    gate: Gate
    store: Store
    deliveries: Deliveries
    index: SearchIndex
    # What the control side's reset goes back to.
    seed: Callable[[], State]
    # How long, in seconds, a list may be read on from an offset.
    offset_life: float
