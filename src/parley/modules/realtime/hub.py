"""All connections of one web process that follow workspaces, live or by long poll."""

import asyncio
import dataclasses
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import structlog

from parley.core.bell import Bell
from parley.core.db.tx import Database
from parley.core.scope import Scope
from parley.modules.realtime.frames import Framer
from parley.modules.realtime.queries import events_after, newest_seq
from parley.modules.realtime.rooms import Room
from parley.modules.realtime.viewers import STOPPING, Revalidate, Viewer

_SWEEP_SECONDS = 2.0
_ROOMS_PER_SECOND = 50
_TOGETHER = 4
_CHECK_SECONDS = 60.0
_LOOK_SECONDS = 5.0
_BELL = "event:"

log = structlog.get_logger()


@dataclasses.dataclass(frozen=True, slots=True)
class Told:
    """Frames of consecutive events, the number of the last event considered, and the workspace's newest number."""

    texts: Sequence[str]
    seq: int
    newest: int


class Hub:
    """Tells every connection of this process what it may know, in order and once. Needs `start`, ends with `stop`."""

    def __init__(self, database: Database, bell: Bell, framer: Framer) -> None:
        self._database = database
        self._framer = framer
        self._rooms: dict[str, Room] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._polls: dict[str, set[asyncio.Event]] = {}
        self._reading = asyncio.Semaphore(_TOGETHER)
        self._checking: asyncio.Task[None] | None = None
        self._is_stopped = False
        bell.on_ring(self._heard)

    @property
    def viewers(self) -> int:
        """Tell how many connections are open."""
        return sum(len(room.viewers) for room in self._rooms.values())

    def start(self) -> None:
        """Begin to look after rights."""
        self._checking = asyncio.create_task(self._keep_checking(), name="hub")

    async def stop(self) -> None:
        """Tell every connection to come back elsewhere, and end."""
        self._is_stopped = True
        tasks = [*self._tasks.values(), *([self._checking] if self._checking else [])]
        for room in self._rooms.values():
            for viewer in room.viewers:
                viewer.end(STOPPING)
        for waiting in self._polls.values():
            for event in waiting:
                event.set()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def newest(self, workspace_id: uuid.UUID) -> int:
        """Tell the workspace's newest number."""
        async with self._reading, self._database.workspace_tx(workspace_id) as tx:
            return await newest_seq(tx)

    def join(self, scope: Scope, revalidate: Revalidate, *, after: int) -> Viewer:
        """Take in a connection that knows everything up to the number `after`; it is told nothing before `follow`."""
        name = str(scope.workspace_id)
        viewer = Viewer(scope, revalidate, after=after)
        room = self._rooms.get(name)
        if room is None:
            room = Room(scope.workspace_id, self._database, self._framer, self._reading, self._pause)
            self._rooms[name] = room
            self._tasks[name] = asyncio.create_task(room.run(), name=f"room {name}")
        room.viewers.add(viewer)
        if self._is_stopped:
            viewer.end(STOPPING)
        return viewer

    async def follow(self, viewer: Viewer) -> None:
        """Replay what this connection missed, then let it hear what comes; returns once it is live.

        Somebody has to `take` meanwhile: a replay waits for its reader.
        """
        room = self._rooms[str(viewer.scope.workspace_id)]
        await room.catch_up(viewer)
        room.woken.set()

    def leave(self, viewer: Viewer) -> None:
        """Let a connection go; the last one takes its room along."""
        name = str(viewer.scope.workspace_id)
        room = self._rooms.get(name)
        if room is None:
            return
        room.viewers.discard(viewer)
        if not room.viewers:
            del self._rooms[name]
            self._tasks.pop(name).cancel()

    async def page(self, scope: Scope, after: int, limit: int, *, told: int | None = None) -> Told:
        """Write the frames of at most `limit` events after a number, for a reader who was last told `told` of them.

        Raises `EventsExpiredError` when the log does not reach back that far.
        """
        async with self._reading, self._database.workspace_tx(scope.workspace_id) as tx:
            found = await events_after(tx, after, limit)
            frames = await self._framer.frames(tx, [scope], found.events) if found.events else ()
        texts: list[str] = []
        prev = after if told is None else told
        for frame in frames:
            text = frame.text(prev, scope)
            if text is not None:
                texts.append(text)
                prev = frame.seq
        return Told(texts, found.events[-1].seq if found.events else after, found.newest)

    @contextmanager
    def listening(self, workspace_id: uuid.UUID) -> Iterator[asyncio.Event]:
        """Give an event that is set whenever something may be new in this workspace; whoever waits clears it."""
        name = str(workspace_id)
        event = asyncio.Event()
        if self._is_stopped:
            event.set()
        self._polls.setdefault(name, set()).add(event)
        try:
            yield event
        finally:
            self._polls[name].discard(event)
            if not self._polls[name]:
                del self._polls[name]

    @property
    def is_stopped(self) -> bool:
        """Tell whether this process takes its leave, so that nobody waits here any longer."""
        return self._is_stopped

    async def check(self, *, older_than: float = 0.0) -> None:
        """Look up anew the rights of every connection that was last looked at `older_than` seconds ago."""
        now = asyncio.get_running_loop().time()
        due = [v for room in self._rooms.values() for v in room.viewers if now - v.checked_at >= older_than]
        for viewer in due:
            if viewer.ending is None:
                await viewer.recheck()

    async def _keep_checking(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                await self.check(older_than=_CHECK_SECONDS)
            except Exception as error:  # whatever it was, it is tried again soon
                log.warning("hub.cannot_check", error=type(error).__name__)

    def _heard(self, bell: str) -> None:
        if not bell.startswith(_BELL):
            return
        name = bell.removeprefix(_BELL)
        room = self._rooms.get(name)
        if room is not None:
            room.woken.set()
        for event in self._polls.get(name, ()):
            event.set()

    def _pause(self) -> float:
        # The sweep is the net under the bell; many workspaces share what it may cost.
        return max(_SWEEP_SECONDS, len(self._rooms) / _ROOMS_PER_SECOND)
