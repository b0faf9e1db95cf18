"""What pages weigh, as they are sent: alone, and with everything that a browser asks for at its first visit.

Pages are found as people find them, by following links. Of a thousand pages of one kind two are weighed.
"""

import re
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urljoin

from app.bench.browser import Answer, Browser
from app.bench.outcome import Figures

START = "/timesheet"
OF_A_KIND = 2
LINK = re.compile(r'<a [^>]*?href="(/[^"#?]*)')
# Fonts are those that pages preload: a browser asks for others only where it meets letters that these do not have.
OF_PAGE = re.compile(r'(?<![\w-])(?:src|href)="(/static/[^"#]+)')
OF_MODULE = re.compile(r'(?:^import\b[^"]*"(?=\.)|\bnew URL\(")([^"]+)"', re.MULTILINE)


@dataclass(frozen=True)
class Asset:
    size: int
    is_kept: bool


class Scales:
    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._assets: dict[str, Asset] = {}
        self._imports: dict[str, set[str]] = {}

    async def weigh(self, path: str, page: Answer) -> Figures:
        alone = len((await self._browser.look(path)).body)
        assets = [await self._asset(path) for path in sorted(await self._asked_for(page.text))]
        again = sum(asset.size for asset in assets if not asset.is_kept)
        return {
            "path": path,
            "first_kb": (alone + sum(asset.size for asset in assets)) / 1000,
            "kb": (alone + again) / 1000,
        }

    async def _asked_for(self, page: str) -> set[str]:
        found: set[str] = set()
        waiting = set(OF_PAGE.findall(page))
        while waiting:
            found |= waiting
            waiting = {each for path in waiting for each in await self._imported(path)} - found
        return found

    async def _imported(self, path: str) -> set[str]:
        if not path.endswith(".js"):
            return set()
        if path not in self._imports:
            source = (await self._browser.get(path, compressed=False)).text
            self._imports[path] = {urljoin(path, each) for each in OF_MODULE.findall(source)}
        return self._imports[path]

    async def _asset(self, path: str) -> Asset:
        if path not in self._assets:
            answer = await self._browser.get(path)
            self._assets[path] = Asset(len(answer.body), b"immutable" in answer.headers.get(b"cache-control", b""))
        return self._assets[path]


async def weights(port: int, session: str) -> list[Figures]:
    """Of all pages that this person comes to, and of the one to sign in on; the heaviest first."""
    found = [figures async for figures in weighed(Browser(port, session), START)]
    found += [figures async for figures in weighed(Browser(port), "/sign-in")]
    return sorted(found, key=lambda each: -each["first_kb"])


async def weighed(browser: Browser, start: str) -> AsyncIterator[Figures]:
    scales = Scales(browser)
    known, kinds = [start], Counter([kind_of(start)])
    for path in known:
        page = await browser.look(path, compressed=False)
        if page.status != 200 or b"<html" not in page.body:
            continue
        yield await scales.weigh(path, page)
        for link in LINK.findall(page.text):
            if link not in known and kinds[kind_of(link)] < OF_A_KIND:
                kinds[kind_of(link)] += 1
                known.append(link)
    browser.close()


def kind_of(path: str) -> str:
    return re.sub(r"\d[\d-]*", "#", path)
