"""The people of an account: their roles, and whether they may come in."""

import asyncio
from datetime import UTC, datetime

import pytest

from app import database
from app.accounts import people
from app.accounts.authentication import COOKIE
from app.accounts.joining import create_account
from app.accounts.models import Account, PasswordReset, Role, Session, User
from app.accounts.people import LastAdministrator
from app.projects.access import NotTrackable
from app.timesheet import timer
from app.timesheet.models import TimeEntry
from app.timesheet.work import Work
from tests.browser_like import Visitor
from tests.factories import make_entry, make_item, make_user

ACTIONS = ["role", "deactivate", "reactivate", "reset-link"]


async def test_it_lists_the_people_of_the_account(visitor: Visitor, alice: User, bob: User, charlie: User) -> None:
    await User.update({User.name: "Bob <script>"}).where(User.id == bob.id)
    page = await (await visitor.signed_in_as(alice)).get("/people")
    assert page.status_code == 200
    assert "Alice Hartmann" in page.text
    assert "Bob &lt;script&gt;" in page.text
    assert f'id="person_{bob.id}"' in page.text
    assert "Charlie Lund" not in page.text


async def test_it_needs_somebody_signed_in(visitor: Visitor, alice: User, bob: User) -> None:
    assert (await visitor.get("/people")).headers["location"] == "/sign-in?next=%2Fpeople"
    for action in ACTIONS:
        assert (await visitor.post(f"/people/{bob.id}/{action}")).headers["location"] == "/sign-in"


async def test_it_needs_an_administrator(visitor: Visitor, alice: User, bob: User) -> None:
    bobs = await visitor.signed_in_as(bob)
    assert (await bobs.get("/people")).status_code == 403
    for action in ACTIONS:
        answer = await bobs.post(f"/people/{alice.id}/{action}", data={"role": "user"})
        assert answer.status_code == 403
        assert "Only an administrator of the account can do this." in answer.text
    assert (await User.get_by_id(alice.id)).role == "administrator"


@pytest.mark.parametrize("action", ACTIONS)
async def test_it_does_not_find_other_accounts_people(
    visitor: Visitor, alice: User, bob: User, charlie: User, action: str
) -> None:
    charlies = await visitor.signed_in_as(charlie)
    data = {"role": "administrator"}
    assert (await charlies.post(f"/people/{bob.id}/{action}", data=data)).status_code == 404
    assert (await charlies.post(f"/people/{'9' * 30}/{action}", data=data)).status_code == 404
    kept = await User.get_by_id(bob.id)
    assert (kept.role, kept.deactivated_at) == ("user", None)
    assert await PasswordReset.count() == 0


