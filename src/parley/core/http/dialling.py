"""Connections for httpcore that go to checked addresses only. TLS and Host keep the name, httpcore sees to that."""

import ssl
from collections.abc import Iterable
from typing import Any

import httpcore

from parley.core.http.guard import Guard

_ATTEMPT_SECONDS = 5.0


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Resolves and checks by `guard`, then tries the checked addresses in their order."""

    def __init__(self, guard: Guard, dialler: httpcore.AsyncNetworkBackend | None = None) -> None:
        self._guard = guard
        self._dialler = dialler or httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's interface
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first checked address of `host` that accepts."""
        addresses = await self._guard.resolve(host, port)
        patience = timeout if len(addresses) == 1 else min(timeout or _ATTEMPT_SECONDS, _ATTEMPT_SECONDS)
        for address in addresses[:-1]:
            try:
                found = await self._dialler.connect_tcp(
                    address, port, patience, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
            return _Stream(found)
        return _Stream(
            await self._dialler.connect_tcp(addresses[-1], port, patience, local_address, socket_options)
        )

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's interface
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Refuse: there is nothing to call on a socket of this machine."""
        raise NotImplementedError

    async def sleep(self, seconds: float) -> None:
        """Wait between httpcore's own attempts; we ask for none."""
        await self._dialler.sleep(seconds)


class _Stream(httpcore.AsyncNetworkStream):
    """A connection that is closed when its TLS handshake is cancelled; httpcore's own would stay open."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - as above
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - as above
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - as above
    ) -> httpcore.AsyncNetworkStream:
        try:
            return await self._stream.start_tls(ssl_context, server_hostname, timeout)
        except BaseException:
            await self._stream.aclose()
            raise

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
