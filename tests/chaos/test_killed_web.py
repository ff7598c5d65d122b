"""Web processes end in the middle of their requests: what got its 200 is there, what did not comes again."""

import asyncio

import pytest
from tests.chaos.audit import nothing_lost_nothing_doubled, nothing_sent_twice
from tests.chaos.fleet import Fleet, until
from tests.chaos.shopfront import Shopfront, following

pytestmark = [pytest.mark.chaos, pytest.mark.xdist_group("chaos")]

_CUSTOMERS = 16


async def test_web_processes_killed_while_meta_posts(fleet: Fleet, shop: Shopfront) -> None:
    await shop.crowd_writes(_CUSTOMERS, 1)
    conversations = await shop.conversations(_CUSTOMERS)
    async with following(shop) as followers, asyncio.TaskGroup() as group:
        group.create_task(shop.crowd_writes(_CUSTOMERS, 20))
        group.create_task(shop.agent_answers_all(conversations, 2))
        for taken, count in ((60, 2), (200, 1)):

            async def so_many(taken: int = taken, count: int = count) -> bool:
                return shop.ledger.total >= taken and len(fleet.pids("web")) >= count

            await until(so_many, what="Meta posts")
            assert fleet.kill("web", count=count)
    await nothing_lost_nothing_doubled(shop)
    await nothing_sent_twice(shop)
    # A poll that was between two questions goes on at the next process; the socket cannot have been.
    assert any(follower.breaks for follower in followers), "nobody was cut off"
    assert set(shop.ledger.hook_answers) - {"200"}, "no call was cut off"
    assert set(shop.ledger.api_answers) <= {"201", "ReadError", "RemoteProtocolError", "ConnectError", "503"}
