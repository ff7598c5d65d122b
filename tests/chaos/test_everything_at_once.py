"""Two of everything on one database, and any of it killed at any time."""

import asyncio
import random

import pytest
from tests.chaos.audit import nothing_lost_nothing_doubled, nothing_sent_twice
from tests.chaos.fleet import Fleet, until
from tests.chaos.shopfront import Shopfront, following

pytestmark = [pytest.mark.chaos, pytest.mark.xdist_group("chaos")]

_CUSTOMERS = 16
_KILLS = 8
_CALLS_BETWEEN = 30


async def test_random_kills_under_load(fleet: Fleet, shop: Shopfront) -> None:
    await shop.crowd_writes(_CUSTOMERS, 1)
    conversations = await shop.conversations(_CUSTOMERS)
    victims = random.choices(["web", "worker"], k=_KILLS - 1)
    victims.insert(random.randrange(_KILLS), "postgres")
    goes_on = True
    async with following(shop), asyncio.TaskGroup() as group:
        group.create_task(shop.crowd_writes(_CUSTOMERS, 2, again=lambda: goes_on))
        group.create_task(shop.agent_answers_all(conversations, 4))
        for victim in victims:
            wanted = shop.ledger.total + random.randrange(_CALLS_BETWEEN)

            async def due(wanted: int = wanted, victim: str = victim) -> bool:
                return shop.ledger.total >= wanted and bool(fleet.pids(victim))

            await until(due, what=f"the next one can be killed, of {victims}")
            assert fleet.kill(victim, count=1)
        goes_on = False
    await nothing_lost_nothing_doubled(shop)
    await nothing_sent_twice(shop)
