"""The made-up company and everything that can happen in it. No HTTP, no waiting."""

from .base import VERBS, RefusedError, UnknownObjectError, moment, system_clock
from .events import SyncTokenTooOldError
from .people import PeopleVerbs
from .sight import Sight
from .tree import tree_for


class World(PeopleVerbs):
    """All the verbs; each takes gids and answers the gid of what it made, if it made something."""


__all__ = [
    "VERBS",
    "RefusedError",
    "Sight",
    "SyncTokenTooOldError",
    "UnknownObjectError",
    "World",
    "moment",
    "system_clock",
    "tree_for",
]
