"""What an administrator does at Asana between leaving Sundial and coming back."""

from urllib.parse import parse_qsl, urlsplit

import httpx

from app.asana_sandbox.testing import RunningSandbox
from tests.browser_like import Visitor


async def decide(company: RunningSandbox, address: str, *, person: str, decision: str = "allow") -> str:
    """Signs in on Asana's consent page and presses a button; returns the path on our side that it leads to."""
    form = dict(parse_qsl(urlsplit(address).query))
    form |= {"person": company.control.find(person, "user"), "decision": decision}
    async with httpx.AsyncClient(trust_env=False) as browser:
        page = await browser.get(address)
        assert page.status_code == 200, page.text
        answer = await browser.post(address.partition("?")[0], data=form)
    back = urlsplit(answer.headers["location"])
    return f"{back.path}?{back.query}"


async def begin(visitor: Visitor) -> str:
    """Presses Enable integration; returns the address at Asana."""
    answer = await visitor.post("/integrations/asana/authorization")
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def connect(visitor: Visitor, company: RunningSandbox, person: str = "Alice Hartmann") -> httpx.Response:
    """The whole way there and back."""
    return await visitor.get(await decide(company, await begin(visitor), person=person))
