"""Files in both directions, answers to messages, reactions, buttons, read marks, typing: what reaches the phone."""

import asyncio
import base64
import functools
from typing import Any

import asyncpg
import pytest
from tests.shop import Shop

from parley.core.ids import new_id
from parley.simulators.meta.samples import SAMPLES

PHOTO = SAMPLES["photo"].read()


@pytest.fixture
async def conversation(shop: Shop) -> str:
    await shop.writes("mia")
    return str((await shop.first_conversation())["id"])


async def test_a_file_is_uploaded_sent_and_reaches_the_phone_byte_for_byte(
    shop: Shop, conversation: str
) -> None:
    file_id = await shop.upload(PHOTO, "blue.jpg", "image/jpeg")
    sent = await shop.sends(conversation, "The blue one", attachments=[file_id])
    assert (sent["kind"], sent["attachments"][0]["name"]) == ("image", "blue.jpg")
    await shop.delivery(sent, "delivered")
    arrived = (await shop.phone())[-1]
    assert (arrived["type"], arrived["content"]["caption"]) == ("image", "The blue one")
    shown = await shop.simulator.get(f"/sim/media/{arrived['content']['id']}")
    assert shown.content == PHOTO


async def test_a_document_keeps_its_name_and_a_voice_note_is_one(shop: Shop, conversation: str) -> None:
    pdf = await shop.upload(SAMPLES["document"].read(), "Angebot März.pdf", "application/pdf")
    await shop.sends(conversation, None, attachments=[pdf])
    voice = await shop.upload(SAMPLES["voice"].read(), "voice.ogg", "audio/ogg")
    last = await shop.sends(conversation, None, attachments=[voice], is_voice=True)
    assert last["kind"] == "voice"
    await shop.delivery(last, "delivered")
    document, note = (await shop.phone())[-2:]
    assert document["content"]["filename"] == "Angebot März.pdf"
    assert (note["type"], note["content"]["voice"]) == ("audio", True)


async def test_a_file_from_a_contact_is_fetched_sealed_and_served_by_a_signed_address(
    shop: Shop, conversation: str, superuser: asyncpg.Connection
) -> None:
    await shop.writes("mia", "image", caption="Broken", media={"sample": "photo"})
    message = await shop.message(
        conversation, lambda m: m["attachments"] and m["attachments"][0]["state"] == "stored"
    )
    (attachment,) = message["attachments"]
    assert attachment["size"] == len(PHOTO)
    served = await shop.fetch(attachment["url"])  # no session, no cookie
    assert (served.status_code, served.content) == (200, PHOTO)
    assert served.headers["content-type"] == "image/jpeg"
    forged = attachment["url"][:-4] + ("AAAA" if not attachment["url"].endswith("AAAA") else "BBBB")
    assert (await shop.fetch(forged)).status_code == 404
    key = await superuser.fetchval("SELECT storage_key FROM app.file")
    stored = [
        p
        for p in (shop.house.settings.data / "files").rglob("*")
        if p.is_file() and key.rpartition("/")[2] in str(p)
    ]
    assert stored
    assert PHOTO[1000:1032] not in stored[0].read_bytes()


async def test_a_file_that_meta_no_longer_has_fails_with_a_reason(shop: Shop, conversation: str) -> None:
    image = {"id": "999999", "mime_type": "image/jpeg", "sha256": ""}
    await shop.writes("mia", "image", image=image)
    message = await shop.message(
        conversation, lambda m: m["attachments"] and m["attachments"][0]["state"] != "pending"
    )
    (attachment,) = message["attachments"]
    assert (attachment["state"], attachment["reason"], attachment["url"]) == ("failed", "media_gone", None)


async def test_a_file_that_is_not_what_it_says_is_never_served_as_that(shop: Shop, conversation: str) -> None:
    page = base64.b64encode(b"<!doctype html><script>alert(1)</script>").decode()
    await shop.writes("mia", "image", media={"base64": page, "mime_type": "image/jpeg"})
    message = await shop.message(
        conversation, lambda m: m["attachments"] and m["attachments"][0]["state"] != "pending"
    )
    (attachment,) = message["attachments"]
    if attachment["url"] is not None:
        served = await shop.fetch(attachment["url"])
        assert served.headers["content-disposition"].startswith("attachment")
        assert "html" not in served.headers["content-type"]
    else:
        assert attachment["state"] == "refused"
        assert attachment["reason"]


