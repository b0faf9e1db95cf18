"""A person's own settings and password."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.accounts.models import Session, User
from app.accounts.passwords import is_right
from tests.accounts.conftest import PASSWORD
from tests.browser_like import Visitor

TYPED = {"name": "Robert Okafor", "timezone": "Europe/Lisbon", "week_start": "7", "clock": "12", "timer_limit": "8"}
NEW = "an even calmer evening"
CHANGE = {"current_password": PASSWORD, "new_password": NEW}


async def kept(user: User) -> User:
    return await User.get_by_id(user.id)


async def test_it_shows_what_is_kept(visitor: Visitor, bob: User) -> None:
    page = await (await visitor.signed_in_as(bob)).get("/profile")
    assert page.status_code == 200
    assert 'value="Bob Okafor"' in page.text
    assert '<option value="UTC" selected>' in page.text
    assert '<option value="1" selected>Monday</option>' in page.text
    assert '<option value="24" selected>' in page.text
    assert "bob@meridian.example" in page.text


async def test_it_saves(visitor: Visitor, bob: User) -> None:
    bobs = await visitor.signed_in_as(bob)
    answer = await bobs.post("/profile", data=TYPED | {"name": "  Robert \n Okafor\0 "})
    assert (answer.status_code, answer.headers["location"]) == (303, "/profile")
    page = await bobs.get("/profile")
    assert "Saved." in page.text
    assert '<option value="7" selected>Sunday</option>' in page.text
    assert 'name="timer_limit" type="number" value="8"' in page.text
    saved = await kept(bob)
    assert (saved.name, saved.timezone, saved.week_start, saved.clock_24h, saved.timer_limit) == (
        "Robert Okafor",
        "Europe/Lisbon",
        7,
        False,
        8,
    )


async def test_it_turns_single_key_shortcuts_off_and_on(visitor: Visitor, bob: User) -> None:
    bobs = await visitor.signed_in_as(bob)
    assert "data-shortcuts" not in (await bobs.get("/timesheet")).text
    await bobs.post("/profile", data=TYPED)
    assert (await kept(bob)).shortcuts is False
    assert '<body data-shortcuts="off"' in (await bobs.get("/timesheet")).text
    await bobs.post("/profile", data=TYPED | {"shortcuts": "on"})
    assert (await kept(bob)).shortcuts is True
    assert 'name="shortcuts" value="on" checked' in (await bobs.get("/profile")).text


async def test_it_changes_only_the_one_who_asks(visitor: Visitor, alice: User, bob: User, charlie: User) -> None:
    await (await visitor.signed_in_as(charlie)).post("/profile", data=TYPED | {"id": str(bob.id), "role": "user"})
    assert [(await kept(each)).name for each in (alice, bob)] == ["Alice Hartmann", "Bob Okafor"]
    assert (await kept(charlie)).name == "Robert Okafor"
    assert (await kept(charlie)).role == "administrator"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": " \0 \t"}, "Enter your name."),
        *(
            ({"timer_limit": limit}, "Write a whole number of hours from 1 to 24.")
            for limit in ("", "0", "25", "-1", "7.5", "ten", "1e1", "٣", "9" * 30)
        ),
        ({"name": "x" * 201}, "Up to 200 characters fit here; this has 201."),
        ({"timezone": "Europe/Atlantis"}, "Choose a time zone from the list."),
        ({"timezone": "../../etc/passwd"}, "Choose a time zone from the list."),
        ({"week_start": "8"}, "Choose a day from the list."),
        ({"week_start": ""}, "Choose a day from the list."),
        ({"clock": "36"}, "Choose 24 or 12 hours."),
    ],
)
async def test_it_says_what_cannot_be_kept(visitor: Visitor, bob: User, typed: dict[str, str], sentence: str) -> None:
    answer = await (await visitor.signed_in_as(bob)).post("/profile", data=TYPED | typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert (await kept(bob)).name == "Bob Okafor"


async def test_it_shows_again_what_was_typed(visitor: Visitor, bob: User) -> None:
    typed = TYPED | {"name": 'Bob "<i>', "clock": "36"}
    answer = await (await visitor.signed_in_as(bob)).post("/profile", data=typed)
    assert 'value="Bob &#34;&lt;i&gt;"' in answer.text
    assert '<option value="Europe/Lisbon" selected>' in answer.text


@pytest.mark.parametrize("path", ["/profile", "/profile/password"])
async def test_it_requires_sign_in(visitor: Visitor, bob_with_password: User, path: str) -> None:
    answer = await visitor.post(path, data=TYPED | CHANGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert (await visitor.get("/profile")).headers["location"] == "/sign-in?next=%2Fprofile"


async def test_it_changes_the_password_and_signs_out_elsewhere(visitor: Visitor, bob_with_password: User) -> None:
    bobs = await visitor.signed_in_as(bob_with_password)
    elsewhere = await visitor.signed_in_as(bob_with_password)
    answer = await bobs.post("/profile/password", data=CHANGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/profile")
    assert "Your new password is set." in (await bobs.get("/profile")).text
    assert (await elsewhere.get("/profile")).headers["location"].startswith("/sign-in")
    assert await Session.count().where(Session.user == bob_with_password.id) == 1
    assert await is_right(NEW, (await kept(bob_with_password)).password_hash)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"current_password": "a cold dark evening"}, "This is not your current password."),
        ({"current_password": ""}, "This is not your current password."),
        ({"new_password": ""}, "Choose a password."),
        ({"new_password": "too short"}, "A password needs at least 10 characters; this one has 9."),
        ({"new_password": "x" * 5_000}, "A password can have up to 200 characters; this one has 5,000."),
        ({"new_password": "Bob@Meridian.Example"}, "Choose a password that is not your name or e-mail address."),
    ],
)
async def test_it_says_why_a_password_stays(
    visitor: Visitor, bob_with_password: User, typed: dict[str, str], sentence: str
) -> None:
    bobs = await visitor.signed_in_as(bob_with_password)
    elsewhere = await visitor.signed_in_as(bob_with_password)
    answer = await bobs.post("/profile/password", data=CHANGE | typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert PASSWORD not in answer.text
    assert await is_right(PASSWORD, (await kept(bob_with_password)).password_hash)
    assert (await elsewhere.get("/profile")).status_code == 200


async def test_it_limits_guesses_of_the_current_password(visitor: Visitor, bob_with_password: User) -> None:
    bobs = await visitor.signed_in_as(bob_with_password)
    with time_machine.travel(datetime(2026, 11, 24, 9, tzinfo=UTC), tick=False) as clock:
        await Session.update({Session.expires_at: datetime(2026, 12, 24, tzinfo=UTC)}, force=True)
        for _ in range(10):
            assert (await bobs.post("/profile/password", data=CHANGE | {"current_password": "?"})).status_code == 422
        refused = await bobs.post("/profile/password", data=CHANGE)
        assert refused.status_code == 429
        assert refused.headers["retry-after"] == "900"
        assert "Try again in 15 minutes." in refused.text
        clock.shift(timedelta(minutes=15, seconds=1))
        assert (await bobs.post("/profile/password", data=CHANGE)).status_code == 303


async def test_it_leads_back_where_a_refusals_address_is_opened(visitor: Visitor, bob: User) -> None:
    assert (await (await visitor.signed_in_as(bob)).get("/profile/password")).headers["location"] == "/profile"
