"""The first visit makes the account and its administrator, and no other does."""

import asyncio

import pytest

from app import database
from app.accounts.authentication import COOKIE
from app.accounts.joining import AlreadySetUp, set_up
from app.accounts.models import Account, User
from tests.browser_like import Visitor

ALICE = {
    "company": "Meridian Works",
    "name": "Alice Hartmann",
    "email": "alice@meridian.example",
    "password": "a calm warm morning",
    "timezone": "Europe/Berlin",
}


@pytest.mark.parametrize("path", ["/", "/timesheet", "/sign-in", "/people", "/invitations/abc"])
async def test_it_leads_every_page_to_the_set_up(visitor: Visitor, path: str) -> None:
    answer = await visitor.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/setup")


async def test_it_leads_htmx_and_forms_there_too(visitor: Visitor) -> None:
    assert (await visitor.htmx_get("/timesheet")).headers["hx-redirect"] == "/setup"
    assert (await visitor.post("/sign-in", data={})).headers["location"] == "/setup"


async def test_it_leaves_health_alone(visitor: Visitor) -> None:
    assert (await visitor.get("/health")).status_code == 200


async def test_it_makes_account_and_administrator_and_signs_in(visitor: Visitor) -> None:
    page = await visitor.get("/setup")
    assert page.status_code == 200
    assert '<option value="Europe/Berlin">Berlin</option>' in page.text

    answer = await visitor.post("/setup", data=ALICE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/integrations")
    account = await Account.objects().first()
    person = await User.of_email("alice@meridian.example")
    assert account is not None
    assert person is not None
    assert (account.name, account.timezone) == ("Meridian Works", "Europe/Berlin")
    assert (person.account, person.name, person.role) == (account.id, "Alice Hartmann", "administrator")
    assert person.timezone == "Europe/Berlin"
    assert person.password_hash is not None
    assert person.password_hash.startswith("$argon2id$")
    assert (await visitor.get("/sign-in")).headers["location"] == "/timesheet"


async def test_it_tidies_what_was_typed(visitor: Visitor) -> None:
    typed = ALICE | {
        "company": "  Meridian\x00  Works ",
        "name": " Alice\tHartmann  ",
        "email": " Alice@MERIDIAN.example ",
    }
    assert (await visitor.post("/setup", data=typed)).status_code == 303
    person = await User.of_email("ALICE@meridian.example")
    assert person is not None
    assert (person.name, person.email) == ("Alice Hartmann", "alice@meridian.example")
    assert (await Account.objects().first()).name == "Meridian Works"  # type: ignore[union-attr]


async def test_it_says_at_each_field_what_is_missing_and_keeps_the_rest(visitor: Visitor) -> None:
    answer = await visitor.post("/setup", data={"company": "Meridian <b>", "email": "alice"})
    assert answer.status_code == 422
    for sentence in (
        "Enter your name.",
        "Enter an e-mail address, like name@example.com.",
        "Choose a password.",
        "Choose a time zone from the list.",
    ):
        assert sentence in answer.text
    assert 'value="Meridian &lt;b&gt;"' in answer.text
    assert 'value="alice"' in answer.text
    assert await Account.count() == 0


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("company", " \x00 ", "Enter the name of your company or team."),
        ("company", "x" * 201, "Up to 200 characters fit here; this has 201."),
        ("name", "y" * 70_000, "Up to 200 characters fit here; this has 70,000."),
        ("email", "alice@meridian.example\nBcc: x@y.example", "Enter an e-mail address"),
        ("email", "a" * 300 + "@meridian.example", "Enter an e-mail address"),
        ("email", "alice@@meridian.example", "Enter an e-mail address"),
        ("password", "short", "A password needs at least 10 characters; this one has 5."),
        ("password", "p" * 201, "A password can have up to 200 characters; this one has 201."),
        ("password", "alice@meridian.example", "Choose a password that is not your name or e-mail address."),
        ("password", "ALICE hartmann", "Choose a password that is not your name or e-mail address."),
        ("password", " " * 12, "Choose a password."),
        ("timezone", "Europe/Atlantis", "Choose a time zone from the list."),
    ],
)
async def test_it_refuses_what_it_cannot_take(visitor: Visitor, field: str, typed: str, sentence: str) -> None:
    answer = await visitor.post("/setup", data=ALICE | {field: typed})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert await Account.count() == 0


async def test_it_never_shows_a_password_again(visitor: Visitor) -> None:
    answer = await visitor.post("/setup", data=ALICE | {"name": "", "password": "a calm warm morning"})
    assert "a calm warm morning" not in answer.text


async def test_it_takes_letters_of_all_alphabets(visitor: Visitor) -> None:
    typed = ALICE | {"name": "Ålice Ħartmann 花子", "email": "Ünï@bücher.example", "password": "パスワードはとても長い"}
    assert (await visitor.post("/setup", data=typed)).status_code == 303
    person = await User.of_email("ünï@bücher.example")
    assert person is not None
    assert person.name == "Ålice Ħartmann 花子"


async def test_it_is_over_once_there_is_an_account(visitor: Visitor, account: Account) -> None:
    assert (await visitor.get("/setup")).headers["location"] == "/timesheet"
    answer = await visitor.post("/setup", data=ALICE)
    assert answer.status_code == 303
    assert COOKIE not in answer.cookies
    assert await Account.count() == 1


async def test_it_makes_one_account_when_two_set_up_at_once(committed: None) -> None:
    outcomes = await asyncio.gather(
        *(set_up("Meridian Works", "Alice", f"alice{n}@meridian.example", "a calm warm morning") for n in range(5)),
        return_exceptions=True,
    )
    assert sum(isinstance(outcome, User) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, AlreadySetUp) for outcome in outcomes) == 4
    assert await database.fetch_value("SELECT count(*) FROM account") == 1
    assert await database.fetch_value("SELECT count(*) FROM person") == 1
