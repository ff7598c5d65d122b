"""The client: one call, one answer or one clear failure. No redirects, cookies, environment proxies or credentials."""

import asyncio
import contextlib
import dataclasses
import ssl
import time
import zlib
from collections import OrderedDict
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Mapping,
)
from typing import Any, TypeVar

import certifi
import httpcore
import httpx
import orjson
import structlog

from parley.core.http.dialling import GuardedBackend
from parley.core.http.errors import (
    OutgoingConnectError,
    OutgoingRefusedError,
    OutgoingTimeoutError,
    OutgoingTooLargeError,
    OutgoingUnknownError,
)
from parley.core.http.guard import Guard, Resolver, origin_of, system_resolver
from parley.core.http.purposes import Purpose

log = structlog.get_logger()

MAX_BYTES = 1024 * 1024
TIMEOUT = 20.0
CONNECT_TIMEOUT = 10.0
_ORIGINS = 256
_INFLATE = 64 * 1024
_NOT_REACHED = (httpcore.ConnectError, httpcore.ConnectTimeout, httpcore.PoolTimeout)
_BROKEN = (httpcore.NetworkError, httpcore.ProtocolError)

Content = bytes | AsyncIterable[bytes]
File = tuple[str, bytes, str]
"""Name, bytes and media type of one part of a multipart form."""
E = TypeVar("E", bound=Exception)
Sink = Callable[[bytes], Awaitable[None]]


@dataclasses.dataclass(frozen=True, slots=True)
class Response:
    """A complete answer of any status. Header names are read without regard to case."""

    status: int
    headers: Mapping[str, str]
    content: bytes = dataclasses.field(repr=False)

    @property
    def is_success(self) -> bool:
        """Tell whether the status is 2xx; 3xx is not, redirects are never followed."""
        return 200 <= self.status < 300

    def json(self) -> Any:
        """Read the content as JSON; raises `ValueError` when it is none."""
        return orjson.loads(self.content)


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """An answer whose content is still coming; read `chunks` at most once, inside the `stream` block."""

    status: int
    headers: Mapping[str, str]
    chunks: AsyncGenerator[bytes, None]


