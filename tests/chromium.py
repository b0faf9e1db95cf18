"""Chromium for the tests that need a real browser. They skip, with the reason, where there is none."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

# The shell is the same engine without the windows, which take longer to open than most pages.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A page that only makes a noise in the console when htmx itself gives up.
LISTEN_TO_HTMX = """
for (const name of ["htmx:error", "htmx:swap:error"])
  document.addEventListener(name, event => console.error(name, event.detail?.error ?? ""));
"""

OpenPage = Callable[..., Page]
# A busy machine is slow, not wrong.
expect.set_options(timeout=15_000)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
            # One browser and one set of processes serve them all, one test after the other.
            item.add_marker(pytest.mark.xdist_group("browser"))
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright keeps an event loop running as long as it lives, and asynchronous tests need theirs: so it goes
    # with its module.
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


class Noise:
    """What a page complained about. `expect` names what the test provokes on purpose."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.expected: list[str] = []

    def listen(self, page: Page) -> None:
        page.on("console", self.console)
        page.on("pageerror", lambda error: self.heard.append(f"{page.url}: {error}"))

    def console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.heard.append(f"{message.location.get('url')}: {message.text}")

    def expect(self, text: str) -> None:
        self.expected.append(text)

    @property
    def unexpected(self) -> list[str]:
        return [line for line in self.heard if not any(text in line for text in self.expected)]


@pytest.fixture
def noise() -> Iterator[Noise]:
    noise = Noise()
    yield noise
    assert not noise.unexpected


@pytest.fixture
def open_page(browser: Browser, noise: Noise) -> Iterator[OpenPage]:
    """Opens a page in a browser of its own (its own cookies); options go to the browser context."""
    contexts: list[BrowserContext] = []

    def open_one(**options: object) -> Page:
        context = browser.new_context(**options)  # type: ignore[arg-type]
        context.set_default_timeout(10_000)
        context.add_init_script(LISTEN_TO_HTMX)
        contexts.append(context)
        page = context.new_page()
        noise.listen(page)
        return page

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page()
