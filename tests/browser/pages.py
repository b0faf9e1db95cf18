"""All pages that somebody who is signed in can open, from the table of routes: a new one is among them by itself."""

from collections.abc import Iterable, Mapping

from playwright.sync_api import Page

from app.help.areas import AREAS
from tests.browser.stack import Stack
from tests.test_access import PUBLIC, ROUTES, STREAM

# What these name has no page of its own: opened by itself, it leads back to one.
WITHOUT_PAGE = ("{invitation}", "{person}", "{workspace}", "{run}", "{path}")
WITH_WORDS = ("/picker?q=plan", "/projects?q=plan", "/projects?view=archived", "/tags?q=nothing", "/nowhere")


def routes_of_pages() -> list[str]:
    shown = [route for route, kind in ROUTES.items() if route.startswith("GET ") and kind not in {*PUBLIC, STREAM}]
    return [route.removeprefix("GET ") for route in shown if not any(name in route for name in WITHOUT_PAGE)]


def addresses(ids: Mapping[str, object]) -> list[str]:
    return [*(route.format_map(ids) for route in routes_of_pages()), *(area.path for area in AREAS), *WITH_WORDS]


def addresses_without_ids() -> list[str]:
    return [*(route for route in routes_of_pages() if "{" not in route), *WITH_WORDS]


def pages_at(page: Page, stack: Stack, paths: Iterable[str]) -> Iterable[str]:
    """Opens each page of these addresses, once. Some lead to another, and some answer with a piece of a page."""
    seen = set()
    for path in paths:
        page.goto(stack.url + path)
        if page.url not in seen and page.evaluate("document.doctype !== null"):
            seen.add(page.url)
            yield page.url
