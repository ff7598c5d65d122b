"""A running shop for every test that asks for one, or a workspace to which nothing happens by itself."""

from collections.abc import AsyncIterator

import pytest
from tests.modules.conversations.world import World, make_world
from tests.shop import Shop, open_shop

from parley.core.resources import Resources
from parley.modules.ingest.receiver import Receiver


@pytest.fixture
async def shop(house: Resources) -> AsyncIterator[Shop]:
    async with open_shop(house) as opened:
        yield opened


@pytest.fixture
async def world(house: Resources, receiver: Receiver) -> World:
    return await make_world(house, receiver)
