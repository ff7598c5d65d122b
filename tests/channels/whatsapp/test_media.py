"""Fetching what contacts send: the right bytes, the token only where it belongs, and no second guessing of loss."""

import base64
import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from tests.channels.whatsapp.conftest import NUMBER, Serving, Stage

from parley.channels.whatsapp.media import is_same_file
from parley.modules.conversations.types import (
    FetchedMedia,
    InboundMedia,
    MediaNotFetched,
    MessageArrived,
    MessageKind,
)
from parley.simulators.meta.samples import SAMPLES

CONTENT = b"the very bytes"
DIGEST = hashlib.sha256(CONTENT)
WANTED = InboundMedia(MessageKind.IMAGE, "500000000000001", "photo.jpg", "image/jpeg")
ROOMY = 16 * 1024 * 1024


async def _photo(stage: Stage) -> InboundMedia:
    (message,) = await stage.inbound(**{"from": "mia", "type": "image"})
    assert isinstance(message, MessageArrived)
    return message.media[0]


async def test_photo_arrives_byte_by_byte(stage: Stage) -> None:
    found = await stage.channel.fetch_media(stage.credentials, await _photo(stage), ROOMY)
    assert isinstance(found, FetchedMedia)
    assert found.content == SAMPLES["photo"].read()
    assert found.media_type == "image/jpeg"


async def test_name_of_a_document_survives(stage: Stage) -> None:
    (message,) = await stage.inbound(**{"from": "mia", "type": "document"})
    assert isinstance(message, MessageArrived)
    found = await stage.channel.fetch_media(stage.credentials, message.media[0], ROOMY)
    assert isinstance(found, FetchedMedia)
    assert found.name == "Quittung März.pdf"


async def test_file_of_an_expired_id_is_gone(stage: Stage) -> None:
    photo = await _photo(stage)
    await stage.tell("move-clock", seconds=8 * 86400)
    found = await stage.channel.fetch_media(stage.credentials, photo, ROOMY)
    assert isinstance(found, MediaNotFetched)
    assert (found.failure.code, found.retry_after, found.breaks_inbox) == ("media_gone", None, False)


async def test_revoked_token_breaks_the_inbox_and_is_tried_again(stage: Stage) -> None:
    photo = await _photo(stage)
    await stage.tell("tokens", token="parley-demo-token", valid=False)
    found = await stage.channel.fetch_media(stage.credentials, photo, ROOMY)
    assert isinstance(found, MediaNotFetched)
    assert found.failure.code == "token_invalid"
    assert found.breaks_inbox
    assert found.retry_after is not None


async def test_what_is_too_large_is_not_read(stage: Stage) -> None:
    found = await stage.channel.fetch_media(stage.credentials, await _photo(stage), 100)
    assert isinstance(found, MediaNotFetched)
    assert (found.failure.code, found.retry_after) == ("media_too_large", None)


class Vendor:
    """A vendor that describes and serves one file as the test says, and keeps what it was asked."""

    def __init__(self, *answers: Response, url: str | None = None, **described: Any) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str | None]] = []
        self._url = url
        self._described = described

    def app(self) -> Starlette:
        return Starlette(
            routes=[Route("/v25.0/{media_id}", self._describe), Route("/file", self._file)],
        )

    async def _describe(self, request: Request) -> Response:
        self.asked.append(("describe", request.query_params.get("phone_number_id")))
        url = self._url or f"{request.base_url}file?mid=1"
        return JSONResponse({"url": url, "mime_type": "image/jpeg", "id": "1", **self._described})

    async def _file(self, request: Request) -> Response:
        self.asked.append(("file", request.headers.get("authorization")))
        return self.answers.pop(0)


def _ok(content: bytes = CONTENT) -> Response:
    return Response(content, media_type="image/jpeg")


async def _fetch(
    in_front_of: Serving, stage: Stage, vendor: Vendor, wanted: InboundMedia = WANTED, most: int = 1000
) -> FetchedMedia | MediaNotFetched:
    async with in_front_of(vendor.app()) as channel:
        return await channel.fetch_media(stage.credentials, wanted, most)


