import asyncio
import base64
import contextlib
import datetime as dt
import random
import socket
from collections.abc import AsyncIterator, Callable, Iterator

import httpx
import pytest
import uvicorn
from tests.modules.files.conftest import PDF, Cabinet
from tests.modules.files.test_store import content

from parley.core import clock
from parley.core.ids import new_id
from parley.core.sealed_files import SEALED_SEGMENT, SEGMENT
from parley.core.web.app import create_api, front
from parley.modules.files.errors import RangeRefusedError
from parley.modules.files.serving import FileServing, content_disposition, parse_range
from parley.modules.files.types import FileRef
from parley.modules.files.urls import FileUrls

SIZE = 2 * SEGMENT + 1000
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(3000)


async def test_a_whole_file_is_given_under_its_address(cabinet: Cabinet, browser: httpx.AsyncClient) -> None:
    ref = await cabinet.save(content(SIZE), "Angebot für Zoë.pdf")
    response = await browser.get(cabinet.sign(ref))
    assert response.status_code == 200
    assert response.content == content(SIZE)
    headers = response.headers
    assert headers["content-length"] == str(SIZE)
    assert headers["content-type"] == "application/pdf"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "private, max-age=1800, immutable"
    assert headers["accept-ranges"] == "bytes"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["content-disposition"].startswith("inline; ")
    assert headers["content-disposition"].endswith("filename*=UTF-8''Angebot%20f%C3%BCr%20Zo%C3%AB.pdf")
    assert "set-cookie" not in headers


async def test_what_is_not_safe_in_place_is_a_download_in_a_sandbox(
    cabinet: Cabinet, browser: httpx.AsyncClient
) -> None:
    pages = [
        (b"<html><script>alert(1)</script>", "page.html", "text/html"),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
            "logo.svg",
            "image/svg+xml",
        ),
        (b"just words", "notes.txt", "text/plain"),
    ]
    for body, name, declared in pages:
        response = await browser.get(cabinet.sign(await cabinet.save(body, name, declared=declared)))
        assert response.headers["content-type"] == "application/octet-stream"
        assert response.headers["content-disposition"].startswith("attachment; ")
        assert response.headers["x-content-type-options"] == "nosniff"
        policy = response.headers["content-security-policy"].split("; ")
        assert "sandbox" in policy
        assert "default-src 'none'" in policy


async def test_an_address_for_saving_never_shows_in_place(
    cabinet: Cabinet, browser: httpx.AsyncClient
) -> None:
    ref = await cabinet.save(JPEG, "cat.jpg")
    shown, saved = [(await browser.get(cabinet.sign(ref, is_inline=flag))).headers for flag in (True, False)]
    assert shown["content-disposition"].startswith("inline; ")
    assert saved["content-disposition"].startswith("attachment; ")
    assert shown["content-type"] == saved["content-type"] == "image/jpeg"


async def test_every_type_that_is_shown_in_place_is_sandboxed(
    cabinet: Cabinet, browser: httpx.AsyncClient
) -> None:
    played = b"OggS\x00" + bytes(100), b"\x00\x00\x00\x18ftypisom" + bytes(100)
    for body in (JPEG, PDF, *played):
        response = await browser.get(cabinet.sign(await cabinet.save(body)))
        assert response.headers["content-disposition"].startswith("inline")
        sandbox, default, *_ = response.headers["content-security-policy"].split("; ")
        # A film opened alone is fetched by the page that the browser makes for it: from its own origin, scriptless.
        assert sandbox == ("sandbox allow-same-origin" if body in played else "sandbox")
        assert default == "default-src 'none'"


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (0, 1),
        (SEGMENT - 1, SEGMENT),
        (SEGMENT, SEGMENT + 1),
        (SEGMENT - 1, SEGMENT + 1),
        (0, SEGMENT),
        (SEGMENT, 2 * SEGMENT),
        (2 * SEGMENT - 5, SIZE),
        (SIZE - 1, SIZE),
        (0, SIZE),
    ],
)
async def test_ranges_are_exact_at_the_borders_of_segments(
    cabinet: Cabinet, browser: httpx.AsyncClient, start: int, end: int
) -> None:
    ref = await cabinet.save(content(SIZE))
    response = await browser.get(cabinet.sign(ref), headers={"Range": f"bytes={start}-{end - 1}"})
    assert response.status_code == 206
    assert response.content == content(SIZE)[start:end]
    assert response.headers["content-range"] == f"bytes {start}-{end - 1}/{SIZE}"
    assert response.headers["content-length"] == str(end - start)


async def test_any_range_is_exact(cabinet: Cabinet, browser: httpx.AsyncClient) -> None:
    ref, chance = await cabinet.save(content(SIZE)), random.Random(7)
    for _ in range(25):
        start, end = sorted(chance.sample(range(SIZE), 2))
        response = await browser.get(cabinet.sign(ref), headers={"Range": f"bytes={start}-{end}"})
        assert response.content == content(SIZE)[start : end + 1]


