"""`/hooks/meta`: Meta's calls, acknowledged only when what they bring is durable. A lean application without walls.

401 for a wrong or missing signature, 413 for a body over the limit, 408 for one that does not end, 503 when Meta shall call again; everything else
that carries the right signature is a 200, because Meta would repeat for seven days what cannot be read anyway.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from urllib.parse import parse_qs

import structlog
from starlette.types import Receive, Scope, Send

from parley.channels.meta.signature import is_signed
from parley.channels.meta.verification import answer_challenge
from parley.modules.ingest.errors import OverloadedError
from parley.modules.ingest.ports import Intake
from parley.modules.ingest.receiver import Receiver

MAX_BODY = 4 * 1024 * 1024
"""Meta promises 3 MB at most."""
_DRAIN = 32 * 1024 * 1024
_READ_SECONDS = 20.0
_DRAIN_SECONDS = 10
_SIGNATURE = b"x-hub-signature-256"

log = structlog.get_logger()


class MetaHook:
    """One Meta app's callback: its id in the path is optional, `secrets` sign, `verify_tokens` prove that it is us."""

    def __init__(
        self,
        receiver: Receiver,
        intake: Intake,
        *,
        app: str,
        secrets: Sequence[str],
        verify_tokens: Sequence[str],
    ) -> None:
        self._receiver = receiver
        self._intake = intake
        self._app = app
        self._secrets = secrets
        self._verify_tokens = verify_tokens
        self._paths = {"/hooks/meta", f"/hooks/meta/{app}"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        if scope["path"] not in self._paths:
            await _answer(send, 404, b"")
        elif scope["method"] == "GET":
            await self._verify(scope, send)
        elif scope["method"] == "POST":
            await self._take(scope, receive, send)
        else:
            await _answer(send, 405, b"", ((b"allow", b"GET, POST"),))

    async def _verify(self, scope: Scope, send: Send) -> None:
        pairs = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        challenge = answer_challenge({name: values[0] for name, values in pairs.items()}, self._verify_tokens)
        await (_answer(send, 403, b"") if challenge is None else _answer(send, 200, challenge.encode()))

    async def _take(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        declared = headers.get(b"content-length", b"0")
        try:
            async with asyncio.timeout(_READ_SECONDS):
                body = None if declared.isdigit() and int(declared) > MAX_BODY else await _read(receive)
        except TimeoutError:  # anybody may hold megabytes of our memory by sending all but the end
            await _answer(send, 408, b"", ((b"connection", b"close"),))
            return
        if body is None:
            await _refuse_size(receive, send)
            return
        signature = headers.get(_SIGNATURE)
        if not is_signed(body, None if signature is None else signature.decode("latin-1"), self._secrets):
            self._receiver.counts.bad_signatures += 1
            log.warning("hook.bad_signature", source="meta", bytes=len(body))
            await _answer(send, 401, b"")
            return
        try:
            await self._receiver.receive(self._intake, "meta", self._app, body)
        except OverloadedError:
            await _answer(send, 503, b"", ((b"retry-after", b"5"),))
        else:
            await _answer(send, 200, b"EVENT_RECEIVED")


async def _read(receive: Receive) -> bytes | None:
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > MAX_BODY:
            return None
        chunks.append(chunk)
        if not message.get("more_body", False):
            return chunks[0] if len(chunks) == 1 else b"".join(chunks)


async def _refuse_size(receive: Receive, send: Send) -> None:
    # The refusal goes out at once; then what still comes is thrown away for a while, because a connection that is
    # closed while its caller writes is reset, and the caller may never see why.
    headers = [(b"content-length", b"0"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    size = 0
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_DRAIN_SECONDS):
            while size < _DRAIN:
                message = await receive()
                size += len(message.get("body", b""))
                if message["type"] != "http.request" or not message.get("more_body", False):
                    break
    await send({"type": "http.response.body", "body": b""})


async def _answer(send: Send, status: int, body: bytes, headers: Sequence[tuple[bytes, bytes]] = ()) -> None:
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                (b"content-type", b"text/plain; charset=utf-8"),
                (b"x-content-type-options", b"nosniff"),
                (b"content-length", str(len(body)).encode()),
                *headers,
            ],
        }
    )
    await send({"type": "http.response.body", "body": body})
