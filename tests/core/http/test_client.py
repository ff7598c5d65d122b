import asyncio
import gzip
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from parley.core.http import (
    OutgoingClient,
    OutgoingConnectError,
    OutgoingTimeoutError,
    OutgoingTooLargeError,
    OutgoingUnknownError,
    list_purposes,
    register_purpose,
)

PURPOSE = register_purpose("test.call", "Tests call a server of their own.")
Serve = Callable[..., Awaitable[Any]]
LONG = 30.0


@asynccontextmanager
async def client_for(*servers: Any, scheme: str = "http", **options: Any) -> AsyncIterator[OutgoingClient]:
    origins = [f"{scheme}://127.0.0.1:{server.port}" for server in servers]
    client = OutgoingClient(origins, **options)
    try:
        yield client
    finally:
        await client.aclose()


def at(server: Any, path: str = "/", scheme: str = "http") -> str:
    return f"{scheme}://127.0.0.1:{server.port}{path}"


async def test_a_call_brings_the_answer_of_any_status(serve: Serve) -> None:
    async def play(visit: Any) -> None:
        await visit.read_request()
        await visit.answer(b'{"error":1}', "403 Forbidden", "X-Thing: yes\r\n")

    server = await serve(play)
    async with client_for(server) as client:
        answer = await client.request(
            "POST",
            at(server, "/v1/messages?a=b"),
            purpose=PURPOSE,
            json={"text": "ü"},
            headers={"X-Key": "k"},
        )
    assert (answer.status, answer.json(), answer.headers["x-thing"]) == (403, {"error": 1}, "yes")
    assert not answer.is_success
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /v1/messages?a=b HTTP/1.1\r\n")
    assert b"X-Key: k" in head
    assert b"content-type: application/json" in head.lower()
    assert body == '{"text":"ü"}'.encode()


async def test_a_file_travels_as_a_form(serve: Serve) -> None:
    server = await serve()
    async with client_for(server) as client:
        await client.request(
            "POST",
            at(server),
            purpose=PURPOSE,
            data={"messaging_product": "whatsapp"},
            files={"file": ("a.png", b"\x89PNG", "image/png")},
        )
    assert b'filename="a.png"' in server.requests[0]
    assert b"\x89PNG" in server.requests[0]


async def test_connections_are_kept_and_cookies_are_not(serve: Serve) -> None:
    async def play(visit: Any) -> None:
        while True:
            await visit.read_request()
            await visit.answer(headers="Set-Cookie: sid=1; Path=/\r\n")

    server = await serve(play)
    async with client_for(server) as client:
        for _ in range(3):
            await client.request("GET", at(server), purpose=PURPOSE)
    assert server.connections == 1
    assert b"cookie" not in b"".join(server.requests).lower()


async def test_redirects_are_answers(serve: Serve) -> None:
    async def play(visit: Any) -> None:
        await visit.read_request()
        await visit.answer(b"", "302 Found", f"Location: {at(visit.server, '/inside')}\r\n")

    server = await serve(play)
    async with client_for(server) as client:
        answer = await client.request("GET", at(server), purpose=PURPOSE)
    assert answer.status == 302
    assert len(server.requests) == 1


async def test_proxies_of_the_environment_are_ignored(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    server, proxy = await serve(), await serve()
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, at(proxy))
    monkeypatch.delenv("NO_PROXY", raising=False)
    async with client_for(server) as client:
        await client.request("GET", at(server), purpose=PURPOSE)
    assert (server.connections, proxy.connections) == (1, 0)


# What is known after a failure?


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_a_closed_port_was_surely_not_reached() -> None:
    url = f"http://127.0.0.1:{closed_port()}"
    client = OutgoingClient([url])
    with pytest.raises(OutgoingConnectError) as caught:
        await client.request("POST", url, purpose=PURPOSE, json={})
    assert caught.value.was_sent is False
    await client.aclose()


async def test_a_certificate_of_somebody_else_was_surely_not_reached(serve: Serve) -> None:
    server = await serve(secure=True)
    async with client_for(server, scheme="https") as client:
        with pytest.raises(OutgoingConnectError):
            await client.request("POST", at(server, scheme="https"), purpose=PURPOSE, json={})
    assert server.requests == []


async def silent(visit: Any) -> None:
    await visit.reader.read()


async def test_a_stalled_handshake_was_surely_not_sent(serve: Serve) -> None:
    server = await serve(silent)
    async with client_for(server, scheme="https") as client:
        with pytest.raises(OutgoingConnectError):
            await client.request("POST", at(server, scheme="https"), purpose=PURPOSE, json={}, timeout=0.2)


