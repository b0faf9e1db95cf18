"""Every template compiles, and every whole page says its title."""

from pathlib import Path

import pytest

from app.web.render import TEMPLATES, make_environment

ALL = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
LAYOUTS = ("base.html", "plain.html")


@pytest.mark.parametrize("name", ALL)
def test_it_compiles(name: str) -> None:
    make_environment().get_template(name)


@pytest.mark.parametrize("name", [name for name in ALL if name not in LAYOUTS])
def test_it_sets_a_title_where_it_is_a_page(name: str) -> None:
    source = Path(TEMPLATES / name).read_text()
    if any(f'extends "{layout}"' in source for layout in LAYOUTS):
        assert "block title" in source


@pytest.mark.parametrize("name", ALL)
def test_it_has_no_inline_style_or_script(name: str) -> None:
    source = Path(TEMPLATES / name).read_text()
    if name.startswith("mail/"):
        return
    assert ' style="' not in source
    assert "<script>" not in source
    assert "hx-on" not in source
