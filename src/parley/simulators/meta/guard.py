"""Who may talk to the simulator: only this machine, and no foreign web page through a browser on it."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_OURS = frozenset({"localhost", "127.0.0.1"})
_POLICY = (
    b"default-src 'self'; img-src 'self' blob:; media-src 'self' blob:; frame-ancestors 'none'; "
    b"base-uri 'none'; form-action 'self'"
)
_HEADERS = [
    (b"content-security-policy", _POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
]


class LocalOnly:
    """Refuse foreign Host headers (DNS rebinding) and requests that a foreign page made."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        host = urlsplit(f"//{headers.get(b'host', '')}").hostname
        origin = headers.get(b"origin")
        if host not in _OURS or (origin is not None and urlsplit(origin).hostname not in _OURS):
            refusal = PlainTextResponse("This simulator answers on localhost and 127.0.0.1 only.\n", 403)
            await refusal(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", []), *_HEADERS]}
            await send(message)

        await self._app(scope, receive, send_with_headers)
