"""Everything that WhatsApp knows: posted by the stand-in, stored and shown in the timeline as what it is."""

import functools
from typing import Any

from tests.shop import NUMBER, Shop

PLACE = {"latitude": 52.52, "longitude": 13.405, "name": "Kontor", "address": "Spreeufer 1"}
CARD = [{"name": {"formatted_name": "Ben Roth", "first_name": "Ben"}, "phones": [{"phone": "+49 170 1"}]}]
ORDER = {
    "catalog_id": "c1",
    "text": "Gift wrap, please",
    "product_items": [{"product_retailer_id": "p1", "quantity": 2, "item_price": 9.5, "currency": "EUR"}],
}

KINDS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "text": ({"type": "text", "text": "Grüße ☕"}, {"kind": "text", "text": "Grüße ☕"}),
    "image": ({"type": "image", "caption": "This one"}, {"kind": "image", "text": "This one"}),
    "video": ({"type": "video", "media": {"sample": "video"}}, {"kind": "video", "text": None}),
    "document": ({"type": "document", "media": {"sample": "document"}}, {"kind": "document", "text": None}),
    "audio": ({"type": "audio", "voice": False}, {"kind": "audio"}),
    "voice note": ({"type": "audio"}, {"kind": "voice"}),
    "sticker": ({"type": "sticker"}, {"kind": "sticker"}),
    "location": (
        {"type": "location", "location": PLACE},
        {"kind": "location", "content": {**PLACE, "url": None}},
    ),
    "contacts": ({"type": "contacts", "contacts": CARD}, {"kind": "contacts"}),
    "template button": (
        {"type": "button", "button": {"payload": "yes-please", "text": "Yes"}},
        {
            "kind": "choice",
            "text": "Yes",
            "content": {"id": "yes-please", "title": "Yes", "description": None, "source": "template"},
        },
    ),
    "button reply": (
        {"type": "button_reply", "reply_id": "b1", "title": "Tomorrow"},
        {
            "kind": "choice",
            "text": "Tomorrow",
            "content": {"id": "b1", "title": "Tomorrow", "description": None, "source": "button"},
        },
    ),
    "list reply": (
        {"type": "list_reply", "reply_id": "r2", "title": "Large", "description": "500 g"},
        {
            "kind": "choice",
            "content": {"id": "r2", "title": "Large", "description": "500 g", "source": "list"},
        },
    ),
    "flow reply": (
        {"type": "flow_reply", "answers": {"size": "L", "flow_token": "t1"}},
        {"kind": "form", "content": {"name": "flow", "answers": {"size": "L"}, "token": "t1"}},
    ),
    "order": (
        {"type": "order", "order": ORDER},
        {
            "kind": "order",
            "content": {
                "catalog_id": "c1",
                "text": "Gift wrap, please",
                "items": [{"product_id": "p1", "quantity": 2.0, "price": 9.5, "currency": "EUR"}],
            },
        },
    ),
    "forwarded": (
        {"type": "text", "text": "Look", "forwarded": True},
        {"is_forwarded": True, "text": "Look"},
    ),
    "from an advertisement": ({"type": "text", "text": "Hi", "referral": True}, {"text": "Hi"}),
    "unsupported": ({"type": "unsupported", "what": "poll_creation"}, {"kind": "unsupported", "text": None}),
    "only on the phone": ({"type": "unsupported", "code": 131060}, {"kind": "unsupported"}),
    "of a type to come": ({"type": "hologram", "hologram": {"depth": 3}}, {"kind": "unsupported"}),
    "security code changed": (
        {
            "type": "text",
            "text": "x",
            "extra": {"type": "system", "system": {"type": "customer_identity_changed"}},
        },
        {"kind": "system"},
    ),
}
FILES = {
    "image": ("image", "image/jpeg"),
    "video": ("video", "video/mp4"),
    "document": ("document", "application/pdf"),
    "audio": ("audio", "audio/ogg"),
    "voice note": ("voice", "audio/ogg"),
    "sticker": ("sticker", "image/webp"),
}