class OutgoingClient:
    """Calls the outside world; one per process, closed with `aclose()`."""

    def __init__(
        self,
        trusted_origins: Iterable[str] = (),
        private_hosts: str | Iterable[str] = (),
        *,
        resolver: Resolver = system_resolver,
        dialler: httpcore.AsyncNetworkBackend | None = None,
        ssl_context: ssl.SSLContext | None = None,
        connections_per_origin: int = 32,
    ) -> None:
        self.guard = Guard(trusted_origins, private_hosts, resolver=resolver)
        self._backend = GuardedBackend(self.guard, dialler)
        self._ssl = ssl_context or _default_ssl()
        self._connections = connections_per_origin
        # One pool per origin, so that a slow one cannot take the connections of the others.
        self._pools: OrderedDict[tuple[str, str, int], httpcore.AsyncConnectionPool] = OrderedDict()

    async def aclose(self) -> None:
        """Close every connection."""
        pools, self._pools = self._pools, OrderedDict()
        for pool in pools.values():
            await pool.aclose()

    async def request(
        self,
        method: str,
        url: str,
        *,
        purpose: Purpose,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        content: Content | None = None,
        data: Mapping[str, str] | None = None,
        files: Mapping[str, File] | None = None,
        max_bytes: int = MAX_BYTES,
        timeout: float = TIMEOUT,  # noqa: ASYNC109 - the whole call's time, part of the promise
    ) -> Response:
        """Call and return the complete answer, whatever its status.

        `timeout` (seconds) bounds everything from the name lookup to the last byte, `max_bytes` the answer after
        decompression. Raises `OutgoingRefusedError` and `OutgoingConnectError` (nothing was sent),
        `OutgoingUnknownError` and `OutgoingTimeoutError` (outcome unknown), `OutgoingTooLargeError`.
        """
        body: dict[str, Any] = {"json": json, "content": content, "data": data, "files": files}
        async with self.stream(
            method, url, purpose=purpose, headers=headers, max_bytes=max_bytes, timeout=timeout, **body
        ) as answer:
            received = b"".join([chunk async for chunk in answer.chunks])
        return Response(answer.status, answer.headers, received)

    async def stream_to(
        self,
        url: str,
        sink: Sink,
        *,
        purpose: Purpose,
        headers: Mapping[str, str] | None = None,
        max_bytes: int,
        timeout: float,  # noqa: ASYNC109 - as in `request`
    ) -> Response:
        """Download with GET, handing each chunk of a 2xx answer to `sink`; other answers are returned whole.

        The content of the returned 2xx `Response` is empty. Fails as `request` does; what the sink got by then is
        not the whole.
        """
        async with self.stream(
            "GET", url, purpose=purpose, headers=headers, max_bytes=max_bytes, timeout=timeout
        ) as answer:
            if not 200 <= answer.status < 300:
                return Response(answer.status, answer.headers, b"".join([c async for c in answer.chunks]))
            async for chunk in answer.chunks:
                await sink(chunk)
        return Response(answer.status, answer.headers, b"")

    @contextlib.asynccontextmanager
    async def stream(
        self,
        method: str,
        url: str,
        *,
        purpose: Purpose,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = MAX_BYTES,
        timeout: float = TIMEOUT,  # noqa: ASYNC109 - as in `request`
        **body: Any,
    ) -> AsyncIterator[Answer]:
        """Call and hand over the answer while its content still comes; limits and failures are those of `request`."""
        request = self._build(method, url, headers, body)
        call = _Call(request, purpose, max_bytes)
        async with call.failures(timeout):
            pool = await self._pool(origin_of(request.url))
            response = await pool.handle_async_request(call.prepare(timeout))
            async with contextlib.aclosing(response):
                answer = call.answer(response)
                async with contextlib.aclosing(answer.chunks):
                    yield answer
        call.log_end()

    def _build(
        self, method: str, url: str, headers: Mapping[str, str] | None, body: Mapping[str, Any]
    ) -> httpx.Request:
        # Compressed answers are a way to fill the memory; we ask for none and bound those that come anyway.
        defaults = {"User-Agent": "Parley/1", "Accept": "*/*", "Accept-Encoding": "identity"}
        checked = self.guard.check_url(url)
        return httpx.Request(method, checked, headers=httpx.Headers({**defaults, **(headers or {})}), **body)

    async def _pool(self, origin: tuple[str, str, int]) -> httpcore.AsyncConnectionPool:
        if origin not in self._pools:
            if len(self._pools) >= _ORIGINS:
                await self._drop_one_idle()
            self._pools[origin] = httpcore.AsyncConnectionPool(
                ssl_context=self._ssl,
                max_connections=self._connections,
                max_keepalive_connections=8,
                keepalive_expiry=10.0,
                network_backend=self._backend,
            )
        self._pools.move_to_end(origin)
        return self._pools[origin]

    async def _drop_one_idle(self) -> None:
        for origin, pool in self._pools.items():
            if all(connection.is_idle() for connection in pool.connections):
                del self._pools[origin]
                await pool.aclose()
                return