async def test_it_changes_a_role(visitor: Visitor, alice: User, bob: User) -> None:
    alices = await visitor.signed_in_as(alice)
    answer = await alices.post(f"/people/{bob.id}/role", data={"role": "administrator"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/people")
    assert (await User.get_by_id(bob.id)).role == "administrator"
    assert "Bob Okafor is an administrator now." in (await alices.get("/people")).text

    bobs = await visitor.signed_in_as(bob)
    answer = await bobs.post(f"/people/{alice.id}/role", data={"role": "user"})
    assert (await User.get_by_id(alice.id)).role == "user"
    assert (await alices.get("/people")).status_code == 403


async def test_it_leads_somebody_who_gives_up_the_role_away(visitor: Visitor, alice: User, bob: User) -> None:
    await User.update({User.role: Role.administrator}).where(User.id == bob.id)
    bobs = await visitor.signed_in_as(bob)
    assert (await bobs.post(f"/people/{bob.id}/role", data={"role": "user"})).headers["location"] == "/timesheet"


@pytest.mark.parametrize("role", ["", "owner", "Administrator"])
async def test_it_knows_no_other_roles(visitor: Visitor, alice: User, bob: User, role: str) -> None:
    answer = await (await visitor.signed_in_as(alice)).post(f"/people/{bob.id}/role", data={"role": role})
    assert answer.status_code == 422
    assert "Choose a role: administrator or user." in answer.text
    assert (await User.get_by_id(bob.id)).role == "user"


@pytest.mark.parametrize(("action", "data"), [("role", {"role": "user"}), ("deactivate", {})])
async def test_it_keeps_the_last_administrator(
    visitor: Visitor, alice: User, bob: User, action: str, data: dict[str, str]
) -> None:
    off = await make_user(await account_of(alice), name="Off", email="off@meridian.example", role="administrator")
    await User.update({User.deactivated_at: datetime.now(UTC)}).where(User.id == off.id)
    answer = await (await visitor.signed_in_as(alice)).post(f"/people/{alice.id}/{action}", data=data)
    assert answer.status_code == 422
    assert "An account needs an administrator who can sign in." in answer.text
    kept = await User.get_by_id(alice.id)
    assert (kept.role, kept.deactivated_at) == ("administrator", None)


async def account_of(user: User) -> object:
    return await user.get_related(User.account)


async def test_it_keeps_one_of_two_administrators_who_demote_each_other_at_once(committed: None) -> None:
    account = await create_account("Meridian Works")
    for name in ("alice", "bob"):
        await make_user(account, name=name, email=f"{name}@meridian.example", role="administrator")
    members = (await people.members_of(account.id)).shown
    outcomes = await asyncio.gather(
        *(people.change_role(member, Role.user) for member in members), return_exceptions=True
    )
    assert sum(isinstance(outcome, LastAdministrator) for outcome in outcomes) == 1
    assert await User.count().where(User.role == Role.administrator) == 1


async def test_it_deactivates_and_signs_out_and_stops_the_timer(visitor: Visitor, alice: User, bob: User) -> None:
    bobs = await visitor.signed_in_as(bob)
    running = await make_entry(bob, started_at=datetime(2026, 11, 20, 9, tzinfo=UTC), note="Draft")
    alices = await visitor.signed_in_as(alice)
    before = datetime.now(UTC)
    answer = await alices.post(f"/people/{bob.id}/deactivate")
    assert answer.status_code == 303
    assert (await User.get_by_id(bob.id)).deactivated_at is not None
    assert await Session.count().where(Session.user == bob.id) == 0
    assert (await bobs.get("/timesheet")).headers["location"].startswith("/sign-in")
    entry = await TimeEntry.objects().get(TimeEntry.id == running.id)
    assert entry is not None
    assert entry.note == "Draft"
    assert before <= entry.stopped_at <= datetime.now(UTC)
    page = (await alices.get("/people")).text
    assert "Bob Okafor can no longer sign in." in page
    assert "Deactivated" in page


async def test_it_leaves_no_timer_that_was_started_at_that_moment(committed: None) -> None:
    account = await create_account("Meridian Works")
    await make_user(account, name="Alice", email="alice@meridian.example", role="administrator")
    for number in range(5):
        bob = await make_user(account, name="Bob", email=f"bob{number}@meridian.example")
        member = await people.member_of(account.id, bob.id)
        assert member is not None
        item = await make_item(account, f"Task {number}")

        async def leave(member: people.Member = member) -> None:
            async with database.transaction():
                await people.deactivate(member)
                await asyncio.sleep(0.02)
                await timer.stop(member)

        await asyncio.gather(
            leave(),
            *(timer.start(member, Work(item.id, None)) for _ in range(4)),
            return_exceptions=True,
        )
        with pytest.raises(NotTrackable):
            await timer.start(member, Work(item.id, None))
        assert await TimeEntry.running_for(bob.id) is None


async def test_it_keeps_the_moment_when_deactivated_twice(visitor: Visitor, alice: User, bob: User) -> None:
    moment = datetime(2026, 11, 1, tzinfo=UTC)
    await User.update({User.deactivated_at: moment}).where(User.id == bob.id)
    await (await visitor.signed_in_as(alice)).post(f"/people/{bob.id}/deactivate")
    assert (await User.get_by_id(bob.id)).deactivated_at == moment


async def test_it_lets_somebody_in_again(visitor: Visitor, alice: User, bob: User) -> None:
    await User.update({User.deactivated_at: datetime.now(UTC)}).where(User.id == bob.id)
    alices = await visitor.signed_in_as(alice)
    assert (await alices.post(f"/people/{bob.id}/reactivate")).status_code == 303
    assert (await User.get_by_id(bob.id)).deactivated_at is None
    assert "Bob Okafor can sign in again." in (await alices.get("/people")).text


async def test_it_signs_out_whoever_deactivates_themselves(visitor: Visitor, alice: User, bob: User) -> None:
    await User.update({User.role: Role.administrator}).where(User.id == bob.id)
    bobs = await visitor.signed_in_as(bob)
    await bobs.post(f"/people/{bob.id}/deactivate")
    assert bobs.cookies[COOKIE]
    assert (await bobs.get("/people")).headers["location"].startswith("/sign-in")


async def test_it_makes_a_link_for_a_new_password(visitor: Visitor, alice: User, bob: User) -> None:
    alices = await visitor.signed_in_as(alice)
    first = await alices.post(f"/people/{bob.id}/reset-link")
    assert first.status_code == 200
    assert first.headers["cache-control"] == "no-store"
    assert 'value="http://testserver/password-reset/' in first.text
    await alices.post(f"/people/{bob.id}/reset-link")
    assert await PasswordReset.count().where(PasswordReset.user == bob.id) == 1
    assert "/password-reset/" not in (await alices.get("/people")).text


@pytest.mark.parametrize("path", ["/people/1/reset-link", "/people/invitations", "/people/invitations/1/link"])
async def test_it_leads_back_where_an_answers_address_is_opened(visitor: Visitor, alice: User, path: str) -> None:
    answer = await (await visitor.signed_in_as(alice)).get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/people")


async def test_it_makes_no_link_for_somebody_deactivated(visitor: Visitor, alice: User, bob: User) -> None:
    await User.update({User.deactivated_at: datetime.now(UTC)}).where(User.id == bob.id)
    answer = await (await visitor.signed_in_as(alice)).post(f"/people/{bob.id}/reset-link")
    assert answer.status_code == 422
    assert "Bob Okafor is deactivated. Reactivate them first." in answer.text
    assert await PasswordReset.count() == 0


async def test_it_shows_the_first_of_many_and_finds_the_others(
    account: Account, visitor: Visitor, alice: User, bob: User, charlie: User
) -> None:
    alices = await visitor.signed_in_as(alice)
    assert 'role="search"' not in (await alices.get("/people")).text
    for number in range(people.MOST_SHOWN):
        await make_user(account, name=f"Clara {number:03}", email=f"clara{number}@meridian.example")
    page = (await alices.get("/people")).text
    assert "The first 200 of 202" in page
    assert "202 people" in page
    assert "Clara 197" in page
    assert "Clara 198" not in page
    found = (await alices.get("/people?q=clara199@")).text
    assert "Clara 199" in found
    assert "Clara 000" not in found
    assert "Bob Okafor" not in found
    for nobody in ("Nobody", "%25", "Charlie", "%00zz"):
        assert "Nobody is called that" in (await alices.get(f"/people?q={nobody}")).text