async def test_every_kind_is_shown_as_what_it_is(shop: Shop) -> None:
    written = {name: (await shop.writes("mia", **spec))["id"] for name, (spec, _) in KINDS.items()}
    await shop.processed()
    conversation = await shop.first_conversation()

    async def are_fetched() -> Any:
        found = await shop.messages(conversation["id"])
        return None if any(a["state"] == "pending" for m in found for a in m["attachments"]) else found

    found = {m["external_id"]: m for m in await shop.until(are_fetched)}
    assert set(found) == set(written.values())
    for name, (_, expected) in KINDS.items():
        message = found[written[name]]
        assert {key: message[key] for key in expected} == expected, name
        assert message["direction"] == "in", name
        assert message["author"]["name"] == "Mia Brandt", name
        assert message["is_readable"], name
        files = [(a["kind"], a["media_type"].partition(";")[0], a["state"]) for a in message["attachments"]]
        assert files == ([(*FILES[name], "stored")] if name in FILES else []), name
    contacts = found[written["contacts"]]["content"]["contacts"]
    assert contacts[0]["name"] == "Ben Roth"
    assert contacts[0]["phones"] == [{"phone": "+49 170 1", "type": None}]
    assert found[written["from an advertisement"]]["referral"]["source_type"] == "ad"
    assert found[written["unsupported"]]["content"]["title"] == "The contact sent a poll."
    assert found[written["only on the phone"]]["content"]["code"] == "only_on_phone"
    assert found[written["of a type to come"]]["content"]["code"] == "unknown_type"
    assert conversation["unread_count"] <= len(KINDS)
    assert (await shop.conversations())[0]["unread_count"] == len(KINDS)


def has_reactions(emoji: list[str], message: dict[str, Any]) -> bool:
    return [r["emoji"] for r in message["reactions"]] == emoji


async def test_a_reaction_is_set_replaced_and_taken_back(shop: Shop) -> None:
    written = await shop.writes("mia", text="Thank you!")
    conversation = await shop.first_conversation()
    for second, emoji, expected in ((10, "👍", ["👍"]), (20, "❤️", ["❤️"]), (30, "", []), (40, "🎉", ["🎉"])):
        reaction = {"message_id": written["id"], "emoji": emoji}
        await shop.writes(
            "mia", "reaction", reaction=reaction, extra={"timestamp": str(1_790_000_000 + second)}
        )
        message = await shop.message(conversation["id"], functools.partial(has_reactions, expected))
    assert message["reactions"][0]["author"]["name"] == "Mia Brandt"
    assert len(await shop.messages(conversation["id"])) == 1


async def test_an_answer_names_what_it_answers(shop: Shop) -> None:
    written = await shop.writes("mia", text="Do you have the blue one?")
    await shop.writes("mia", text="In size L", context=written["id"])
    conversation = await shop.first_conversation()
    answer = await shop.message(conversation["id"], lambda m: m["reply_to"])
    assert answer["text"] == "In size L"
    assert answer["reply_to"]["preview"] == "Do you have the blue one?"
    assert answer["reply_to"]["author_name"] == "Mia Brandt"


async def test_a_message_is_edited_and_then_deleted_for_everyone(shop: Shop) -> None:
    written = await shop.writes("mia", text="At five")
    conversation = await shop.first_conversation()
    await shop.writes("mia", "edit", edit={"original_message_id": written["id"], "text": "At six"})
    edited = await shop.message(conversation["id"], lambda m: m["edited_at"])
    assert edited["text"] == "At six"
    assert edited["text_before"] == "At five"
    await shop.writes("mia", "revoke", revoke={"original_message_id": written["id"]})
    revoked = await shop.message(conversation["id"], lambda m: m["revoked_at"])
    assert revoked["id"] == edited["id"]
    assert (await shop.conversations())[0]["last_message"]["preview"] is None
    life = (await shop.agent.get(f"/messages/{revoked['id']}/life")).json()["items"]
    assert {event["event"] for event in life} == {"written", "received", "edited", "revoked"}


async def test_what_the_business_writes_on_its_phone_appears_as_sent(shop: Shop) -> None:
    await shop.control("echo", {"to": "mia", "text": "Parcel is ready"})
    conversation = await shop.first_conversation()
    (message,) = await shop.messages(conversation["id"])
    assert (message["direction"], message["delivery"]["state"]) == ("out", "sent")
    assert conversation["unread_count"] == 0
    assert not conversation["window"]["is_open"]
    contact = (await shop.agent.get(f"/contacts/{conversation['contact']['id']}")).json()
    assert contact["first_wrote_at"] is None  # they have not written to us


async def test_notices_about_the_account_ask_for_attention(shop: Shop) -> None:
    value = {"event": "DISABLED_UPDATE", "metadata": {"phone_number_id": NUMBER}}
    await shop.control("raw", {"value": value, "field": "account_update"})

    async def needs_attention() -> Any:
        (inbox,) = (await shop.agent.get("/inboxes")).json()["items"]
        return inbox if inbox["state"] == "needs_attention" else None

    inbox = await shop.until(needs_attention)
    assert inbox["state_code"] == "account_restricted"
    assert inbox["state_message"]
    assert await shop.conversations() == []
