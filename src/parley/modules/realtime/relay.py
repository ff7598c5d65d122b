"""The relay: numbers what was committed, in the workspace's own order, and runs what hangs on it.

Writers leave unnumbered rows in the outbox with the change itself; taking a counter there would serialise them.
One relay at a time per workspace takes the rows away, numbers them, runs their handlers and commits all of it at
once. So an event is in the log exactly if it is out of the outbox, exactly if its handlers ran or are in the queue.
The order of the numbers is the order of the log, not of the outbox' ids: those are made before the commit.
"""

import asyncio
import datetime as dt
import hashlib
import uuid
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import structlog

from parley.core import clock
from parley.core.bell import Bell
from parley.core.db.tx import Database, Tx, is_disconnect
from parley.core.log import frames
from parley.modules.realtime.dispatch import Dispatcher, enqueue_handler, handler_name
from parley.modules.realtime.outbox import PendingWorkspaces
from parley.modules.realtime.ports import HandlerTable
from parley.modules.realtime.types import Event

BATCH = 500
OUTBOX = "outbox"
"""The bell that rings after facts were committed, a handler's own ones too."""
_SWEEP_SECONDS = 2.0
_TOGETHER = 4
_STATEMENT_LIMIT = "5s"

# The lock ends with the transaction, so also with its connection. The limit keeps one handler's slow statement
# from holding up its workspace: it fails, and is run by a worker instead.
# Plans are made anew for every batch: one that was made while the outbox was empty reads all of it for every row.
_BEGIN = """
SELECT pg_try_advisory_xact_lock($1), set_config('statement_timeout', $2, true),
       set_config('plan_cache_mode', 'force_custom_plan', true)
"""

# In READ COMMITTED the counter's row lock also holds back whoever would number without the advisory lock.
_NUMBER = """
WITH picked AS (
    SELECT id FROM app.outbox WHERE workspace_id = $1 ORDER BY id LIMIT $2
), taken AS (
    DELETE FROM app.outbox o USING picked WHERE o.workspace_id = $1 AND o.id = picked.id
    RETURNING o.id, o.type, o.ids, o.at
), counted AS (
    INSERT INTO app.counter AS c (workspace_id, name, value)
    SELECT $1, 'event', count(*) FROM taken HAVING count(*) > 0
    ON CONFLICT (workspace_id, name) DO UPDATE SET value = c.value + excluded.value
    RETURNING value
), logged AS (
    INSERT INTO app.event (workspace_id, seq, id, type, ids, at)
    SELECT $1, counted.value - count(*) OVER () + row_number() OVER (ORDER BY taken.id),
           taken.id, taken.type, taken.ids, taken.at
    FROM taken CROSS JOIN counted
    RETURNING seq, id, type, ids, at
)
SELECT seq, id, type, ids, at FROM logged ORDER BY seq
"""

_PRUNE = """
DELETE FROM app.event WHERE workspace_id = $1
AND seq <= (SELECT max(seq) FROM app.event WHERE workspace_id = $1 AND at < $2)
"""

log = structlog.get_logger()

_React = Callable[[Tx, Sequence[Event]], Awaitable[None]]


