"""Alice at the sandbox's consent page."""

import re
from urllib.parse import parse_qs, urlsplit

import httpx

from app.asana_sandbox.testing import RunningSandbox
from app.integrations.asana.oauth import AsanaOAuth, Tokens, authorization_url, challenge_of, new_verifier

CLIENT_ID, SECRET = "1200000000000001", "sandbox-secret"
RETURN = "http://127.0.0.1:8000/integrations/asana/authorization/return"


def consent(company: RunningSandbox, challenge: str, decision: str = "allow") -> dict[str, str]:
    """What comes back to our address after Alice has decided."""
    url = authorization_url(company.oauth_url, CLIENT_ID, state="the-state", challenge=challenge, redirect_uri=RETURN)
    page = httpx.get(url)
    form = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    alice = company.control.find("Alice Hartmann", "user")
    answer = httpx.post(f"{company.oauth_url}/oauth_authorize", data={**form, "person": alice, "decision": decision})
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    return {name: values[0] for name, values in query.items()}


async def tokens_of_alice(company: RunningSandbox, oauth: AsanaOAuth) -> Tokens:
    verifier = new_verifier()
    code = consent(company, challenge_of(verifier))["code"]
    return await oauth.exchange_code(code, verifier, RETURN)