async def test_ranges_of_players_and_resuming_downloads(cabinet: Cabinet, browser: httpx.AsyncClient) -> None:
    ref = await cabinet.save(content(SIZE))
    address = cabinet.sign(ref)
    rest = await browser.get(address, headers={"Range": f"bytes={SIZE - 10}-"})
    assert rest.content == content(SIZE)[-10:]
    last = await browser.get(address, headers={"Range": "bytes=-7"})
    assert last.content == content(SIZE)[-7:]
    beyond = await browser.get(address, headers={"Range": f"bytes={SIZE - 3}-{SIZE + 900}"})
    assert (beyond.content, beyond.headers["content-range"]) == (
        content(SIZE)[-3:],
        f"bytes {SIZE - 3}-{SIZE - 1}/{SIZE}",
    )
    etag = rest.headers["etag"]
    same = await browser.get(address, headers={"Range": "bytes=0-4", "If-Range": etag})
    assert (same.status_code, len(same.content)) == (206, 5)
    changed = await browser.get(address, headers={"Range": "bytes=0-4", "If-Range": '"other"'})
    assert (changed.status_code, len(changed.content)) == (200, SIZE)


async def test_a_range_after_the_end_is_refused(cabinet: Cabinet, browser: httpx.AsyncClient) -> None:
    ref = await cabinet.save(content(500))
    response = await browser.get(cabinet.sign(ref), headers={"Range": "bytes=500-"})
    assert response.status_code == 416
    assert response.headers["content-range"] == "bytes */500"
    assert response.json()["code"] == "range_not_satisfiable"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=5-", (5, 10)),
        ("bytes=-3", (7, 10)),
        ("bytes=-30", (0, 10)),
        ("bytes=0-99", (0, 10)),
        ("bytes=0-1,4-5", None),
        ("bytes=5-2", None),
        ("bytes=-", None),
        ("bytes=a-b", None),
        ("bytes=1-2x", None),
        ("items=0-1", None),
        ("bytes=" + "9" * 400 + "-", None),
    ],
)
def test_reading_a_range(header: str, expected: tuple[int, int] | None) -> None:
    assert parse_range(header, 10) == expected


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=10-20", "bytes=-0"])
def test_reading_a_range_outside(header: str) -> None:
    with pytest.raises(RangeRefusedError):
        parse_range(header, 10)


async def test_head_tells_everything_but_the_content(cabinet: Cabinet, browser: httpx.AsyncClient) -> None:
    ref = await cabinet.save(content(SIZE))
    head, get = [await browser.request(verb, cabinet.sign(ref)) for verb in ("HEAD", "GET")]
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers == get.headers


