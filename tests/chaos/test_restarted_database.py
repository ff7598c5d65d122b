"""The database ends in the middle of everything: callers wait or get a 503, and all goes on by itself."""

import asyncio
import signal

import pytest
from tests.chaos.audit import nothing_lost_nothing_doubled, nothing_sent_twice
from tests.chaos.fleet import Fleet, until
from tests.chaos.shopfront import Shopfront, following

pytestmark = [pytest.mark.chaos, pytest.mark.xdist_group("chaos")]

_CUSTOMERS = 16


@pytest.mark.parametrize("sign", [signal.SIGQUIT, signal.SIGKILL])
async def test_database_ended_in_the_middle_of_everything(
    fleet: Fleet, shop: Shopfront, sign: signal.Signals
) -> None:
    await shop.crowd_writes(_CUSTOMERS, 1)
    conversations = await shop.conversations(_CUSTOMERS)
    processes = {kind: set(fleet.pids(kind)) for kind in ("web", "worker")}
    async with following(shop), asyncio.TaskGroup() as group:
        group.create_task(shop.crowd_writes(_CUSTOMERS, 20))
        group.create_task(shop.agent_answers_all(conversations, 3))

        async def amid() -> bool:
            return shop.ledger.total >= 120 and len(shop.ledger.sent) >= 10

        await until(amid, what="everything is in the middle")
        assert fleet.kill("postgres", sign=sign)
        await until(fleet.is_whole, what="the front door is open again")
    await nothing_lost_nothing_doubled(shop)
    await nothing_sent_twice(shop)
    assert set(shop.ledger.hook_answers) <= {"200", "503", "ReadTimeout"}
    assert set(shop.ledger.api_answers) <= {"201", "503"}
    assert {kind: set(fleet.pids(kind)) for kind in processes} == processes, (
        "nobody had to be restarted for it"
    )
