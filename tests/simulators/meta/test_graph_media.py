"""Media: what may be uploaded, addresses that expire, what fails only at delivery."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

import pytest

from parley.simulators.meta.samples import SAMPLES

if TYPE_CHECKING:
    from .conftest import Stage

PHOTO = SAMPLES["photo"].read()
VOICE = SAMPLES["voice"].read()
MB = 1024 * 1024


def path_of(url: str) -> str:
    return url.partition(":8001")[2]


async def test_upload_describe_download_delete(stage: Stage) -> None:
    media_id = (await stage.upload("photo.jpg", PHOTO, "image/jpeg")).json()["id"]
    described = (await stage.client.get(f"/v25.0/{media_id}")).json()
    assert described["sha256"] == hashlib.sha256(PHOTO).hexdigest()
    assert (described["file_size"], described["mime_type"]) == (len(PHOTO), "image/jpeg")
    answer = await stage.client.get(path_of(described["url"]))
    assert (answer.content, answer.headers["content-type"]) == (PHOTO, "image/jpeg")
    assert (await stage.client.delete(f"/v25.0/{media_id}")).json() == {"success": True}
    assert (await stage.client.get(f"/v25.0/{media_id}")).json()["error"]["code"] == 100
    assert (await stage.client.get(path_of(described["url"]))).status_code == 404


async def test_address_needs_the_token_and_lives_five_minutes(stage: Stage) -> None:
    media_id = (await stage.upload("photo.jpg", PHOTO, "image/jpeg")).json()["id"]
    path = path_of((await stage.client.get(f"/v25.0/{media_id}")).json()["url"])
    for headers in ({"Authorization": ""}, {"Authorization": "Bearer wrong"}):
        assert (await stage.client.get(path, headers=headers)).status_code == 401
    assert (await stage.client.get(path.replace("hash=", "hash=0"))).status_code == 404
    await stage.sim("move-clock", seconds=295)
    assert (await stage.client.get(path)).status_code == 200
    await stage.sim("move-clock", seconds=10)
    assert (await stage.client.get(path)).status_code == 404
    renewed = path_of((await stage.client.get(f"/v25.0/{media_id}")).json()["url"])
    assert (await stage.client.get(renewed)).status_code == 200


async def test_ids_end_after_30_days_and_inbound_ones_after_7(stage: Stage) -> None:
    uploaded = (await stage.upload("photo.jpg", PHOTO, "image/jpeg")).json()["id"]
    made = await stage.inbound(type="image")
    received = made["posted"][0]["messages"][0]["image"]["id"]
    await stage.sim("move-clock", seconds=7 * 86400)
    assert (await stage.client.get(f"/v25.0/{received}")).status_code == 400
    assert (await stage.client.get(f"/v25.0/{uploaded}")).status_code == 200
    await stage.sim("move-clock", seconds=23 * 86400)
    assert (await stage.client.get(f"/v25.0/{uploaded}")).status_code == 400


@pytest.mark.parametrize(
    ("name", "size", "mime_type", "code"),
    [
        ("a.webm", 10, "audio/webm", 100),
        ("a.html", 10, "text/html", 100),
        ("a.jpg", 0, "image/jpeg", 100),
        ("a.jpg", 5 * MB + 1, "image/jpeg", 131053),
        ("a.webp", 100 * 1024 + 1, "image/webp", 131053),
        ("a.mp4", 16 * MB + 1, "video/mp4", 131053),
    ],
)
async def test_wrong_types_and_sizes_are_refused(
    stage: Stage, name: str, size: int, mime_type: str, code: int
) -> None:
    assert (await stage.upload(name, b"x" * size, mime_type)).json()["error"]["code"] == code


@pytest.mark.parametrize(
    ("name", "data", "mime_type", "status"),
    [
        ("voice.ogg", VOICE, "audio/ogg", "delivered"),
        ("voice-note.mp4", VOICE, "audio/mp4", "failed"),
        ("voice.opus", VOICE, "audio/opus", "failed"),
        ("voice.ogg", VOICE.replace(b"OpusHead\x01\x01", b"OpusHead\x01\x02"), "audio/ogg", "failed"),
        ("voice.ogg", b"no sound at all", "audio/ogg", "failed"),
    ],
)
async def test_sounds_that_do_not_play_fail_at_delivery(
    stage: Stage, name: str, data: bytes, mime_type: str, status: str
) -> None:
    await stage.inbound(text="Hi")
    media_id = (await stage.upload(name, data, mime_type)).json()["id"]
    await stage.send({"type": "audio", "audio": {"id": media_id}})
    last = stage.receiver.values[-1]["statuses"][0]
    assert last["status"] == status
    assert status == "delivered" or last["errors"][0]["code"] == 131053


async def test_media_must_fit_the_message_type(stage: Stage) -> None:
    media_id = (await stage.upload("photo.jpg", PHOTO, "image/jpeg")).json()["id"]
    answer = await stage.post({"type": "sticker", "sticker": {"id": media_id}})
    assert answer.json()["error"]["code"] == 131009


async def test_inbound_media_carries_id_digest_and_address(stage: Stage) -> None:
    made = await stage.inbound(type="audio")
    audio = made["posted"][0]["messages"][0]["audio"]
    assert audio["voice"] is True
    assert audio["mime_type"] == "audio/ogg; codecs=opus"
    assert base64.b64decode(audio["sha256"]) == hashlib.sha256(VOICE).digest()
    answer = await stage.client.get(path_of(audio["url"]))
    assert answer.content == VOICE