async def test_waiting_for_a_free_connection_was_surely_not_sent(serve: Serve) -> None:
    arrived, done = asyncio.Event(), asyncio.Event()

    async def play(visit: Any) -> None:
        await visit.read_request()
        arrived.set()
        await done.wait()
        await visit.answer()

    server = await serve(play)
    async with client_for(server, connections_per_origin=1) as client:
        first = asyncio.create_task(client.request("POST", at(server), purpose=PURPOSE, timeout=LONG))
        await arrived.wait()
        with pytest.raises(OutgoingConnectError):
            await client.request("POST", at(server), purpose=PURPOSE, timeout=0.1)
        done.set()
        assert (await first).is_success
    assert len(server.requests) == 1


async def test_no_answer_in_time_is_unknown(serve: Serve) -> None:
    server = await serve(silent)
    async with client_for(server) as client:
        with pytest.raises(OutgoingTimeoutError) as caught:
            await client.request("POST", at(server), purpose=PURPOSE, json={}, timeout=0.2)
    assert isinstance(caught.value, OutgoingUnknownError)
    assert caught.value.was_sent is True


async def test_a_connection_cut_after_the_request_is_unknown(serve: Serve) -> None:
    async def play(visit: Any) -> None:
        await visit.read_request()

    server = await serve(play)
    async with client_for(server) as client:
        with pytest.raises(OutgoingUnknownError):
            await client.request("POST", at(server), purpose=PURPOSE, json={})
    assert len(server.requests) == 1  # it is not repeated behind the caller's back


async def test_rubbish_for_an_answer_is_unknown(serve: Serve) -> None:
    async def play(visit: Any) -> None:
        await visit.read_request()
        visit.writer.write(b"\x00\x01 what?\r\n\r\n")
        await visit.writer.drain()

    server = await serve(play)
    async with client_for(server) as client:
        with pytest.raises(OutgoingUnknownError):
            await client.request("POST", at(server), purpose=PURPOSE, json={})


async def test_an_answer_that_breaks_off_is_unknown_and_says_its_status(serve: Serve) -> None:
    async def play(visit: Any) -> None:
        await visit.read_request()
        visit.writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        await visit.writer.drain()

    server = await serve(play)
    async with client_for(server) as client:
        with pytest.raises(OutgoingUnknownError) as caught:
            await client.request("POST", at(server), purpose=PURPOSE, json={})
    assert caught.value.data["answer_status"] == 200


async def test_an_answer_that_never_ends_is_cut_by_the_total_time(serve: Serve) -> None:
    async def play(visit: Any) -> None:
        await visit.read_request()
        visit.writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:  # each chunk comes in time, the whole never does
            visit.writer.write(b"1\r\nx\r\n")
            await visit.writer.drain()
            await asyncio.sleep(0.01)

    server = await serve(play)
    async with client_for(server) as client:
        with pytest.raises(OutgoingTimeoutError):
            await client.request("GET", at(server), purpose=PURPOSE, timeout=0.3)


# How much is taken in?


async def endless(visit: Any) -> None:
    await visit.read_request()
    visit.writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    while True:
        visit.writer.write(b"x" * 65536)
        await visit.writer.drain()


async def test_an_endless_answer_is_cut_by_size(serve: Serve) -> None:
    server = await serve(endless)
    async with client_for(server) as client:
        with pytest.raises(OutgoingTooLargeError) as caught:
            await client.request("GET", at(server), purpose=PURPOSE, max_bytes=100_000, timeout=LONG)
    assert caught.value.data["answer_status"] == 200


async def test_a_declared_size_over_the_cap_is_not_even_read(serve: Serve) -> None:
    async def play(visit: Any) -> None:
        await visit.read_request()
        visit.writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000001\r\n\r\n")
        await visit.reader.read()

    server = await serve(play)
    async with client_for(server) as client:
        with pytest.raises(OutgoingTooLargeError):
            await client.request("GET", at(server), purpose=PURPOSE, max_bytes=1_000_000, timeout=LONG)


@pytest.mark.parametrize(("size", "fits"), [(1000, True), (50_000_000, False)])
async def test_compressed_answers_count_unpacked(serve: Serve, size: int, fits: bool) -> None:
    packed = gzip.compress(b"a" * size)

    async def play(visit: Any) -> None:
        await visit.read_request()
        await visit.answer(packed, headers="Content-Encoding: gzip\r\n")

    server = await serve(play)
    async with client_for(server) as client:
        call = client.request("GET", at(server), purpose=PURPOSE, max_bytes=60_000)
        if fits:
            assert (await call).content == b"a" * size
        else:
            with pytest.raises(OutgoingTooLargeError):
                await call


