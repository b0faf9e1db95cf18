"""Signing in with a password."""

import asyncio
from datetime import UTC, datetime, timedelta
from time import perf_counter

import pytest
import time_machine
from argon2 import PasswordHasher

from app.accounts.attempts import Limit, TooManyAttempts
from app.accounts.authentication import COOKIE
from app.accounts.models import Attempt, Session, User
from app.crypto import token_hash
from tests.accounts.conftest import PASSWORD
from tests.browser_like import Visitor

BOB = {"email": "bob@meridian.example", "password": PASSWORD}
TOGETHER = "do not belong together"


async def test_it_signs_in(visitor: Visitor, bob_with_password: User) -> None:
    assert (await visitor.get("/sign-in")).status_code == 200
    answer = await visitor.post("/sign-in", data=BOB)
    assert (answer.status_code, answer.headers["location"]) == (303, "/timesheet")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    sessions = await Session.objects().where(Session.user == bob_with_password.id)
    assert [session.token_hash for session in sessions] == [token_hash(answer.cookies[COOKIE])]
    assert (await User.get_by_id(bob_with_password.id)).last_seen_at is not None


@pytest.mark.parametrize("email", ["BOB@Meridian.Example", "  bob@meridian.example \t"])
async def test_it_knows_the_address_however_it_is_typed(visitor: Visitor, bob_with_password: User, email: str) -> None:
    assert (await visitor.post("/sign-in", data=BOB | {"email": email})).status_code == 303


async def test_it_leads_back_to_the_page_that_was_asked_for(visitor: Visitor, bob_with_password: User) -> None:
    asked = await visitor.get("/timesheet?day=2026-11-24")
    assert asked.headers["location"] == "/sign-in?next=%2Ftimesheet%3Fday%3D2026-11-24"
    page = await visitor.get(asked.headers["location"])
    assert 'name="next" value="/timesheet?day=2026-11-24"' in page.text
    answer = await visitor.post("/sign-in", data=BOB | {"next": "/timesheet?day=2026-11-24"})
    assert answer.headers["location"] == "/timesheet?day=2026-11-24"


@pytest.mark.parametrize(
    "next_page", ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:1"]
)
async def test_it_leads_to_no_other_server(visitor: Visitor, bob_with_password: User, next_page: str) -> None:
    answer = await visitor.post("/sign-in", data=BOB | {"next": next_page})
    assert answer.headers["location"] == "/timesheet"


@pytest.mark.parametrize(
    "typed",
    [
        {"password": "a cold dark evening"},
        {"email": "nobody@meridian.example"},
        {"email": ""},
        {"password": ""},
        {"password": "x" * 100_000},
        {"email": "bob@meridian.example\x00"[::-1]},
        {"email": "x" * 100_000},
    ],
)
async def test_it_refuses_with_one_sentence(visitor: Visitor, bob_with_password: User, typed: dict[str, str]) -> None:
    answer = await visitor.post("/sign-in", data=BOB | typed)
    assert answer.status_code == 422
    assert TOGETHER in answer.text
    assert COOKIE not in answer.cookies


async def test_it_keeps_the_address_that_was_typed_but_not_the_password(visitor: Visitor, account: object) -> None:
    answer = await visitor.post("/sign-in", data={"email": 'bob"@x', "password": "secret secret"})
    assert 'value="bob&#34;@x"' in answer.text
    assert "secret secret" not in answer.text


async def test_it_refuses_somebody_who_has_no_password_yet(visitor: Visitor, bob: User) -> None:
    assert TOGETHER in (await visitor.post("/sign-in", data=BOB)).text


async def test_it_tells_deactivated_people_but_only_with_their_password(
    visitor: Visitor, bob_with_password: User
) -> None:
    await User.update({User.deactivated_at: datetime.now(UTC)}).where(User.id == bob_with_password.id)
    answer = await visitor.post("/sign-in", data=BOB)
    assert answer.status_code == 422
    assert "Your access to this account is turned off." in answer.text
    assert TOGETHER in (await visitor.post("/sign-in", data=BOB | {"password": "another password"})).text
    assert await Session.count() == 0


async def test_it_replaces_the_session_that_the_browser_had(visitor: Visitor, bob_with_password: User) -> None:
    first = (await visitor.post("/sign-in", data=BOB)).cookies[COOKIE]
    second = (await visitor.post("/sign-in", data=BOB)).cookies[COOKIE]
    assert first != second
    hashes = [session.token_hash for session in await Session.objects()]
    assert hashes == [token_hash(second)]


