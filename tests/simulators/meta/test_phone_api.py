"""The phone page and what it talks to."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import orjson

from parley.simulators.meta.ogg import ogg_opus
from parley.simulators.meta.phone_api import _stream
from parley.simulators.meta.samples import SAMPLES
from parley.simulators.meta.simulator import Simulator

if TYPE_CHECKING:
    from .conftest import Stage

VOICE = SAMPLES["voice"].read()


def webm(packets: list[bytes], *, unknown_sizes: bool) -> bytes:
    """Write a WebM file as browsers stream it."""

    def element(number: bytes, body: bytes, *, unknown: bool = False) -> bytes:
        size = b"\x01" + b"\xff" * 7 if unknown else (len(body) | 1 << 28).to_bytes(4, "big")
        return number + size + body

    head = b"OpusHead\x01\x01" + b"\x38\x01\x80\xbb\x00\x00\x00\x00\x00"
    track = element(b"\xae", element(b"\x86", b"A_OPUS") + element(b"\x63\xa2", head))
    blocks = b"".join(element(b"\xa3", b"\x81\x00\x00\x80" + packet) for packet in packets)
    cluster = element(b"\x1f\x43\xb6\x75", element(b"\xe7", b"\x00") + blocks, unknown=unknown_sizes)
    segment = element(
        b"\x18\x53\x80\x67", element(b"\x16\x54\xae\x6b", track) + cluster, unknown=unknown_sizes
    )
    return element(b"\x1a\x45\xdf\xa3", b"") + segment


def packets_of(ogg: bytes) -> list[bytes]:
    """Take the packets out of an Ogg file, page by page."""
    found: list[bytes] = []
    at, rest = 0, b""
    while at < len(ogg):
        assert ogg[at : at + 4] == b"OggS"
        count = ogg[at + 26]
        lacing = ogg[at + 27 : at + 27 + count]
        at += 27 + count
        for length in lacing:
            rest += ogg[at : at + length]
            at += length
            if length < 255:
                found.append(rest)
                rest = b""
    return found


async def upload(stage: Stage, data: bytes, mime_type: str) -> dict[str, str]:
    answer = await stage.client.post("/sim/api/chats/mia/upload", files={"file": ("voice", data, mime_type)})
    made: dict[str, str] = answer.json()
    return made


async def test_browser_recording_becomes_a_voice_note(stage: Stage) -> None:
    packets = [bytes([0x78]) + bytes([n % 251]) * (40 + 3 * n) for n in range(120)]
    for unknown_sizes in (True, False):
        made = await upload(stage, webm(packets, unknown_sizes=unknown_sizes), "audio/webm")
        assert made["mime_type"] == "audio/ogg; codecs=opus"
        ogg = (await stage.client.get(f"/sim/media/{made['id']}")).content
        head, tags, *rest = packets_of(ogg)
        assert (head[:8], tags[:8]) == (b"OpusHead", b"OpusTags")
        assert rest == packets


async def test_damaged_recording_is_explained(stage: Stage) -> None:
    for data in (b"\x1aE\xdf\xa3\x00", webm([], unknown_sizes=False)):
        assert "error" in await upload(stage, data, "audio/webm")


def test_sample_voice_note_is_whole() -> None:
    head, _, *packets = packets_of(VOICE)
    assert head[9] == 1
    assert 200 <= len(packets) <= 220
    again = ogg_opus(head, packets)
    assert packets_of(again)[2:] == packets


async def test_page_is_served_under_a_strict_policy(stage: Stage) -> None:
    assert (await stage.client.get("/")).headers["location"] == "/sim/"
    page = await stage.client.get("/sim/")
    assert page.status_code == 200
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    assert "<script>" not in page.text
    assert " style=" not in page.text


async def test_message_appears_when_delivered_and_read_when_the_chat_is_opened(stage: Stage) -> None:
    await stage.inbound(text="Hi")
    await stage.send({"type": "text", "text": {"body": "Hello"}})
    people = (await stage.client.get("/sim/api/state")).json()["people"]
    assert (people[0]["id"], people[0]["unread"], people[0]["last"]["content"]) == (
        "mia",
        1,
        {"body": "Hello"},
    )
    await stage.client.post("/sim/api/chats/mia/open")
    await stage.idle()
    assert stage.receiver.statuses == ["sent", "delivered", "read"]
    await stage.client.patch("/sim/api/personas/mia", json={"read_receipts": False})
    await stage.send({"type": "text", "text": {"body": "Hello again"}})
    await stage.client.post("/sim/api/chats/mia/open")
    await stage.idle()
    assert stage.receiver.statuses[3:] == ["sent", "delivered"]


async def test_open_page_hears_news_and_reads_what_arrives(stage: Stage) -> None:
    sim = stage.client._transport.app.state.sim  # type: ignore[attr-defined]
    assert isinstance(sim, Simulator)
    stream = _stream(sim, "mia")
    assert await anext(stream) == b"retry: 1000\n\n"
    await stage.inbound(text="Hi")
    await stage.send({"type": "text", "text": {"body": "Hello"}})
    assert stage.receiver.statuses == ["sent", "delivered", "read"]
    kinds = [orjson.loads((await anext(stream)).removeprefix(b"data: "))["kind"] for _ in range(2)]
    assert kinds == ["message", "message"]
    sim.hub.closing.set()
    await asyncio.wait_for(_rest(stream), 5)
    assert sim.open_pages == {}


async def _rest(stream: object) -> None:
    async for _ in stream:  # type: ignore[attr-defined]
        pass


async def test_new_people_and_their_mistakes(stage: Stage) -> None:
    made = await stage.client.post("/sim/api/personas", json={"name": "Ada", "phone": "+44 7700 900321"})
    assert made.json()["phone"] == "447700900321"
    for body in (
        {"name": "A", "phone": "+447700900321"},
        {"name": "A", "phone": "call me"},
        {"name": "A", "identity": "phone"},
    ):
        answer = await stage.client.post("/sim/api/personas", json=body)
        assert answer.status_code == 400
        assert json.loads(answer.content)["error"]
    assert (await stage.client.get("/sim/api/chats/nobody")).status_code == 404
