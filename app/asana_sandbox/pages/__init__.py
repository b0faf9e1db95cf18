"""The sandbox's own page in the shape of Asana. Its elements carry the identifiers that Asana's own page carries."""

from .actions import Actions
from .engine import template_engine
from .reading import AsanaPages

PAGES = [AsanaPages, Actions]

__all__ = ["PAGES", "template_engine"]
