"""`{% piece KEY %} ... {% endpiece %}`: a part of a page that is rendered once for all that look the same.

People look at the same lines all day; what changes from one look to the next is one of them. The key names all that
the part shows, whoever sees it, so nothing ever has to be taken back: what looks different has another key. Where it is
None the part is rendered each time. Tests render what was kept again, and fail where a key leaves something out.
"""

from collections.abc import Hashable
from sys import getsizeof

from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser

# In each web process, in bytes. A line of the timesheet takes some 5,000, the whole list of a day 40,000.
MOST = 40_000_000
# Where a piece stands in the templates, and what its key is there.
Key = tuple[str, Hashable]


class Pieces:
    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: dict[Key, str] = {}
        self._size = 0
        self.are_checked = False

    def __len__(self) -> int:
        return len(self._kept)

    def kept(self, key: Key) -> str | None:
        """None where it has to be rendered, and given to `keep`."""
        return None if self.are_checked else self._kept.get(key)

    def keep(self, key: Key, text: str) -> str:
        if key[1] is None:
            return text
        if key in self._kept:
            assert not self.are_checked or self._kept[key] == text, f"the key of {key} does not name all that it shows"
            return text
        self._kept[key] = text
        self._size += getsizeof(text)
        while self._size > self._most:
            # The oldest goes. Whoever still looks at it has it rendered anew.
            self._size -= getsizeof(self._kept.pop(next(iter(self._kept))))
        return text

    def forget(self) -> None:
        self._kept.clear()
        self._size = 0


PIECES = Pieces()
METHOD = "piece"


class PieceExtension(Extension):
    """Reads the tag. How it is compiled is in `app/web/compiling.py`."""

    tags = {"piece"}

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        key = parser.parse_tuple()
        body = parser.parse_statements(("name:endpiece",), drop_needle=True)
        # Where it stands is part of the key: two pieces that show the same values show them differently.
        place = nodes.Const(f"{parser.name}:{line}")
        call = self.call_method(METHOD, [nodes.Tuple([place, key], "load")])
        return nodes.CallBlock(call, [], [], body).set_lineno(line)


def is_piece(block: nodes.CallBlock) -> bool:
    called = block.call.node
    return isinstance(called, nodes.ExtensionAttribute) and called.name == METHOD
