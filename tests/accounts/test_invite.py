"""Inviting people on the People page, and the invitations that wait."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from litestar import Litestar

from app.accounts.joining import create_account
from app.accounts.models import Invitation, Role, User
from tests.browser_like import Visitor
from tests.factories import make_user
from tests.mail.mail_server import MailServer
from tests.queries import queries
from tests.worker import work

INVITATIONS = "/people/invitations"


async def test_it_makes_links_where_there_is_no_mail_server(visitor: Visitor, alice: User) -> None:
    alices = await visitor.signed_in_as(alice)
    typed = "dana@meridian.example, Erik Sand <erik@meridian.example>\n DANA@meridian.example;fay@meridian.example"
    answer = await alices.post(INVITATIONS, data={"emails": typed, "role": "administrator"})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.text.count('value="http://testserver/invitations/') == 3
    invitations = await Invitation.objects().order_by(Invitation.id)
    assert [each.email for each in invitations] == [
        "dana@meridian.example",
        "erik@meridian.example",
        "fay@meridian.example",
    ]
    assert {(each.role, each.invited_by, each.account) for each in invitations} == {
        ("administrator", alice.id, alice.account)
    }
    page = await alices.get("/people")
    assert "erik@meridian.example" in page.text
    assert "/invitations/" not in page.text.replace("/people/invitations/", "")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"emails": " ,; \x00\n"}, "Enter at least one e-mail address."),
        ({"emails": "dana@meridian.example, <b>x, @"}, "Not an e-mail address: b, @."),
        ({"emails": "a b c d e"}, "Not an e-mail address: a, b, c and 2 more."),
        ({"emails": "x" * 200_000}, "Not an e-mail address: xxx"),
        (
            {"emails": " ".join(f"p{n}@meridian.example" for n in range(101))},
            "Up to 100 people at once; these are 101.",
        ),
        ({"emails": "bob@meridian.example"}, "In your account already: bob@meridian.example."),
        ({"emails": "dana@meridian.example", "role": "owner"}, "Choose a role: administrator or user."),
    ],
)
async def test_it_says_why_nobody_is_invited(
    visitor: Visitor, alice: User, bob: User, typed: dict[str, str], sentence: str
) -> None:
    answer = await (await visitor.signed_in_as(alice)).post(INVITATIONS, data={"role": "user"} | typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert await Invitation.count() == 0


async def test_it_keeps_what_was_typed(visitor: Visitor, alice: User) -> None:
    typed = {"emails": "dana@meridian.example </textarea>oops", "role": "administrator"}
    answer = await (await visitor.signed_in_as(alice)).post(INVITATIONS, data=typed)
    assert "dana@meridian.example &lt;/textarea&gt;oops</textarea>" in answer.text
    assert '<option value="administrator" selected>' in answer.text


async def test_it_invites_the_others_when_some_are_here(visitor: Visitor, alice: User, bob: User) -> None:
    alices = await visitor.signed_in_as(alice)
    emails = "bob@meridian.example dana@meridian.example"
    answer = await alices.post(INVITATIONS, data={"emails": emails, "role": "user"})
    assert answer.status_code == 200
    assert "In your account already: bob@meridian.example." in answer.text
    assert await Invitation.count() == 1


async def test_it_makes_a_new_link_and_ends_the_one_before(visitor: Visitor, alice: User) -> None:
    invitation, link = await Invitation.invite(
        alice.account, "dana@meridian.example", name="Dana", role="administrator"
    )
    alices = await visitor.signed_in_as(alice)
    answer = await alices.post(f"{INVITATIONS}/{invitation.id}/link")
    assert answer.status_code == 200
    assert answer.text.count('value="http://testserver/invitations/') == 1
    assert link not in answer.text
    assert (await visitor.get(link)).status_code == 404
    renewed = await Invitation.get_by_id(invitation.id)
    assert (renewed.name, renewed.role, renewed.invited_by) == ("Dana", "administrator", alice.id)


async def test_it_renews_an_expired_invitation(visitor: Visitor, alice: User) -> None:
    with time_machine.travel(datetime.now(UTC) - timedelta(days=8)):
        invitation, _ = await Invitation.invite(alice.account, "dana@meridian.example")
    alices = await visitor.signed_in_as(alice)
    assert "Expired" in (await alices.get("/people")).text
    assert (await alices.post(f"{INVITATIONS}/{invitation.id}/resend")).status_code == 200
    assert "Expired" not in (await alices.get("/people")).text


@pytest.mark.parametrize(("age", "left"), [(0, "7 days left"), (47, "6 days left"), (150, "less than a day left")])
async def test_it_says_how_long_the_link_is_good(visitor: Visitor, alice: User, age: int, left: str) -> None:
    with time_machine.travel(datetime.now(UTC) - timedelta(hours=age)):
        await Invitation.invite(alice.account, "dana@meridian.example")
    assert left in (await (await visitor.signed_in_as(alice)).get("/people")).text


async def test_it_asks_as_much_for_many_people_as_for_few(visitor: Visitor, alice: User) -> None:
    alices = await visitor.signed_in_as(alice)
    for number in range(30):
        await Invitation.invite(alice.account, f"p{number}@meridian.example", invited_by=alice.id)
        await User.add(alice.account, name=f"Person {number}", email=f"q{number}@meridian.example")
    async with queries() as asked:
        assert (await alices.get("/people")).status_code == 200
    assert len(asked) <= 5, asked


async def test_it_revokes(visitor: Visitor, alice: User) -> None:
    invitation, link = await Invitation.invite(alice.account, "dana@meridian.example")
    alices = await visitor.signed_in_as(alice)
    assert (await alices.post(f"{INVITATIONS}/{invitation.id}/revoke")).status_code == 303
    assert "This invitation was taken back" in (await visitor.get(link)).text
    assert f'id="invitation_{invitation.id}"' not in (await alices.get("/people")).text
    assert (await alices.post(f"{INVITATIONS}/{invitation.id}/revoke")).status_code == 404


async def test_it_renews_nothing_for_somebody_who_is_here_by_now(visitor: Visitor, alice: User) -> None:
    invitation, _ = await Invitation.invite(alice.account, "dana@meridian.example")
    await User.add(alice.account, name="Dana", email="dana@meridian.example")
    alices = await visitor.signed_in_as(alice)
    for action in ("link", "resend"):
        answer = await alices.post(f"{INVITATIONS}/{invitation.id}/{action}")
        assert answer.status_code == 422
        assert "This person is in your account by now." in answer.text


async def test_it_needs_somebody_signed_in(visitor: Visitor, alice: User) -> None:
    invitation, _ = await Invitation.invite(alice.account, "dana@meridian.example")
    for path in ("", *(f"/{invitation.id}/{action}" for action in ("link", "resend", "revoke"))):
        assert (await visitor.post(f"{INVITATIONS}{path}")).headers["location"] == "/sign-in"


async def test_it_needs_an_administrator(visitor: Visitor, alice: User, bob: User) -> None:
    invitation, _ = await Invitation.invite(alice.account, "dana@meridian.example")
    bobs = await visitor.signed_in_as(bob)
    for path in ("", *(f"/{invitation.id}/{action}" for action in ("link", "resend", "revoke"))):
        answer = await bobs.post(f"{INVITATIONS}{path}", data={"emails": "eve@meridian.example", "role": "user"})
        assert answer.status_code == 403
    kept = await Invitation.objects()
    assert [(each.token_hash, each.revoked_at) for each in kept] == [(invitation.token_hash, None)]


@pytest.mark.parametrize("action", ["link", "resend", "revoke"])
async def test_it_does_not_find_other_accounts_invitations(
    visitor: Visitor, alice: User, charlie: User, action: str
) -> None:
    invitation, _ = await Invitation.invite(alice.account, "dana@meridian.example")
    charlies = await visitor.signed_in_as(charlie)
    assert (await charlies.post(f"{INVITATIONS}/{invitation.id}/{action}")).status_code == 404
    assert (await charlies.post(f"{INVITATIONS}/{'9' * 30}/{action}")).status_code == 404
    assert "dana@meridian.example" not in (await charlies.get("/people")).text
    kept = await Invitation.get_by_id(invitation.id)
    assert (kept.token_hash, kept.revoked_at) == (invitation.token_hash, None)


async def test_it_mails_the_link_that_lets_the_person_in(
    app: Litestar, committed: None, mail_server: MailServer
) -> None:
    account = await create_account("Meridian <Works>")
    alice = await make_user(account, "Alice\nBcc: eve@evil.example", "alice@meridian.example", role=Role.administrator)
    alices = await Visitor(app).signed_in_as(alice)
    answer = await alices.post(INVITATIONS, data={"emails": "dana@meridian.example", "role": "user"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/people")
    assert "On its way to dana@meridian.example" in (await alices.get("/people")).text

    await work()
    letter = mail_server.only_letter()
    assert (letter["To"], letter["Bcc"]) == ("dana@meridian.example", None)
    text = letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    link = next(line for line in text.splitlines() if "/invitations/" in line).strip()
    assert ">Sent<" in (await alices.get("/people")).text
    dana = Visitor(app)
    answer = await dana.post(link, data={"name": "Dana", "password": "rain on a tin roof", "timezone": "UTC"})
    assert answer.headers["location"] == "/timesheet"


async def test_it_mails_a_new_link_that_ends_the_one_before(
    app: Litestar, committed: None, mail_server: MailServer
) -> None:
    account = await create_account("Meridian Works")
    alice = await make_user(account, "Alice", "alice@meridian.example", role=Role.administrator)
    invitation, first = await Invitation.invite(account.id, "dana@meridian.example")
    alices = await Visitor(app).signed_in_as(alice)
    assert (await alices.post(f"{INVITATIONS}/{invitation.id}/resend")).status_code == 303
    await work()
    assert len(mail_server.letters) == 1
    assert (await Visitor(app).get(first)).status_code == 404


async def test_it_shows_that_a_letter_was_refused(app: Litestar, committed: None, mail_server: MailServer) -> None:
    account = await create_account("Meridian Works")
    alice = await make_user(account, "Alice", "alice@meridian.example", role=Role.administrator)
    mail_server.refusals["dana@meridian.example"] = "550 no such person"
    alices = await Visitor(app).signed_in_as(alice)
    await alices.post(INVITATIONS, data={"emails": "dana@meridian.example", "role": "user"})
    await work()
    page = (await alices.get("/people")).text
    assert "Not delivered" in page
    assert "The mail server does not take this address." in page
