"""The first law: what arrives twice, late, in another order or in other batches ends in the same state."""

import asyncio
import itertools
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.modules.conversations.world import World, at, make_world, person, put_sent_message, text

from parley.core.ids import new_id
from parley.core.resources import Resources
from parley.modules.conversations.types import (
    DeliveryState,
    Inbound,
    MessageEdited,
    MessageRevoked,
    ReactionSet,
    StatusReported,
)
from parley.modules.ingest.receiver import Receiver

TOKEN = new_id()
MIA, TOM = person(), person("447700900123", "GB.7315520098812045113", "Tom")
TOM_HIDDEN = person(None, "GB.7315520098812045113", "Tom")


def status(target: str, state: DeliveryState, second: float, token: str | None = None) -> StatusReported:
    return StatusReported(target, state, at(second), token=token)


def reaction(id_: str, target: str, emoji: str | None, second: float) -> ReactionSet:
    return ReactionSet(id_, target, MIA, emoji, at(second))


EVENTS: Sequence[Inbound] = (
    text("m1", 10),
    text("m2", 20, reply_to="m1"),
    text("m3", 30, reply_to="m2"),
    text("e1", 40, who=MIA, is_echo=True),
    status("e1", DeliveryState.DELIVERED, 41),
    status("e1", DeliveryState.READ, 45),
    status("e1", DeliveryState.DELIVERED, 43),
    status("own", DeliveryState.SENT, 46, str(TOKEN)),
    status("own", DeliveryState.READ, 48, str(TOKEN)),
    status("own", DeliveryState.DELIVERED, 47, str(TOKEN)),
    reaction("r1", "m1", "👍", 50),
    reaction("r2", "m1", "❤️", 60),
    reaction("r3", "m2", "👍", 61),
    reaction("r4", "m2", None, 62),
    reaction("r5", "e1", "🎉", 63),
    reaction("r6", "e1", "🙏", 63),
    reaction("r7", "m3", "👍", 64),
    reaction("r8", "m3", None, 64),
    MessageEdited("d1", "m1", MIA, "first change", at(70)),
    MessageEdited("d2", "m1", MIA, "second change", at(80)),
    MessageEdited("d3", "m1", MIA, "in the same second", at(80)),
    MessageRevoked("v1", "m2", MIA, at(90)),
    text("t1", 15, who=TOM),
    text("t2", 25, who=TOM_HIDDEN),
    text("t3", 35, who=TOM),
    text("t4", 45, who=TOM_HIDDEN),
)
PHASES = [Phase.explicit, Phase.reuse, Phase.generate]  # shrinking would run for minutes
_expected: list[Any] = []


async def fresh(house: Resources, receiver: Receiver) -> World:
    world = await make_world(house, receiver)
    await world.receive(text("m0", 0))
    await put_sent_message(world, TOKEN)
    return world


async def expected(house: Resources, receiver: Receiver) -> list[Any]:
    """Give the state after everything came once, one by one, in its order."""
    if not _expected:
        world = await fresh(house, receiver)
        for event in EVENTS:
            await world.put(event)
            await world.settle()
        _expected[:] = await world.state()
    return _expected


@st.composite
def histories(draw: st.DrawFn) -> list[list[int]]:
    """Draw an order of all events, with some of them again, cut into batches."""
    again = draw(st.lists(st.integers(0, len(EVENTS) - 1), max_size=12))
    order = draw(st.permutations([*range(len(EVENTS)), *again]))
    cuts = sorted(draw(st.sets(st.integers(1, len(order) - 1), max_size=8)))
    return [order[a:b] for a, b in zip([0, *cuts], [*cuts, len(order)], strict=True)]


@settings(max_examples=12, deadline=None, phases=PHASES, suppress_health_check=list(HealthCheck))
@given(history=histories())
async def test_any_order_any_repetition_and_any_batches_end_in_the_same_state(
    history: list[list[int]], running_house: Resources, receiver: Receiver
) -> None:
    world = await fresh(running_house, receiver)
    for batch in history:
        await world.put(*(EVENTS[n] for n in batch))
        await world.settle()
    assert await world.state() == await expected(running_house, receiver)
    assert (
        await world.value("SELECT count(*) FROM ingest.item WHERE workspace_id = $1 AND state <> 'processed'")
        == 0
    )


@settings(max_examples=6, deadline=None, phases=PHASES, suppress_health_check=list(HealthCheck))
@given(history=histories(), seed=st.integers(0, 3))
async def test_processors_at_work_at_once_lose_and_double_nothing(
    history: list[list[int]], seed: int, running_house: Resources, receiver: Receiver
) -> None:
    world = await fresh(running_house, receiver)
    ids = await world.put(*(EVENTS[n] for batch in history for n in batch))
    parts = [ids[n::3] for n in range(3)]
    await asyncio.gather(*(world.processor().process(world.workspace_id, part) for part in parts))
    await world.settle()
    assert await world.state() == await expected(running_house, receiver)
    assert (
        await world.value("SELECT count(*) FROM ingest.item WHERE workspace_id = $1 AND state <> 'processed'")
        == 0
    )


async def test_the_expected_state_is_what_people_expect(house: Resources, receiver: Receiver) -> None:
    _expected.clear()  # other tests emptied the database meanwhile; the state itself would be the same
    mia, tom = await expected(house, receiver)
    conversation, messages = mia
    (_, arrived, answered, last, last_at, last_in, waiting, address, name, first, channel, addresses) = (
        conversation
    )
    assert (arrived, answered, last, last_at, last_in) == (4, 0, "e1", at(40), at(30))
    assert (waiting, first, channel, name) == (at(0), at(0), "whatsapp", "Mia")
    assert (address, addresses) == ("491713920011", ["491713920011"])
    shown = {m[0]: m for m in messages}
    assert set(shown) == {"m0", "m1", "m2", "m3", "e1", "own"}
    assert b"in the same second" in shown["m1"][3]
    assert [edit.count("change") for edit in shown["m1"][-2]] == [1, 0, 1, 0]
    assert [(r[0], r[1]) for r in shown["m1"][-1]] == [("contact", "❤️".encode())]
    assert [r[1] for r in shown["m2"][-1]] == [None]
    assert [r[1] for r in shown["m3"][-1]] == [None]
    assert shown["m2"][4] == "m1"
    assert shown["m3"][4] == "m2"
    assert shown["m2"][7] == at(90)
    assert shown["e1"][8:12] == ("read", at(40), at(41), at(45))
    assert shown["own"][8:12] == ("read", at(46), at(47), at(48))
    conversation, messages = tom
    assert conversation[0:4] == ("open", 4, 0, "t4")
    assert conversation[7] == "GB.7315520098812045113"
    assert conversation[11] == ["447700900123", "GB.7315520098812045113"]
    assert len(messages) == 4


@pytest.mark.parametrize("order", list(itertools.permutations(("sent", "delivered", "read"))))
async def test_statuses_in_any_order_end_in_the_furthest(world: World, order: tuple[str, ...]) -> None:
    seconds = {"sent": 1, "delivered": 2, "read": 3}
    await world.receive(text("e1", 2, is_echo=True))
    for name in order:
        await world.receive(status("e1", DeliveryState(name), seconds[name]))
    (row,) = await world.all(
        "SELECT state, rank, sent_at, delivered_at, read_at FROM app.delivery WHERE workspace_id = $1"
    )
    assert tuple(row) == ("read", 5, at(1), at(2), at(3))
