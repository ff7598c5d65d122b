"""What customers do, as the webhook tells it: every message type and every way of being identified."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .conftest import Stage

JSON = dict[str, Any]


async def only(stage: Stage, **spec: Any) -> JSON:
    """Let a customer act; returns the message as the webhook received it."""
    stage.receiver.received.clear()
    made = await stage.inbound(**spec)
    assert stage.receiver.values == made["posted"]
    (message,) = stage.receiver.messages
    return message


@pytest.mark.parametrize(
    ("persona", "sender", "card"),
    [
        ("mia", {"from": "491713920011"}, {"wa_id": "491713920011"}),
        (
            "tom",
            {"from": "447700900123", "from_user_id": "GB.7315520098812045113"},
            {"wa_id": "447700900123", "user_id": "GB.7315520098812045113"},
        ),
        ("lucia", {"from_user_id": "ES.4402981177350026718"}, {"user_id": "ES.4402981177350026718"}),
        (
            {"name": "Odd", "bsuid": "US.77", "identity": "bsuid_in_from"},
            {"from": "US.77"},
            {"wa_id": "US.77"},
        ),
    ],
)
async def test_identities(stage: Stage, persona: Any, sender: JSON, card: JSON) -> None:
    message = await only(stage, text="Hi", **{"from": persona})
    assert {key: value for key, value in message.items() if key.startswith("from")} == sender
    contact = stage.receiver.values[0]["contacts"][0]
    assert {key: value for key, value in contact.items() if key != "profile"} == card


CONTENT: list[tuple[JSON, str, JSON]] = [
    ({"type": "location", "location": {"latitude": 52.5, "longitude": 13.4}}, "location", {"latitude": 52.5, "longitude": 13.4}),
    ({"type": "button_reply", "reply_id": "y", "title": "Yes"}, "interactive", {"type": "button_reply", "button_reply": {"title": "Yes", "id": "y"}}),
    ({"type": "button", "button": {"payload": "p", "text": "Track it"}}, "button", {"payload": "p", "text": "Track it"}),
    ({"type": "order", "order": {"catalog_id": "1", "product_items": []}}, "order", {"catalog_id": "1", "product_items": []}),
    ({"type": "holo", "holo": {"depth": 3}}, "holo", {"depth": 3}),
]  # fmt: skip


@pytest.mark.parametrize(("spec", "kind", "content"), CONTENT)
async def test_contents(stage: Stage, spec: JSON, kind: str, content: JSON) -> None:
    message = await only(stage, **spec)
    assert (message["type"], message[kind]) == (kind, content)


async def test_flow_answers_travel_as_a_json_string(stage: Stage) -> None:
    message = await only(stage, type="flow_reply", answers={"size": "M"})
    assert json.loads(message["interactive"]["nfm_reply"]["response_json"]) == {"size": "M"}


@pytest.mark.parametrize("kind", ["image", "video", "document", "audio", "sticker"])
async def test_media_kinds(stage: Stage, kind: str) -> None:
    message = await only(stage, type=kind, caption="Look")
    assert set(message[kind]) >= {"id", "mime_type", "sha256", "url"}
    assert ("caption" in message[kind]) == (kind in {"image", "video", "document"})


async def test_media_that_was_too_big_comes_as_an_error(stage: Stage) -> None:
    message = await only(stage, type="video", errors=[{"code": 131052}])
    assert "video" not in message
    assert message["errors"] == [{"code": 131052}]


async def test_reaction_and_both_ways_of_removing_it(stage: Stage) -> None:
    first = await stage.inbound(text="Hi")
    for emoji, expected in (("❤️", {"emoji": "❤️"}), ("", {"emoji": ""}), (None, {})):
        message = await only(stage, type="reaction", reaction={"message_id": first["id"], "emoji": emoji})
        assert message["reaction"] == {"message_id": first["id"], **expected}


async def test_context_of_answers_and_forwards(stage: Stage) -> None:
    first = await stage.inbound(text="Hi")
    assert (await only(stage, text="re", context={"id": first["id"]}))["context"]["id"] == first["id"]
    assert (await only(stage, text="fw", forwarded=True))["context"] == {"forwarded": True}
    assert (await only(stage, text="fw", forwarded="frequently"))["context"] == {"frequently_forwarded": True}


async def test_referral_unsupported_and_timestamps(stage: Stage) -> None:
    message = await only(stage, text="From your ad", referral=True, timestamp=1700000000)
    assert message["referral"]["source_type"] == "ad"
    assert message["timestamp"] == "1700000000"
    message = await only(stage, type="unsupported", what="poll_creation")
    assert (message["errors"][0]["code"], message["unsupported"]["type"]) == (131051, "poll_creation")
    assert (await only(stage, type="unsupported", code=131060))["errors"][0]["code"] == 131060


async def test_edit_and_revoke_with_coexistence_and_without(stage: Stage) -> None:
    first = await stage.inbound(text="Helo")
    change = {"original_message_id": first["id"], "text": "Hello"}
    message = await only(stage, type="edit", edit=change)
    assert message["edit"]["original_message_id"] == first["id"]
    assert message["edit"]["message"] == {
        "context": {"id": first["id"]},
        "type": "text",
        "text": {"body": "Hello"},
    }
    assert (await only(stage, type="revoke", revoke=change))["revoke"] == {"original_message_id": first["id"]}

    await stage.sim("numbers", id="9", coexistence=False)
    other = await stage.inbound(text="Helo", to="9")
    change["original_message_id"] = other["id"]
    message = await only(stage, type="edit", edit=change, to="9")
    assert (message["type"], message["unsupported"]["type"]) == ("unsupported", "edit")
    stage.receiver.received.clear()
    await stage.inbound(type="revoke", revoke=change, to="9")
    assert stage.receiver.received == []


async def test_change_of_number_and_of_user_id(stage: Stage) -> None:
    message = await only(stage, type="system", system={"phone": "+447700900999"}, **{"from": "tom"})
    assert "contacts" not in stage.receiver.values[0]
    assert (message["from"], message["system"]["wa_id"]) == ("447700900123", "447700900999")
    assert message["system"]["type"] == "user_changed_number"
    assert message["system"]["previous_user_id"] == "GB.7315520098812045113"
    assert (await only(stage, text="new me", **{"from": "tom"}))["from"] == "447700900999"

    message = await only(stage, type="system", system={"bsuid": "ES.5"}, **{"from": "lucia"})
    assert "from" not in message
    assert message["system"]["type"] == "user_changed_user_id"
    assert message["system"]["user_id"] == "ES.5"


async def test_echo_of_the_phone_app(stage: Stage) -> None:
    await stage.sim("echo", to="mia", text="From the shop")
    await stage.idle()
    (echo,) = stage.receiver.values[0]["message_echoes"]
    assert (echo["from"], echo["to"]) == ("15550100001", "491713920011")


async def test_nonsense_is_explained(stage: Stage) -> None:
    for body in ({"text": ""}, {"from": "nobody"}, {"to": "404", "text": "x"}, {"type": "location"}):
        answer = await stage.client.post("/_sim/inbound", json=body)
        assert answer.status_code == 400
    assert (await stage.client.post("/_sim/knobs", json={"typo": 1})).status_code == 400
    assert (await stage.client.post("/_sim/knobs", json={"duplicate": "many"})).status_code == 400


async def test_reset_forgets_everything(stage: Stage) -> None:
    await stage.inbound(text="Hi")
    await stage.sim("knobs", duplicate=3)
    await stage.sim("reset")
    assert (await stage.client.get("/_sim/deliveries")).json()["data"] == []
    assert (await stage.sim("knobs"))["duplicate"] == 0
