"""A new password for somebody who forgot theirs."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from litestar import Litestar

from app.accounts.authentication import COOKIE
from app.accounts.credentials import reset_password
from app.accounts.joining import create_account, create_user
from app.accounts.models import LinkRefused, PasswordReset, Session, User
from app.accounts.passwords import is_right
from app.crypto import token_hash
from tests.accounts.conftest import PASSWORD
from tests.browser_like import Visitor
from tests.factories import make_user
from tests.mail.mail_server import MailServer
from tests.worker import work

NEW = "rain on a tin roof"


async def path_for(user: User) -> str:
    return (await PasswordReset.make(user.id)).removeprefix("http://testserver")


async def test_it_sends_to_an_administrator_where_there_is_no_mail(visitor: Visitor, bob: User) -> None:
    for answer in (
        await visitor.get("/password-reset"),
        await visitor.post("/password-reset", data={"email": bob.email}),
    ):
        assert answer.status_code == 200
        assert "This server sends no e-mail. Ask an administrator of your team" in answer.text
    assert await PasswordReset.count() == 0


@pytest.mark.parametrize("typed", ["", "bob", "bob@\x00", "@" * 10_000])
async def test_it_asks_for_an_address(visitor: Visitor, bob: User, mail_server: MailServer, typed: str) -> None:
    answer = await visitor.post("/password-reset", data={"email": typed})
    assert answer.status_code == 422
    assert "Enter an e-mail address, like name@example.com." in answer.text


async def test_it_mails_a_link_that_sets_the_password(app: Litestar, committed: None, mail_server: MailServer) -> None:
    bob = await create_user(await create_account("Meridian Works"), "Bob", "bob@meridian.example", PASSWORD)
    visitor = Visitor(app)
    answer = await visitor.post("/password-reset", data={"email": " BOB@meridian.example"})
    assert answer.status_code == 200
    await work()
    text = mail_server.only_letter().get_body(("plain",)).get_content()  # type: ignore[union-attr]
    link = next(line for line in text.splitlines() if "/password-reset/" in line).strip()

    assert "bob@meridian.example" in (await visitor.get(link)).text
    answer = await visitor.post(link, data={"password": NEW})
    assert (answer.status_code, answer.headers["location"]) == (303, "/timesheet")
    assert await is_right(NEW, (await User.get_by_id(bob.id)).password_hash)


async def test_it_answers_alike_for_people_it_does_not_know(
    app: Litestar, committed: None, mail_server: MailServer
) -> None:
    account = await create_account("Meridian Works")
    await make_user(account, "Bob", "bob@meridian.example")
    await make_user(account, "Off", "off@meridian.example", deactivated_at=datetime.now(UTC))
    emails = ["bob@meridian.example", "nob@meridian.example", "off@meridian.example"]
    answers = [await Visitor(app).post("/password-reset", data={"email": email}) for email in emails]
    texts = {answer.text.replace(email, "X") for answer, email in zip(answers, emails, strict=True)}
    assert {answer.status_code for answer in answers} == {200}
    assert len(texts) == 1
    await work()
    assert [letter["To"].addresses[0].addr_spec for letter in mail_server.letters] == ["bob@meridian.example"]


async def test_it_floods_nobody(app: Litestar, committed: None, mail_server: MailServer) -> None:
    await create_account("Meridian Works")
    for _ in range(3):
        assert (await Visitor(app).post("/password-reset", data={"email": "nob@meridian.example"})).status_code == 200
    refused = await Visitor(app).post("/password-reset", data={"email": "NOB@meridian.example"})
    assert refused.status_code == 429
    assert "That was tried too often. Try again in 60 minutes." in refused.text
    assert refused.headers["retry-after"] == "3600"
    assert 'value="NOB@meridian.example"' in refused.text


async def test_it_sets_the_password_and_ends_all_sessions(visitor: Visitor, bob_with_password: User) -> None:
    elsewhere = await visitor.signed_in_as(bob_with_password)
    path = await path_for(bob_with_password)
    page = await visitor.get(path)
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    answer = await visitor.post(path, data={"password": NEW})
    assert answer.headers["location"] == "/timesheet"
    assert "Everywhere else you are signed out." in (await visitor.get("/timesheet")).text
    assert (await elsewhere.get("/timesheet")).headers["location"].startswith("/sign-in")
    sessions = await Session.objects().where(Session.user == bob_with_password.id)
    assert [session.token_hash for session in sessions] == [token_hash(answer.cookies[COOKIE])]


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("", "Choose a password."),
        ("short", "A password needs at least 10 characters; this one has 5."),
        ("Bob@Meridian.example", "Choose a password that is not your name or e-mail address."),
    ],
)
async def test_it_refuses_a_bad_password_and_keeps_the_link(
    visitor: Visitor, bob_with_password: User, password: str, sentence: str
) -> None:
    path = await path_for(bob_with_password)
    answer = await visitor.post(path, data={"password": password})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert (await visitor.post(path, data={"password": NEW})).status_code == 303


async def test_it_works_once(visitor: Visitor, bob_with_password: User) -> None:
    path = await path_for(bob_with_password)
    await visitor.post(path, data={"password": NEW})
    other = Visitor(visitor.app)
    for answer in (await other.get(path), await other.post(path, data={"password": "another password"})):
        assert answer.status_code == 410
        assert "This link has been used" in answer.text
        assert COOKIE not in answer.cookies
    assert await is_right(NEW, (await User.get_by_id(bob_with_password.id)).password_hash)


async def test_it_works_for_an_hour(visitor: Visitor, bob: User) -> None:
    with time_machine.travel(datetime.now(UTC) - timedelta(minutes=61)):
        path = await path_for(bob)
    for answer in (await visitor.get(path), await visitor.post(path, data={"password": NEW})):
        assert answer.status_code == 410
        assert "This link has expired" in answer.text
    assert (await User.get_by_id(bob.id)).password_hash is None


async def test_it_lets_nobody_in_who_was_deactivated_since(visitor: Visitor, bob: User) -> None:
    path = await path_for(bob)
    await User.update({User.deactivated_at: datetime.now(UTC)}).where(User.id == bob.id)
    for answer in (await visitor.get(path), await visitor.post(path, data={"password": NEW})):
        assert answer.status_code == 410
        assert "Your access is turned off" in answer.text
    assert await Session.count() == 0


async def test_it_knows_only_the_latest_link(visitor: Visitor, bob: User) -> None:
    first = await path_for(bob)
    second = await path_for(bob)
    assert (await visitor.get(first)).status_code == 404
    assert (await visitor.get("/password-reset/x")).status_code == 404
    assert (await visitor.get(second)).status_code == 200


async def test_it_works_once_for_two_at_once(committed: None) -> None:
    bob = await make_user(await create_account("Meridian Works"), "Bob", "bob@meridian.example")
    token = (await PasswordReset.make(bob.id)).rpartition("/")[2]
    reset = await PasswordReset.of_token(token)
    outcomes = await asyncio.gather(
        *(reset_password(reset, bob, f"rain on tin roof {n}") for n in range(3)), return_exceptions=True
    )
    assert sum(isinstance(outcome, LinkRefused) for outcome in outcomes) == 2