class Relay:
    """Numbers the outbox of every workspace until stopped; as many may run as there are worker processes.

    `dispatch_url` is where the role `parley_dispatch` signs in; it may see which workspaces have something to
    number, and nothing of it. `database` is the app role's.
    """

    def __init__(self, dispatch_url: str, database: Database, bell: Bell, handlers: HandlerTable) -> None:
        self._pending = PendingWorkspaces(dispatch_url)
        self._database = database
        self._woken = bell.event(OUTBOX)
        self._dispatcher = Dispatcher(handlers)
        self._draining: dict[uuid.UUID, asyncio.Task[None]] = {}
        self._again: set[uuid.UUID] = set()
        self._together = asyncio.Semaphore(_TOGETHER)

    async def run(self) -> None:
        """Run until cancelled; a batch that is under way then is rolled back and taken up by the next relay."""
        try:
            while True:
                self._woken.clear()
                await self._look()
                try:
                    async with asyncio.timeout(_SWEEP_SECONDS):
                        await self._woken.wait()
                except TimeoutError:
                    continue
        finally:
            for task in self._draining.values():
                task.cancel()
            await asyncio.gather(*self._draining.values(), return_exceptions=True)
            self._pending.close()

    async def drain(self, workspace_id: uuid.UUID) -> int:
        """Number what this workspace has committed so far; tell how many events that were.

        0 also when another relay is at it.
        """
        total = 0
        while True:
            self._again.discard(workspace_id)
            count, has_more = await self._batch(workspace_id)
            total += count
            if not has_more and workspace_id not in self._again:
                return total

    async def _look(self) -> None:
        try:
            found = await self._pending.find()
        except Exception as error:  # whatever it was: without this loop nothing is ever numbered
            log.warning("relay.cannot_look", error=type(error).__name__)
            return
        for workspace_id in found:
            self._again.add(workspace_id)
            if workspace_id not in self._draining:
                task = asyncio.create_task(self._drain_safely(workspace_id), name=f"relay {workspace_id}")
                self._draining[workspace_id] = task

    async def _drain_safely(self, workspace_id: uuid.UUID) -> None:
        try:
            async with self._together:
                await self.drain(workspace_id)
        except Exception as error:  # whatever it was, the next sweep tries again
            log.warning(
                "relay.failed",
                workspace=str(workspace_id),
                error=type(error).__name__,
                where=frames(error.__traceback__),
            )
        finally:
            del self._draining[workspace_id]

    async def _batch(self, workspace_id: uuid.UUID) -> tuple[int, bool]:
        """Number one batch, falling back to ever more careful ways of running its handlers.

        Tells how many events it had and whether there are surely more.
        """
        for react in (self._run_all, self._run_each):
            try:
                return await self._database.attempt(workspace_id, partial(self._number, react))
            except Exception as error:
                if is_disconnect(error):
                    raise
                log.warning("relay.retried", workspace=str(workspace_id), error=type(error).__name__)
        return await self._database.attempt(workspace_id, partial(self._number, self._leave_all))

    async def _number(self, react: _React, tx: Tx) -> tuple[int, bool]:
        if not await tx.value(_BEGIN, lock_key(tx.workspace_id), _STATEMENT_LIMIT):
            return 0, False
        rows = await tx.all(_NUMBER, tx.workspace_id, BATCH)
        events = [Event(tx.workspace_id, row.seq, row.id, row.type, row.ids, row.at) for row in rows]
        await react(tx, events)
        if events:
            tx.ring(f"event:{tx.workspace_id}")
        return len(events), len(events) == BATCH or OUTBOX in tx.bells

    async def _run_all(self, tx: Tx, events: Sequence[Event]) -> None:
        for event in events:
            for handler in self._dispatcher.handlers(event):
                await handler(tx, event)

    async def _run_each(self, tx: Tx, events: Sequence[Event]) -> None:
        # Every handler under a savepoint of its own: one that fails goes to the queue, the rest stands.
        for event in events:
            for handler in self._dispatcher.handlers(event):
                try:
                    async with tx.connection.begin_nested():
                        await handler(tx, event)
                except Exception as error:
                    if is_disconnect(error):
                        raise
                    name = handler_name(handler)
                    log.warning(
                        "relay.handler_failed", handler=name, type=event.type, error=type(error).__name__
                    )
                    await enqueue_handler(tx, handler, event, delay=1.0)

    async def _leave_all(self, tx: Tx, events: Sequence[Event]) -> None:
        # What fails only at the commit cannot be told apart: all handlers go to the queue.
        for event in events:
            for handler in self._dispatcher.handlers(event):
                await enqueue_handler(tx, handler, event)


def lock_key(workspace_id: uuid.UUID) -> int:
    """Make the advisory lock's key of a workspace's relay: 64 bits, so that two workspaces hardly ever share one."""
    digest = hashlib.blake2b(b"relay" + workspace_id.bytes, digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


async def prune(tx: Tx, *, days: int = 7) -> int:
    """Forget this workspace's events older than `days`; tell the lowest number that can still be read.

    Only ever the beginning of the log goes, never one from its middle, so what is left has no gap: a reader knows
    by the first number whether it missed something. With an empty log that is the number of the next event.
    """
    await tx.run(_PRUNE, tx.workspace_id, clock.now() - dt.timedelta(days=days))
    lowest = await tx.value(
        """SELECT coalesce((SELECT min(seq) FROM app.event WHERE workspace_id = $1),
                           (SELECT value + 1 FROM app.counter WHERE workspace_id = $1 AND name = 'event'), 1)""",
        tx.workspace_id,
    )
    return int(lowest)
