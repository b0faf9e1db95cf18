import pytest

from app.accounts.models import Account
from tests.projects.world import World, make_world


@pytest.fixture
async def world(account: Account) -> World:
    return await make_world(account)
