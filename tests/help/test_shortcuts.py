"""The list of keys and the controls that have one say the same."""

import re

from app.web.render import TEMPLATES

LIST = (TEMPLATES / "help/_shortcuts.html").read_text()


def keys_of_controls() -> set[str]:
    """As the templates write them: in the attribute itself, or as an attribute or argument of a macro."""
    found = set()
    for template in TEMPLATES.rglob("*.html"):
        source = template.read_text()
        for keys in re.findall(r"""(?:data-shortcut"?(?:=|:\s*)|shortcut\s?=\s?)["']([^"'{]+)["']""", source):
            found |= set(keys.split())
    return found


def keys_told() -> set[str]:
    return {key for keys in re.findall(r'^    \("([^"]+)", \[', LIST, re.MULTILINE) for key in keys.split()}


def test_it_tells_every_key_that_does_something() -> None:
    assert keys_of_controls() >= {"n", "s", "/", "t", "?"}
    assert keys_told() == keys_of_controls()
