"""A small WebSocket client, so that streams are tested over a real socket."""

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import orjson
from tests.modules.realtime.world import PATIENCE
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, Ping, Request, TextMessage


class Socket:
    """One end of a WebSocket."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._protocol = WSConnection(ConnectionType.CLIENT)
        self._texts: list[str] = []
        self._partial = ""
        self._is_open = False
        self.close_code: int | None = None

    @classmethod
    async def open(cls, server: str, path: str, headers: Mapping[str, str]) -> "Socket":
        place = urlsplit(server)
        reader, writer = await asyncio.open_connection("127.0.0.1", place.port)
        made = cls(reader, writer)
        extra = [(name.encode(), value.encode()) for name, value in headers.items()]
        request = Request(host=place.netloc, target=path, extra_headers=extra)
        writer.write(made._protocol.send(request))
        try:
            async with asyncio.timeout(PATIENCE):
                while not made._is_open and made.close_code is None:
                    await made._read()
        except BaseException:
            writer.close()
            raise
        return made

    async def receive(self) -> dict[str, Any]:
        """Wait for one message; raises `EOFError` when the server closed instead."""
        async with asyncio.timeout(PATIENCE):
            while not self._texts:
                if self.close_code is not None:
                    raise EOFError(self.close_code)
                await self._read()
        return dict(orjson.loads(self._texts.pop(0)))

    async def closed(self) -> int | None:
        """Wait until the server closes; tell the code."""
        async with asyncio.timeout(PATIENCE):
            while self.close_code is None:
                await self._read()
        return self.close_code

    def send(self, text: str) -> None:
        self._writer.write(self._protocol.send(TextMessage(text)))

    async def aclose(self) -> None:
        self._writer.close()
        await asyncio.gather(self._writer.wait_closed(), return_exceptions=True)

    async def _read(self) -> None:
        data = await self._reader.read(65_536)
        if not data:
            self.close_code = self.close_code or 1006
            return
        self._protocol.receive_data(data)
        for event in self._protocol.events():
            if isinstance(event, AcceptConnection):
                self._is_open = True
            elif isinstance(event, TextMessage):
                self._partial += event.data
                if event.message_finished:
                    self._texts.append(self._partial)
                    self._partial = ""
            elif isinstance(event, Ping):
                self._writer.write(self._protocol.send(event.response()))
            elif isinstance(event, CloseConnection):
                self.close_code = event.code
