"""limit and offset. An offset is signed and remembers the last row it gave, so that rows that come or go
in between neither repeat nor skip others; it is only good for the list it came from, and for a while."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlencode

import msgspec

from app.asana_sandbox.world import World

from .errors import bad_value, offset_expired, offset_invalid, too_large

LARGEST_UNPAGED = 1000
LARGEST_PAGE = 100


class HasGid(Protocol):
    @property
    def gid(self) -> str: ...


class Page(NamedTuple):
    rows: Sequence[Any]
    # Absent without a limit, null on the last page.
    next_page: dict[str, str] | msgspec.UnsetType | None = msgspec.UNSET


class Place(msgspec.Struct, array_like=True):
    path: str
    last_gid: str
    position: int
    issued_at: int
    generation: int


class Pager:
    def __init__(self, world: World, offset_life: float, counts_rows: bool = False) -> None:
        self.world = world
        self.offset_life = offset_life
        self.counts_rows = counts_rows

    def page(self, rows: Sequence[Any], path: str, query: dict[str, str], base_url: str) -> Page:
        limit = read_limit(query)
        start = self._start(rows, path, query["offset"]) if "offset" in query else 0
        if limit is None:
            if len(rows) - start > LARGEST_UNPAGED:
                raise too_large()
            return Page(rows[start:])
        chosen = rows[start : start + limit]
        if start + limit >= len(rows):
            return Page(chosen, None)
        return Page(chosen, self._next(chosen[-1], start + limit, path, query, base_url))

    def _next(self, last: HasGid, position: int, path: str, query: dict[str, str], base_url: str) -> dict[str, str]:
        issued = int(self.world.clock().timestamp())
        offset = self._seal(Place(path, last.gid, position, issued, self.world.state.offset_generation))
        here = f"{path}?{urlencode({**query, 'offset': offset})}"
        return {"offset": offset, "path": here, "uri": f"{base_url}/api/1.0{here}"}

    def _start(self, rows: Sequence[HasGid], path: str, offset: str) -> int:
        place = self._open(offset)
        if place.path != path:
            raise offset_invalid()
        age = self.world.clock().timestamp() - place.issued_at
        if place.generation != self.world.state.offset_generation or age > self.offset_life:
            raise offset_expired()
        # Usually the row is still where it was, so look there first.
        if self.counts_rows or (0 < place.position <= len(rows) and rows[place.position - 1].gid == place.last_gid):
            return place.position
        return next((n for n, row in enumerate(rows, 1) if row.gid == place.last_gid), place.position)

    def _seal(self, place: Place) -> str:
        content = urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")
        return f"{content}.{self._sign(content)}"

    def _open(self, offset: str) -> Place:
        content, _, signature = offset.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._sign(content).encode()):
            raise offset_invalid()
        return msgspec.json.decode(urlsafe_b64decode(content + "=" * (-len(content) % 4)), type=Place)

    def _sign(self, content: str) -> str:
        return hmac.new(self.world.state.secret.encode(), content.encode(), sha256).hexdigest()[:32]


def read_limit(query: dict[str, str]) -> int | None:
    if "limit" not in query:
        return None
    value = query["limit"]
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= LARGEST_PAGE:
        raise bad_value("limit", "Must be between 1 and 100.")
    return int(value)
