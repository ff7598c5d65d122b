"""Customers who act by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from parley.simulators.meta.scripts import DIALOGUES
from parley.simulators.meta.simulator import Simulator
from parley.simulators.meta.traffic import Traffic

if TYPE_CHECKING:
    from .conftest import Stage


@pytest.fixture
def traffic(stage: Stage) -> Traffic:
    return Traffic(simulator(stage), between=(0.0, 0.0))


def simulator(stage: Stage) -> Simulator:
    sim = stage.client._transport.app.state.sim  # type: ignore[attr-defined]
    assert isinstance(sim, Simulator)
    return sim


async def test_everybody_begins_once_and_then_waits_to_be_answered(stage: Stage, traffic: Traffic) -> None:
    autos = {persona.id for persona in simulator(stage).personas.values() if persona.auto}
    speakers = [await traffic.speak() for _ in autos]
    assert {persona.id for persona in speakers if persona} == autos
    assert await traffic.speak() is None
    await stage.idle()
    assert len(stage.receiver.messages) >= len(autos)


async def test_a_matter_ends_with_thanks_after_enough_answers(stage: Stage, traffic: Traffic) -> None:
    persona = await traffic.speak()
    assert persona
    answer = {"id": "wamid.x", "type": "text", "content": {"body": "Gladly"}}
    for _ in range(5):
        await traffic.answer(persona, answer)
    await stage.idle()
    said = [message["text"]["body"] for message in stage.receiver.messages if message["type"] == "text"]
    assert said[-1] in {dialogue.thanks for dialogue in DIALOGUES[persona.language]}


async def test_buttons_are_pressed(stage: Stage, traffic: Traffic) -> None:
    persona = await traffic.speak()
    assert persona
    buttons = [{"type": "reply", "reply": {"id": "y", "title": "Yes"}}]
    content = {"type": "button", "action": {"buttons": buttons}}
    await traffic.answer(persona, {"id": "wamid.x", "type": "interactive", "content": content})
    await stage.idle()
    assert stage.receiver.messages[-1]["interactive"]["button_reply"] == {"id": "y", "title": "Yes"}


def test_every_dialogue_can_be_sent() -> None:
    lines = [
        line
        for group in DIALOGUES.values()
        for one in group
        for line in (*one.opening, *one.follow_ups, one.thanks)
    ]
    marks = {line.split(" ")[0] for line in lines if line.startswith("[")}
    assert marks <= {"[photo]", "[parcel]", "[voice]"}
    assert all(0 < len(line) <= 4096 for line in lines)
