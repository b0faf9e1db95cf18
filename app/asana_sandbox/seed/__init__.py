"""Worlds that are the same every time: the made-up company, and large ones for measuring."""

from .company import seeded_world
from .large import large_world

__all__ = ["large_world", "seeded_world"]
