"""What every answer carries, whatever it is, and what is done with cookies that somebody made up."""

from collections.abc import Iterator

import pytest

from app.accounts.authentication import COOKIE
from app.accounts.joining import create_user
from app.accounts.models import Account, User
from app.main import create_app
from app.settings import load_settings
from app.web.flash import pack, signature, unpack
from app.web.redirect import safe_next
from app.web.security import content_security_policy
from app.web.static import static_url
from tests.browser_like import Visitor


@pytest.mark.parametrize("path", ["/timesheet", "/", "/nowhere", "/sign-in?next=/profile", "/people", "/health"])
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
async def test_it_sends_the_same_protection_with_every_answer(
    visitor: Visitor, bob: User, path: str, headers: dict[str, str]
) -> None:
    for who in (visitor, await visitor.signed_in_as(bob)):
        answer = await who.get(path, headers=headers)
        assert answer.headers["content-security-policy"] == content_security_policy(load_settings())
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "no-store"


def test_it_allows_no_script_and_no_style_from_inside_a_page() -> None:
    policy = content_security_policy(load_settings())
    assert "unsafe" not in policy
    for directive in ("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"):
        assert directive in policy.split("; ")


async def test_it_lets_browsers_keep_static_files(visitor: Visitor) -> None:
    answer = await visitor.get(static_url("app.css"))
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize("cookie", ["", "x", "x.y", "W10.", "W10.é", "é.é", pack([("done", "Saved.")])[:-1] + "x"])
def test_it_takes_no_flash_that_it_did_not_sign(cookie: str) -> None:
    assert unpack(cookie) == []


def test_it_reads_the_flash_that_it_signed() -> None:
    packed = pack([("notice", "Ünïcode <b>")])
    assert unpack(packed) == [("notice", "Ünïcode <b>")]
    assert packed.endswith(signature(packed.partition(".")[0]))


async def test_it_shows_the_page_in_spite_of_a_cookie_that_is_not_ours(visitor: Visitor, bob: User) -> None:
    bobs = await visitor.signed_in_as(bob)
    session = bobs.cookies[COOKIE]
    answer = await bobs.get("/profile", headers={"Cookie": f"{COOKIE}={session}; sundial_flash=W10.%C3%A9"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "path", ["//evil.example", "/\\evil.example", "/\t/evil.example", "/\r\n/x", "https://x", "", None]
)
def test_it_follows_no_address_that_leads_elsewhere(path: str | None) -> None:
    assert safe_next(path) == "/timesheet"


def test_it_follows_an_address_of_its_own() -> None:
    assert safe_next("/projects?q=%09a&view=archived") == "/projects?q=%09a&view=archived"


@pytest.fixture
def https(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PUBLIC_URL", "https://time.example.com")
    load_settings.cache_clear()
    yield
    monkeypatch.undo()
    load_settings.cache_clear()


async def test_it_keeps_cookies_to_https_where_it_is_served_by_it(account: Account, https: None) -> None:
    await create_user(account, "Dana Weiss", "dana@meridian.example", "rain on a tin roof")
    visitor = Visitor(create_app())
    page = await visitor.get("/sign-in")
    assert page.headers["strict-transport-security"] == "max-age=31536000"
    data = {"email": "dana@meridian.example", "password": "rain on a tin roof"}
    answer = await visitor.post("/sign-in", data=data)
    visitor.cookies.clear()
    fresh = await visitor.get("/sign-in")
    cookies = [*answer.headers.get_list("set-cookie"), *fresh.headers.get_list("set-cookie")]
    assert {cookie.partition("=")[0] for cookie in cookies} == {COOKIE, "sundial_csrf"}
    for cookie in cookies:
        assert {"secure", "httponly", "samesite=lax"} <= {part.strip().lower() for part in cookie.split(";")}, cookie
