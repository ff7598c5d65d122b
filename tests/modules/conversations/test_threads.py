"""Which conversation a message belongs to: closing, reopening, following, snoozing; and what is seen of it."""

import asyncio
import datetime as dt
import uuid

from tests.builders import make_office, scope_as
from tests.modules.conversations.world import World, at, text
from tests.shop import Shop

from parley.core import clock
from parley.core.resources import Resources
from parley.modules.conversations import actions

WEEK = dt.timedelta(days=7)


async def only(world: World) -> uuid.UUID:
    (row,) = await world.all("SELECT id FROM app.conversation WHERE workspace_id = $1")
    found: uuid.UUID = row[0]
    return found


async def rows(world: World) -> list[tuple[object, ...]]:
    found = await world.all(
        "SELECT number, status, previous_id, arrived_n FROM app.conversation WHERE workspace_id = $1 ORDER BY number"
    )
    return [tuple(row) for row in found]


async def close(world: World, conversation_id: uuid.UUID) -> None:
    async with world.house.database.workspace_tx(world.workspace_id) as tx:
        await actions.close(tx, scope_as(world.workspace_id), conversation_id)


async def verbs(world: World) -> list[str]:
    return [
        r[0] for r in await world.all("SELECT verb FROM app.activity WHERE workspace_id = $1 ORDER BY id")
    ]


async def test_a_message_within_a_week_opens_the_same_conversation_again(world: World) -> None:
    with clock.frozen(at(60)) as advance:
        await world.receive(text("m1", 0))
        first = await only(world)
        await close(world, first)
        advance(WEEK - dt.timedelta(seconds=1))
        await world.receive(text("m2", 60), received_at=clock.now())
        assert await rows(world) == [(1, "open", None, 2)]
        assert await verbs(world) == ["closed", "reopened"]


async def test_a_message_after_a_week_begins_a_new_conversation_that_knows_the_old_one(world: World) -> None:
    with clock.frozen(at(60)) as advance:
        await world.receive(text("m1", 0))
        first = await only(world)
        await close(world, first)
        advance(WEEK + dt.timedelta(seconds=1))
        await world.receive(text("m2", 60), received_at=clock.now())
        assert await rows(world) == [(1, "closed", None, 1), (2, "open", first, 1)]
        await world.receive(text("m3", 61), received_at=clock.now())
        assert await rows(world) == [(1, "closed", None, 1), (2, "open", first, 2)]
        async with world.house.database.workspace_tx(world.workspace_id) as tx:
            await actions.reopen(tx, scope_as(world.workspace_id), first)
        await world.receive(text("m4", 62), received_at=clock.now())
        assert await rows(world) == [(1, "open", None, 1), (2, "open", first, 3)]


async def test_a_message_wakes_a_snoozed_conversation(world: World) -> None:
    with clock.frozen(at(60)) as advance:
        await world.receive(text("m1", 0))
        async with world.house.database.workspace_tx(world.workspace_id) as tx:
            await actions.snooze(tx, scope_as(world.workspace_id), await only(world), at(86_400))
        assert (await rows(world))[0][1] == "snoozed"
        advance(dt.timedelta(minutes=5))
        await world.receive(text("m2", 300), received_at=clock.now())
        assert (await rows(world))[0][1] == "open"
        assert await world.value("SELECT snoozed_until FROM app.conversation WHERE workspace_id = $1") is None


async def test_a_snooze_ends_at_its_moment_and_not_before(world: World) -> None:
    with clock.frozen(at(60)) as advance:
        await world.receive(text("m1", 0))
        conversation = await only(world)
        async with world.house.database.workspace_tx(world.workspace_id) as tx:
            await actions.snooze(tx, scope_as(world.workspace_id), conversation, at(600))
        for minutes, status in ((5, "snoozed"), (10, "open")):
            advance(dt.timedelta(minutes=minutes))
            async with world.house.database.workspace_tx(world.workspace_id) as tx:
                await actions.wake(tx, conversation)
            assert (await rows(world))[0][1] == status
        assert await verbs(world) == ["snoozed", "woke"]


async def test_two_batches_at_once_make_one_conversation_and_one_contact(world: World) -> None:
    await asyncio.gather(*(world.receive(text(f"m{n}", n)) for n in range(6)))
    assert await rows(world) == [(1, "open", None, 6)]
    assert await world.value("SELECT count(*) FROM app.contact WHERE workspace_id = $1") == 1


async def test_two_batches_at_once_open_a_closed_conversation_once(world: World) -> None:
    with clock.frozen(at(60)):
        await world.receive(text("m1", 0))
        await close(world, await only(world))
        await asyncio.gather(*(world.receive(text(f"n{n}", n)) for n in range(4)))
        assert await rows(world) == [(1, "open", None, 5)]
        assert await verbs(world) == ["closed", "reopened"]


async def test_numbers_count_up_in_each_workspace_by_itself(world: World, house: Resources) -> None:
    await make_office(house)
    from tests.modules.conversations.world import person

    for n in range(3):
        await world.receive(text(f"m{n}", n, who=person(f"49171392000{n}")))
    assert [row[0] for row in await rows(world)] == [1, 2, 3]


async def test_closing_reopening_and_snoozing_over_the_api(shop: Shop) -> None:
    await shop.writes("mia")
    conversation = await shop.first_conversation()
    base = f"/conversations/{conversation['id']}"
    closed = (await shop.agent.post(f"{base}/close")).json()
    assert (closed["status"], closed["waiting_since"], closed["unread_count"]) == ("closed", None, 0)
    assert [c["id"] for c in await shop.conversations(status="closed")] == [conversation["id"]]
    await shop.writes("mia", text="One more thing")

    async def is_open() -> bool:
        (found,) = await shop.conversations()
        return bool(found["status"] == "open" and found["unread_count"] == 1)

    await shop.until(is_open)
    past = {"until": (clock.now() - dt.timedelta(minutes=1)).isoformat()}
    refused = await shop.agent.post(f"{base}/snooze", past)
    assert (refused.status_code, refused.json()["code"]) == (422, "snooze_in_past")
    assert refused.json()["detail"].endswith(".")
    later = {"until": (clock.now() + dt.timedelta(hours=1)).isoformat()}
    assert (await shop.agent.post(f"{base}/snooze", later)).json()["status"] == "snoozed"
    assert (await shop.agent.post(f"{base}/reopen")).json()["status"] == "open"
    shown = [i["verb"] for i in await shop.timeline(conversation["id"]) if i["type"] == "activity"]
    assert shown == ["closed", "reopened", "snoozed", "reopened"]


async def test_unread_is_each_members_own_until_somebody_answers(shop: Shop) -> None:
    await shop.writes("mia", text="One")
    await shop.writes("mia", text="Two")
    await shop.processed()
    conversation = await shop.first_conversation()
    manager = await shop.sign_in(shop.office.manager)
    base = f"/conversations/{conversation['id']}"
    assert (await shop.agent.post(f"{base}/read")).json()["unread_count"] == 0
    assert (await manager.get(base)).json()["unread_count"] == 2
    assert (await shop.agent.post(f"{base}/unread")).json()["unread_count"] == 1
    await shop.sends(conversation["id"])
    assert (await manager.get(base)).json()["unread_count"] == 0
