"""The least that a server of this kind does, as floors: any POST is answered at once and told to every open socket.

Runs as a process of its own (`python -m bench.bare FD`) under the same HTTP server with the same settings as the
product's.
"""

import socket
import sys

import uvicorn
import uvloop
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocket

_HEAD: Message = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"text/plain"), (b"content-length", b"14")],
}
_BODY: Message = {"type": "http.response.body", "body": b"EVENT_RECEIVED"}
_sockets: set[WebSocket] = set()


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request, or keep one socket."""
    if scope["type"] == "websocket":
        await _keep(WebSocket(scope, receive, send))
        return
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    await send(_HEAD)
    await send(_BODY)
    text = body.decode() if _sockets else ""
    for each in list(_sockets):
        await each.send_text(text)


async def _keep(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text("hello")
    _sockets.add(websocket)
    try:
        while (await websocket.receive())["type"] != "websocket.disconnect":
            pass
    finally:
        _sockets.discard(websocket)


def main(descriptor: int) -> None:
    """Serve on a socket that was handed over."""
    listener = socket.socket(fileno=descriptor)
    config = uvicorn.Config(
        app,
        http="httptools",
        ws="wsproto",
        loop="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=False,
        proxy_headers=False,
    )
    uvloop.run(uvicorn.Server(config).serve(sockets=[listener]))


if __name__ == "__main__":
    main(int(sys.argv[1]))