async def test_compressed_answers_are_unpacked_in_small_pieces(serve: Serve) -> None:
    packed = gzip.compress(bytes(20_000_000))
    assert len(packed) < 65536

    async def play(visit: Any) -> None:
        await visit.read_request()
        await visit.answer(packed, headers="Content-Encoding: gzip\r\n")

    server = await serve(play)
    async with (
        client_for(server) as client,
        client.stream("GET", at(server), purpose=PURPOSE, max_bytes=10**8, timeout=LONG) as answer,
    ):
        sizes = [len(chunk) async for chunk in answer.chunks]
    assert sum(sizes) == 20_000_000
    assert max(sizes) <= 65536


@pytest.mark.parametrize("coding", ["gzip", "br"])
async def test_an_answer_that_cannot_be_unpacked_is_unknown(serve: Serve, coding: str) -> None:
    async def play(visit: Any) -> None:
        await visit.read_request()
        await visit.answer(gzip.compress(b"hello")[:-9], headers=f"Content-Encoding: {coding}\r\n")

    server = await serve(play)
    async with client_for(server) as client:
        with pytest.raises(OutgoingUnknownError):
            await client.request("GET", at(server), purpose=PURPOSE)


# Downloads


async def test_a_download_is_handed_on_as_it_comes(serve: Serve) -> None:
    photo = bytes(range(256)) * 2000

    async def play(visit: Any) -> None:
        await visit.read_request()
        await visit.answer(photo, headers="Content-Type: image/jpeg\r\n")

    server = await serve(play)
    got = bytearray()

    async def sink(chunk: bytes) -> None:
        got.extend(chunk)

    async with client_for(server) as client:
        head = await client.stream_to(
            at(server),
            sink,
            purpose=PURPOSE,
            max_bytes=len(photo),
            timeout=LONG,
            headers={"Authorization": "x"},
        )
        assert bytes(got) == photo
        assert (head.status, head.headers["Content-Type"], head.content) == (200, "image/jpeg", b"")
        with pytest.raises(OutgoingTooLargeError):
            await client.stream_to(at(server), sink, purpose=PURPOSE, max_bytes=len(photo) - 1, timeout=LONG)


async def test_an_error_instead_of_a_download_does_not_reach_the_sink(serve: Serve) -> None:
    async def play(visit: Any) -> None:
        await visit.read_request()
        await visit.answer(b"expired", "404 Not Found")

    async def sink(chunk: bytes) -> None:
        raise AssertionError

    server = await serve(play)
    async with client_for(server) as client:
        head = await client.stream_to(at(server), sink, purpose=PURPOSE, max_bytes=1000, timeout=LONG)
    assert (head.status, head.content) == (404, b"expired")


async def test_a_download_can_be_left_early_and_the_failure_of_the_reader_is_its_own(serve: Serve) -> None:
    server = await serve(endless)
    async with client_for(server, connections_per_origin=1) as client:
        for _ in range(2):
            async with client.stream(
                "GET", at(server), purpose=PURPOSE, max_bytes=10**9, timeout=LONG
            ) as answer:
                async for _chunk in answer.chunks:
                    break
        with pytest.raises(OSError, match="disk full"):
            async with client.stream("GET", at(server), purpose=PURPOSE, max_bytes=10**9, timeout=LONG):
                raise OSError("disk full")
        with pytest.raises(TimeoutError, match="my own"):
            async with client.stream("GET", at(server), purpose=PURPOSE, max_bytes=10**9, timeout=LONG):
                raise TimeoutError("my own")
    assert server.connections == 4


# One origin does not harm another; purposes are listed.


async def test_a_stuck_origin_leaves_the_others_alone(serve: Serve) -> None:
    arrived = asyncio.Event()

    async def stuck(visit: Any) -> None:
        await visit.read_request()
        arrived.set()
        await visit.reader.read()

    slow, quick = await serve(stuck), await serve()
    async with client_for(slow, quick, connections_per_origin=1) as client:
        waiting = asyncio.create_task(client.request("GET", at(slow), purpose=PURPOSE, timeout=LONG))
        await arrived.wait()
        assert (await client.request("GET", at(quick), purpose=PURPOSE)).is_success
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting


def test_a_purpose_has_one_meaning() -> None:
    assert register_purpose("test.call", "Tests call a server of their own.") == PURPOSE
    with pytest.raises(ValueError, match=r"test\.call"):
        register_purpose("test.call", "Something else.")
    assert PURPOSE in list_purposes()
