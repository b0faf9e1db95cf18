"""The button as somebody presses it in a browser, and the page that then asks how far it is, as its own markup says."""

import asyncio
import re
from collections.abc import Collection
from time import perf_counter

import httpx

from app.bench.outcome import Failed
from app.demo_cast import PASSWORD, PEOPLE

CSRF = re.compile(r'name="_csrf_token" value="([^"]+)"')
ASKS = re.compile(r'hx-get="(/integrations/asana/syncs/\d+)" hx-trigger="every (\d+)(ms|s)"')
SYNCS = "/integrations/asana/syncs"


class Page:
    """Somebody who is signed in, with the settings of the integration open."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._csrf = ""

    async def open(self) -> None:
        form = {"email": PEOPLE[0].email, "password": PASSWORD, "_csrf_token": csrf_in(await self._text("/sign-in"))}
        signed_in = await self._http.post("/sign-in", data=form)
        if signed_in.status_code != 303:
            raise Failed(f"Signing in was answered {signed_in.status_code}.")
        self._csrf = csrf_in(await self._text("/integrations"))

    async def press(self, names: Collection[str]) -> float:
        """Seconds from the button until the page shows all of these names."""
        began = perf_counter()
        pressed = await self._http.post(SYNCS, headers={"HX-Request": "true", "x-csrftoken": self._csrf})
        shown = pressed.raise_for_status().text
        while not all(name in shown for name in names):
            asks = ASKS.search(shown)
            if asks is None:
                raise Failed("The page asks no more, and does not show what was changed.")
            path, number, unit = asks.groups()
            await asyncio.sleep(int(number) / (1000 if unit == "ms" else 1))
            shown = await self._text(path, {"HX-Request": "true"})
        return perf_counter() - began

    async def _text(self, path: str, headers: dict[str, str] | None = None) -> str:
        return (await self._http.get(path, headers=headers)).raise_for_status().text


def csrf_in(page: str) -> str:
    found = CSRF.search(page)
    if found is None:
        raise Failed("A page without its form's token.")
    return found.group(1)
