"""`{% piece KEY %} ... {% endpiece %}`: a part of a page that is rendered once for all that look the same.

People look at the same lines all day; what changes from one look to the next is one of them. The key names all that
the part shows, whoever sees it, so nothing ever has to be taken back: what looks different has another key. Where it is
None the part is rendered each time. Tests render what was kept again, and fail where a key leaves something out.
"""

from collections.abc import Callable, Hashable

from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser

# Of a line of the timesheet some 4 kB: at most 20 MB for each web process.
MOST = 5_000
Render = Callable[[], str]


class Pieces:
    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: dict[Hashable, str] = {}
        self.are_checked = False

    def __len__(self) -> int:
        return len(self._kept)

    def piece(self, key: Hashable, render: Render) -> str:
        text = self._kept.get(key)
        if text is None:
            return self._keep(key, render())
        if self.are_checked:
            assert render() == text, f"the key of {key} does not name all that it shows"
        return text

    def _keep(self, key: Hashable, text: str) -> str:
        if len(self._kept) >= self._most:
            # The oldest goes. Whoever still looks at it has it rendered anew.
            del self._kept[next(iter(self._kept))]
        self._kept[key] = text
        return text


PIECES = Pieces()


class PieceExtension(Extension):
    tags = {"piece"}

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        key = parser.parse_tuple()
        body = parser.parse_statements(("name:endpiece",), drop_needle=True)
        # Where it stands is part of the key: two pieces that show the same values show them differently.
        place = nodes.Const(f"{parser.name}:{line}")
        call = self.call_method("_piece", [place, key])
        return nodes.CallBlock(call, [], [], body).set_lineno(line)

    def _piece(self, place: str, key: Hashable, caller: Render) -> str:
        return caller() if key is None else PIECES.piece((place, key), caller)
