"""Sending: answers, statuses and their order, windows, limits, planned failures."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import uvicorn

from parley.simulators.meta import SimulatorConfig, create_app

if TYPE_CHECKING:
    from .conftest import Stage

HELLO: dict[str, Any] = {"type": "text", "text": {"body": "Hello"}}
TEMPLATE: dict[str, Any] = {
    "type": "template",
    "template": {
        "name": "order_update",
        "language": {"code": "de"},
        "components": [
            {
                "type": "body",
                "parameters": [{"type": "text", "text": word} for word in ("Mia", "KK-1", "Montag")],
            }
        ],
    },
}


async def test_accepted_message_is_reported_sent_then_delivered(stage: Stage) -> None:
    await stage.inbound(text="Hi")
    message_id = await stage.send({**HELLO, "biz_opaque_callback_data": "ours"})
    statuses = [status for value in stage.receiver.values for status in value.get("statuses", [])]
    assert [(status["id"], status["status"]) for status in statuses] == [
        (message_id, "sent"),
        (message_id, "delivered"),
    ]
    assert all(status["biz_opaque_callback_data"] == "ours" for status in statuses)
    assert statuses[0]["recipient_id"] == "491713920011"
    assert statuses[0]["pricing"]["pricing_model"] == "PMP"


async def test_read_follows_when_the_phone_reads_and_receipts_are_on(stage: Stage) -> None:
    await stage.sim("knobs", auto_read=True)
    await stage.inbound(text="Hi")
    await stage.send(HELLO)
    assert stage.receiver.statuses == ["sent", "delivered", "read"]


async def test_delivered_can_be_skipped(stage: Stage) -> None:
    await stage.sim("knobs", auto_read=True, skip_delivered=True)
    await stage.inbound(text="Hi")
    await stage.send(HELLO)
    assert stage.receiver.statuses == ["sent", "read"]


async def test_statuses_come_in_any_order_asked_for(stage: Stage) -> None:
    await stage.sim("knobs", status_order=["read", "delivered", "sent"])
    await stage.inbound(text="Hi")
    await stage.send(HELLO)
    assert stage.receiver.statuses == ["read", "delivered", "sent"]


async def test_statuses_can_come_before_the_answer(stage: Stage) -> None:
    await stage.inbound(text="Hi")
    await stage.post(HELLO)
    late = len(stage.receiver.statuses)
    await stage.idle()
    stage.receiver.received.clear()
    await stage.sim("knobs", status_before_response=True)
    await stage.post(HELLO)
    assert (late, stage.receiver.statuses) == (0, ["sent", "delivered"])


async def test_outside_24_hours_text_fails_later_but_templates_arrive(stage: Stage) -> None:
    await stage.inbound(text="Hi")
    await stage.sim("move-clock", seconds=24 * 3600 - 5)
    await stage.send(HELLO)
    assert stage.receiver.statuses == ["sent", "delivered"]
    await stage.sim("move-clock", seconds=10)
    await stage.send(HELLO)
    failed = stage.receiver.values[-1]
    assert "contacts" not in failed
    assert (failed["statuses"][0]["status"], failed["statuses"][0]["errors"][0]["code"]) == ("failed", 131047)
    await stage.send(TEMPLATE)
    assert stage.receiver.statuses[-2:] == ["sent", "delivered"]


async def test_window_is_per_pair(stage: Stage) -> None:
    await stage.inbound(text="Hi", **{"from": "tom"})
    await stage.send(HELLO)
    assert stage.receiver.statuses == ["failed"]


async def test_unreachable_number_fails_later(stage: Stage) -> None:
    await stage.inbound(text="Hi")
    await stage.sim("knobs", unreachable=["+491713920011"])
    await stage.send(HELLO)
    assert stage.receiver.values[-1]["statuses"][0]["errors"][0]["code"] == 131026


async def test_planned_async_failure_happens_once(stage: Stage) -> None:
    await stage.inbound(text="Hi")
    await stage.sim("knobs", fail_async={"code": 131049})
    await stage.send(HELLO)
    await stage.send(HELLO)
    assert stage.receiver.statuses == ["failed", "sent", "delivered"]


async def test_planned_refusals_are_counted(stage: Stage) -> None:
    await stage.sim("knobs", fail_next={"code": 131016, "http_status": 500, "count": 2})
    codes = [(await stage.post(HELLO)).status_code for _ in range(3)]
    assert codes == [500, 500, 200]
    await stage.sim("knobs", fail_next={"code": None, "http_status": 502})
    gateway = await stage.post(HELLO)
    assert (gateway.status_code, gateway.headers["content-type"]) == (502, "text/html; charset=utf-8")


async def test_allow_list(stage: Stage) -> None:
    await stage.sim("knobs", allow_list=["+447700900123"])
    assert (await stage.post(HELLO)).json()["error"]["code"] == 131030
    assert (await stage.post(HELLO, to="+447700900123")).status_code == 200


async def test_pair_limit_bursts_45_then_one_each_six_seconds(stage: Stage) -> None:
    await stage.sim("knobs", mps=0)
    codes = [(await stage.post(HELLO)).status_code for _ in range(46)]
    assert codes == [200] * 45 + [403]
    assert (await stage.post(HELLO)).json()["error"]["code"] == 131056
    assert (await stage.post(HELLO, to="+447700900123")).status_code == 200
    await stage.sim("move-clock", seconds=7)
    assert (await stage.post(HELLO)).status_code == 200
    assert (await stage.post(HELLO)).status_code == 403


async def test_throughput(stage: Stage) -> None:
    await stage.sim("knobs", mps=3)
    await stage.sim("move-clock", seconds=100)
    answers = [await stage.post(HELLO) for _ in range(4)]
    assert answers[-1].json()["error"]["code"] == 130429
    await stage.sim("move-clock", seconds=1)
    assert (await stage.post(HELLO)).status_code == 200


@pytest.mark.parametrize(
    ("to", "wa_id"),
    [
        ("+49 (171) 392-0011", "491713920011"),
        ("+5531987654321", "553187654321"),
        ("+5511987654321", "5511987654321"),
        ("+525512345678", "5215512345678"),
        ("5550100144", "15550100144"),
        ("491713920011", "1491713920011"),
    ],
)
async def test_numbers_are_dialled_as_meta_dials_them(stage: Stage, to: str, wa_id: str) -> None:
    contact = (await stage.post(TEMPLATE, to=to)).json()["contacts"][0]
    assert contact["input"] == to
    assert contact["wa_id"] == wa_id


async def test_business_scoped_id_can_be_written_to(stage: Stage) -> None:
    lucia = "ES.4402981177350026718"
    await stage.inbound(text="Hola", **{"from": "lucia"})
    answer = await stage.post({**HELLO, "to": None, "recipient": lucia})
    assert answer.json()["contacts"] == [{"input": lucia, "user_id": lucia}]
    await stage.idle()
    status = stage.receiver.values[-1]["statuses"][0]
    assert status["recipient_user_id"] == lucia
    assert "recipient_id" not in status


async def test_marking_read_covers_earlier_messages_and_needs_a_received_one(stage: Stage) -> None:
    first = await stage.inbound(text="one")
    second = await stage.inbound(text="two")
    body = {"messaging_product": "whatsapp", "status": "read", "message_id": second["id"]}
    path = "/v25.0/100000000000001/messages"
    typing = await stage.client.post(path, json={**body, "typing_indicator": {"type": "text"}})
    assert typing.json() == {"success": True}
    chat = (await stage.client.get("/sim/api/chats/mia")).json()
    assert {m["id"]: m["state"] for m in chat["messages"]} == {first["id"]: "read", second["id"]: "read"}
    assert (await stage.client.post(path, json={**body, "message_id": "wamid.x"})).json()["error"][
        "code"
    ] == 131009
    wrong = await stage.client.post(path, json={**body, "typing_indicator": {"type": "voice"}})
    assert wrong.json()["error"]["code"] == 131009


async def test_reaction_reaches_the_message(stage: Stage) -> None:
    asked = await stage.inbound(text="Hi")
    await stage.send({"type": "reaction", "reaction": {"message_id": asked["id"], "emoji": "👍"}})
    chat = (await stage.client.get("/sim/api/chats/mia")).json()
    assert chat["messages"][0]["reactions"] == {"business": "👍"}
    await stage.send({"type": "reaction", "reaction": {"message_id": asked["id"], "emoji": ""}})
    chat = (await stage.client.get("/sim/api/chats/mia")).json()
    assert chat["messages"][0]["reactions"] == {}


async def test_airplane_mode_holds_both_directions(stage: Stage) -> None:
    await stage.inbound(text="Hi")
    await stage.client.patch("/sim/api/personas/mia", json={"airplane": True})
    await stage.send(HELLO)
    await stage.sim("inbound", text="written offline")
    await stage.idle()
    assert stage.receiver.statuses == ["sent"]
    assert [message["text"]["body"] for message in stage.receiver.messages] == ["Hi"]
    await stage.client.patch("/sim/api/personas/mia", json={"airplane": False})
    await stage.idle()
    assert stage.receiver.statuses == ["sent", "delivered"]
    assert [message["text"]["body"] for message in stage.receiver.messages] == ["Hi", "written offline"]


async def test_dropped_response_sends_but_says_nothing() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        app = create_app(SimulatorConfig(port=port, verify_on_start=False))
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", ws="none"))
        serving = asyncio.create_task(server.serve([listener]))
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            await client.post("/_sim/knobs", json={"drop_response": 1})
            body = {"messaging_product": "whatsapp", "to": "+491713920011", **HELLO}
            headers = {"Authorization": "Bearer parley-demo-token"}
            path = "/v25.0/100000000000001/messages"
            with pytest.raises(httpx.RemoteProtocolError):
                await client.post(path, json=body, headers=headers)
            assert len((await client.get("/_sim/outbox")).json()["data"]) == 1
            assert (await client.post(path, json=body, headers=headers)).status_code == 200
        server.should_exit = True
        await serving
