"""A fresh company for every test, in one running sandbox. No database is needed here."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from app.asana_sandbox.testing import RunningSandbox, running_sandbox

Api = Callable[..., httpx.Response]


@pytest.fixture(scope="session")
def served() -> Iterator[RunningSandbox]:
    with running_sandbox() as running:
        yield running


@pytest.fixture
def sandbox(served: RunningSandbox) -> RunningSandbox:
    served.control.reset()
    return served


@pytest.fixture
def get(sandbox: RunningSandbox) -> Iterator[Api]:
    """Asks the API as somebody: `get("/users/me", who="bob", opt_fields="name")`."""
    with httpx.Client(base_url=sandbox.api_url, trust_env=False) as client:

        def ask(path: str, who: str = "alice", **query: Any) -> httpx.Response:
            # A dot in a parameter's name is written as two underscores.
            named = {name.replace("__", "."): value for name, value in query.items()}
            return client.get(path, params=named, headers={"Authorization": f"Bearer sandbox-pat-{who}"})

        yield ask


def names(response: httpx.Response) -> list[str]:
    return [each["name"] for each in response.json()["data"]]


def gids(response: httpx.Response) -> list[str]:
    return [each["gid"] for each in response.json()["data"]]


def message(response: httpx.Response) -> str:
    return str(response.json()["errors"][0]["message"])
