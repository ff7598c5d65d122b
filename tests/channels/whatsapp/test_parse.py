"""What cannot be read is refused with a stable reason and without a word of content; what is odd is still read."""

from typing import Any

import orjson
import pytest

from parley.channels.meta.reading import NO_TIME
from parley.channels.whatsapp.parse import parse
from parley.modules.conversations.types import MessageArrived, MessageKind
from parley.modules.ingest.ports import UnparsableError

SECRET = "a very private word"


def _payload(**message: Any) -> bytes:
    return orjson.dumps({"field": "messages", "message": {"id": "wamid.1", "from": "49155", **message}})


def _text(**message: Any) -> dict[str, Any]:
    return {"type": "text", "text": {"body": SECRET}, "timestamp": "1790000000", **message}


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"{", "not_json"),
        (b"[]", "not_an_object"),
        (b"{}", "nothing_in_it"),
        (b'{"message": []}', "nothing_in_it"),
        (_payload(**_text(id=None)), "no_id"),
        (_payload(**_text(id="")), "no_id"),
        (_payload(**_text(**{"from": None})), "no_sender"),
        (_payload(**_text(**{"from": SECRET})), "no_sender"),
        (_payload(type="text", text={"body": ""}, note=SECRET), "malformed_body"),
        (_payload(type="text", text=SECRET), "malformed_body"),
        (_payload(type="image", image={"caption": SECRET}), "malformed_body"),
        (
            _payload(type="location", location={"latitude": 91, "longitude": 0, "name": SECRET}),
            "malformed_body",
        ),
        (_payload(type="location", location={"latitude": 0, "longitude": -181}), "malformed_body"),
        (_payload(type="location", location={"latitude": "north", "longitude": 0}), "malformed_body"),
        (_payload(type="contacts", contacts=[]), "malformed_body"),
        (_payload(type="contacts", contacts={"name": SECRET}), "malformed_body"),
        (_payload(type="interactive", interactive={"type": "button_reply"}), "malformed_body"),
        (_payload(type="reaction", reaction={"emoji": "x"}), "no_target"),
        (_payload(type="edit", edit={"message": {"text": {"body": SECRET}}}), "no_target"),
        (_payload(type="revoke"), "no_target"),
        (b'{"status": {"status": "sent"}}', "no_id"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(payload: bytes, reason: str) -> None:
    with pytest.raises(UnparsableError) as refused:
        parse(payload)
    assert refused.value.data == {"reason": reason}
    assert SECRET not in repr((refused.value, refused.value.__cause__))


def _read(payload: bytes) -> MessageArrived:
    (found,) = parse(payload)
    assert isinstance(found, MessageArrived)
    return found


@pytest.mark.parametrize("timestamp", [None, "", "soon", "99999999999999999999", -5])
def test_absurd_time_costs_no_message(timestamp: Any) -> None:
    assert _read(_payload(**_text(timestamp=timestamp))).sent_at == NO_TIME


def test_nul_never_reaches_a_column() -> None:
    contact = {"profile": {"name": "Le\x00na", "username": "@le\x00na"}}
    payload = {
        "contact": contact,
        "message": {"id": "w\x001", "from": "49155", **_text(text={"body": "a\x00b"})},
    }
    found = _read(orjson.dumps(payload))
    assert (found.external_id, found.text) == ("w1", "ab")
    assert (found.person.name, found.person.username) == ("Lena", "lena")


def test_link_of_an_advertisement_is_a_web_address_or_nothing() -> None:
    found = _read(_payload(**_text(referral={"source_url": "javascript:alert(1)", "headline": "Mugs"})))
    assert found.referral == {"headline": "Mugs"}


@pytest.mark.parametrize("kind", ["", "hologram", "\u202e" * 5, "x" * 100, "text\n"])
def test_unknown_type_is_shown_as_such(kind: str) -> None:
    found = _read(_payload(type=kind))
    assert found.kind is MessageKind.UNSUPPORTED
    assert found.content is not None
    assert found.content["code"] == "unknown_type"
    shown = "hologram" if kind == "hologram" else "without a name"
    assert found.content["details"].startswith(f"WhatsApp calls it: {shown}.")


@pytest.mark.parametrize(
    "what",
    [
        "button",
        "edit",
        "errors",
        "gif",
        "group_invite",
        "hsm",
        "image",
        "interactive",
        "keep_in_chat",
        "link_preview",
        "list",
        "location",
        "media_placeholder",
        "order",
        "pin",
        "poll_creation",
        "poll_update",
        "product",
        "reaction",
        "something_new",
    ],
)
def test_what_is_not_passed_on_is_named_in_plain_words(what: str) -> None:
    found = _read(_payload(type="unsupported", unsupported={"type": what}, errors=[{"code": 131051}]))
    assert found.content is not None
    assert found.content["code"] == "not_supported"
    assert found.content["title"].endswith(".")
    assert "_" not in found.content["title"]
    assert ("something" in found.content["title"]) == (what in {"errors", "something_new"})
