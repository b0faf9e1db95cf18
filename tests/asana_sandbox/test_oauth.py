from base64 import urlsafe_b64encode
from collections.abc import Iterator
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from app.asana_sandbox.app import Options
from app.asana_sandbox.grants import OAuthClient
from app.asana_sandbox.testing import RunningSandbox, running_sandbox
from tests.asana_sandbox.conftest import message

VERIFIER = "a-verifier-that-is-long-enough-for-everyone-who-asks"
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
BACK = "http://127.0.0.1:9/return?kept=yes"
CLIENT = {"client_id": "1200000000000001", "client_secret": "sandbox-secret"}
ASKED = {
    "client_id": CLIENT["client_id"],
    "redirect_uri": BACK,
    "response_type": "code",
    "state": "a state & more",
    "scope": "default",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


@pytest.fixture
def oauth(sandbox: RunningSandbox) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=sandbox.oauth_url, trust_env=False) as client:
        yield client


def answer_of(response: httpx.Response) -> dict[str, str]:
    assert response.status_code == 303
    return {name: values[0] for name, values in parse_qs(urlsplit(response.headers["location"]).query).items()}


def allow(oauth: httpx.Client, sandbox: RunningSandbox, **asked: str) -> str:
    person = sandbox.control.find("Bob Okafor")
    response = oauth.post("/oauth_authorize", data={**ASKED, **asked, "decision": "allow", "person": person})
    return answer_of(response)["code"]


def redeem(oauth: httpx.Client, code: str, **form: str) -> httpx.Response:
    given = {"redirect_uri": BACK, "code": code, "code_verifier": VERIFIER, **CLIENT, **form}
    return oauth.post("/oauth_token", data={"grant_type": "authorization_code", **given})


def me(sandbox: RunningSandbox, token: str) -> httpx.Response:
    return httpx.get(f"{sandbox.api_url}/users/me", headers={"Authorization": f"Bearer {token}"})


def test_allowing_leads_back_with_a_code_that_buys_a_token(oauth, sandbox):
    page = oauth.get("/oauth_authorize", params=ASKED)
    assert "Bob Okafor" in page.text
    assert "Allow" in page.text
    person = sandbox.control.find("Bob Okafor")
    answer = answer_of(oauth.post("/oauth_authorize", data={**ASKED, "decision": "allow", "person": person}))
    assert (answer["state"], answer["kept"]) == ("a state & more", "yes")
    token = redeem(oauth, answer["code"]).json()
    assert (token["token_type"], token["expires_in"]) == ("bearer", 3600)
    assert token["data"]["gid"] == person
    assert token["data"]["email"] == "bob@meridian.example"
    assert me(sandbox, token["access_token"]).json()["data"]["name"] == "Bob Okafor"


def test_denying_leads_back_with_the_refusal(oauth):
    answer = answer_of(oauth.post("/oauth_authorize", data={**ASKED, "decision": "deny"}))
    assert (answer["error"], answer["state"]) == ("access_denied", "a state & more")
    assert "code" not in answer


@pytest.mark.parametrize("wrong", [{"client_id": "1"}, {"redirect_uri": "https://elsewhere.example/"}])
def test_a_wrong_application_or_address_is_sent_nowhere(oauth, wrong):
    for response in (
        oauth.get("/oauth_authorize", params={**ASKED, **wrong}),
        oauth.post("/oauth_authorize", data={**ASKED, **wrong, "decision": "deny"}),
    ):
        assert response.status_code == 400
        assert response.headers["content-type"].startswith("text/plain")
        assert "location" not in response.headers


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"scope": "tasks:read"}, "forbidden_scopes"),
    ],
)
def test_other_mistakes_come_back_as_errors(oauth, wrong, error):
    assert answer_of(oauth.get("/oauth_authorize", params={**ASKED, **wrong}))["error"] == error


def test_a_code_is_used_once(oauth, sandbox):
    code = allow(oauth, sandbox)
    assert redeem(oauth, code).status_code == 200
    again = redeem(oauth, code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    ("wrong", "status", "error"),
    [
        ({"code_verifier": "another"}, 400, "invalid_grant"),
        ({"code_verifier": ""}, 400, "invalid_grant"),
        ({"redirect_uri": "http://127.0.0.1:9/"}, 400, "invalid_grant"),
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ],
)
def test_a_code_needs_everything_else_to_be_right(oauth, sandbox, wrong, status, error):
    answer = redeem(oauth, allow(oauth, sandbox), **wrong)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_without_a_challenge_no_verifier_is_needed(oauth, sandbox):
    code = allow(oauth, sandbox, code_challenge="", code_challenge_method="")
    assert redeem(oauth, code, code_verifier="").status_code == 200


