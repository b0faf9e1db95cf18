"""The OAuth client against the sandbox's consent page and token endpoint."""

from collections.abc import AsyncIterator

import pytest

from app.asana_sandbox.testing import RunningSandbox
from app.integrations.asana.client import asana_http
from app.integrations.asana.errors import AccessRevoked, AuthorizationRefused, Unavailable
from app.integrations.asana.oauth import AsanaOAuth, challenge_of, new_verifier
from tests.integrations.asana.consent import CLIENT_ID, RETURN, SECRET, consent, tokens_of_alice


@pytest.fixture
async def oauth(company: RunningSandbox) -> AsyncIterator[AsanaOAuth]:
    async with asana_http(company.oauth_url) as http:
        yield AsanaOAuth(http, CLIENT_ID, SECRET)


async def test_it_gets_tokens_for_a_code(company: RunningSandbox, oauth: AsanaOAuth) -> None:
    tokens = await tokens_of_alice(company, oauth)
    assert tokens.identity is not None
    assert tokens.identity.name == "Alice Hartmann"
    assert tokens.refresh_token
    assert tokens.access_token not in repr(tokens)


async def test_it_gets_the_state_back(company: RunningSandbox) -> None:
    assert consent(company, challenge_of(new_verifier()))["state"] == "the-state"


async def test_a_refusal_comes_back_with_its_word(company: RunningSandbox) -> None:
    assert consent(company, challenge_of(new_verifier()), decision="deny")["error"] == "access_denied"


async def test_a_code_needs_its_verifier(company: RunningSandbox, oauth: AsanaOAuth) -> None:
    code = consent(company, challenge_of(new_verifier()))["code"]
    with pytest.raises(AuthorizationRefused) as refused:
        await oauth.exchange_code(code, new_verifier(), RETURN)
    assert refused.value.error == "invalid_grant"


async def test_a_code_works_once(company: RunningSandbox, oauth: AsanaOAuth) -> None:
    verifier = new_verifier()
    code = consent(company, challenge_of(verifier))["code"]
    await oauth.exchange_code(code, verifier, RETURN)
    with pytest.raises(AuthorizationRefused):
        await oauth.exchange_code(code, verifier, RETURN)


async def test_it_refreshes(company: RunningSandbox, oauth: AsanaOAuth) -> None:
    tokens = await tokens_of_alice(company, oauth)
    renewed = await oauth.refresh(tokens.refresh_token or "")
    assert renewed.access_token != tokens.access_token
    assert renewed.refresh_token is None


async def test_a_bad_refresh_token_is_refused(oauth: AsanaOAuth) -> None:
    with pytest.raises(AuthorizationRefused) as refused:
        await oauth.refresh("wrong")
    assert refused.value.error == "invalid_grant"


async def test_a_wrong_secret_is_refused(company: RunningSandbox) -> None:
    async with asana_http(company.oauth_url) as http:
        with pytest.raises(AuthorizationRefused) as refused:
            await AsanaOAuth(http, CLIENT_ID, "wrong").refresh("whatever")
    assert refused.value.error == "invalid_client"


async def test_it_tells_full_permissions(company: RunningSandbox, oauth: AsanaOAuth) -> None:
    tokens = await tokens_of_alice(company, oauth)
    info = await oauth.token_info(tokens.access_token)
    assert info.active
    assert info.has_full_permissions


async def test_it_revokes(company: RunningSandbox, oauth: AsanaOAuth) -> None:
    tokens = await tokens_of_alice(company, oauth)
    await oauth.revoke(tokens.refresh_token or "")
    with pytest.raises(AuthorizationRefused):
        await oauth.refresh(tokens.refresh_token or "")
    await oauth.revoke("unknown")


async def test_it_says_when_asana_is_away(company: RunningSandbox, oauth: AsanaOAuth) -> None:
    company.control.fail_next(503, match="oauth_token")
    with pytest.raises(Unavailable):
        await oauth.refresh("whatever")


async def test_an_answer_without_a_word_keeps_its_status(company: RunningSandbox) -> None:
    async with asana_http(company.api_url) as http:
        with pytest.raises(AccessRevoked):
            await AsanaOAuth(http, CLIENT_ID, SECRET).token_info("x")
