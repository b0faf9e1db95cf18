"""Enabling by OAuth: there, back, and everything that can be refused on the way."""

from urllib.parse import parse_qs, urlsplit

import pytest

from app.accounts.models import Account, User
from app.asana_sandbox.testing import RunningSandbox
from app.crypto import decrypt
from app.integrations.asana import connecting, pending
from app.integrations.asana.connection import connection_of
from app.integrations.asana.models import AsanaApplication, AsanaConnection, AsanaWorkspace
from app.settings import load_settings
from tests.browser_like import Visitor
from tests.integrations.asana.deciding import begin, connect, decide

ENABLE = "/integrations/asana/enable"
RETURN = "/integrations/asana/authorization/return"


@pytest.fixture(autouse=True)
def loopback(company: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sandbox leads back to loopback addresses only, like a registered application's."""
    monkeypatch.setenv("PUBLIC_URL", "http://127.0.0.1:8000")
    load_settings.cache_clear()


@pytest.fixture
async def alices(visitor: Visitor, alice: User) -> Visitor:
    return await visitor.signed_in_as(alice)


async def refusal_of(visitor: Visitor, path: str) -> tuple[str, str]:
    """Follows a return that is refused: the word, and the page that says it."""
    answer = await visitor.get(path)
    assert answer.status_code == 303
    location = answer.headers["location"]
    assert location.startswith(f"{ENABLE}?refusal=")
    page = await visitor.get(location)
    assert page.status_code == 200
    return location.partition("=")[2], page.text


async def test_it_says_what_will_happen(alices: Visitor) -> None:
    page = await alices.get(ENABLE)
    assert page.status_code == 200
    for promise in ("whole account", "Nothing is written to Asana", "not exported"):
        assert promise in page.text


async def test_it_asks_asana_with_state_and_pkce(alices: Visitor, company: RunningSandbox) -> None:
    address = await begin(alices)
    asked = parse_qs(urlsplit(address).query)
    assert address.startswith(f"{company.oauth_url}/oauth_authorize?")
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["scope"] == ["default"]
    assert asked["redirect_uri"] == [f"http://127.0.0.1:8000{RETURN}"]
    assert len(asked["state"][0]) >= 32
    assert len(asked["code_challenge"][0]) == 43


async def test_it_connects_and_names_the_person(alices: Visitor, company: RunningSandbox, alice: User) -> None:
    answer = await connect(alices, company)
    assert answer.headers["location"] == "/integrations/asana/workspaces"
    connection = await connection_of(alice.account)
    assert connection is not None
    assert (connection.connected_by, connection.state) == (alice.id, "active")
    assert connection.asana_user_gid == company.control.find("Alice Hartmann", "user")
    page = await alices.get("/integrations/asana/workspaces")
    assert "Connected to Asana as Alice Hartmann." in page.text


async def test_it_keeps_the_tokens_encrypted(alices: Visitor, company: RunningSandbox, alice: User) -> None:
    await connect(alices, company)
    connection = await connection_of(alice.account)
    assert connection is not None
    for stored in (connection.access_token, connection.refresh_token):
        assert decrypt(stored) in company.world.state.grants
        assert decrypt(stored) not in stored


async def test_it_finds_the_workspaces(alices: Visitor, company: RunningSandbox, alice: User) -> None:
    await connect(alices, company)
    names = await AsanaWorkspace.select(AsanaWorkspace.name).order_by(AsanaWorkspace.name).output(as_list=True)
    assert names == ["Hartmann Garden", "Meridian Works"]
    assert not await AsanaWorkspace.exists().where(AsanaWorkspace.is_selected.eq(True))


async def test_it_says_that_consent_was_denied(alices: Visitor, company: RunningSandbox) -> None:
    back = await decide(company, await begin(alices), person="Alice Hartmann", decision="deny")
    word, page = await refusal_of(alices, back)
    assert word == "denied"
    assert "You chose Deny in Asana" in page
    assert not await AsanaConnection.exists()


async def test_it_connects_after_having_been_denied(alices: Visitor, company: RunningSandbox, alice: User) -> None:
    await alices.get(await decide(company, await begin(alices), person="Alice Hartmann", decision="deny"))
    await connect(alices, company)
    assert await connection_of(alice.account)


async def test_it_refuses_a_wrong_state(alices: Visitor, company: RunningSandbox) -> None:
    back = await decide(company, await begin(alices), person="Alice Hartmann")
    code = parse_qs(urlsplit(back).query)["code"][0]
    word, page = await refusal_of(alices, f"{RETURN}?code={code}&state=another")
    assert word == "state_wrong"
    assert "does not belong to the authorization that you began" in page


async def test_it_refuses_an_answer_that_nobody_waits_for(alices: Visitor) -> None:
    word, page = await refusal_of(alices, f"{RETURN}?code=1&state=2")
    assert word == "state_missing"
    assert "was not waiting for this answer" in page


async def test_it_refuses_an_answer_that_comes_too_late(
    alices: Visitor, company: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pending, "LIFETIME", -pending.LIFETIME)
    back = await decide(company, await begin(alices), person="Alice Hartmann")
    monkeypatch.undo()
    assert (await alices.get(back)).headers["location"] == f"{ENABLE}?refusal=state_missing"


async def test_it_refuses_an_authorization_that_another_session_began(
    alices: Visitor, company: RunningSandbox, alice: User
) -> None:
    back = await decide(company, await begin(alices), person="Alice Hartmann")
    again = await alices.signed_in_as(alice)
    again.cookies.set(pending.COOKIE, alices.cookies[pending.COOKIE], domain="testserver.local", path=pending.PATH)
    word, page = await refusal_of(again, back)
    assert word == "session_changed"
    assert "signed in again" in page


async def test_it_refuses_somebody_elses_link(alices: Visitor, company: RunningSandbox, bob: User) -> None:
    """A link with a code of theirs in it would connect the account to the attacker's Asana."""
    await begin(alices)
    theirs = f"{RETURN}?code=stolen&state=guessed"
    assert (await alices.get(theirs)).headers["location"] == f"{ENABLE}?refusal=state_wrong"
    assert not await AsanaConnection.exists()


async def test_it_says_that_the_code_has_expired(alices: Visitor, company: RunningSandbox) -> None:
    back = await decide(company, await begin(alices), person="Alice Hartmann")
    for code in company.world.state.codes.values():
        code.expires_at = 0
    word, page = await refusal_of(alices, back)
    assert word == "code_refused"
    assert "expired or was used already" in page


async def test_it_says_that_the_code_was_used(alices: Visitor, company: RunningSandbox) -> None:
    back = await decide(company, await begin(alices), person="Alice Hartmann")
    for code in company.world.state.codes.values():
        code.is_used = True
    assert (await refusal_of(alices, back))[0] == "code_refused"


async def test_it_changes_nothing_when_the_back_button_leads_to_the_return_again(
    alices: Visitor, company: RunningSandbox, alice: User
) -> None:
    back = await decide(company, await begin(alices), person="Alice Hartmann")
    await alices.get(back)
    before = await connection_of(alice.account)
    word, page = await refusal_of(alices, back)
    assert word == "code_used"
    assert "has been used already" in page
    after = await connection_of(alice.account)
    assert before is not None
    assert after is not None
    assert after.to_dict() == before.to_dict()


async def test_it_refuses_an_application_without_full_permissions(alices: Visitor, company: RunningSandbox) -> None:
    back = await decide(company, await begin(alices), person="Alice Hartmann")
    for code in company.world.state.codes.values():
        code.scope = "tasks:read projects:read"
    word, page = await refusal_of(alices, back)
    assert word == "not_full_permissions"
    assert "choose Full permissions" in page
    assert not await AsanaConnection.exists()
    assert not [each for each in company.world.state.grants.values() if each.scope.startswith("tasks")]


async def test_it_says_that_the_consent_page_refused_the_scope(alices: Visitor, company: RunningSandbox) -> None:
    asked = parse_qs(urlsplit(await begin(alices)).query)
    word, _ = await refusal_of(alices, f"{RETURN}?error=forbidden_scopes&state={asked['state'][0]}")
    assert word == "not_full_permissions"


@pytest.mark.parametrize("path", ["/-/oauth_token", "/-/token_info", "/users/me", "/workspaces"])
async def test_it_says_that_asana_is_down(alices: Visitor, company: RunningSandbox, path: str) -> None:
    back = await decide(company, await begin(alices), person="Alice Hartmann")
    company.control.fail_next(503, times=20, match=path)
    word, page = await refusal_of(alices, back)
    assert word == "unavailable"
    assert "Asana could not be reached" in page
    assert not await AsanaConnection.exists()


async def test_it_does_not_wait_for_a_slow_asana(
    alices: Visitor, company: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "TIMEOUT_SECONDS", 0.3)
    back = await decide(company, await begin(alices), person="Alice Hartmann")
    company.control.fail_next(kind="slow", seconds=3, match="/users/me")
    word, page = await refusal_of(alices, back)
    assert word == "slow"
    assert "took too long" in page


async def test_it_says_that_the_application_is_not_accepted(
    alices: Visitor, company: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = await decide(company, await begin(alices), person="Alice Hartmann")
    monkeypatch.setenv("ASANA_CLIENT_SECRET", "another")
    load_settings.cache_clear()
    assert (await refusal_of(alices, back))[0] == "application_refused"


@pytest.fixture
def no_application_in_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ASANA_CLIENT_ID")
    monkeypatch.delenv("ASANA_CLIENT_SECRET")
    load_settings.cache_clear()


@pytest.mark.usefixtures("no_application_in_environment")
async def test_it_needs_an_application(alices: Visitor) -> None:
    answer = await alices.post("/integrations/asana/authorization")
    assert answer.headers["location"] == f"{ENABLE}?refusal=no_application"
    page = await alices.get(answer.headers["location"])
    assert "No application is registered yet" in page.text
    assert f"http://127.0.0.1:8000{RETURN}" in page.text


@pytest.mark.usefixtures("no_application_in_environment")
async def test_it_connects_with_an_application_entered_on_the_page(
    alices: Visitor, company: RunningSandbox, alice: User
) -> None:
    entered = {"client_id": " 1200000000000001 ", "client_secret": "sandbox-secret"}
    answer = await alices.post("/integrations/asana/application", data=entered)
    assert answer.headers["location"] == ENABLE
    page = (await alices.get(ENABLE)).text
    assert "1200000000000001" in page
    assert "sandbox-secret" not in page
    await connect(alices, company)
    assert await connection_of(alice.account)


@pytest.mark.usefixtures("no_application_in_environment")
async def test_it_keeps_one_application_with_its_secret_encrypted(alices: Visitor, account: Account) -> None:
    for secret in ("first-secret", "second-secret"):
        await alices.post("/integrations/asana/application", data={"client_id": "12", "client_secret": secret})
    applications = await AsanaApplication.objects().where(AsanaApplication.account == account.id)
    assert [decrypt(each.client_secret) for each in applications] == ["second-secret"]
    assert "second-secret" not in applications[0].client_secret


@pytest.mark.usefixtures("no_application_in_environment")
@pytest.mark.parametrize("secret", ["", "two words", "nul\0", "später"])
async def test_it_refuses_half_an_application(alices: Visitor, secret: str) -> None:
    data = {"client_id": "4711", "client_secret": secret}
    answer = await alices.post("/integrations/asana/application", data=data)
    assert answer.status_code == 422
    assert "needs both its id and its secret" in answer.text
    assert 'value="4711"' in answer.text


@pytest.mark.usefixtures("no_application_in_environment")
async def test_it_asks_for_the_secret_again_when_the_key_has_changed(alices: Visitor, account: Account) -> None:
    await AsanaApplication(account=account.id, client_id="1", client_secret="encrypted with a key that is gone").save()
    answer = await alices.post("/integrations/asana/authorization")
    assert answer.headers["location"] == f"{ENABLE}?refusal=application_unreadable"


async def test_it_warns_of_another_address(alices: Visitor) -> None:
    """The browser of this test knows the server as testserver, Asana will come back to 127.0.0.1."""
    assert 'href="http://127.0.0.1:8000/integrations/asana/enable"' in (await alices.get(ENABLE)).text


@pytest.mark.parametrize(("public_url", "is_said"), [("http://sundial.lan", True), ("https://sundial.example", False)])
async def test_it_says_that_asana_wants_https(
    alices: Visitor, monkeypatch: pytest.MonkeyPatch, public_url: str, is_said: bool
) -> None:
    monkeypatch.setenv("PUBLIC_URL", public_url)
    load_settings.cache_clear()
    assert ("Asana leads back only to https addresses" in (await alices.get(ENABLE)).text) is is_said


async def test_it_ignores_a_refusal_that_is_none(alices: Visitor) -> None:
    page = await alices.get(f"{ENABLE}?refusal=<script>")
    assert page.status_code == 200
    assert "<script>" not in page.text.partition("<main")[2]


ASKED = [
    ("GET", ENABLE),
    ("POST", "/integrations/asana/authorization"),
    ("GET", f"{RETURN}?code=1&state=2"),
    ("POST", "/integrations/asana/personal-token"),
    ("POST", "/integrations/asana/application"),
]


@pytest.mark.parametrize(("method", "path"), ASKED)
async def test_it_is_for_administrators(visitor: Visitor, bob: User, method: str, path: str) -> None:
    bobs = await visitor.signed_in_as(bob)
    assert (await bobs.request(method, path)).status_code == 403
    signed_out = await visitor.request(method, path)
    assert signed_out.status_code == 303
    assert signed_out.headers["location"].startswith("/sign-in")


async def test_it_connects_an_account_of_its_own_each(
    visitor: Visitor, alices: Visitor, alice: User, charlie: User, company: RunningSandbox
) -> None:
    await connect(alices, company)
    charlies = await visitor.signed_in_as(charlie)
    assert "Alice Hartmann" not in (await charlies.get(ENABLE)).text
    await connect(charlies, company, person="Bob Okafor")
    hers, his = await connection_of(alice.account), await connection_of(charlie.account)
    assert hers is not None
    assert his is not None
    assert (hers.asana_user_name, his.asana_user_name) == ("Alice Hartmann", "Bob Okafor")
