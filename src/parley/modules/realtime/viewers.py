"""One open connection that follows a workspace: on whose behalf, how far it was told, what still waits to be sent."""

import asyncio
import dataclasses
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence

from parley.core.scope import Scope
from parley.modules.realtime.frames import Frame

QUEUE = 1_000
"""Frames that may wait for one viewer. Somebody that far behind is quicker with a fresh fetch."""

Revalidate = Callable[[], Awaitable[Scope | None]]
"""Looks up the viewer's scope anew; None when there is no right to be here any more."""


@dataclasses.dataclass(frozen=True, slots=True)
class Ending:
    """Why a connection ends: its WebSocket close code, and whether the viewer has to fetch everything anew."""

    code: int
    resync: bool = False


RESYNC = Ending(1000, resync=True)
SIGNED_OUT = Ending(4401)
STOPPING = Ending(1012)


def rights_of(scope: Scope) -> Hashable:
    """Make the key under which viewers may share what was read for one of them."""
    return scope.workspace_id, scope.role, scope.permissions


class Viewer:
    """A bounded queue of frames for one connection.

    `told` is the number of the last frame that was put in, `position` that of the last event that was considered.
    Events up to `position` are never put in again, so replay and live frames may overlap.
    """

    def __init__(self, scope: Scope, revalidate: Revalidate, *, after: int, limit: int = QUEUE) -> None:
        self.scope = scope
        self.told = after
        self.position = after
        self.is_live = False
        self.ending: Ending | None = None
        self.checked_at = asyncio.get_running_loop().time()
        self._revalidate = revalidate
        self._limit = limit
        self._queue: deque[str] = deque()
        self._changed = asyncio.Event()
        self._drained = asyncio.Event()

    def offer(self, frames: Sequence[Frame], upto: int) -> None:
        """Queue the frames of all events up to the number `upto` that this viewer was not told of before.

        When they do not fit, everything that waits is dropped and the viewer is sent for a fresh fetch.
        """
        for frame in frames:
            if self.ending is not None:
                return
            if frame.seq <= self.position:
                continue
            text = frame.text(self.told, self.scope)
            if text is None:
                continue
            if len(self._queue) >= self._limit:
                self.end(RESYNC)
                return
            self._queue.append(text)
            self.told = frame.seq
        self.position = max(self.position, upto)
        self._changed.set()

    def end(self, ending: Ending) -> None:
        """End the connection; what still waits is not sent. The first ending counts."""
        if self.ending is None:
            self.ending = ending
            self._queue.clear()
            self._drained.set()
            self._changed.set()

    async def take(self) -> Sequence[str]:
        """Wait for frames and take all that wait; nothing when the connection is to end."""
        while not self._queue and self.ending is None:
            self._changed.clear()
            await self._changed.wait()
        taken = list(self._queue)
        self._queue.clear()
        self._drained.set()
        return taken

    async def drained(self) -> None:
        """Wait until nothing waits in the queue: how a replay keeps the pace of its reader."""
        while self._queue and self.ending is None:
            self._drained.clear()
            await self._drained.wait()

    async def recheck(self) -> None:
        """Look up the viewer's rights anew; end the connection when they are gone, or other ones than before."""
        scope = await self._revalidate()
        if scope is None:
            self.end(SIGNED_OUT)
        elif rights_of(scope) != rights_of(self.scope):
            self.end(RESYNC)  # what was told under other rights is no base for what comes
        else:
            self.checked_at = asyncio.get_running_loop().time()
