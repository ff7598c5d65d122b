"""One fleet for all tests of this folder; each test has a workspace of its own on it."""

from collections.abc import AsyncIterator

import pytest
from tests.chaos.fleet import Fleet, start_fleet, until
from tests.chaos.shopfront import Shopfront, open_shopfront

from parley.core.resources import Resources


@pytest.fixture(scope="session")
async def running_fleet(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[tuple[Fleet, Resources]]:
    async with start_fleet(tmp_path_factory.mktemp("fleet")) as started:
        yield started


@pytest.fixture
async def fleet(running_fleet: tuple[Fleet, Resources]) -> AsyncIterator[Fleet]:
    found, _ = running_fleet
    begin = found.log.stat().st_size
    await until(found.is_whole, what="the fleet is whole")
    yield found
    await found.control("reset", {})
    with found.log.open("rb") as log:
        log.seek(begin)
        print(log.read().decode(errors="replace"))  # shown when the test failed


@pytest.fixture
async def shop(fleet: Fleet, running_fleet: tuple[Fleet, Resources]) -> AsyncIterator[Shopfront]:
    async with open_shopfront(fleet, running_fleet[1]) as opened:
        yield opened