class _Call:
    """One call on its way: knows whether it left, and turns what happens into our own words."""

    def __init__(self, request: httpx.Request, purpose: Purpose, max_bytes: int) -> None:
        self._request = request
        self._max_bytes = max_bytes
        self._sent = False
        self._status: int | None = None
        self._started = time.perf_counter()
        self._log = log.bind(purpose=purpose.name, host=request.url.host)

    def prepare(self, timeout: float) -> httpcore.Request:
        url = self._request.url
        connect = min(timeout, CONNECT_TIMEOUT)
        return httpcore.Request(
            self._request.method,
            httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=self._request.headers.raw,
            content=self._request.stream,
            extensions={
                "timeout": {"connect": connect, "pool": connect, "read": timeout, "write": timeout},
                "trace": self._trace,
            },
        )

    def answer(self, response: httpcore.Response) -> Answer:
        self._status = response.status
        headers = httpx.Headers(response.headers)
        declared = headers.get("content-length", "")
        if declared.isdigit() and int(declared) > self._max_bytes and self._request.method != "HEAD":
            raise OutgoingTooLargeError(answer_status=self._status)
        return Answer(response.status, headers, self._bounded(response, headers))

    @contextlib.asynccontextmanager
    async def failures(self, seconds: float) -> AsyncIterator[None]:
        """Bound the time of the block, and say for each failure whether the request had left."""
        deadline = asyncio.timeout(seconds)
        try:
            async with deadline:
                yield
        except OutgoingRefusedError as fault:
            self._log.warning("outgoing.refused", reason=fault.data.get("reason"))
            raise
        except _NOT_REACHED as fault:
            raise self._failed(OutgoingConnectError(reason=_reason(fault))) from fault
        except httpcore.TimeoutException as fault:
            raise self._failed(self._late()) from fault
        except TimeoutError as fault:
            if not deadline.expired():
                raise
            raise self._failed(self._late()) from fault
        except _BROKEN as fault:
            raise self._failed(self._broken()) from fault

    def log_end(self) -> None:
        self._log.info("outgoing.answered", status=self._status, ms=self._elapsed_ms())

    async def _bounded(
        self, response: httpcore.Response, headers: httpx.Headers
    ) -> AsyncGenerator[bytes, None]:
        seen = 0
        coding = headers.get("content-encoding", "identity").strip().lower()
        async with contextlib.aclosing(self._decoded(response, coding)) as chunks:
            async for chunk in chunks:
                seen += len(chunk)
                if seen > self._max_bytes:
                    raise OutgoingTooLargeError(answer_status=self._status)
                yield chunk

    async def _decoded(self, response: httpcore.Response, coding: str) -> AsyncGenerator[bytes, None]:
        if coding in {"", "identity"}:
            async for chunk in response.aiter_stream():
                yield chunk
            return
        if coding not in {"gzip", "x-gzip", "deflate"}:
            raise self._failed(self._broken())
        inflater = zlib.decompressobj(wbits=47)
        try:
            async for chunk in response.aiter_stream():
                rest = chunk
                while rest and not inflater.eof:
                    yield inflater.decompress(rest, _INFLATE)
                    rest = inflater.unconsumed_tail
            yield inflater.flush()
        except zlib.error:
            raise self._failed(self._broken()) from None
        if not inflater.eof:
            raise self._failed(self._broken())

    async def _trace(self, event: str, info: Mapping[str, Any]) -> None:
        # Up to here the request is only bytes in our memory; from here on some of them may have arrived.
        if event.endswith("send_request_headers.started"):
            self._sent = True

    def _late(self) -> OutgoingConnectError | OutgoingTimeoutError:
        if not self._sent:
            return OutgoingConnectError(reason="timeout")
        return OutgoingTimeoutError(**self._status_data())

    def _broken(self) -> OutgoingConnectError | OutgoingUnknownError:
        if not self._sent:
            return OutgoingConnectError(reason="connection")
        return OutgoingUnknownError(**self._status_data())

    def _status_data(self) -> dict[str, int]:
        return {} if self._status is None else {"answer_status": self._status}

    def _failed(self, error: E) -> E:
        self._log.warning(
            "outgoing.failed", error=type(error).__name__, sent=self._sent, ms=self._elapsed_ms()
        )
        return error

    def _elapsed_ms(self) -> int:
        return round((time.perf_counter() - self._started) * 1000)


def _reason(fault: Exception) -> str:
    if isinstance(fault, httpcore.PoolTimeout):
        return "too_many_calls"
    return "timeout" if isinstance(fault, httpcore.ConnectTimeout) else "connection"


def _default_ssl() -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=certifi.where())
    context.load_default_certs()
    return context
