"""The product's main job, end to end: a customer writes, an agent answers, the phone shows it, the ticks move on."""

import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.shop import Shop, open_shop

from parley.core.resources import Resources


@pytest.fixture
async def shop(house: Resources) -> AsyncIterator[Shop]:
    async with open_shop(house) as opened:
        yield opened


async def test_a_customer_writes_and_the_agent_sees_it(shop: Shop) -> None:
    written = await shop.writes("mia", text="Grüße! Haben Sie heute geöffnet? ☕")
    conversation = await shop.first_conversation()
    assert conversation["contact"]["name"]
    assert conversation["unread_count"] == 1
    assert conversation["window"]["is_open"]
    (message,) = [item for item in await shop.timeline(conversation["id"]) if item["type"] == "message"]
    assert message["text"] == "Grüße! Haben Sie heute geöffnet? ☕"
    assert message["external_id"] == written["id"]


async def test_the_agent_answers_and_the_ticks_move_on(shop: Shop) -> None:
    await shop.writes("mia")
    conversation = await shop.first_conversation()
    answer = {"text": "Yes, until six!", "client_id": str(uuid.uuid4())}
    sent = await shop.agent.post(f"/conversations/{conversation['id']}/messages", answer)
    assert sent.status_code == 201, sent.text
    again = await shop.agent.post(f"/conversations/{conversation['id']}/messages", answer)
    assert again.json()["id"] == sent.json()["id"]

    async def is_delivered() -> Any:
        items = await shop.timeline(conversation["id"])
        return [
            i
            for i in items
            if i["type"] == "message" and (i["delivery"] or {}).get("state") in {"delivered", "read"}
        ]

    (message,) = await shop.until(is_delivered)
    assert message["id"] == sent.json()["id"]
    outgoing = [o for o in await shop.outbox() if "Yes, until six!" in str(o)]
    assert len(outgoing) == 1
    (row,) = await shop.conversations()
    assert row["waiting_since"] is None
    assert row["unread_count"] == 0
