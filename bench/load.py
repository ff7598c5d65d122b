"""The open loop: calls at fixed moments, whatever became of those before; latency counts from the moment planned.

It is one event loop with a few kept connections and requests made beforehand, so that it takes little of the
machine that it measures. Its timer is a millisecond coarse, which every latency contains.
"""

import asyncio
import contextlib
import gc
import re
import time
from array import array
from collections import deque
from collections.abc import Sequence
from typing import cast

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_END_OF_HEAD = b"\r\n\r\n"
_NOTHING = 0


class Answers:
    """What came back, by the number of the call: status (0: the connection broke or nothing came) and milliseconds."""

    __slots__ = ("millis", "planned", "seconds", "statuses")

    def __init__(self, count: int) -> None:
        self.statuses = array("h", bytes(2 * count))
        self.millis = array("d", bytes(8 * count))
        self.planned = array("d", bytes(8 * count))
        """When each call was due, by `time.perf_counter`."""
        self.seconds = 0.0
        """From the first call to the last answer."""

    def numbers(self, status: int) -> list[int]:
        """List the calls that were answered with this status."""
        return [number for number, found in enumerate(self.statuses) if found == status]

    def latencies(self) -> list[float]:
        """List the milliseconds of all that were answered."""
        pairs = zip(self.statuses, self.millis, strict=True)
        return [millis for status, millis in pairs if status != _NOTHING]


async def open_loop(
    port: int, requests: Sequence[bytes], rate: float, *, connections: int = 64, patience: float = 30.0
) -> Answers:
    """Send every request at its moment, `rate` a second, and wait for the answers, `patience` seconds at most."""
    load = _Load(port, requests)
    await load.connect(connections)
    gc.collect()
    gc.disable()
    try:
        await load.send_all(rate)
        await load.settle(patience)
    finally:
        gc.enable()
        load.close()
    return load.answers


class _Load:
    def __init__(self, port: int, requests: Sequence[bytes]) -> None:
        self.answers = Answers(len(requests))
        self._port = port
        self._requests = requests
        self._lines: set[_Line] = set()
        self._idle: deque[_Line] = deque()
        self._queue: deque[int] = deque()
        self._left = len(requests)
        self._all_answered = asyncio.Event()
        self._is_over = False
        self._reconnecting: set[asyncio.Task[None]] = set()
        self._started = 0.0

    async def connect(self, count: int) -> None:
        for _ in range(count):
            await self._connect_one()

    async def _connect_one(self) -> None:
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: _Line(self), "127.0.0.1", self._port)

    async def send_all(self, rate: float) -> None:
        sent, count = 0, len(self._requests)
        self._started = start = time.perf_counter() + 0.05
        while sent < count:
            due = min(count, int((time.perf_counter() - start) * rate) + 1) if sent or _is_due(start) else 0
            while sent < due:
                self.answers.planned[sent] = start + sent / rate
                self._send(sent)
                sent += 1
            await asyncio.sleep(max(0.0, start + sent / rate - time.perf_counter()))

    async def settle(self, patience: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._all_answered.wait()
        self._is_over = True

    def close(self) -> None:
        self._is_over = True
        for task in self._reconnecting:
            task.cancel()
        for line in list(self._lines):
            line.close()

    def joined(self, line: "_Line") -> None:
        self._lines.add(line)
        self._free(line)

    def lost(self, line: "_Line") -> None:
        self._lines.discard(line)
        if line in self._idle:
            self._idle.remove(line)
        if line.number is not None:
            self.answered(line, _NOTHING, is_lost=True)
        if not self._is_over:
            task = asyncio.create_task(self._connect_one())
            self._reconnecting.add(task)
            task.add_done_callback(self._reconnecting.discard)

    def answered(self, line: "_Line", status: int, *, is_lost: bool = False) -> None:
        number, line.number = line.number, None
        if number is None:
            return
        now = time.perf_counter()
        self.answers.statuses[number] = status
        self.answers.millis[number] = (now - self.answers.planned[number]) * 1000
        self.answers.seconds = now - self._started
        self._left -= 1
        if not self._left:
            self._all_answered.set()
        if not is_lost:
            self._free(line)

    def _send(self, number: int) -> None:
        if self._idle:
            line = self._idle.popleft()
            line.send(number, self._requests[number])
        else:
            self._queue.append(number)

    def _free(self, line: "_Line") -> None:
        if self._queue:
            number = self._queue.popleft()
            line.send(number, self._requests[number])
        else:
            self._idle.append(line)


class _Line(asyncio.Protocol):
    """One kept connection with at most one call under way."""

    __slots__ = ("_buffer", "_load", "_transport", "number")

    def __init__(self, load: _Load) -> None:
        self._load = load
        self._buffer = b""
        self._transport: asyncio.Transport | None = None
        self.number: int | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own is none of asyncio's classes
        self._load.joined(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._load.lost(self)

    def send(self, number: int, request: bytes) -> None:
        assert self._transport is not None
        self.number = number
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        end = self._buffer.find(_END_OF_HEAD)
        if end < 0:
            return
        length = _LENGTH.search(self._buffer, 0, end)
        if len(self._buffer) >= end + 4 + (int(length[1]) if length else 0):
            status = int(self._buffer[9:12])
            self._buffer = b""
            self._load.answered(self, status)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()


def _is_due(start: float) -> bool:
    return time.perf_counter() >= start
