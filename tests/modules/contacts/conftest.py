"""A running shop for every test that asks for one."""

from collections.abc import AsyncIterator

import pytest
from tests.shop import Shop, open_shop

from parley.core.resources import Resources


@pytest.fixture
async def shop(house: Resources) -> AsyncIterator[Shop]:
    async with open_shop(house) as opened:
        yield opened
