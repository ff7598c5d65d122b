"""The Graph client's four outcomes, over real HTTP."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import pytest
import structlog

from parley.channels.meta.graph import Answered, Graph, GraphResult, Refused, Unanswered, Unreached
from parley.core.http import OutgoingClient, register_purpose

PURPOSE = register_purpose("tests.graph", "Prove how answers of the Graph are understood.")
TOKEN = "secret-token"


@contextlib.asynccontextmanager
async def _vendor(answer: bytes, seen: list[bytes]) -> AsyncIterator[str]:
    """Answer every connection with these very bytes, then close it."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def _http(status: int, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return head.encode() + body


async def _get(answer: bytes, seen: list[bytes], token: str = TOKEN) -> GraphResult:
    async with _vendor(answer, seen) as origin:
        client = OutgoingClient([origin])
        graph = Graph(client, origin + "/", "v25.0")
        try:
            return await graph.get("1/../2", token=token, purpose=PURPOSE, query={"fields": "a b"})
        finally:
            await client.aclose()


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, b'{"id": "1"}', Answered({"id": "1"})),
        (200, b"{}", Unanswered(200)),
        (200, b"<html>", Unanswered(200)),
        (200, b'{"error": {"code": 190}}', Refused(200, {"code": 190})),
        (400, b'{"error": {"code": 100}}', Refused(400, {"code": 100})),
        (500, b'{"error": {"code": 131000}}', Refused(500, {"code": 131000})),
        (404, b"<html>", Refused(404, {})),
        (302, b"", Refused(302, {})),
        (502, b"<html>", Unanswered(502)),
        (500, b'{"error": "x"}', Unanswered(500)),
    ],
)
async def test_answer_is_understood(status: int, body: bytes, expected: GraphResult) -> None:
    assert await _get(_http(status, body), []) == expected


async def test_broken_answer_leaves_it_open() -> None:
    assert isinstance(await _get(b"", []), Unanswered)
    assert isinstance(await _get(b"HTTP/1.1 200 X\r\nContent-Length: 99\r\n\r\n{", []), Unanswered)


async def test_path_is_quoted_and_token_travels_in_the_header() -> None:
    seen: list[bytes] = []
    await _get(_http(200, b'{"id": "1"}'), seen)
    assert seen[0].startswith(b"GET /v25.0/1%2F..%2F2?fields=a+b HTTP/1.1\r\n")
    assert b"\r\nAuthorization: Bearer secret-token\r\n" in seen[0]


@pytest.mark.parametrize("token", ["", "two words", "line\r\nX: y", "ümlaut"])
async def test_token_that_cannot_be_one_is_refused_before_anything_is_sent(token: str) -> None:
    seen: list[bytes] = []
    assert await _get(_http(200, b'{"id": "1"}'), seen, token) == Refused(401, {"code": 190})
    assert seen == []


async def test_nobody_there_and_not_allowed_are_told_apart() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        origin = f"http://127.0.0.1:{closed.getsockname()[1]}"
        for trusted, expected in (([origin], Unreached()), ([], Unreached(is_forbidden=True))):
            client = OutgoingClient(trusted)
            graph = Graph(client, origin, "v25.0")
            assert await graph.get("1", token=TOKEN, purpose=PURPOSE) == expected
            await client.aclose()


async def test_token_is_in_no_log_and_no_result() -> None:
    with structlog.testing.capture_logs() as logs:
        results = [await _get(_http(status, b"{}"), []) for status in (200, 400, 500)]
        results.append(await _get(b"", []))
    assert logs
    assert TOKEN not in repr((logs, results))
