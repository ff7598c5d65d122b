"""The open loop asks everything once and puts each answer with its call."""

import asyncio

from bench.load import open_loop


async def test_every_call_gets_its_own_answer() -> None:
    asked: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            await reader.readuntil(b"\r\n")
            asked.append(line)
            status = line.split(b"/")[1].split(b" ")[0]
            head = b"HTTP/1.1 %s Word\r\nContent-Length: 5\r\n\r\n" % status
            for part in (head[:10], head[10:], b"he", b"llo"):  # in pieces, as a network may
                writer.write(part)
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        wanted = [200, 503, 200, 429, 200] * 8
        requests = [b"GET /%d HTTP/1.1\r\n\r\n" % status for status in wanted]
        answers = await open_loop(port, requests, 2000, connections=4)
    assert list(answers.statuses) == wanted
    assert len(asked) == len(wanted)
    assert answers.numbers(429) == [n for n, status in enumerate(wanted) if status == 429]
    assert len(answers.latencies()) == len(wanted)


async def test_a_connection_that_breaks_is_no_answer() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        answers = await open_loop(port, [b"GET / HTTP/1.1\r\n\r\n"] * 3, 2000, connections=1)
    assert list(answers.statuses) == [0, 0, 0]
    assert answers.latencies() == []
