"""Where does the connection go? Names that change their mind, and addresses that are not ours to call."""

import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

import httpcore
import pytest

from parley.core.http import OutgoingClient, OutgoingRefusedError, register_purpose

PURPOSE = register_purpose("test.call", "Tests call a server of their own.")
Serve = Callable[..., Awaitable[Any]]


class FlippingResolver:
    """Answers with a public address first and with this machine ever after."""

    def __init__(self) -> None:
        self.asked = 0

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked += 1
        return ["93.184.216.34"] if self.asked == 1 else ["127.0.0.1"]


class StandInForTheInternet(httpcore.AsyncNetworkBackend):
    """Notes where a connection would go and brings it to a loopback port instead."""

    def __init__(self, port: int, closed: Iterable[str] = ()) -> None:
        self.dialled: list[str] = []
        self._port = port
        self._closed = set(closed)
        self._real = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self.dialled.append(f"{host}:{port}")
        if host in self._closed:
            raise httpcore.ConnectError
        return await self._real.connect_tcp("127.0.0.1", self._port, timeout)


async def test_rebinding_gets_nowhere(serve: Serve, tls: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    async def play(visit: Any) -> None:
        await visit.read_request()
        await visit.answer(headers="Connection: close\r\n")

    server = await serve(play, secure=True)
    resolver, internet = FlippingResolver(), StandInForTheInternet(server.port)
    client = OutgoingClient(resolver=resolver, dialler=internet, ssl_context=tls[1])
    answer = await client.request("GET", "https://rebind.example/hook", purpose=PURPOSE)
    assert answer.status == 200
    # Resolved once; dialled what was checked; name kept in TLS and in the request.
    assert (resolver.asked, internet.dialled) == (1, ["93.184.216.34:443"])
    assert server.names == ["rebind.example"]
    assert b"Host: rebind.example\r\n" in server.requests[0]
    with pytest.raises(OutgoingRefusedError):
        await client.request("GET", "https://rebind.example/hook", purpose=PURPOSE)
    assert internet.dialled == ["93.184.216.34:443"]
    await client.aclose()


async def test_the_next_checked_address_is_tried(
    serve: Serve, tls: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    async def resolver(host: str, port: int) -> Sequence[str]:
        return ["8.8.4.4", "8.8.8.8"]

    server = await serve(secure=True)
    internet = StandInForTheInternet(server.port, closed=["8.8.4.4"])
    client = OutgoingClient(resolver=resolver, dialler=internet, ssl_context=tls[1])
    assert (await client.request("GET", "https://shop.example/", purpose=PURPOSE)).is_success
    assert internet.dialled == ["8.8.4.4:443", "8.8.8.8:443"]
    await client.aclose()


async def test_a_loopback_server_is_out_of_reach_unless_allowed(
    serve: Serve, tls: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    async def resolver(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    server = await serve(secure=True)
    guarded = OutgoingClient(resolver=resolver, ssl_context=tls[1])
    for url in (f"https://shop.example:{server.port}/", "https://shop.example/", "https://127.0.0.1/"):
        with pytest.raises(OutgoingRefusedError):
            await guarded.request("GET", url, purpose=PURPOSE)
    assert server.connections == 0
    allowed = OutgoingClient([], f"shop.example:{server.port}", resolver=resolver, ssl_context=tls[1])
    assert (await allowed.request("GET", f"https://shop.example:{server.port}/", purpose=PURPOSE)).is_success
    await guarded.aclose()
    await allowed.aclose()
