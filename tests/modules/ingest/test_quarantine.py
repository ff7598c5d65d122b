"""What cannot be read, what waits, what is replayed: one bad item never holds up the others."""

from typing import Any

import asyncpg
import orjson
import pytest
from tests.builders import Client
from tests.shop import NUMBER, Shop

from parley.modules.ingest.ports import UnparsableError


def message(id_: str, **more: Any) -> dict[str, Any]:
    return {
        "from": "491713920011",
        "id": id_,
        "timestamp": "1790000000",
        "type": "text",
        "text": {"body": f"This is {id_}"},
        **more,
    }


async def call(shop: Shop, *messages: dict[str, Any], **more: Any) -> None:
    value = {"metadata": {"phone_number_id": NUMBER}, "messages": list(messages), **more}
    answer = await shop.control("raw", {"value": value})
    assert answer["attempts"][0]["status"] == 200


async def items(client: Client, **query: str) -> list[dict[str, Any]]:
    response = await client.get("/items", params=query)
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["items"]
    return found


@pytest.fixture
async def admin(shop: Shop) -> Client:
    return await shop.sign_in(shop.office.admin)


async def test_one_bad_item_stays_behind_with_its_bytes_and_the_others_go_on(
    shop: Shop, admin: Client
) -> None:
    bad = message("wamid.bad", text="not an object")
    await call(shop, message("wamid.1"), bad, message("wamid.3"))
    await shop.processed()
    (conversation,) = await shop.conversations()
    assert [m["external_id"] for m in await shop.messages(conversation["id"])] == ["wamid.1", "wamid.3"]
    (item,) = await items(admin, state="quarantined")
    assert (item["error_code"], item["kind"]) == ("item_unparsable", "message")
    opened = (await admin.get(f"/items/{item['id']}")).json()
    assert opened["payload"]["message"] == bad
    for person in (shop.office.agent, shop.office.manager):
        other = await shop.sign_in(person)
        assert (await other.get("/items")).status_code in {403, 404}
        assert (await other.get(f"/items/{item['id']}")).status_code in {403, 404}
        assert (await other.post(f"/items/{item['id']}/replay")).status_code in {403, 404}


async def test_opening_an_item_is_kept_in_the_audit_trail(shop: Shop, admin: Client) -> None:
    await call(shop, message("wamid.bad", text="not an object"))
    await shop.processed()
    (item,) = await items(admin)
    await admin.get(f"/items/{item['id']}")
    entries = (await admin.get("/audit")).json()["items"]
    assert any(entry["verb"] == "item.opened" for entry in entries), entries


async def test_another_workspace_finds_no_item(shop: Shop, other_office: Any, admin: Client) -> None:
    await call(shop, message("wamid.bad", text="not an object"))
    await shop.processed()
    (item,) = await items(admin)
    stranger = await shop.sign_in(other_office.owner)
    assert await items(stranger) == []
    assert (await stranger.get(f"/items/{item['id']}")).status_code == 404
    assert (await stranger.post(f"/items/{item['id']}/replay")).status_code == 404


