"""The wizard's third step: inviting the people of the chosen workspaces."""

import re

import pytest

from app.accounts.models import Account, Invitation, User
from app.integrations.asana.controllers import inviting
from app.integrations.asana.models import AsanaConnection, AsanaPerson, RunState
from app.settings import load_settings
from tests.browser_like import Visitor
from tests.factories import make_user
from tests.integrations.asana.rows import make_connection, make_person, make_run, make_workspace

PEOPLE = "/integrations/asana/people"


@pytest.fixture
async def priya(connection: AsanaConnection) -> AsanaPerson:
    return await make_person(connection, "Priya Raman", "priya@meridian.example")


@pytest.fixture
async def mei(connection: AsanaConnection) -> AsanaPerson:
    return await make_person(connection, "Mei Lin", "Mei@Meridian.example")


def row_of(page: str, name: str) -> str:
    return next(row for row in page.split("data-filter-row")[1:] if name in row)


async def test_it_offers_who_is_not_here_yet(alices: Visitor, priya: AsanaPerson) -> None:
    row = row_of((await alices.get(PEOPLE)).text, "Priya Raman")
    assert f'value="{priya.id}"' in row
    assert "disabled" not in row


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Alice Hartmann", "Already here"),
        ("Sven Lindqvist", "Already here"),
        ("Grace Mbeki", "Deactivated here"),
        ("Jonas Weber", "Already invited"),
        ("Yuki Tanaka", "No e-mail address"),
    ],
)
async def test_it_says_why_somebody_cannot_be_invited(
    alices: Visitor, connection: AsanaConnection, account: Account, alice: User, name: str, reason: str
) -> None:
    await make_person(connection, "Alice Hartmann", "ALICE@meridian.example")
    sven = await make_user(account, "Sven", "sven@private.example")
    await make_person(connection, "Sven Lindqvist", "sven@meridian.example", user=sven.id)
    await make_user(account, "Grace", "grace@meridian.example", deactivated_at=alice.created_at)
    await make_person(connection, "Grace Mbeki", "grace@meridian.example")
    await Invitation.invite(account.id, "jonas@meridian.example")
    await make_person(connection, "Jonas Weber", "Jonas@meridian.example")
    await make_person(connection, "Yuki Tanaka", None)
    row = row_of((await alices.get(PEOPLE)).text, name)
    assert reason in row
    assert "disabled" in row


async def test_it_leaves_out_people_of_other_workspaces(alices: Visitor, connection: AsanaConnection) -> None:
    await make_workspace(connection, "Garden", is_selected=False)
    await make_person(connection, "Ruth Hartmann", "ruth@hartmann.example", workspace_gids=["garden"])
    assert "Ruth Hartmann" not in (await alices.get(PEOPLE)).text


async def test_it_filters_without_scripts(alices: Visitor, priya: AsanaPerson, mei: AsanaPerson) -> None:
    page = (await alices.get(PEOPLE, params={"q": "raman PRIYA"})).text
    assert "Priya Raman" in page
    assert "Mei Lin" not in page
    assert "Nobody of that name" in (await alices.get(PEOPLE, params={"q": "nobody"})).text


async def test_it_shows_the_first_of_very_many_and_finds_the_others(
    alices: Visitor, connection: AsanaConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inviting, "MOST_SHOWN", 2)
    for name in ("Ada", "Ben", "Cem", "Dot"):
        await make_person(connection, name, f"{name}@meridian.example")
    page = (await alices.get(PEOPLE)).text
    assert page.count("data-filter-row") == 2
    assert "and 2 people more" in page
    found = (await alices.htmx_get(f"{PEOPLE}/list", params={"q": "dot"})).text
    assert "Dot" in found
    assert "more" not in found


async def test_it_looks_again_while_people_arrive(alices: Visitor, connection: AsanaConnection) -> None:
    run = await make_run(connection, RunState.queued)
    assert f'hx-get="{PEOPLE}/list?' in (await alices.get(PEOPLE)).text
    await make_person(connection, "Priya Raman", "priya@meridian.example")
    run.state, run.phase = RunState.running, "projects"
    await run.save()
    arriving = (await alices.htmx_get(f"{PEOPLE}/list")).text
    assert "Priya Raman" in arriving
    assert "hx-get" in arriving.partition("<form")[0]
    run.phase = "tasks"
    await run.save()
    assert "hx-get" not in (await alices.htmx_get(f"{PEOPLE}/list")).text


