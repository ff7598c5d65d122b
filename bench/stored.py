"""What really became of the calls: looked up in the database, past every wall. Decides what counts as lost or doubled."""

import asyncio
import time
from collections.abc import Iterable, Mapping

import asyncpg

_WAITS = "SELECT EXISTS (SELECT 1 FROM ingest.item WHERE state = 'waiting')"
_TOLD = "SELECT NOT EXISTS (SELECT 1 FROM app.outbox)"
_MESSAGES = """
SELECT external_id, count(*) FROM app.message WHERE direction = 'in' AND external_id LIKE $1 GROUP BY 1
"""
_COUNTED_TWICE = """
SELECT coalesce(sum(abs(c.arrived_n - m.n)), 0) FROM app.conversation c
JOIN (SELECT conversation_id, count(*) AS n FROM app.message WHERE direction = 'in' GROUP BY 1) m
     ON m.conversation_id = c.id
"""
_REACHED = """
SELECT m.external_id, d.delivered_at IS NOT NULL, d.read_at IS NOT NULL
FROM app.delivery d JOIN app.message m ON m.workspace_id = d.workspace_id AND m.id = d.message_id
"""


async def drained(connection: asyncpg.Connection, *, patience: float = 180.0) -> float | None:
    """Wait until no item waits; tell how many seconds that took, None when it took longer than `patience`."""
    return await _until(connection, _WAITS, False, patience)


async def told(connection: asyncpg.Connection, *, patience: float = 180.0) -> float | None:
    """Wait until every fact is numbered; tell the seconds, None when it took longer than `patience`."""
    return await _until(connection, _TOLD, True, patience)


async def _until(connection: asyncpg.Connection, sql: str, wanted: bool, patience: float) -> float | None:
    start = time.perf_counter()
    while await connection.fetchval(sql) is not wanted:
        if time.perf_counter() - start > patience:
            return None
        await asyncio.sleep(0.1)
    return time.perf_counter() - start


async def messages(connection: asyncpg.Connection, series: str) -> Mapping[str, int]:
    """Count the stored messages of a series by their id at the vendor."""
    rows = await connection.fetch(_MESSAGES, f"wamid.bench.{series}.%")
    return {row[0]: row[1] for row in rows}


async def counted_twice(connection: asyncpg.Connection) -> int:
    """Tell by how much the conversations' own counts differ from the messages in them."""
    return int(await connection.fetchval(_COUNTED_TWICE))


async def lost_statuses(connection: asyncpg.Connection, acknowledged: Iterable[tuple[str, str]]) -> int:
    """Count the acknowledged `(external id, state)` that left no trace on their delivery."""
    rows = await connection.fetch(_REACHED)
    reached = {(row[0], "delivered") for row in rows if row[1]} | {(row[0], "read") for row in rows if row[2]}
    return sum(pair not in reached for pair in acknowledged if pair[1] != "sent")