async def test_what_a_browser_has_is_not_sent_again(cabinet: Cabinet, browser: httpx.AsyncClient) -> None:
    ref = await cabinet.save(content(SIZE))
    etag = (await browser.get(cabinet.sign(ref))).headers["etag"]
    again = await browser.get(cabinet.sign(ref), headers={"If-None-Match": f'"x", {etag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    await cabinet.adopt(ref.id, new_id())
    assert (await browser.get(cabinet.sign(ref), headers={"If-None-Match": etag})).status_code == 304


@pytest.mark.parametrize("verb", ["GET", "HEAD"])
async def test_an_erased_file_is_gone(cabinet: Cabinet, browser: httpx.AsyncClient, verb: str) -> None:
    ann = new_id()
    ref = await cabinet.save(content(SIZE), contact=ann)
    etag = (await browser.get(cabinet.sign(ref))).headers["etag"]
    await cabinet.erase(ann)
    for headers in ({}, {"If-None-Match": etag}, {"Range": "bytes=0-3"}):
        response = await browser.request(verb, cabinet.sign(ref), headers=headers)
        assert (response.status_code, response.headers["cache-control"]) == (410, "no-store")
    if verb == "GET":
        assert response.json()["code"] == "file_erased"
        assert response.headers["content-type"] == "application/problem+json"


async def test_addresses_that_are_not_good_find_nothing(cabinet: Cabinet, browser: httpx.AsyncClient) -> None:
    ref = await cabinet.save(content(500))
    good = cabinet.sign(ref)
    token = good.removeprefix("/files/")
    raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    forged = [raw[:index] + bytes([raw[index] ^ 1]) + raw[index + 1 :] for index in range(len(raw))]
    bad = [base64.urlsafe_b64encode(each).rstrip(b"=").decode() for each in forged]
    bad += ["", "x", "%00", token[:-4], token + "AAAA", "ä", f"{token}/more"]
    bad += [FileUrls(b"t" * 32).sign(cabinet.workspace_id, ref.id).removeprefix("/files/")]
    bad += [cabinet.urls.sign(new_id(), ref.id).removeprefix("/files/")]
    bad += [cabinet.urls.sign(cabinet.workspace_id, new_id()).removeprefix("/files/")]
    for each in bad:
        response = await browser.get(f"/files/{each}")
        assert (response.status_code, response.json()["code"]) == (404, "not_found"), each
    assert (await browser.get(good)).status_code == 200
    assert (await browser.post(good)).status_code == 405


async def test_an_address_ends_after_half_an_hour(cabinet: Cabinet, browser: httpx.AsyncClient) -> None:
    ref = await cabinet.save(content(500))
    with clock.frozen(dt.datetime(2026, 5, 4, 12, 0, 1, tzinfo=dt.UTC)) as move_on:
        address = cabinet.sign(ref)
        move_on(dt.timedelta(minutes=30))
        assert (await browser.get(address)).status_code == 200
        move_on(dt.timedelta(minutes=10))
        assert (await browser.get(address)).status_code == 404


async def test_an_object_that_is_not_the_rows_gives_no_byte(
    cabinet: Cabinet, browser: httpx.AsyncClient
) -> None:
    ref, other = await cabinet.save(content(SIZE, 1)), await cabinet.save(content(SIZE, 2))
    cabinet.path(ref).write_bytes(cabinet.path(other).read_bytes())
    response = await browser.get(cabinet.sign(ref))
    assert (response.status_code, response.json()["code"]) == (500, "tampered")
    cabinet.path(ref).unlink()
    response = await browser.get(cabinet.sign(ref))
    assert (response.status_code, response.json()["code"]) == (404, "file_missing")


def test_names_in_headers() -> None:
    assert content_disposition("inline", None) == "inline"
    assert content_disposition("attachment", 'a"; x=\r\né.pdf') == (
        "attachment; filename=\"a__ x____.pdf\"; filename*=UTF-8''a%22%3B%20x%3D%0D%0A%C3%A9.pdf"
    )


class TestOnTheWire:
    """The same behind the house's walls, on a real connection."""

    @pytest.fixture
    async def address(self, cabinet: Cabinet) -> AsyncIterator[Callable[[FileRef], str]]:
        """Serve as the product does: files beside an API without routes."""
        files = FileServing(cabinet.house.database, cabinet.store, cabinet.urls)
        app = front(create_api(cabinet.house, [], pages=files), cabinet.house)
        config = uvicorn.Config(app, port=0, lifespan="off", log_config=None, server_header=False)
        server = _Server(config)
        task = asyncio.create_task(server.serve())
        await server.is_ready.wait()
        port = server.servers[0].sockets[0].getsockname()[1]
        yield lambda ref: f"http://127.0.0.1:{port}{cabinet.sign(ref)}"
        server.should_exit = True
        await task

    @pytest.fixture
    async def http(self, cabinet: Cabinet) -> AsyncIterator[httpx.AsyncClient]:
        host = f"localhost:{cabinet.house.settings.port}"
        async with httpx.AsyncClient(headers={"Host": host}, trust_env=False) as client:
            yield client

    async def test_files_keep_their_headers_behind_the_walls(
        self, cabinet: Cabinet, address: Callable[[FileRef], str], http: httpx.AsyncClient
    ) -> None:
        ref = await cabinet.save(JPEG, "cat.jpg")
        response = await http.get(address(ref), headers={"Cookie": "__Host-sid=anything"})
        assert (response.status_code, response.content) == (200, JPEG)
        assert response.headers.get_list("content-security-policy")[0].startswith("sandbox")
        assert len(response.headers.get_list("content-security-policy")) == 1
        assert response.headers["cache-control"] == "private, max-age=1800, immutable"
        etag = response.headers["etag"]
        again = await http.get(address(ref), headers={"If-None-Match": etag})
        assert again.status_code == 304
        assert again.headers["content-security-policy"].startswith("sandbox")

    async def test_a_fault_in_the_middle_never_looks_like_the_end(
        self, cabinet: Cabinet, address: Callable[[FileRef], str], http: httpx.AsyncClient
    ) -> None:
        ref = await cabinet.save(content(8 * SEGMENT))
        stored = bytearray(cabinet.path(ref).read_bytes())
        stored[50 + 5 * SEALED_SEGMENT + 100] ^= 1
        cabinet.path(ref).write_bytes(stored)
        received = bytearray()
        with pytest.raises(httpx.RemoteProtocolError):
            await _read(http, address(ref), received)
        assert len(received) <= 5 * SEGMENT
        assert content(8 * SEGMENT).startswith(received)
        before = await http.get(address(ref), headers={"Range": f"bytes=0-{5 * SEGMENT - 1}"})
        assert before.content == content(8 * SEGMENT)[: 5 * SEGMENT]

    async def test_the_log_names_no_address(
        self,
        cabinet: Cabinet,
        address: Callable[[FileRef], str],
        http: httpx.AsyncClient,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        ref, routes = await cabinet.save(JPEG), []
        monkeypatch.setattr(
            "parley.core.web.access.log.info", lambda _event, **fields: routes.append(fields["route"])
        )
        await http.get(address(ref))
        assert routes == ["/files/{token}"]


async def _read(http: httpx.AsyncClient, address: str, received: bytearray) -> None:
    async with http.stream("GET", address) as response:
        assert response.status_code == 200
        async for chunk in response.aiter_raw():
            received += chunk


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_ready.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield  # Ctrl-C belongs to pytest
