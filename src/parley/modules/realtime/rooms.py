"""The connections of one process that follow the same workspace: one reader of the log for all of them."""

import asyncio
import uuid
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence

import structlog

from parley.core.db.tx import Database, is_disconnect
from parley.core.log import frames
from parley.modules.realtime.errors import EventsExpiredError
from parley.modules.realtime.frames import Frame, Framer
from parley.modules.realtime.queries import events_after
from parley.modules.realtime.types import Event, EventPage
from parley.modules.realtime.viewers import RESYNC, Viewer, rights_of

BATCH = 500
REPLAY = 200
_RIGHTS = frozenset({"member", "token", "session"})
"""Nouns of events after which somebody may no longer be who they were."""
_AGAIN_SECONDS = 0.5

log = structlog.get_logger()


class Room:
    """Follows one workspace's log from where its viewers stand, and tells them.

    `cursor` is the number up to which all live viewers were told; None while nobody is live. The lock is held while
    a batch is read and told, and while a viewer goes live: so nobody goes live in the middle of a batch.
    """

    def __init__(
        self,
        workspace_id: uuid.UUID,
        database: Database,
        framer: Framer,
        reading: asyncio.Semaphore,
        pause: Callable[[], float],
    ) -> None:
        self.workspace_id = workspace_id
        self.viewers: set[Viewer] = set()
        self.woken = asyncio.Event()
        self.cursor: int | None = None
        self._database = database
        self._framer = framer
        self._reading = reading
        self._pause = pause
        self._lock = asyncio.Lock()

    async def run(self) -> None:
        """Follow until cancelled, woken by the bell, at the latest after a pause."""
        while True:
            self.woken.clear()
            try:
                while await self.advance():
                    pass
            except Exception as error:  # whatever it was, the cursor stands where it stood
                log.warning("room.failed", workspace=str(self.workspace_id), error=type(error).__name__)
                await asyncio.sleep(_AGAIN_SECONDS)
                continue
            try:
                async with asyncio.timeout(self._pause()):
                    await self.woken.wait()
            except TimeoutError:
                continue

    async def advance(self) -> bool:
        """Tell the live viewers one batch of what is new; tell whether there was any."""
        async with self._lock:
            live = [viewer for viewer in self.viewers if viewer.is_live and viewer.ending is None]
            if self.cursor is None or not live:
                self.cursor = None
                return False
            try:
                page = await self._read(self.cursor, BATCH)
            except EventsExpiredError:
                self._give_up(live)
                return False
            if not page.events:
                return False
            await self._recheck(page.events)
            await self._tell(page.events)
            self.cursor = page.events[-1].seq
            return True

    async def catch_up(self, viewer: Viewer) -> None:
        """Replay the log to a viewer from where it stands, under its present rights, and put it among the live ones.

        A viewer whose base is older than the log is told to fetch anew. Raises what the database raises.
        """
        try:
            while await self._replay(viewer):
                await viewer.drained()
            async with self._lock:
                # Nobody waits for the reader here, for everybody would wait: what is left now is little.
                while self.cursor is None or viewer.position < self.cursor:
                    if not await self._replay(viewer):
                        break
                if self.cursor is None:
                    self.cursor = viewer.position
                viewer.is_live = True
        except EventsExpiredError:
            viewer.end(RESYNC)

    async def _replay(self, viewer: Viewer) -> bool:
        if viewer.ending is not None:
            return False
        page = await self._read(viewer.position, REPLAY)
        if page.events:
            viewer.offer(await self._frames([viewer], page.events), page.events[-1].seq)
        return viewer.position < page.newest

    async def _read(self, after: int, limit: int) -> EventPage:
        async with self._reading, self._database.workspace_tx(self.workspace_id) as tx:
            return await events_after(tx, after, limit)

    async def _frames(self, viewers: Sequence[Viewer], events: Sequence[Event]) -> Sequence[Frame]:
        scopes = [viewer.scope for viewer in viewers]
        async with self._reading, self._database.workspace_tx(self.workspace_id) as tx:
            return await self._framer.frames(tx, scopes, events)

    async def _recheck(self, events: Sequence[Event]) -> None:
        changed = [event for event in events if event.noun in _RIGHTS]
        if not changed:
            return
        members = {event.uuid("member") for event in changed}
        for viewer in list(self.viewers):
            if None in members or viewer.scope.member_id is None or viewer.scope.member_id in members:
                await viewer.recheck()

    async def _tell(self, events: Sequence[Event]) -> None:
        groups: defaultdict[Hashable, list[Viewer]] = defaultdict(list)
        for viewer in self.viewers:
            if viewer.is_live and viewer.ending is None:
                groups[rights_of(viewer.scope)].append(viewer)
        made: list[tuple[Sequence[Viewer], Sequence[Frame]]] = []
        for group in groups.values():
            try:
                made.append((group, await self._frames(group, events)))
            except Exception as error:
                if is_disconnect(error):
                    raise
                # The next try would end alike. Who may not be told by frames has to look for itself.
                log.warning(
                    "room.untellable",
                    workspace=str(self.workspace_id),
                    error=type(error).__name__,
                    where=frames(error.__traceback__),
                )
                self._give_up(group)
        for told, batch in made:
            for viewer in told:
                viewer.offer(batch, events[-1].seq)

    def _give_up(self, viewers: Sequence[Viewer]) -> None:
        for viewer in viewers:
            viewer.end(RESYNC)
