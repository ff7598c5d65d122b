"""The worker's loop: shares, leases, killers of workers, and two of everything on one database."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import asyncpg
import pytest
from tests.modules.conversations.world import World, at, make_world, person, text

from parley.core.db.urls import role_url
from parley.core.resources import Resources
from parley.modules.conversations import arrive_messages
from parley.modules.conversations.arrivals import BatchRacedError
from parley.modules.conversations.types import DeliveryState, StatusReported
from parley.modules.ingest.dispatch import Dispatcher
from parley.modules.ingest.processing import MAX_STARTS, Processor
from parley.modules.ingest.receiver import Receiver


@asynccontextmanager
async def dispatching(*worlds: World, workers: int = 1) -> AsyncIterator[None]:
    house = worlds[0].house
    intake = worlds[0].intake
    for world in worlds:
        intake.known.update(world.intake.known)
    url = role_url(house.settings, "parley_ingest", root_key=house.root_key)
    tasks = [
        asyncio.create_task(
            Dispatcher(url, Processor(house.database, house.sealer, {"whatsapp": intake}), house.bell).run()
        )
        for _ in range(workers)
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def nothing_waits(world: World) -> None:
    """Wait until every item was taken; each look takes the time of a round trip, the limit is for the broken case."""
    async with asyncio.timeout(20):
        while await world.waiting():  # noqa: ASYNC110 - a look into the database is the only sign there is
            await asyncio.sleep(0)


async def states(world: World) -> dict[str, int]:
    rows = await world.all("SELECT state, count(*) FROM ingest.item WHERE workspace_id = $1 GROUP BY 1")
    return {row[0]: row[1] for row in rows}


async def arrived(world: World, ids: Sequence[uuid.UUID] = ()) -> list[str]:
    rows = await world.all("SELECT external_id FROM app.message WHERE workspace_id = $1 ORDER BY id")
    return [row[0] for row in rows]


async def test_two_dispatchers_lose_nothing_double_nothing_and_keep_each_persons_order(
    house: Resources, receiver: Receiver
) -> None:
    worlds = [await make_world(house, receiver) for _ in range(2)]
    people = [person(f"4917139200{n:02}") for n in range(8)]
    async with dispatching(*worlds, workers=2):
        for world in worlds:
            world.intake = worlds[0].intake
            for start in range(0, 20, 5):
                events = [
                    text(f"p{p}-{n:02}", n, who=who)
                    for n in range(start, start + 5)
                    for p, who in enumerate(people)
                ]
                keys = [str(p) for _ in range(5) for p in range(8)]
                await world.put(*events, *events[:7], order_keys=[*keys, *keys[:7]])
        for world in worlds:
            await nothing_waits(world)
    for world in worlds:
        assert await states(world) == {"processed": 188}
        found = await arrived(world)
        assert len(found) == len(set(found)) == 160
        for p in range(8):
            own = [id_ for id_ in found if id_.startswith(f"p{p}-")]
            assert own == sorted(own)
        assert await world.value("SELECT sum(arrived_n) FROM app.conversation WHERE workspace_id = $1") == 160
        assert await world.value("SELECT count(*) FROM app.contact WHERE workspace_id = $1") == 8


async def test_an_item_that_kills_its_worker_is_put_aside_and_the_others_go_on(
    world: World, superuser: asyncpg.Connection
) -> None:
    ids = await world.put(text("m1", 1), text("killer", 2), text("m3", 3))
    await superuser.execute("UPDATE ingest.item SET starts = $1 WHERE id = $2", MAX_STARTS, ids[1])
    async with dispatching(world):
        await nothing_waits(world)
    assert await arrived(world) == ["m1", "m3"]
    assert await states(world) == {"processed": 2, "quarantined": 1}
    row = await superuser.fetchrow(
        "SELECT error_code, error_message, starts FROM ingest.item WHERE id = $1", ids[1]
    )
    assert row is not None
    assert row["error_code"] == "item_kills_worker"
    assert row["starts"] == MAX_STARTS + 1


async def test_a_start_is_counted_before_the_work(world: World, superuser: asyncpg.Connection) -> None:
    (item_id,) = await world.put(text("m1", 1))
    reached = asyncio.Event()

    class Dies(Processor):
        async def process(self, workspace_id: uuid.UUID, item_ids: Sequence[uuid.UUID]) -> None:
            reached.set()
            await asyncio.Event().wait()  # the worker is killed here

    url = role_url(world.house.settings, "parley_ingest", root_key=world.house.root_key)
    dying = Dispatcher(url, Dies(world.house.database, world.house.sealer, {}), world.house.bell)
    task = asyncio.create_task(dying.run())
    await reached.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    row = await superuser.fetchrow("SELECT starts, state FROM ingest.item WHERE id = $1", item_id)
    assert row is not None
    assert (row["starts"], row["state"]) == (1, "waiting")
    async with dispatching(world):
        await nothing_waits(world)
    assert await arrived(world) == ["m1"]


async def test_the_others_of_a_batch_go_on_when_one_cannot_be_stored(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = arrive_messages.body_bytes

    def breaks(event: object) -> bytes:
        if getattr(event, "external_id", "") == "bad":
            raise ZeroDivisionError("secret words")
        return whole(event)  # type: ignore[arg-type]

    monkeypatch.setattr(arrive_messages, "body_bytes", breaks)
    ids = await world.put(text("m1", 1), text("bad", 2), text("m3", 3))
    await world.processor().process(world.workspace_id, ids)
    assert await arrived(world) == ["m1", "m3"]
    assert await states(world) == {"processed": 2, "quarantined": 1}
    (row,) = await world.all(
        "SELECT error_code, error_message FROM ingest.item WHERE workspace_id = $1 AND state = 'quarantined'"
    )
    assert row[0] == "processing_failed"
    assert "ZeroDivisionError" in row[1]
    assert "secret" not in row[1]


async def test_two_processors_with_the_same_message_settle_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both look before either stores: the slower one finds out at its insert, runs again, and nothing is doubled."""
    await world.receive(text("m0", 0))
    ids = await world.put(
        text("same", 1, who=person("491710000001")), text("same", 1, who=person("491710000001"))
    )
    looked: list[int] = []
    both = asyncio.Event()
    races: list[int] = []
    whole = arrive_messages.find_messages
    store = arrive_messages._store

    async def waits(intake: object, wanted: object) -> object:
        found = await whole(intake, wanted)  # type: ignore[arg-type]
        looked.append(1)
        if len(looked) >= 2:
            both.set()
        await both.wait()
        return found

    async def counted(intake: object, new: object) -> None:
        try:
            await store(intake, new)  # type: ignore[arg-type]
        except BatchRacedError:
            races.append(1)
            raise

    monkeypatch.setattr(arrive_messages, "find_messages", waits)
    monkeypatch.setattr(arrive_messages, "_store", counted)
    await asyncio.gather(*(world.processor().process(world.workspace_id, [id_]) for id_ in ids))
    assert races == [1]
    assert sorted(await arrived(world)) == ["m0", "same"]
    assert await states(world) == {"processed": 2}


async def test_an_item_that_was_only_in_the_way_waits_for_the_next_turn(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def raced(*_: object) -> None:
        raise BatchRacedError

    ids = await world.put(text("m1", 1))
    with monkeypatch.context() as busy:
        busy.setattr(arrive_messages, "_store", raced)
        await world.processor().process(world.workspace_id, ids)
        assert await states(world) == {"waiting": 1}
    await world.settle()
    assert await arrived(world) == ["m1"]


async def test_a_status_waits_for_its_message_and_goes_on_by_itself(world: World) -> None:
    read = StatusReported("e1", DeliveryState.READ, at(9))
    async with dispatching(world):
        await world.put(read)
        await nothing_waits(world)
        assert await states(world) == {"parked": 1}
        await world.put(text("e1", 1, is_echo=True))
        await nothing_waits(world)
        async with asyncio.timeout(20):
            while await states(world) != {"processed": 2}:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0)
    assert await world.value("SELECT state FROM app.delivery WHERE workspace_id = $1") == "read"