async def test_it_sends_those_who_are_signed_in_on(visitor: Visitor, bob: User) -> None:
    bobs = await visitor.signed_in_as(bob)
    assert (await bobs.get("/sign-in?next=/profile")).headers["location"] == "/profile"


async def test_it_keeps_the_password_by_todays_parameters(visitor: Visitor, bob: User) -> None:
    bob.password_hash = PasswordHasher(time_cost=1, memory_cost=64).hash(PASSWORD)
    await bob.save()
    assert (await visitor.post("/sign-in", data=BOB)).status_code == 303
    kept = (await User.get_by_id(bob.id)).password_hash
    assert kept is not None
    assert "m=65536,t=3" in kept
    assert (await visitor.post("/sign-in", data=BOB)).status_code == 303


async def test_it_looks_no_further_after_ten_wrong_passwords(visitor: Visitor, bob_with_password: User) -> None:
    with time_machine.travel(datetime(2026, 11, 24, 9, tzinfo=UTC), tick=False) as clock:
        for _ in range(10):
            assert (await visitor.post("/sign-in", data=BOB | {"password": "wrong"})).status_code == 422
        refused = await visitor.post("/sign-in", data=BOB)
        assert refused.status_code == 429
        assert "That was tried too often. Try again in 15 minutes." in refused.text
        assert refused.headers["retry-after"] == "900"
        clock.shift(timedelta(minutes=14, seconds=30))
        assert "Try again in a minute." in (await visitor.post("/sign-in", data=BOB)).text
        clock.shift(timedelta(seconds=31))
        assert (await visitor.post("/sign-in", data=BOB)).status_code == 303


async def test_it_counts_by_address_whatever_e_mail_is_guessed(visitor: Visitor, bob_with_password: User) -> None:
    for _ in range(60):
        await Attempt(kind="sign_in_address", key=token_hash("127.0.0.1")).save()
    assert (await visitor.post("/sign-in", data=BOB)).status_code == 429


async def test_it_forgets_the_attempts_of_somebody_who_gets_in(visitor: Visitor, bob_with_password: User) -> None:
    for _ in range(9):
        await visitor.post("/sign-in", data=BOB | {"password": "wrong"})
    assert (await visitor.post("/sign-in", data=BOB)).status_code == 303
    assert await Attempt.count().where(Attempt.kind == "sign_in_email") == 0
    assert await Attempt.count().where(Attempt.kind == "sign_in_address") == 9


async def test_it_counts_guesses_made_at_once_like_any(committed: None) -> None:
    limit = Limit("guess", 5, timedelta(minutes=1))
    outcomes = await asyncio.gather(*(limit.take("bob") for _ in range(20)), return_exceptions=True)
    assert sum(isinstance(outcome, int) for outcome in outcomes) == 5
    assert sum(isinstance(outcome, TooManyAttempts) for outcome in outcomes) == 15


async def test_it_signs_out(visitor: Visitor, bob: User) -> None:
    bobs = await visitor.signed_in_as(bob)
    answer = await bobs.post("/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert await Session.count().where(Session.user == bob.id) == 0
    assert (await bobs.get("/timesheet")).headers["location"].startswith("/sign-in")


async def test_it_does_not_sign_out_by_a_link(visitor: Visitor, bob: User) -> None:
    bobs = await visitor.signed_in_as(bob)
    assert (await bobs.get("/sign-out")).status_code == 404
    assert await Session.count().where(Session.user == bob.id) == 1


async def test_it_takes_no_form_without_its_token(visitor: Visitor, bob_with_password: User) -> None:
    del visitor.headers["x-csrftoken"]
    assert (await visitor.post("/sign-in", data=BOB)).status_code == 403


async def test_it_leads_home_to_the_timesheet(visitor: Visitor, bob: User) -> None:
    bobs = await visitor.signed_in_as(bob)
    assert (await bobs.get("/")).headers["location"] == "/timesheet"


async def test_it_takes_as_long_for_somebody_unknown(visitor: Visitor, bob_with_password: User) -> None:
    async def seconds(email: str) -> float:
        started = perf_counter()
        await visitor.post("/sign-in", data={"email": email, "password": "a cold dark evening"})
        return perf_counter() - started

    await seconds("warm-up@meridian.example")
    known = min([await seconds("bob@meridian.example") for _ in range(3)])
    unknown = min([await seconds("nobody@meridian.example") for _ in range(3)])
    # Without hashing it would take a tenth of the time; the machine may be busy with other things.
    assert 0.4 < unknown / known < 2.5
