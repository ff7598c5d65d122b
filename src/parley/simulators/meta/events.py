"""Live news for open phone pages: a small fan-out with bounded queues. Nothing here reaches the webhook."""

from __future__ import annotations

import asyncio
from typing import Any

_ROOM = 200


class Hub:
    """Tell every open page what happened; a page that falls behind is told to load afresh."""

    def __init__(self) -> None:
        self._pages: set[asyncio.Queue[dict[str, Any]]] = set()
        self.closing = asyncio.Event()

    def open(self) -> asyncio.Queue[dict[str, Any]]:
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(_ROOM)
        self._pages.add(queue)
        return queue

    def close(self, queue: asyncio.Queue[dict[str, Any]]) -> None:
        self._pages.discard(queue)

    def publish(self, kind: str, **fields: Any) -> None:
        for queue in self._pages:
            if queue.qsize() >= _ROOM - 1:
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait({"kind": "resync"})
            else:
                queue.put_nowait({"kind": kind, **fields})