def test_refreshing_gives_a_new_token_and_keeps_the_old_refresh_token(oauth, sandbox):
    token = redeem(oauth, allow(oauth, sandbox)).json()
    form = {"grant_type": "refresh_token", "refresh_token": token["refresh_token"], **CLIENT}
    fresh = oauth.post("/oauth_token", data=form).json()
    assert "refresh_token" not in fresh
    assert fresh["access_token"] != token["access_token"]
    assert me(sandbox, fresh["access_token"]).status_code == 200
    assert oauth.post("/oauth_token", data=form).status_code == 200


def test_a_bad_refresh_token_is_refused_in_oauths_shape(oauth):
    answer = oauth.post("/oauth_token", data={"grant_type": "refresh_token", "refresh_token": "x", **CLIENT})
    assert answer.status_code == 400
    assert answer.json() == {
        "error": "invalid_grant",
        "error_uri": "https://asana.com/developers/documentation/getting-started/authentication",
        "error_description": "The `refresh_token` provided was invalid.",
    }


def test_an_expired_token_says_so_and_an_unknown_one_does_not(oauth, sandbox):
    token = redeem(oauth, allow(oauth, sandbox)).json()["access_token"]
    sandbox.control.expire_access_tokens()
    expired = me(sandbox, token)
    assert expired.status_code == 401
    assert message(expired).startswith("The bearer token has expired.")
    assert message(me(sandbox, "unknown")) == "Not Authorized"


def test_revoking_takes_the_refresh_token_and_ends_everything(oauth, sandbox):
    token = redeem(oauth, allow(oauth, sandbox)).json()
    assert oauth.post("/oauth_revoke", data={"token": token["access_token"], **CLIENT}).status_code == 400
    assert oauth.post("/oauth_revoke", data={"token": token["refresh_token"], **CLIENT}).status_code == 200
    assert me(sandbox, token["access_token"]).status_code == 401
    assert oauth.post("/oauth_revoke", data={"token": token["refresh_token"], **CLIENT}).status_code == 200


def test_token_info_tells_scope_and_time_left(oauth, sandbox):
    token = redeem(oauth, allow(oauth, sandbox)).json()["access_token"]
    info = oauth.post("/token_info", data={"token": token}).json()
    assert (info["active"], info["scope"], info["client_id"]) == (True, "default", CLIENT["client_id"])
    assert 3500 < info["expires_in"] <= 3600
    assert oauth.post("/token_info", data={"token": "unknown"}).json() == {"active": False}


def test_codes_and_tokens_live_as_long_as_set():
    clients = [OAuthClient("7", "s", redirect_uris=(BACK,))]
    with (
        running_sandbox(options=Options(clients=clients, code_life=0, token_life=60)) as sandbox,
        httpx.Client(base_url=sandbox.oauth_url) as oauth,
    ):
        own = {"client_id": "7", "client_secret": "s"}
        code = allow(oauth, sandbox, client_id="7")
        answer = redeem(oauth, code, **own)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
        other = oauth.get("/oauth_authorize", params={**ASKED, "client_id": "7", "redirect_uri": "http://127.0.0.1:9/"})
        assert other.status_code == 400


def test_an_application_without_full_permissions_reads_only_what_it_was_granted(oauth, sandbox):
    own = {"client_id": "1200000000000002"}
    refused = answer_of(oauth.get("/oauth_authorize", params={**ASKED, **own}))
    assert refused["error"] == "forbidden_scopes"
    code = allow(oauth, sandbox, **own, scope="tasks:read projects:read")
    headers = {"Authorization": f"Bearer {redeem(oauth, code, **own).json()['access_token']}"}
    project = sandbox.control.find("Newsletter")
    statuses = {
        path: httpx.get(f"{sandbox.api_url}{path}", headers=headers).status_code
        for path in (f"/projects/{project}", f"/projects/{project}/tasks", f"/projects/{project}/sections", "/users/me")
    }
    assert list(statuses.values()) == [200, 200, 403, 403]
