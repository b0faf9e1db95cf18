"""Pages are sent compressed to who can read that."""

import gzip

import pytest

from app.accounts.models import Account
from app.web.static import static_url
from tests.browser_like import Visitor


@pytest.fixture(autouse=True)
def there_is_an_account(account: Account) -> None:
    """Without one every page leads to its set-up."""


async def test_a_page_is_the_same_compressed(visitor: Visitor) -> None:
    plain = await visitor.get("/sign-in", headers={"Accept-Encoding": "identity"})
    compressed = await visitor.get("/sign-in", headers={"Accept-Encoding": "br, gzip"})
    assert "content-encoding" not in plain.headers
    assert compressed.headers["Content-Encoding"] == "gzip"
    assert int(compressed.headers["Content-Length"]) < len(plain.content) / 2
    assert compressed.text == plain.text


async def test_stores_on_the_way_are_told_that_there_are_two(visitor: Visitor) -> None:
    answer = await visitor.get("/sign-in", headers={"Accept-Encoding": "gzip"})
    assert {part.strip() for part in answer.headers["Vary"].split(",")} >= {"HX-Request", "Accept-Encoding"}


async def test_what_was_compressed_before_is_sent_as_it_is(visitor: Visitor) -> None:
    address = static_url("app.css")
    async with visitor.stream("GET", address, headers={"Accept-Encoding": "gzip"}) as answer:
        once = b"".join([part async for part in answer.aiter_raw()])
    plain = await visitor.get(address, headers={"Accept-Encoding": "identity"})
    assert gzip.decompress(once) == plain.content


async def test_what_is_small_is_sent_as_it_is(visitor: Visitor) -> None:
    answer = await visitor.get("/health", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in answer.headers
