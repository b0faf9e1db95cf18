"""Parts of pages that are kept: rendered once for a key, and never shown for another."""

from itertools import count
from sys import getsizeof

import pytest
from jinja2 import DictLoader

from app.web.compiling import PageEnvironment
from app.web.pieces import PIECES, PieceExtension, Pieces

TEMPLATES = {
    "line": "{% piece line, is_odd %}{{ line }}{% if is_odd %} odd{% endif %} {{ look() }}{% endpiece %}",
    "alone": "{% piece line %}{{ line }} {{ look() }}{% endpiece %}",
    "sets": "{% set name = 'outer' %}{% piece line %}{% set name = line %}{{ name }}{% endpiece %}{{ name }}",
    "nested": "{% piece line %}<{% piece line, 'b' %}{{ line }}{{ look() }}{% endpiece %}>{% endpiece %}",
    "in a block": "{% extends 'base' %}{% block a %}{% piece line %}{{ line }}{{ look() }}{% endpiece %}{% endblock %}",
    "base": "{% piece 'base' %}<p>{% endpiece %}{% block a %}{% endblock %}",
    "in a macro": "{% macro a(one) %}{% piece one %}<{{ one }}>{% endpiece %}{% endmacro %}{{ a(line) }}{{ a('b') }}",
    "never": "{% piece none %}{{ look() }}{% endpiece %}",
    "two": "{% piece 1 %}one{% endpiece %}\n{% piece 1 %}two{% endpiece %}",
    "odd": "{% piece line %}{{ line }}{% endpiece %}",
    "within": "{% for line in lines %}{% piece line %}{% include 'inner' %}{% endpiece %}{% endfor %}",
    "inner": "<li>{{ line }}{{ loop.index }}</li>",
    "forgetful": "{% piece line %}{{ note }}{% endpiece %}",
}


@pytest.fixture(autouse=True)
def unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is kept yet, and what is kept is not rendered again."""
    PIECES.forget()
    monkeypatch.setattr(PIECES, "are_checked", False)


def rendered(name: str, **context: object) -> str:
    environment = PageEnvironment(loader=DictLoader(TEMPLATES), extensions=[PieceExtension], autoescape=True)
    return environment.get_template(name).render(context)


def test_it_is_rendered_once_for_what_it_shows() -> None:
    looks = count(1)
    seen = [rendered("line", line=line, is_odd=False, look=lambda: next(looks)) for line in ("a", "a", "b", "a")]
    assert seen == ["a 1", "a 1", "b 2", "a 1"]


def test_every_part_of_the_key_counts() -> None:
    looks = count(1)
    seen = [rendered("line", line="a", is_odd=odd, look=lambda: next(looks)) for odd in (False, True, False, True)]
    assert seen == ["a 1", "a odd 2", "a 1", "a odd 2"]


def test_a_key_of_one_value_needs_no_comma() -> None:
    looks = count(1)
    assert [rendered("alone", line="a", look=lambda: next(looks)) for _ in range(2)] == ["a 1", "a 1"]


def test_without_a_key_it_is_rendered_each_time() -> None:
    looks = count(1)
    assert [rendered("never", look=lambda: next(looks)) for _ in range(3)] == ["1", "2", "3"]
    assert len(PIECES) == 0


def test_the_same_key_elsewhere_is_another_piece() -> None:
    assert rendered("two") == "one\ntwo"


def test_what_is_kept_is_escaped_once() -> None:
    assert [rendered("odd", line="<b>&") for _ in range(2)] == ["&lt;b&gt;&amp;"] * 2


def test_it_may_include_others_and_knows_the_loop_around_it() -> None:
    assert rendered("within", lines=["a", "b"]) == "<li>a1</li><li>b2</li>"


def test_what_it_sets_stays_in_it() -> None:
    assert [rendered("sets", line="a") for _ in range(2)] == ["aouter"] * 2


def test_one_may_stand_within_another() -> None:
    looks = count(1)
    assert [rendered("nested", line="a", look=lambda: next(looks)) for _ in range(2)] == ["<a1>"] * 2


def test_it_may_stand_in_a_block_and_outside_of_all() -> None:
    looks = count(1)
    assert [rendered("in a block", line="a", look=lambda: next(looks)) for _ in range(2)] == ["<p>a1"] * 2


def test_it_may_stand_in_a_macro() -> None:
    assert [rendered("in a macro", line="a") for _ in range(2)] == ["<a><b>"] * 2


def test_no_more_than_so_much_is_kept_and_the_oldest_goes() -> None:
    pieces = Pieces(most=2 * getsizeof("made 1"))
    for number in (1, 2, 3):
        assert pieces.keep(("place", number), f"made {number}") == f"made {number}"
    assert [pieces.kept(("place", number)) for number in (1, 2, 3)] == [None, "made 2", "made 3"]
    assert len(pieces) == 2


def test_what_is_larger_than_all_that_is_kept_is_shown_all_the_same() -> None:
    pieces = Pieces(most=100)
    assert pieces.keep(("place", 1), "long " * 100) == "long " * 100
    assert len(pieces) == 0


def test_when_checked_it_fails_where_the_key_leaves_something_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PIECES, "are_checked", True)
    assert [rendered("forgetful", line=1, note="a") for _ in range(2)] == ["a", "a"]
    with pytest.raises(AssertionError, match="does not name all that it shows"):
        rendered("forgetful", line=1, note="b")
