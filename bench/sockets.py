"""Many listeners on WebSockets: just enough of RFC 6455 to notice frames at little cost. Sends nothing but pongs."""

import asyncio
import base64
import os
import time
from collections.abc import Callable
from typing import cast

OnText = Callable[[bytes, float], None]
"""Takes the bytes of a text frame and the moment it came, by `time.perf_counter`."""
_TEXT, _CLOSE, _PING = 1, 8, 9
_SHORT, _LONG = 126, 127


class Listener(asyncio.Protocol):
    """One open socket. `greeted` is done when its first frame has come, or fails when it is refused."""

    def __init__(self, request: bytes, on_text: OnText) -> None:
        self.greeted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._request = request
        self._on_text = on_text
        self._buffer = bytearray()
        self._is_open = False
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own is none of asyncio's classes
        self._transport.write(self._request)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.greeted.done():
            self.greeted.set_exception(ConnectionError(bytes(self._buffer[:200]).decode(errors="replace")))

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        self._buffer += data
        if not self._is_open and not self._opened():
            return
        while (frame := self._next_frame()) is not None:
            self._handle(*frame, now)

    def close(self) -> None:
        """Leave without a word."""
        if self._transport is not None:
            self._transport.abort()

    def _opened(self) -> bool:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        if not self._buffer.startswith(b"HTTP/1.1 101"):
            self.close()
            return False
        del self._buffer[: end + 4]
        self._is_open = True
        return True

    def _next_frame(self) -> tuple[int, bytes] | None:
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        size, start = buffer[1] & 0x7F, 2
        if size == _SHORT:
            size, start = int.from_bytes(buffer[2:4], "big"), 4
        elif size == _LONG:
            size, start = int.from_bytes(buffer[2:10], "big"), 10
        if len(buffer) < start + size:
            return None
        frame = buffer[0] & 0x0F, bytes(buffer[start : start + size])
        del buffer[: start + size]
        return frame

    def _handle(self, kind: int, payload: bytes, now: float) -> None:
        if kind == _TEXT:
            if not self.greeted.done():
                self.greeted.set_result(None)
            self._on_text(payload, now)
        elif kind == _PING and self._transport is not None:
            self._transport.write(
                bytes((0x8A, 0x80 | len(payload), 0, 0, 0, 0)) + payload
            )  # masked with zeros
        elif kind == _CLOSE:
            self.close()


async def listen(port: int, path: str, on_text: OnText, *, cookie: str = "") -> Listener:
    """Open a socket as a signed-in page of ours would; returns when it was greeted."""
    key = base64.b64encode(os.urandom(16)).decode()
    request = (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n"
        f"Cookie: __Host-sid={cookie}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n"
    )
    loop = asyncio.get_running_loop()
    _, made = await loop.create_connection(lambda: Listener(request.encode(), on_text), "127.0.0.1", port)
    async with asyncio.timeout(20):
        await made.greeted
    return made