async def test_it_shows_the_links_once_without_a_mail_server(
    alices: Visitor, priya: AsanaPerson, mei: AsanaPerson, alice: User
) -> None:
    answer = await alices.post(PEOPLE, data={"person": [priya.id, mei.id]})
    links = re.findall(r'value="(http://testserver/invitations/[^"]+)"', answer.text)
    assert len(set(links)) == 2
    invitations = await Invitation.objects().order_by(Invitation.email)
    assert [(each.email, each.name, each.invited_by) for each in invitations] == [
        ("Mei@Meridian.example", "Mei Lin", alice.id),
        ("priya@meridian.example", "Priya Raman", alice.id),
    ]
    for link in links:
        assert await Invitation.of_token(link.rpartition("/")[2])
    assert "/invitations/" not in (await alices.get(PEOPLE)).text


@pytest.fixture
def mail_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_URL", "smtp://127.0.0.1:2525")
    load_settings.cache_clear()
    yield
    monkeypatch.undo()
    load_settings.cache_clear()


@pytest.mark.usefixtures("mail_server")
async def test_it_mails_the_links_where_it_can(alices: Visitor, priya: AsanaPerson) -> None:
    answer = await alices.post(PEOPLE, data={"person": priya.id})
    assert answer.headers["location"] == "/integrations/asana/keywords"
    assert "The invitation is on its way." in (await alices.get("/integrations/asana/keywords")).text
    assert await Invitation.count() == 1


@pytest.mark.usefixtures("mail_server")
async def test_it_names_who_could_not_be_invited_and_invites_the_others(
    alices: Visitor, priya: AsanaPerson, mei: AsanaPerson, account: Account
) -> None:
    """Mei has joined since the page was read."""
    await make_user(account, "Mei Lin", "mei@meridian.example")
    answer = await alices.post(PEOPLE, data={"person": [priya.id, mei.id]})
    refused, _, made = answer.text.partition("1 person invited")
    assert "Mei Lin" in refused
    assert "is in this account already" in refused
    assert "on the way" in made
    assert [each.email for each in await Invitation.objects()] == ["priya@meridian.example"]


async def test_it_does_not_invite_twice(alices: Visitor, priya: AsanaPerson) -> None:
    await alices.post(PEOPLE, data={"person": priya.id})
    again = await alices.post(PEOPLE, data={"person": priya.id})
    assert "was invited already" in again.text
    assert await Invitation.count() == 1


async def test_it_asks_for_somebody_to_be_ticked(alices: Visitor, priya: AsanaPerson) -> None:
    answer = await alices.post(PEOPLE, data={"all": "on"})
    assert answer.status_code == 422
    assert "Tick at least one person" in answer.text


async def test_it_can_be_skipped(alices: Visitor, priya: AsanaPerson) -> None:
    assert 'href="/integrations/asana/keywords"' in (await alices.get(PEOPLE)).text


async def test_it_is_for_administrators(visitor: Visitor, bob: User, priya: AsanaPerson) -> None:
    bobs = await visitor.signed_in_as(bob)
    assert (await bobs.get(PEOPLE)).status_code == 403
    assert (await bobs.post(PEOPLE, data={"person": priya.id})).status_code == 403
    assert (await visitor.post(PEOPLE, data={"person": priya.id})).headers["location"] == "/sign-in"
    assert await Invitation.count() == 0


async def test_it_knows_nobody_of_another_account(visitor: Visitor, charlie: User, priya: AsanaPerson) -> None:
    await make_workspace(await make_connection(charlie))
    charlies = await visitor.signed_in_as(charlie)
    assert "Priya" not in (await charlies.get(PEOPLE)).text
    assert (await charlies.post(PEOPLE, data={"person": priya.id})).status_code == 422
    assert await Invitation.count() == 0
