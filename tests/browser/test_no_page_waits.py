"""No page waits for Asana: a web process whose Asana never answers serves them all, and has not even asked."""

import socket
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import addresses_without_ids
from tests.browser.stack import Stack, free_port, wait_until_it_answers
from tests.browser.steps import ALICE, sign_in
from tests.chromium import Noise


@pytest.fixture
def silent_asana() -> Iterator[socket.socket]:
    """Takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


@pytest.fixture
def web(in_step: Stack, silent_asana: socket.socket) -> Iterator[str]:
    port, silent = free_port(), f"http://127.0.0.1:{silent_asana.getsockname()[1]}"
    process = in_step.spawn(
        "web", "--port", str(port), ASANA_API_URL=f"{silent}/api/1.0", ASANA_OAUTH_URL=f"{silent}/-"
    )
    wait_until_it_answers(f"http://127.0.0.1:{port}/health")
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait()
    in_step.processes.remove(process)


def test_it_serves_every_page_without_asking_asana(
    web: str, page: Page, in_step: Stack, silent_asana: socket.socket, noise: Noise
) -> None:
    noise.expect("404")
    sign_in(page, web, ALICE)
    for path in addresses_without_ids():
        page.goto(web + path)
    page.goto(f"{web}/timesheet")
    run_before = page.locator("#sync").get_attribute("data-run") or ""
    page.get_by_role("button", name="Force synchronization").click()
    expect(page.locator("#sync")).not_to_have_attribute("data-run", run_before)
    with pytest.raises(BlockingIOError):
        silent_asana.accept()
