"""How webhooks leave: bytes, signatures, batches, duplicates, order, retries."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .conftest import Stage

SECRET = b"parley-demo-secret"


async def test_body_is_escaped_and_both_signatures_cover_exactly_those_bytes(stage: Stage) -> None:
    await stage.inbound(text="Grüße 👋 https://kaffee.example/ñ")
    headers, body = stage.receiver.received[0]
    assert b"Gr\\u00fc\\u00dfe \\ud83d\\udc4b https:\\/\\/kaffee.example\\/\\u00f1" in body
    assert body.isascii()
    assert headers["x-hub-signature-256"] == "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    assert headers["x-hub-signature"] == "sha1=" + hmac.new(SECRET, body, hashlib.sha1).hexdigest()
    assert headers["user-agent"] == "facebookexternalua"
    reserialised = json.dumps(json.loads(body), ensure_ascii=False).encode()
    assert (
        headers["x-hub-signature-256"]
        != "sha256=" + hmac.new(SECRET, reserialised, hashlib.sha256).hexdigest()
    )


async def test_refused_delivery_is_repeated_unchanged_until_accepted(stage: Stage) -> None:
    stage.receiver.answers.extend([500, 503, 404, 201])
    await stage.inbound(text="again")
    assert len(stage.receiver.received) == 5
    assert len({body for _, body in stage.receiver.received}) == 1
    delivery = (await stage.client.get("/_sim/deliveries")).json()["data"][0]
    assert [attempt["status"] for attempt in delivery["attempts"]] == [500, 503, 404, 201, 200]
    assert delivery["state"] == "accepted"


async def test_delivery_is_given_up_after_its_time(stage: Stage) -> None:
    await stage.sim("knobs", retry_for_s=0.004)
    stage.receiver.answers.extend([500] * 50)
    await stage.inbound(text="never")
    assert (await stage.client.get("/_sim/deliveries")).json()["data"][0]["state"] == "given_up"


async def test_duplicates_are_the_same_bytes(stage: Stage) -> None:
    await stage.sim("knobs", duplicate=2)
    await stage.inbound(text="thrice")
    assert [body for _, body in stage.receiver.received] == [stage.receiver.received[0][1]] * 3


async def test_reordering_turns_what_waits_around(stage: Stage) -> None:
    await stage.sim("knobs", reorder=True)
    for text in ("one", "two", "three"):
        await stage.sim("inbound", text=text)
    await stage.idle()
    assert [message["text"]["body"] for message in stage.receiver.messages] == ["three", "two", "one"] or [
        message["text"]["body"] for message in stage.receiver.messages
    ] == ["three", "one", "two"]


def shape(body: bytes) -> list[list[int]]:
    """Per entry, per change: how many items its value holds."""
    return [
        [
            len(change["value"].get("messages", [])) + len(change["value"].get("statuses", []))
            for change in entry["changes"]
        ]
        for entry in json.loads(body)["entry"]
    ]


async def test_batches_come_in_all_three_shapes(stage: Stage) -> None:
    expected: dict[str, list[list[int]]] = {
        "changes": [[1, 1, 1]],
        "entries": [[1], [1], [1]],
        "items": [[3]],
    }
    for name, wanted in expected.items():
        stage.receiver.received.clear()
        await stage.sim("knobs", batch_max=10, batch_shape=name, delay_ms=20)
        specs: list[dict[str, Any]] = [{"from": who, "text": who} for who in ("mia", "tom", "amir")]
        await stage.sim("inbound", batch=specs)
        await stage.idle()
        assert [shape(body) for _, body in stage.receiver.received] == [wanted]


async def test_raw_values_bad_signatures_and_broken_json(stage: Stage) -> None:
    sent = await stage.sim("raw", value={"anything": "ä/b"}, field="account_alerts")
    assert sent["attempts"][0]["status"] == 200
    headers, body = stage.receiver.received[-1]
    assert json.loads(body)["entry"][0]["changes"] == [
        {"value": {"anything": "ä/b"}, "field": "account_alerts"}
    ]

    await stage.sim("raw", value={}, signature="bad")
    headers, body = stage.receiver.received[-1]
    assert headers["x-hub-signature-256"] != "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    await stage.sim("raw", value={}, signature="missing")
    assert "x-hub-signature-256" not in stage.receiver.received[-1][0]

    stage.receiver.answers.append(500)
    broken = await stage.sim("raw", bytes=base64.b64encode(b"{nope").decode())
    assert stage.receiver.received[-1][1] == b"{nope"
    assert broken["state"] == "refused"


async def test_verification_echoes_the_challenge(stage: Stage) -> None:
    assert (await stage.sim("verify"))["state"] == "verified"
    stage.receiver.verify_answer = 403
    assert (await stage.sim("verify")) == {
        "state": "failed",
        "url": "http://127.0.0.1:8000/hooks/meta",
        "answer": "HTTP 403",
    }


async def test_unsubscribed_account_hears_nothing_until_subscribed_again(stage: Stage) -> None:
    path = "/v25.0/200000000000001/subscribed_apps"
    assert (await stage.client.delete(path)).json() == {"success": True}
    assert (await stage.client.get(path)).json() == {"data": []}
    await stage.inbound(text="lost")
    assert stage.receiver.received == []
    assert (await stage.client.post(path)).json() == {"success": True}
    await stage.inbound(text="heard")
    assert len(stage.receiver.received) == 1


async def test_own_callback_of_an_account_must_verify_first(stage: Stage) -> None:
    path = "/v25.0/200000000000001/subscribed_apps"
    wrong = {"override_callback_uri": "http://localhost:9/hooks/meta", "verify_token": "wrong"}
    refused = await stage.client.post(path, json=wrong)
    assert refused.json()["error"]["code"] == 2200
    foreign = {"override_callback_uri": "https://example.com/hook", "verify_token": "parley-demo-verify"}
    assert (await stage.client.post(path, json=foreign)).json()["error"]["code"] == 2200
    good = {"override_callback_uri": "http://localhost:9/hooks/meta", "verify_token": "parley-demo-verify"}
    assert (await stage.client.post(path, json=good)).json() == {"success": True}
    assert (await stage.client.get(path)).json()["data"][0]["override_callback_uri"] == good[
        "override_callback_uri"
    ]
