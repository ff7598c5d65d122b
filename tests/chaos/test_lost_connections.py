"""A process loses a connection to the database in silence: it notices, makes another, and goes on within seconds."""

import asyncio

import pytest
from tests.chaos.audit import nothing_lost_nothing_doubled, nothing_sent_twice
from tests.chaos.fleet import Fleet, until
from tests.chaos.shopfront import Shopfront, following

pytestmark = [pytest.mark.chaos, pytest.mark.xdist_group("chaos")]

_CUSTOMERS = 8
_SECONDS = 15.0
_CUT = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE application_name = $1 AND pid <> pg_backend_pid()
"""


async def test_connections_cut_one_kind_after_the_other(fleet: Fleet, shop: Shopfront) -> None:
    await shop.crowd_writes(_CUSTOMERS, 1)
    conversations = await shop.conversations(_CUSTOMERS)
    processes = {kind: set(fleet.pids(kind)) for kind in ("web", "worker")}
    async with following(shop):
        for name in ("bell", "jobs", "ingest", "relay", "hooks", "worker", "web"):
            await cut(shop, conversations, name)
            await all_went_on(shop, name)
    await nothing_lost_nothing_doubled(shop)
    await nothing_sent_twice(shop)
    assert set(shop.ledger.hook_answers) <= {"200", "503"}
    assert set(shop.ledger.api_answers) <= {"201", "503"}
    assert {kind: set(fleet.pids(kind)) for kind in processes} == processes


async def cut(shop: Shopfront, conversations: list[str], name: str) -> None:
    """Cut every connection of this name while customers write and the agent answers."""
    before = shop.ledger.total
    is_cut = False

    async def writing() -> bool:
        return shop.ledger.total > before

    async with asyncio.TaskGroup() as group:
        group.create_task(shop.crowd_writes(_CUSTOMERS, 2, again=lambda: not is_cut))
        group.create_task(shop.agent_answers_all(conversations, 1))
        await until(writing, what="the crowd writes")
        ((count,),) = await shop.fleet.query(_CUT, name)
        is_cut = True
    assert count, f"nothing is called {name}"


async def all_went_on(shop: Shopfront, name: str) -> None:
    async def look() -> bool:
        rows = await shop.fleet.query(
            "SELECT count(*) FROM app.event WHERE workspace_id = $1 AND type = 'message.received'",
            shop.office.workspace_id,
        )
        arrived = await shop.arrived_at_meta()
        return bool(rows[0][0] == shop.ledger.total and len(arrived) == len(shop.ledger.sent))

    await until(look, seconds=_SECONDS, what=f"all went on after {name} was cut")
