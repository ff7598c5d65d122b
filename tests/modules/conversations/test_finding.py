"""Finding a conversation by what lies in the open, and beginning to follow events with a token."""

import uuid
from collections.abc import AsyncIterator

import pytest
from tests.builders import Client, make_token
from tests.shop import Shop, open_shop

from parley.core.resources import Resources
from parley.modules.conversations.actions import set_tags
from parley.modules.conversations.tags import create_tag


@pytest.fixture
async def shop(house: Resources) -> AsyncIterator[Shop]:
    async with open_shop(house) as opened:
        yield opened


async def test_a_conversation_is_found_by_name_number_phone_and_tag(shop: Shop) -> None:
    await shop.writes("mia", text="Something sealed")
    conversation = await shop.first_conversation()
    owner = shop.office.owner.scope
    async with shop.house.database.workspace_tx(shop.office.workspace_id) as tx:
        tag = await create_tag(tx, owner, "wholesale", "blue")
        await set_tags(tx, owner, uuid.UUID(conversation["id"]), [tag.id])
    for text in ("mia", "#1", "+49 171 392", "wholes"):
        assert [c["id"] for c in await shop.conversations(q=text)] == [conversation["id"]], text
    for text in ("tom", "#2", "+44 20", "sealed", "100%"):
        assert await shop.conversations(q=text) == [], text


async def test_a_program_begins_to_follow_without_a_number(shop: Shop, house: Resources) -> None:
    await shop.writes("mia")
    await shop.first_conversation()
    program = Client(shop.base_url, token=await make_token(house, shop.office))
    begun = (await program.get("/events")).json()
    assert begun["frames"] == []
    assert begun["seq"] > 0
    await shop.writes("mia", text="And one more thing")
    told = (await program.get("/events", params={"after": str(begun["seq"])})).json()
    assert told["frames"]
    assert told["frames"][0]["prev"] == begun["seq"]
    await program.aclose()


async def test_a_message_without_a_client_id_is_sent_and_a_repeated_key_sends_no_second(shop: Shop) -> None:
    await shop.writes("mia")
    conversation = await shop.first_conversation()
    path = f"/conversations/{conversation['id']}/messages"
    key = {"Idempotency-Key": "a-key-of-a-script"}
    first = await shop.agent.post(path, {"text": "Hi!"}, headers=key)
    again = await shop.agent.post(path, {"text": "Hi!"}, headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]