async def test_expired_address_is_asked_for_once_more(in_front_of: Serving, stage: Stage) -> None:
    vendor = Vendor(Response(status_code=404), _ok())
    found = await _fetch(in_front_of, stage, vendor)
    assert isinstance(found, FetchedMedia)
    assert found.content == CONTENT
    bearer = f"Bearer {stage.credentials.settings['access_token']}"
    assert vendor.asked == [("describe", NUMBER), ("file", bearer)] * 2


async def test_address_that_stays_missing_means_gone(in_front_of: Serving, stage: Stage) -> None:
    vendor = Vendor(Response(status_code=404), Response(status_code=404), _ok())
    found = await _fetch(in_front_of, stage, vendor)
    assert isinstance(found, MediaNotFetched)
    assert (found.failure.code, found.retry_after) == ("media_gone", None)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/file",
        "https://lookaside.fbsbx.com.evil.example/file",
        "https://evilwhatsapp.net/file",
        "http://lookaside.fbsbx.com/file",
        "https://lookaside.fbsbx.com:8443/file",
        "https://token@mmg.whatsapp.net/file",
        "http://127.0.0.1:1/file",
        "file:///etc/passwd",
        "https://[broken",
        "https://evil.example\\.whatsapp.net/file",
        "https://evil.example\t.whatsapp.net/file",
        "",
    ],
)
async def test_token_goes_to_meta_alone(in_front_of: Serving, stage: Stage, url: str) -> None:
    found = await _fetch(in_front_of, stage, Vendor(url=url or " "))
    assert isinstance(found, MediaNotFetched)
    assert (found.failure.code, found.retry_after) == ("media_elsewhere", None)


@pytest.mark.parametrize("status", [500, 502, 302])
async def test_bad_day_of_the_vendor_is_tried_again(in_front_of: Serving, stage: Stage, status: int) -> None:
    found = await _fetch(in_front_of, stage, Vendor(Response(status_code=status)))
    assert isinstance(found, MediaNotFetched)
    assert found.failure.code == "media_not_reached"
    assert found.retry_after is not None


@pytest.mark.parametrize("status", [401, 403])
async def test_refused_download_is_the_tokens_fault(in_front_of: Serving, stage: Stage, status: int) -> None:
    found = await _fetch(in_front_of, stage, Vendor(Response(status_code=status)))
    assert isinstance(found, MediaNotFetched)
    assert found.breaks_inbox


async def test_declared_size_is_believed_before_anything_is_read(in_front_of: Serving, stage: Stage) -> None:
    vendor = Vendor(_ok(), file_size="1001")
    found = await _fetch(in_front_of, stage, vendor)
    assert isinstance(found, MediaNotFetched)
    assert found.failure.code == "media_too_large"
    assert [what for what, _ in vendor.asked] == ["describe"]


async def test_more_than_declared_is_not_read(in_front_of: Serving, stage: Stage) -> None:
    found = await _fetch(in_front_of, stage, Vendor(_ok(b"x" * 1001), file_size=10))
    assert isinstance(found, MediaNotFetched)
    assert (found.failure.code, found.retry_after) == ("media_too_large", None)


@pytest.mark.parametrize("write", [lambda d: d.hexdigest(), lambda d: base64.b64encode(d.digest()).decode()])
async def test_digest_is_compared_however_it_is_written(
    in_front_of: Serving, stage: Stage, write: Callable[[Any], str]
) -> None:
    found = await _fetch(in_front_of, stage, Vendor(_ok(), sha256=write(DIGEST)))
    assert isinstance(found, FetchedMedia)
    damaged = await _fetch(in_front_of, stage, Vendor(_ok(b"other bytes"), sha256=write(DIGEST)))
    assert isinstance(damaged, MediaNotFetched)
    assert damaged.failure.code == "media_damaged"
    assert damaged.retry_after is not None


async def test_digest_of_the_hook_counts_where_the_file_has_none(in_front_of: Serving, stage: Stage) -> None:
    wanted = InboundMedia(MessageKind.IMAGE, "1", sha256=DIGEST.hexdigest())
    found = await _fetch(in_front_of, stage, Vendor(_ok(b"other bytes")), wanted)
    assert isinstance(found, MediaNotFetched)
    assert found.failure.code == "media_damaged"


@pytest.mark.parametrize("unreadable", [None, "", "zz", "äöü", "=" * 64, "QUJD"])
def test_unreadable_digest_says_nothing(unreadable: str | None) -> None:
    assert is_same_file(CONTENT, unreadable)
