"""Every limit of the send endpoint, refused with its code; the largest allowed value passes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .conftest import Stage

JSON = dict[str, Any]


def text(body: Any) -> JSON:
    return {"type": "text", "text": {"body": body}}


def interactive(kind: str, action: JSON, **parts: Any) -> JSON:
    return {
        "type": "interactive",
        "interactive": {"type": kind, "body": {"text": "Pick"}, "action": action, **parts},
    }


def buttons(*replies: tuple[str, str], **parts: Any) -> JSON:
    made = [{"type": "reply", "reply": {"id": key, "title": title}} for key, title in replies]
    return interactive("button", {"buttons": made}, **parts)


def menu(*sections: JSON, button: str = "Menu", **parts: Any) -> JSON:
    return interactive("list", {"button": button, "sections": list(sections)}, **parts)


def section(count: int, title: str | None = "S", **row: Any) -> JSON:
    rows = [{"id": f"{title}{index}", "title": f"Row {index}", **row} for index in range(count)]
    return {"rows": rows, **({"title": title} if title is not None else {})}


def contact(**name: str) -> JSON:
    return {"type": "contacts", "contacts": [{"name": name}]}


REFUSED: list[tuple[str, JSON, int]] = [
    ("text too long", text("x" * 4097), 100),
    ("text missing", {"type": "text", "text": {}}, 131008),
    ("text not a string", text(["x"]), 100),
    ("content missing", {"type": "text"}, 131008),
    ("unknown type", {"type": "poll", "poll": {}}, 100),
    ("callback data too long", {**text("x"), "biz_opaque_callback_data": "x" * 513}, 100),
    ("context without id", {**text("x"), "context": {}}, 131008),
    ("caption too long", {"type": "image", "image": {"link": "https://a/b.jpg", "caption": "x" * 1025}}, 100),
    ("caption on a sound", {"type": "audio", "audio": {"link": "https://a/b.ogg", "caption": "x"}}, 100),
    ("filename on a photo", {"type": "image", "image": {"link": "https://a/b.jpg", "filename": "x"}}, 100),
    ("media without source", {"type": "image", "image": {}}, 131008),
    ("media with two sources", {"type": "image", "image": {"id": "1", "link": "https://a/b.jpg"}}, 100),
    ("media id unknown", {"type": "image", "image": {"id": "404"}}, 100),
    ("media link is no url", {"type": "image", "image": {"link": "file:///etc/passwd"}}, 131009),
    ("latitude missing", {"type": "location", "location": {"longitude": 1}}, 131008),
    ("latitude out of range", {"type": "location", "location": {"latitude": 91, "longitude": 1}}, 131009),
    ("no contacts", {"type": "contacts", "contacts": []}, 131008),
    ("contact without a name", contact(first_name="A"), 131008),
    ("contact with one name only", contact(formatted_name="A"), 131009),
    ("too many contacts", {"type": "contacts", "contacts": [{"name": {"formatted_name": "A", "first_name": "A"}}] * 258}, 131009),
    ("reaction without target", {"type": "reaction", "reaction": {"emoji": "👍"}}, 131008),
    ("reaction to nothing we know", {"type": "reaction", "reaction": {"message_id": "wamid.x", "emoji": "👍"}}, 131009),
    ("reaction with words", {"type": "reaction", "reaction": {"message_id": "wamid.x", "emoji": "ok"}}, 131009),
    ("interactive without type", {"type": "interactive", "interactive": {"action": {}}}, 131008),
    ("interactive of unknown type", interactive("dance", {}), 100),
    ("no buttons", buttons(), 131008),
    ("four buttons", buttons(*[(f"{n}", f"B{n}") for n in range(4)]), 131009),
    ("button title too long", buttons(("a", "x" * 21)), 131009),
    ("button title empty", buttons(("a", "")), 131009),
    ("button id too long", buttons(("x" * 257, "A")), 131009),
    ("button ids repeat", buttons(("a", "A"), ("a", "B")), 131009),
    ("button titles repeat", buttons(("a", "A"), ("b", "A")), 131009),
    ("button body too long", buttons(("a", "A"), body={"text": "x" * 1025}), 131009),
    ("footer too long", buttons(("a", "A"), footer={"text": "x" * 61}), 131009),
    ("header too long", buttons(("a", "A"), header={"type": "text", "text": "x" * 61}), 131009),
    ("header image without source", buttons(("a", "A"), header={"type": "image", "image": {}}), 131008),
    ("list body too long", menu(section(1), body={"text": "x" * 4097}), 131009),
    ("list header not text", menu(section(1), header={"type": "image", "image": {"id": "1"}}), 131009),
    ("list button too long", menu(section(1), button="x" * 21), 131009),
    ("eleven rows", menu(section(6, "A"), section(5, "B")), 131009),
    ("eleven sections", menu(*[section(1, f"S{n}") for n in range(11)]), 131009),
    ("two sections, one untitled", menu(section(1, "A"), section(1, None)), 131009),
    ("section title too long", menu(section(1, "x" * 25)), 131009),
    ("row title too long", menu(section(1, title=None) | {"rows": [{"id": "a", "title": "x" * 25}]}), 131009),
    ("row id too long", menu({"rows": [{"id": "x" * 201, "title": "A"}]}), 131009),
    ("row description too long", menu(section(1, description="x" * 73)), 131009),
    ("row ids repeat", menu({"rows": [{"id": "a", "title": "A"}, {"id": "a", "title": "B"}]}), 131009),
    ("link text too long", interactive("cta_url", {"name": "cta_url", "parameters": {"display_text": "x" * 21, "url": "https://a"}}), 131009),
    ("link is no url", interactive("cta_url", {"name": "cta_url", "parameters": {"display_text": "x", "url": "a"}}), 131009),
    ("flow without id", interactive("flow", {"name": "flow", "parameters": {"flow_message_version": "3", "flow_cta": "x"}}), 131008),
    ("location request misnamed", interactive("location_request_message", {"name": "x"}), 131009),
    ("template without language", {"type": "template", "template": {"name": "hello_world"}}, 131008),
    ("template unknown", {"type": "template", "template": {"name": "nope", "language": {"code": "en"}}}, 132001),
    ("template in another language", {"type": "template", "template": {"name": "hello_world", "language": {"code": "fr"}}}, 132001),
    ("template paused", {"type": "template", "template": {"name": "winter_sale", "language": {"code": "en"}}}, 132015),
    ("template parameters missing", {"type": "template", "template": {"name": "order_update", "language": {"code": "en"}}}, 132000),
]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "code"), [(b, c) for _, b, c in REFUSED], ids=[name for name, _, _ in REFUSED]
)
async def test_refused_with_its_code(stage: Stage, body: JSON, code: int) -> None:
    answer = await stage.post(body)
    assert answer.json()["error"]["code"] == code
    assert answer.status_code in {400, 404}
    assert answer.json()["error"]["type"] == "OAuthException"
    assert await stage.outbox() == []


ACCEPTED: list[tuple[str, JSON]] = [
    ("longest text", text("x" * 4096)),
    ("longest caption", {"type": "image", "image": {"link": "https://a/b.jpg", "caption": "x" * 1024}}),
    ("three full buttons", buttons(*[(f"{n}" * 256, f"{n}" * 20) for n in range(3)], body={"text": "x" * 1024})),
    ("ten rows", menu(section(5, "A" * 24, description="x" * 72), section(5, "B"), body={"text": "x" * 4096})),
    ("link button", interactive("cta_url", {"name": "cta_url", "parameters": {"display_text": "x" * 20, "url": "https://a"}})),
    ("location", {"type": "location", "location": {"latitude": "52.5", "longitude": 13.4, "name": "Shop"}}),
    ("contact", contact(formatted_name="Ada", first_name="Ada")),
    ("callback data", {**text("x"), "biz_opaque_callback_data": "x" * 512}),
]  # fmt: skip


@pytest.mark.parametrize("body", [b for _, b in ACCEPTED], ids=[name for name, _ in ACCEPTED])
async def test_the_largest_allowed_is_delivered(stage: Stage, body: JSON) -> None:
    await stage.inbound(text="open the window")
    await stage.send(body)
    assert stage.receiver.statuses == ["sent", "delivered"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"messaging_product": "sms"}, 100),
        ({"to": None}, 100),
        ({"to": ["x"]}, 100),
        ({"to": "+49 abc"}, 131009),
        ({"to": "+12"}, 131009),
        ({"to": "+15550100001"}, 131021),
        ({"to": None, "recipient": "US.404"}, 131009),
        ({"recipient_type": "crowd"}, 100),
    ],
)
async def test_envelope_and_recipient_are_checked(stage: Stage, change: JSON, code: int) -> None:
    assert (await stage.post({**text("x"), **change})).json()["error"]["code"] == code


async def test_broken_json_is_code_100(stage: Stage) -> None:
    answer = await stage.client.post("/v25.0/100000000000001/messages", content=b"{")
    assert answer.json()["error"]["code"] == 100
