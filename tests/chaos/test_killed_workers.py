"""Workers end in the middle of their work: another takes it up, and no message goes out twice."""

import asyncio
import signal

import pytest
from tests.chaos.audit import nothing_lost_nothing_doubled, nothing_sent_twice, settled
from tests.chaos.fleet import Fleet, until
from tests.chaos.shopfront import Shopfront

pytestmark = [pytest.mark.chaos, pytest.mark.xdist_group("chaos")]

_CUSTOMERS = 20


async def test_workers_killed_in_the_middle_of_a_crowd(fleet: Fleet, shop: Shopfront) -> None:
    await shop.crowd_writes(_CUSTOMERS, 1)
    conversations = await shop.conversations(_CUSTOMERS)
    async with asyncio.TaskGroup() as group:
        group.create_task(shop.crowd_writes(_CUSTOMERS, 18))
        group.create_task(shop.agent_answers_all(conversations, 3))
        for taken in (60, 240):

            async def so_many(taken: int = taken) -> bool:
                return shop.ledger.total >= taken and bool(fleet.pids("worker"))

            await until(so_many, what="the crowd writes")
            assert fleet.kill("worker")
    await nothing_lost_nothing_doubled(shop)
    await nothing_sent_twice(shop)
    assert len(shop.ledger.sent) == 60
    assert shop.ledger.total == 380


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM])
async def test_a_worker_ended_between_the_call_and_its_answer(
    fleet: Fleet, shop: Shopfront, sign: signal.Signals
) -> None:
    customers = 6
    await shop.crowd_writes(customers, 1)
    conversations = await shop.conversations(customers)
    # Meta takes the messages, but answers and reports only long after the workers are gone.
    await fleet.control("knobs", {"response_delay_ms": 25_000, "status_delay_ms": 600_000})
    await shop.agent_answers_all(conversations, 1)

    async def meta_has_them() -> bool:
        return len(await shop.arrived_at_meta()) == customers

    await until(meta_has_them, what="Meta has the messages")
    assert fleet.kill("worker", sign=sign)
    await fleet.control("knobs", {"response_delay_ms": 0})

    async def nobody_knows() -> bool:
        return set((await shop.states()).values()) == {"unconfirmed"}

    await until(nobody_knows, what="the outcome is said to be unknown")
    await settled(shop)
    assert set((await shop.arrived_at_meta()).values()) == {1}

    # What came later goes out, and what Meta reports in the end is believed.
    outbox = (await fleet.simulator.get("/_sim/outbox")).json()["data"]
    for sent in outbox:
        if sent["number_id"] == shop.number:
            await fleet.control("status", {"id": sent["id"], "status": "delivered"})
    await fleet.control("knobs", {"status_delay_ms": 0})
    await shop.agent_answers_all(conversations, 1)
    await nothing_sent_twice(shop)
