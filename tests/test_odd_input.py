"""Whatever is sent, by mistake or on purpose, is answered: no route has its fault written to the log."""

import re
from collections.abc import Iterator
from dataclasses import fields
from typing import Any
from urllib.parse import quote

import psycopg
import pytest

from app.accounts.models import User
from app.settings import load_settings
from app.timesheet import forms
from app.web.render import TEMPLATES
from tests import test_access
from tests.browser_like import Visitor
from tests.test_access import ROUTES, STREAM, World

HUGE = "9999999999999999999"
LONG = "é" * 400_000
ODD = ["", "\x00", "0", "-1", HUGE, "²", "٣", "0000-00-00", "9999-12-31", "0001-01-01", "12:99", "1e400h", LONG]
KINDS = ("application/json", "text/plain", "multipart/form-data", "multipart/form-data; boundary=x", "nonsense")
INVALID_UTF8 = "%FF%ED%A0%80"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def names_of_fields() -> list[str]:
    """Every field that any form of the application has, and so every name that a route may look for."""
    pages = "".join(page.read_text() for page in TEMPLATES.rglob("*.html"))
    found = {one or other for one, other in re.findall(r' name="(\w+)"|\b(?:field|select)\("(\w+)"', pages)}
    for form in vars(forms).values():
        if isinstance(form, type) and form.__module__ == forms.__name__ and form.__name__.endswith("Form"):
            found |= {field.name for field in fields(form)}
    return sorted(found - {"_csrf_token"})


FIELDS = names_of_fields()
QUERIES = [*FIELDS, "next", "tries", "refusal", "code", "state", "error", "archived", "run", "in", "view"]
world = test_access.world


def bodies() -> Iterator[dict[str, Any]]:
    for value in ODD:
        yield {"data": dict.fromkeys(FIELDS, value[: len(LONG) // len(FIELDS)])}
    # Some fields alone, so that nothing before them is refused.
    yield {"data": {"note": LONG}}
    yield {"data": {name: ["1", "2", "2"] for name in FIELDS}}
    yield {"content": "&".join(f"{name}={INVALID_UTF8}" for name in FIELDS), "headers": FORM}
    yield {"content": "&&==&%&%00=%00&a[0]=1", "headers": FORM}
    yield {"files": dict.fromkeys(FIELDS, ("file.bin", b"\x00\xff"))}
    yield {"content": b"x" * 1_100_000, "headers": FORM}
    for kind in KINDS:
        yield {"content": b'{"note": \xff', "headers": {"Content-Type": kind}}
    yield {"json": {name: {"a": [None]} for name in FIELDS}}


def addresses(path: str, world: World) -> Iterator[str]:
    """The route's address with something odd in each of its places, and in its query."""
    for place in re.findall(r"{(\w+)}", path):
        for value in [*ODD[1:-1], "%ff", "1.5", "x" * 2000, INVALID_UTF8]:
            ids = {**world.ids, place: value if "%" in value else quote(value)}
            yield path.format(**ids)
    own = path.format(**world.ids)
    for value in [*ODD[:-1], "x" * 300]:
        yield f"{own}?{'&'.join(f'{name}={quote(value)}' for name in QUERIES)}"
    yield f"{own}?{'&'.join(f'{name}={INVALID_UTF8}' for name in QUERIES)}"
    yield f"{own}?{'&'.join(f'{name}=1&{name}=2' for name in QUERIES)}"


@pytest.fixture(autouse=True)
def nobody_else(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Asana is not there, and no job is left for another test."""
    for name in ("ASANA_API_URL", "ASANA_OAUTH_URL"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    load_settings.cache_clear()
    yield
    monkeypatch.undo()
    load_settings.cache_clear()
    with psycopg.connect(load_settings().database_url) as database:
        database.execute("DELETE FROM saq_jobs")


@pytest.mark.parametrize("route", [route for route in ROUTES if ROUTES[route] != STREAM])
async def test_it_answers_odd_addresses(visitor: Visitor, world: World, alice: User, route: str) -> None:
    method, path = route.split(" ", 1)
    for address in addresses(path, world):
        alices = await visitor.signed_in_as(alice)
        answer = await alices.request(method, address)
        assert answer.status_code < 500, (method, address[:200])
        if f"/{HUGE}" in address:
            assert answer.status_code in {303, 404, 410}, address


@pytest.mark.parametrize("route", [route for route in ROUTES if route.startswith("POST")])
async def test_it_answers_odd_forms(visitor: Visitor, world: World, alice: User, route: str) -> None:
    method, path = world.address(route)
    for number, body in enumerate(bodies()):
        alices = await visitor.signed_in_as(alice)
        answer = await alices.request(method, path, **body)
        assert answer.status_code < 500, (route, number, str(body)[:200])


@pytest.mark.parametrize("name", ["sundial_session", "sundial_flash", "sundial_csrf", "sundial_asana"])
async def test_it_answers_odd_cookies_and_headers(visitor: Visitor, alice: User, name: str) -> None:
    names = [b"HX-Request", b"Referer", b"Accept", b"Accept-Encoding", b"Content-Length"]
    for value in (b"", b"\xff.\xff", b"a.b", b"x" * 5000, b"%00", b'"', b"http://["):
        alices = await visitor.signed_in_as(alice)
        kept = b"; ".join(f"{cookie.name}={cookie.value}".encode() for cookie in alices.cookies.jar)
        headers = [(b"Cookie", kept + b"; " + name.encode() + b"=" + value), *((header, value) for header in names)]
        for address in ("/sign-in", "/timesheet", "/integrations/asana/authorization/return?state=x&code=y"):
            assert (await alices.get(address, headers=headers)).status_code < 500, (name, value, address)
        assert (await alices.post("/integrations/asana/syncs", headers=headers)).status_code < 500, (name, value)