async def test_an_answer_to_a_message_reaches_the_phone_as_one(shop: Shop, conversation: str) -> None:
    (question,) = await shop.messages(conversation)
    sent = await shop.sends(conversation, "Until six", reply_to=question["id"])
    assert sent["reply_to"]["id"] == question["id"]
    await shop.delivery(sent, "delivered")
    assert (await shop.phone())[-1]["context_id"] == question["external_id"]


async def test_a_reaction_reaches_the_phone_is_replaced_and_taken_back(shop: Shop, conversation: str) -> None:
    (question,) = await shop.messages(conversation)
    for emoji, expected in (("👍", "👍"), ("🎉", "🎉"), (None, None)):
        answer = await shop.agent.put(f"/messages/{question['id']}/reaction", {"emoji": emoji})
        assert answer.status_code == 200, answer.text
        assert [r["emoji"] for r in answer.json()["reactions"]] == ([emoji] if emoji else [])
        await shop.until(functools.partial(_has_reaction, shop, expected))
    refused = await shop.agent.put(f"/messages/{question['id']}/reaction", {"emoji": "nice"})
    assert (refused.status_code, refused.json()["code"]) == (422, "not_supported")


async def _has_reaction(shop: Shop, emoji: str | None) -> bool:
    return bool((await shop.phone())[0]["reactions"].get("business") == emoji)


async def test_what_a_contact_picks_from_our_buttons_comes_back_as_a_choice(
    shop: Shop, conversation: str
) -> None:
    offered = {
        "type": "buttons",
        "body": "When shall we deliver?",
        "buttons": [{"id": "am", "title": "Morning"}, {"id": "pm", "title": "Afternoon"}],
    }
    sent = await shop.sends(conversation, None, interactive=offered)
    assert (sent["kind"], sent["content"]) == ("interactive", offered)
    await shop.delivery(sent, "delivered")
    arrived = (await shop.phone())[-1]
    buttons = arrived["content"]["action"]["buttons"]
    assert [b["reply"]["title"] for b in buttons] == ["Morning", "Afternoon"]
    await shop.writes("mia", "button_reply", button_reply=buttons[1]["reply"], context=arrived["id"])
    choice = await shop.message(conversation, lambda m: m["kind"] == "choice")
    assert (choice["content"]["id"], choice["text"]) == ("pm", "Afternoon")
    assert choice["reply_to"]["id"] == sent["id"]
    assert choice["reply_to"]["preview"] == "When shall we deliver?"


async def test_a_list_reaches_the_phone(shop: Shop, conversation: str) -> None:
    rows = [{"id": "s", "title": "Small", "description": "250 g"}, {"id": "l", "title": "Large"}]
    offered = {"type": "list", "body": "Which size?", "button": "Sizes", "sections": [{"rows": rows}]}
    sent = await shop.sends(conversation, None, interactive=offered)
    await shop.delivery(sent, "delivered")
    assert (await shop.phone())[-1]["content"]["action"]["sections"][0]["rows"] == rows


async def test_reading_shows_on_the_phone_as_read(shop: Shop, conversation: str) -> None:
    assert (await shop.phone())[0]["state"] != "read"
    await shop.agent.post(f"/conversations/{conversation}/read")

    async def is_read() -> bool:
        return bool((await shop.phone())[0]["state"] == "read")

    await shop.until(is_read)


async def test_typing_shows_on_the_phone(shop: Shop, conversation: str) -> None:
    heard: asyncio.Queue[Any] = asyncio.Queue()

    async def listen() -> None:
        async with shop.simulator.stream("GET", "/sim/api/events") as news:
            async for line in news.aiter_lines():
                heard.put_nowait(line)

    listening = asyncio.create_task(listen())
    try:
        async with asyncio.timeout(20):
            assert (await heard.get()).startswith("retry")
            assert (await shop.agent.post(f"/conversations/{conversation}/typing")).status_code == 204
            while '"typing"' not in (line := await heard.get()):
                pass
        assert '"persona":"mia"' in line
        assert '"on":true' in line
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def test_a_file_is_sent_once_however_often_it_is_used(shop: Shop, conversation: str) -> None:
    file_id = await shop.upload(PHOTO, "blue.jpg", "image/jpeg")
    client_id = str(new_id())
    first = await shop.sends(conversation, None, attachments=[file_id], client_id=client_id)
    again = await shop.sends(conversation, None, attachments=[file_id], client_id=client_id)
    assert first["id"] == again["id"]
    await shop.delivery(first, "delivered")
    assert len(await shop.outbox()) == 1
