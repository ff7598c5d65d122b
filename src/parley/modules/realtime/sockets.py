"""One WebSocket that follows a workspace: greeting, replay, live frames, ending. The wire alone, no rights.

The server's own pings and its patience with a silent peer are the HTTP server's settings. A browser cannot see those
pings, so it sends `{"type": "ping"}` and is answered in kind.
"""

import asyncio

import orjson
import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketDisconnected

from parley.modules.realtime.hub import Hub
from parley.modules.realtime.viewers import Ending, Viewer

_SEND_SECONDS = 20.0
_LEFT = Ending(1005)
_FAILED = Ending(1011)
_RESYNC = '{"type":"resync"}'
_PONG = '{"type":"pong"}'

log = structlog.get_logger()


async def serve(websocket: WebSocket, hub: Hub, viewer: Viewer, *, newest: int) -> None:
    """Greet with the workspace's newest number, then tell an accepted socket what its viewer hears until one ends."""
    tasks = [asyncio.create_task(_follow(hub, viewer)), asyncio.create_task(_listen(websocket, viewer))]
    try:
        await _say(websocket, f'{{"type":"hello","seq":{newest}}}')
        await _tell(websocket, viewer)
    except (WebSocketDisconnect, WebSocketDisconnected, TimeoutError, OSError):
        return  # the peer is gone, or takes nothing any more
    finally:
        hub.leave(viewer)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _tell(websocket: WebSocket, viewer: Viewer) -> None:
    while texts := await viewer.take():
        for text in texts:
            await _say(websocket, text)
    ending = viewer.ending or _FAILED
    if ending is _LEFT:
        return
    if ending.resync:
        await _say(websocket, _RESYNC)
    await websocket.close(ending.code)


async def _say(websocket: WebSocket, text: str) -> None:
    async with asyncio.timeout(_SEND_SECONDS):
        await websocket.send_text(text)


async def _follow(hub: Hub, viewer: Viewer) -> None:
    try:
        await hub.follow(viewer)
    except Exception as error:
        log.warning("stream.failed", error=type(error).__name__)
        viewer.end(_FAILED)


async def _listen(websocket: WebSocket, viewer: Viewer) -> None:
    try:
        while True:
            message = await websocket.receive()
            if message["type"] == "websocket.disconnect":
                break
            if _is_ping(message.get("text")):
                await _say(websocket, _PONG)
    except (WebSocketDisconnect, WebSocketDisconnected, TimeoutError, OSError):
        pass
    finally:
        viewer.end(_LEFT)


def _is_ping(text: str | None) -> bool:
    try:
        said = orjson.loads(text or "null")
    except orjson.JSONDecodeError:
        return False
    return isinstance(said, dict) and said.get("type") == "ping"
