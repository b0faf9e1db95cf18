"""Invitations: a link that lets one person in, once."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.accounts.authentication import COOKIE
from app.accounts.joining import create_account, join
from app.accounts.models import Account, EmailTaken, Invitation, LinkRefused, User
from app.crypto import token_hash
from app.integrations.asana.models import AsanaConnection, AsanaInvolvement, AsanaPerson
from app.projects.models import Assignment
from tests.browser_like import Visitor
from tests.factories import make_item

DANA = {"name": "Dana Weiss", "password": "rain on a tin roof", "timezone": "Europe/Madrid"}


async def invite_dana(account: Account, **values: str) -> tuple[Invitation, str]:
    invitation, link = await Invitation.invite(account.id, "dana@meridian.example", **values)
    return invitation, path_of(link)


def path_of(link: str) -> str:
    return link.removeprefix("http://testserver")


async def test_it_keeps_only_the_hash_of_the_link(account: Account, alice: User) -> None:
    invitation, link = await Invitation.invite(
        account.id, "dana@meridian.example", name="Dana", role="administrator", invited_by=alice.id
    )
    token = link.removeprefix("http://testserver/invitations/")
    assert len(token) >= 43
    assert invitation.token_hash == token_hash(token)
    assert timedelta(days=6, hours=23) < invitation.expires_at - datetime.now(UTC) <= timedelta(days=7)
    assert (invitation.role, invitation.name, invitation.invited_by) == ("administrator", "Dana", alice.id)


async def test_it_renews_the_link_and_ends_the_one_before(visitor: Visitor, account: Account) -> None:
    first, first_path = await invite_dana(account, name="Dana")
    second, second_path = await Invitation.invite(account.id, "DANA@meridian.example", role="administrator")
    assert second.id == first.id
    assert (second.name, second.role) == ("Dana", "administrator")
    assert (await visitor.get(first_path)).status_code == 404
    assert (await visitor.get(path_of(second_path))).status_code == 200


async def test_it_invites_nobody_who_is_here(account: Account, bob: User) -> None:
    with pytest.raises(EmailTaken):
        await Invitation.invite(account.id, "BOB@meridian.example")
    assert await Invitation.count() == 0


async def test_it_does_not_tell_who_is_in_other_accounts(account: Account, charlie: User) -> None:
    invitation, _ = await Invitation.invite(account.id, charlie.email)
    assert invitation.account == account.id


async def test_it_lets_the_invited_person_in(visitor: Visitor, account: Account) -> None:
    invitation, path = await invite_dana(account, name="Dana <i>")
    page = await visitor.get(path)
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert "Join Meridian Works" in page.text
    assert 'value="Dana &lt;i&gt;"' in page.text

    answer = await visitor.post(path, data=DANA)
    assert (answer.status_code, answer.headers["location"]) == (303, "/timesheet")
    dana = await User.of_email("dana@meridian.example")
    assert dana is not None
    assert (dana.account, dana.name, dana.role, dana.timezone) == (account.id, "Dana Weiss", "user", "Europe/Madrid")
    assert (await Invitation.get_by_id(invitation.id)).accepted_at is not None
    assert (await visitor.get("/sign-in")).headers["location"] == "/timesheet"


async def test_it_gives_at_once_what_asana_says_of_them(visitor: Visitor, account: Account, alice: User) -> None:
    connection = AsanaConnection(
        account=account.id, connected_by=alice.id, authorized_by="oauth", asana_user_gid="1", asana_user_name="Alice"
    )
    await connection.save()
    person = AsanaPerson(connection=connection.id, gid="2", name="Dana", email="Dana@Meridian.example")
    await person.save()
    project = await make_item(account, "Website relaunch", kind="project")
    await AsanaInvolvement(person=person.id, item=project.id).save()
    _, path = await invite_dana(account)

    await visitor.post(path, data=DANA)
    dana = await User.of_email("dana@meridian.example")
    assert dana is not None
    assignments = await Assignment.objects().where(Assignment.user == dana.id)
    assert [(each.item, each.made_by) for each in assignments] == [(project.id, "asana")]


async def test_it_says_what_is_missing_and_keeps_the_rest(visitor: Visitor, account: Account) -> None:
    _, path = await invite_dana(account)
    answer = await visitor.post(path, data={"name": " ", "password": "short", "timezone": "Mars/Olympus"})
    assert answer.status_code == 422
    assert "Enter your name." in answer.text
    assert "A password needs at least 10 characters; this one has 5." in answer.text
    assert "Choose a time zone from the list." in answer.text
    kept = await visitor.post(path, data=DANA | {"password": "dana@meridian.example"})
    assert "Choose a password that is not your name or e-mail address." in kept.text
    assert 'value="Dana Weiss"' in kept.text
    assert '<option value="Europe/Madrid" selected>' in kept.text
    assert (await visitor.get(path)).status_code == 200


async def test_it_works_once(visitor: Visitor, account: Account) -> None:
    _, path = await invite_dana(account)
    await visitor.post(path, data=DANA)
    # Whoever comes with the link later: the account that it made could have another address by then.
    await User.update({User.email: "d.weiss@meridian.example"}).where(User.email == "dana@meridian.example")
    other = Visitor(visitor.app)
    for answer in (await other.get(path), await other.post(path, data=DANA)):
        assert answer.status_code == 410
        assert "This invitation has been used" in answer.text
        assert COOKIE not in answer.cookies
    assert await User.count().where(User.account == account.id) == 1


async def test_it_expires_after_seven_days(visitor: Visitor, account: Account) -> None:
    with time_machine.travel(datetime.now(UTC) - timedelta(days=7, minutes=1)):
        _, path = await invite_dana(account)
    for answer in (await visitor.get(path), await visitor.post(path, data=DANA)):
        assert answer.status_code == 410
        assert "This invitation has expired" in answer.text
    assert await User.of_email("dana@meridian.example") is None


async def test_it_says_that_it_was_revoked(visitor: Visitor, account: Account) -> None:
    invitation, path = await invite_dana(account)
    assert await invitation.revoke()
    assert not await invitation.revoke()
    for answer in (await visitor.get(path), await visitor.post(path, data=DANA)):
        assert answer.status_code == 410
        assert "This invitation was taken back" in answer.text
    renewed, _ = await invite_dana(account)
    assert renewed.id != invitation.id


async def test_it_says_that_the_address_is_here_already(visitor: Visitor, account: Account, charlie: User) -> None:
    _, link = await Invitation.invite(account.id, charlie.email)
    for answer in (await visitor.get(path_of(link)), await visitor.post(path_of(link), data=DANA)):
        assert answer.status_code == 410
        assert "You already have an account here" in answer.text


@pytest.mark.parametrize("token", ["x", "x" * 5_000, "%00", "%F0%9F%8C%9E", "..%2f"])
async def test_it_does_not_know_other_links(visitor: Visitor, account: Account, token: str) -> None:
    answer = await visitor.get(f"/invitations/{token}")
    assert answer.status_code == 404


async def test_it_lets_one_in_when_two_follow_the_link_at_once(committed: None) -> None:
    account = await create_account("Meridian Works")
    invitation, _ = await invite_dana(account)
    outcomes = await asyncio.gather(
        *(join(invitation, f"Dana {n}", "rain on a tin roof", "UTC") for n in range(4)), return_exceptions=True
    )
    assert sum(isinstance(outcome, User) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, LinkRefused) for outcome in outcomes) == 3


async def test_it_leaves_the_invitation_open_where_the_address_was_taken_meanwhile(committed: None) -> None:
    account = await create_account("Meridian Works")
    invitation, _ = await invite_dana(account)
    await User.add(account.id, name="Dana", email="Dana@meridian.example")
    with pytest.raises(EmailTaken):
        await join(invitation, "Dana", "rain on a tin roof", "UTC")
    assert (await Invitation.get_by_id(invitation.id)).accepted_at is None
