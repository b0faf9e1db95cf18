"""Static files: compressed where that makes them smaller, and nothing but them."""

import gzip

import pytest

from app.web.static import STATIC, static_url, stylesheet_text
from tests.browser_like import Visitor

HTMX = "vendor/htmx-4.0.1/htmx.js"
FONT = "vendor/inter-5.3.0/inter-latin-wght-normal.woff2"


async def test_it_sends_a_script_compressed_to_who_takes_it(visitor: Visitor) -> None:
    compressed = await visitor.get(static_url(HTMX), headers={"Accept-Encoding": "gzip"})
    plain = await visitor.get(static_url(HTMX), headers={"Accept-Encoding": "identity"})
    assert compressed.headers["Content-Encoding"] == "gzip"
    assert int(compressed.headers["Content-Length"]) < len(plain.content) / 3
    assert "Content-Encoding" not in plain.headers
    # httpx has unpacked it.
    assert compressed.content == plain.content == (STATIC / HTMX).read_bytes()
    assert plain.headers["Content-Type"].startswith("text/javascript")


async def test_it_leaves_alone_what_is_compressed_already(visitor: Visitor) -> None:
    font = await visitor.get(static_url(FONT), headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in font.headers
    assert font.headers["Content-Type"] == "font/woff2"
    assert len(gzip.compress(font.content)) > 0.9 * len(font.content)


async def test_it_sends_all_style_sheets_as_one(visitor: Visitor) -> None:
    answer = await visitor.get(static_url("app.css"))
    assert answer.text == stylesheet_text()
    assert answer.headers["Content-Type"].startswith("text/css")


async def test_it_sends_our_own_without_comments_and_nothing_less(visitor: Visitor) -> None:
    for path in sorted((STATIC / "js").glob("*.js")):
        answer = await visitor.get(static_url(f"js/{path.name}"))
        lines = [line for line in path.read_text().splitlines() if not line.lstrip().startswith("//")]
        assert answer.text.splitlines() == lines
    styles = stylesheet_text()
    assert "/*" not in styles
    assert styles.count("{") == sum(path.read_text().count("{") for path in (STATIC / "css").glob("*.css"))


@pytest.mark.parametrize("name", ["../settings.py", "css", "none.css", "%2e%2e/main.py", "css/../../main.py"])
async def test_it_sends_nothing_else(visitor: Visitor, name: str) -> None:
    answer = await visitor.get(static_url(name))
    assert answer.status_code == 404
