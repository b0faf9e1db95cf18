"""Sundial's processes for the browser tests: started once, emptied before each test."""

from collections.abc import Iterator

import pytest

from tests.browser.stack import Stack


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    running = Stack()
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture
def fresh(stack: Stack) -> Stack:
    """An empty Sundial beside the seeded sandbox."""
    stack.reset()
    return stack


@pytest.fixture
def connected(fresh: Stack) -> Stack:
    """Alice and Bob have accounts, Asana is connected and imported: what `sundial demo --connected` makes."""
    fresh.connect_asana()
    return fresh


@pytest.fixture
def in_step(fresh: Stack) -> Stack:
    """The same, made anew, so that the sandbox remembers what was read from it: for tests that synchronize."""
    fresh.seed("--connected")
    return fresh
