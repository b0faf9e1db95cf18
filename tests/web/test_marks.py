"""`marked`: what of a name was searched for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from app.web.marks import marked


@pytest.mark.parametrize(
    ("name", "text", "shown"),
    [
        ("Design the banner", "ban", "Design the <mark>ban</mark>ner"),
        ("Design the banner", "DES the", "<mark>Des</mark>ign <mark>the</mark> banner"),
        ("Urban bandana", "ban", "Urban <mark>ban</mark>dana"),
        ("UI/UX", "ux", "UI/<mark>UX</mark>"),
        ("plane", "p plan", "<mark>plan</mark>e"),
        ("a < b & c", "b", "a &lt; <mark>b</mark> &amp; c"),
        ("Über", "über", "<mark>Über</mark>"),
        ("as it is", "", "as it is"),
        ("as it is", "!!", "as it is"),
    ],
)
def test_it_marks_beginnings_of_words(name: str, text: str, shown: str) -> None:
    assert str(marked(name, text)) == shown


@given(st.text(), st.text())
def test_it_changes_nothing_but_marks(name: str, text: str) -> None:
    assert marked(name, text).replace("<mark>", "").replace("</mark>", "") == escape(name)
