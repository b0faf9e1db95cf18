"""What every page may say of an item, however it was found."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asyncpg import Record

from app.projects.models import Kind, Source
from app.projects.words import source_name, why_archived

FACTS = """item.id, item.kind, item.source, item.foreign_id, item.name, item.permalink,
    item.archived_at, item.archived_reason"""


@dataclass(frozen=True)
class Facts:
    id: int
    kind: str
    source: str
    foreign_id: str | None
    name: str
    permalink: str | None
    archived_at: datetime | None
    archived_reason: str | None

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    @property
    def is_own(self) -> bool:
        return self.source == Source.own

    @property
    def is_root(self) -> bool:
        return self.kind == Kind.root

    @property
    def source_name(self) -> str:
        return source_name(self.source)

    @property
    def why_archived(self) -> str:
        return why_archived(self.archived_reason, self.source)

    @property
    def link(self) -> str | None:
        """The address at the source, unless it is something else than a page."""
        return self.permalink if self.permalink and self.permalink.startswith(("https://", "http://")) else None


NAMES = tuple(Facts.__dataclass_fields__)


def facts_in(row: Record) -> dict[str, Any]:
    """A row's columns of FACTS, for one of the classes made of them."""
    return {name: row[name] for name in NAMES}
