"""Our Jinja against the plain one: the same templates have to say the same."""

# ruff: noqa: E501 - a template a line is easier to compare

from typing import Any

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined, UndefinedError
from markupsafe import Markup

from app.web.compiling import PageEnvironment

PARTIALS = {
    "_row.html": '{% import "_macros.html" as macros %}{% set entry = row %}<li>{{ entry.name }}{{ macros.tag("b", entry.note) }}</li>',
    "_rows.html": '{% for row in rows %}{% include "_row.html" %}{{ loop.index }}{% endfor %}',
    "_macros.html": "{% macro tag(name, text, small=False) %}<{{ name }}{{ ' small' if small }}>{{ text }}{% endmacro %}",
    "_shout.html": '{% macro shout() %}{{ caller() }}!{% endmacro %}{% call shout() %}{% include "_row.html" %}{% endcall %}',
    "base.html": "<title>{% block title %}{% endblock %}</title>{% block content %}{% endblock %}",
}
TEMPLATES = {
    "an include in a loop": '{% include "_rows.html" %}',
    "an include in a block": '{% extends "base.html" %}{% block content %}{% include "_rows.html" %}{% endblock %}',
    "an include within with": '{% with row = rows[1] %}{% include "_row.html" %}{% endwith %}',
    "an include within a call": '{% with row = rows[0] %}{% include "_shout.html" %}{% endwith %}',
    "an include within set": '{% set text %}{% include "_rows.html" %}{% endset %}{{ text }}{{ text | length }}',
    "an include by a name of its own": '{% include ["none.html", "_rows.html"] %}',
    "an include that may be missing": '{% include "none.html" ignore missing %}.',
    "an include without context": '{% include "_macros.html" without context %}.',
    "what an include sets stays there": '{% set entry = "outer" %}{% with row = rows[0] %}{% include "_row.html" %}{% endwith %}{{ entry }}',
    "an import with context": '{% import "_macros.html" as macros with context %}{{ macros.tag("i", plain, small=True) }}',
    "what is put out": "{{ number }}{{ nothing }}{{ plain }}{{ markup }}{{ 'yes' if number }}{{ 'no' if nothing }}{{ 1.5 }}",
    "what has to be escaped": "{{ odd }}{{ odd | safe }}{{ odd ~ markup }}{{ odd | upper }}{{ {'title': odd} | xmlattr }}",
    "methods": "{{ plain.replace('l', '<') }}{{ plain.split(sep='l') }}{{ plain.encode(**{'encoding': 'ascii'}) }}",
    "a condition that is not put out": "{% set x = 'a' if nothing %}{{ x is defined }}{{ [('a' if nothing)] | length }}",
    "conditions in text": "<p{{ ' class=a' if nothing }}{{ ' class=\"b\"' if number }}>",
}
CONTEXT: dict[str, Any] = {
    "rows": [{"name": "<One>", "note": ""}, {"name": Markup("<i>Two</i>"), "note": "'quoted' & \"doubly\""}],
    "number": 7,
    "nothing": None,
    "plain": "plainly",
    "markup": Markup("<b>"),
    "odd": "<script>\"'&",
}


def environment(kind: type[Environment]) -> Environment:
    return kind(loader=DictLoader({**PARTIALS, **TEMPLATES}), autoescape=True, undefined=StrictUndefined)


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_says_what_plain_jinja_says(name: str) -> None:
    ours, plain = environment(PageEnvironment), environment(Environment)
    assert ours.get_template(name).render(CONTEXT) == plain.get_template(name).render(CONTEXT)


def test_it_puts_an_included_template_in_its_place() -> None:
    source, _, _ = DictLoader(TEMPLATES).get_source(environment(Environment), "an include in a loop")
    assert "get_template" not in str(environment(PageEnvironment).compile(source, raw=True))
    assert "get_template" in str(environment(Environment).compile(source, raw=True))


def test_it_names_what_is_missing() -> None:
    with pytest.raises(UndefinedError, match="'rows' is undefined"):
        environment(PageEnvironment).get_template("an include in a loop").render()


def test_it_tells_where_the_include_is_that_failed() -> None:
    template = environment(PageEnvironment).from_string('\n\n{% include "_rows.html" %}')
    with pytest.raises(UndefinedError) as failure:
        template.render()
    of_template = [entry for entry in failure.traceback if str(entry.path).endswith("template>")]
    # Counted from 0.
    assert [entry.lineno for entry in of_template] == [2]