async def test_a_replay_succeeds_once_the_cause_is_mended(
    shop: Shop, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    whatsapp = shop.wiring.whatsapp

    def broken(payload: bytes) -> Any:
        raise UnparsableError("A reader with a bug.")

    with monkeypatch.context() as bug:
        bug.setattr(whatsapp, "parse", broken, raising=False)
        await call(shop, message("wamid.1"))
        await shop.processed()
    (item,) = await items(admin, state="quarantined")
    assert item["error_message"] == "A reader with a bug."
    assert await shop.conversations() == []
    for _ in range(2):
        assert (await admin.post(f"/items/{item['id']}/replay")).status_code == 200
        await shop.processed()
        (item,) = await items(admin)
        assert (item["state"], item["error_code"]) == ("processed", None)
        (conversation,) = await shop.conversations()
        assert conversation["unread_count"] == 1
        assert [m["external_id"] for m in await shop.messages(conversation["id"])] == ["wamid.1"]


async def test_everything_may_be_replayed_and_changes_nothing(shop: Shop, admin: Client) -> None:
    written = await shop.writes("mia", text="At five")
    conversation = await shop.first_conversation()
    await shop.writes("mia", "reaction", reaction={"message_id": written["id"], "emoji": "👍"})
    await shop.writes("mia", "edit", edit={"original_message_id": written["id"], "text": "At six"})
    await shop.writes("mia", "system", system={"phone": "491713920099"})
    await shop.processed()
    sent = await shop.sends(conversation["id"])
    await shop.delivery(sent, "delivered")
    await shop.processed()
    before = await state_of(shop)
    listed = await items(admin)
    assert len(listed) >= 5
    for item in listed:
        assert (await admin.post(f"/items/{item['id']}/replay")).status_code == 200
        await shop.processed()
    assert await state_of(shop) == before


async def state_of(shop: Shop) -> Any:
    found = []
    for conversation in await shop.conversations():
        timeline = await shop.timeline(conversation["id"])
        for item in timeline:
            for attachment in item.get("attachments", ()):
                attachment.pop("url")
        found.append((conversation, timeline))
    return found


async def test_an_item_that_is_waiting_cannot_be_replayed(
    shop: Shop, admin: Client, superuser: asyncpg.Connection
) -> None:
    await call(shop, message("wamid.1"))
    await shop.processed()
    (item,) = await items(admin)
    # A shard that another worker holds: the item waits for as long as that lasts.
    row = await superuser.fetchrow("SELECT workspace_id, shard FROM ingest.item")
    assert row is not None
    await superuser.fetch(
        "SELECT pg_advisory_lock($1, hashtext($2::text || ':' || $3::text))",
        0x70617201,
        str(row["workspace_id"]),
        str(row["shard"]),
    )
    try:
        assert (await admin.post(f"/items/{item['id']}/replay")).json()["state"] == "waiting"
        refused = await admin.post(f"/items/{item['id']}/replay")
        assert (refused.status_code, refused.json()["code"]) == (409, "item_not_replayable")
    finally:
        await superuser.execute("SELECT pg_advisory_unlock_all()")
    await shop.processed()


async def test_what_speaks_of_an_unknown_message_waits_for_it(shop: Shop, admin: Client) -> None:
    reaction = {"message_id": "wamid.later", "emoji": "👍"}
    await call(shop, {**message("wamid.r"), "type": "reaction", "reaction": reaction})
    await shop.processed()
    (item,) = await items(admin)
    assert item["state"] == "parked"
    assert await shop.conversations() == []
    await call(shop, message("wamid.later"))
    conversation = await shop.first_conversation()
    found = await shop.message(conversation["id"], lambda m: m["reactions"])
    assert found["external_id"] == "wamid.later"


async def test_the_pages_of_items_are_whole(shop: Shop, admin: Client) -> None:
    await call(shop, *(message(f"wamid.{n}") for n in range(5)))
    await shop.processed()
    seen: list[str] = []
    cursor: str | None = None
    while True:
        query = {"limit": "2", **({"cursor": cursor} if cursor else {})}
        page = (await admin.get("/items", params=query)).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 5
    assert seen == sorted(seen, reverse=True)


async def test_sealed_items_show_what_the_vendor_sent(
    shop: Shop, admin: Client, superuser: asyncpg.Connection
) -> None:
    await call(shop, message("wamid.1"))
    await shop.processed()
    (item,) = await items(admin)
    row = await superuser.fetchrow("SELECT payload, is_day_sealed, contact_id FROM ingest.item")
    assert row is not None
    assert row["is_day_sealed"] is False
    assert row["contact_id"] is not None
    assert b"This is" not in row["payload"]
    opened = (await admin.get(f"/items/{item['id']}")).json()
    assert orjson.loads(orjson.dumps(opened["payload"]))["message"]["text"]["body"] == "This is wamid.1"
