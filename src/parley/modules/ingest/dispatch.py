"""The worker's loop over waiting items: leases shards, so that one person's items are processed in their order."""

import asyncio
import uuid
from collections.abc import Sequence

import asyncpg
import structlog

from parley.core.bell import Bell
from parley.core.db.tx import is_disconnect
from parley.modules.ingest.processing import MAX_STARTS, Processor

BATCH = 400
_SWEEP_SECONDS = 1.0
_GATHER_SECONDS = 0.005
_CAREFUL_AFTER = 2
_LOCK_SPACE = 0x70617201  # any number of ours: the first half of the advisory locks' keys

# Plans are kept, also those that were made while the table was empty and reading all of it cost nothing.
_SESSION = {"application_name": "ingest", "enable_seqscan": "off"}
_WAITING = """
SELECT workspace_id, array_agg(DISTINCT shard) FROM ingest.item WHERE state = 'waiting' GROUP BY workspace_id
"""
_LEASE = """
SELECT shard FROM unnest($2::int[]) AS shard
WHERE pg_try_advisory_lock($3, hashtext($1::uuid::text || ':' || shard::text))
"""
_RELEASE = "SELECT pg_advisory_unlock($3, hashtext($1::uuid::text || ':' || shard::text)) FROM unnest($2::int[]) AS shard"
# Each shard gives its oldest: that walks the index of what waits, where one order over all shards would walk the
# index of everything that ever came. It also keeps one busy person from filling the batches of all others.
_START = """
UPDATE ingest.item SET starts = CASE WHEN starts > $4 THEN starts ELSE starts + 1 END
WHERE workspace_id = $1 AND id = ANY(ARRAY(
    SELECT oldest.id FROM unnest($2::int2[]) AS leased (shard) CROSS JOIN LATERAL (
        SELECT i.id FROM ingest.item i
        WHERE i.workspace_id = $1 AND i.state = 'waiting' AND i.shard = leased.shard
        ORDER BY i.id LIMIT greatest(10, 2 * $3 / cardinality($2::int2[]))) AS oldest
    ORDER BY oldest.id LIMIT $3))
RETURNING id, starts > $4
"""
_START_ALONE = (
    "UPDATE ingest.item SET starts = starts + 1 WHERE workspace_id = $1 AND id = $2 RETURNING starts"
)

log = structlog.get_logger()


class Dispatcher:
    """Finds waiting items of all workspaces and has them processed, one workspace a turn so that none starves.

    It signs in as the ingest role: it sees ids and states, never payloads. Leases are advisory locks of its own
    connection, so they end with the process, however it ends.
    """

    def __init__(self, url: str, processor: Processor, bell: Bell) -> None:
        self._url = url
        self._processor = processor
        self._wake = bell.event("items")

    async def run(self) -> None:
        """Work until cancelled; goes on by itself after the database was away."""
        delay = 0.1
        while True:
            connection = None
            try:
                connection = await asyncpg.connect(self._url, server_settings=_SESSION)
                delay = 0.1
                while True:
                    self._wake.clear()
                    if not await self._turn(connection):
                        await self._pause()
                        # One batch for what arrives together costs half of what single ones do.
                        await asyncio.sleep(_GATHER_SECONDS)
            except Exception as error:
                if not is_disconnect(error) and not isinstance(error, asyncpg.PostgresError):
                    log.exception("ingest.dispatch_failed", error=type(error).__name__)
                else:
                    log.warning("ingest.interrupted", error=type(error).__name__)
                await asyncio.sleep(delay)
                delay = min(delay * 2, 5.0)
            finally:
                if connection is not None:
                    connection.terminate()

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(_SWEEP_SECONDS):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _turn(self, connection: asyncpg.Connection) -> bool:
        """Give every workspace that has something waiting one batch; tell whether anything was done."""
        has_worked = False
        for row in await connection.fetch(_WAITING):
            workspace_id, shards = row[0], list(row[1])
            leased = [r[0] for r in await connection.fetch(_LEASE, workspace_id, shards, _LOCK_SPACE)]
            if not leased:
                continue
            try:
                has_worked |= await self._batch(connection, workspace_id, leased)
            finally:
                if not connection.is_closed():
                    await connection.fetch(_RELEASE, workspace_id, leased, _LOCK_SPACE)
        return has_worked

    async def _batch(
        self, connection: asyncpg.Connection, workspace_id: uuid.UUID, shards: Sequence[int]
    ) -> bool:
        # A start is counted before the work, in a commit of its own: what kills its worker is found out by it. What
        # was started in company and did not get through is counted and processed alone from then on, in its place
        # among the others, so that its neighbours neither share its fate nor overtake it.
        started = await connection.fetch(_START, workspace_id, list(shards), BATCH, _CAREFUL_AFTER)
        together: list[uuid.UUID] = []
        for item_id, is_suspect in sorted((row[0], row[1]) for row in started):
            if not is_suspect:
                together.append(item_id)
                continue
            await self._together(workspace_id, together)
            together = []
            await self._alone(connection, workspace_id, item_id)
        await self._together(workspace_id, together)
        return bool(started)

    async def _together(self, workspace_id: uuid.UUID, item_ids: Sequence[uuid.UUID]) -> None:
        if item_ids:
            await self._processor.process(workspace_id, item_ids)

    async def _alone(
        self, connection: asyncpg.Connection, workspace_id: uuid.UUID, item_id: uuid.UUID
    ) -> None:
        starts = await connection.fetchval(_START_ALONE, workspace_id, item_id)
        if starts > MAX_STARTS:
            await self._processor.give_up(workspace_id, [item_id])
        else:
            await self._processor.process(workspace_id, [item_id])
