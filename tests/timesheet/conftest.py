"""A small company's tree, and Bob, who may track on one of its projects."""

from dataclasses import dataclass

import pytest

from app import database
from app.accounts.models import Account, User
from app.projects.models import WorkItem
from tests.browser_like import Visitor
from tests.factories import assign, make_item


@dataclass
class Company:
    root: WorkItem
    website: WorkItem
    content: WorkItem
    checklist: WorkItem
    review: WorkItem
    secret: WorkItem


@pytest.fixture
async def company(account: Account, bob: User) -> Company:
    """Website relaunch › Content › two tasks are Bob's; the project Acquisition is not."""
    return await make_company(account, bob)


async def make_company(account: Account, bob: User) -> Company:
    root = await make_item(account, "Asana", "root", source="asana")
    website = await make_item(account, "Website relaunch", "project", root, source="asana", foreign_id="1")
    content = await make_item(account, "Content", "list", website, source="asana", foreign_id="2")
    checklist = await make_item(account, "Draft the checklist", "task", content, 0, source="asana", foreign_id="3")
    review = await make_item(account, "Review the pricing page", "task", content, 1, source="asana", foreign_id="4")
    acquisition = await make_item(account, "Acquisition", "project", root, 1, source="asana", foreign_id="5")
    secret = await make_item(account, "Secret bid", "task", acquisition, source="asana", foreign_id="6")
    await assign(bob, website, "asana")
    return Company(root, website, content, checklist, review, secret)


@pytest.fixture
async def bobs(visitor: Visitor, bob: User) -> Visitor:
    """Bob, signed in."""
    return await visitor.signed_in_as(bob)


@pytest.fixture
async def charlies(visitor: Visitor, charlie: User) -> Visitor:
    """Somebody of another account, signed in."""
    return await visitor.signed_in_as(charlie)


@pytest.fixture
async def alices(visitor: Visitor, alice: User) -> Visitor:
    """Bob's administrator, signed in."""
    return await visitor.signed_in_as(alice)


async def done_just_now() -> None:
    """Where the clock was turned back, the database's was not: to it, what was done is long ago."""
    await database.execute("UPDATE undo SET made_at = now()")


def undo_of(page: str) -> str:
    """What the page's Undo would send."""
    return page.split('name="undo" value="')[1].split('"')[0]
