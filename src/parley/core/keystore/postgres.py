"""Wrapped keys in a PostgreSQL of their own (`PARLEY_KEYS_URL`), for installations of several machines.

It must not be the content database: its backups would bring destroyed keys back. Unlike the SQLite file, a
PostgreSQL keeps the overwritten bytes in dead rows and its log until vacuum and recycling have passed; its
operator keeps its backups and archived log short.
"""

import asyncio
import uuid
from collections.abc import Sequence
from typing import Any

import asyncpg
import structlog

from parley.core import clock
from parley.core.keystore.errors import KeyStoreUnavailableError
from parley.core.keystore.keys import KeyKind
from parley.core.keystore.port import KeyRow, Snapshot

log = structlog.get_logger()

_SCHEMA = """
CREATE SCHEMA IF NOT EXISTS parley_keys;
CREATE TABLE IF NOT EXISTS parley_keys.state (
    one integer PRIMARY KEY CHECK (one = 1), generation bigint NOT NULL, root_check bytea NOT NULL);
CREATE TABLE IF NOT EXISTS parley_keys.keys (
    id uuid PRIMARY KEY, workspace_id uuid NOT NULL, kind text NOT NULL, subject_id uuid NOT NULL,
    wrapped bytea, had_key boolean NOT NULL, created_at timestamptz NOT NULL, destroyed_at timestamptz,
    UNIQUE (workspace_id, kind, subject_id));
CREATE TABLE IF NOT EXISTS parley_keys.unions (
    workspace_id uuid NOT NULL, kind text NOT NULL, into_id uuid NOT NULL, from_id uuid NOT NULL,
    PRIMARY KEY (workspace_id, kind, into_id, from_id));
"""
_SCHEMA_LOCK = 0x7061726C6B657973
_LOAD = """
SELECT g.generation, k.id, k.workspace_id, k.kind, k.subject_id, k.wrapped
FROM parley_keys.state g LEFT JOIN parley_keys.keys k ON k.workspace_id = $1
  AND ((k.kind = 'workspace' AND k.subject_id = $1) OR {})
"""
_INSERT = """
INSERT INTO parley_keys.keys (id, workspace_id, kind, subject_id, wrapped, had_key, created_at)
SELECT r.id, r.workspace_id, r.kind, r.subject_id, r.wrapped, true, $6
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::bytea[])
  AS r (id, workspace_id, kind, subject_id, wrapped)
ORDER BY r.workspace_id, r.kind, r.subject_id
ON CONFLICT DO NOTHING
"""
_BURY_CLOSURE = """
WITH RECURSIVE members (subject_id) AS (
    SELECT $3::uuid
    UNION SELECT u.from_id FROM parley_keys.unions u JOIN members m ON u.into_id = m.subject_id
    WHERE u.workspace_id = $1 AND u.kind = $2)
INSERT INTO parley_keys.keys AS k (id, workspace_id, kind, subject_id, had_key, created_at, destroyed_at)
SELECT gen_random_uuid(), $1, $2, subject_id, false, $4, $4 FROM members
ON CONFLICT (workspace_id, kind, subject_id)
  DO UPDATE SET wrapped = NULL, destroyed_at = coalesce(k.destroyed_at, $4)
RETURNING k.id, k.had_key
"""
_NEXT_GENERATION = "UPDATE parley_keys.state SET generation = generation + 1"


class PostgresKeyRows:
    """Implements `KeyRows` over the database at `url`, in the schema `parley_keys`, which it makes."""

    def __init__(self, url: str, *, timeout: float = 10.0) -> None:
        self._url = url
        self._timeout = timeout
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None

    async def open(self, root_check: bytes) -> bytes:
        """See `KeyRows`."""
        try:
            self._pool = await asyncpg.create_pool(
                self._url,
                min_size=1,
                max_size=4,
                timeout=self._timeout,
                command_timeout=self._timeout,
                server_settings={"synchronous_commit": "on"},
            )
        except (OSError, asyncpg.PostgresError, TimeoutError) as fault:
            raise KeyStoreUnavailableError from fault
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", _SCHEMA_LOCK)
            await connection.execute("SET LOCAL client_min_messages = warning")
            await connection.execute(_SCHEMA)
            await connection.execute(
                "INSERT INTO parley_keys.state VALUES (1, 0, $1) ON CONFLICT DO NOTHING", root_check
            )
            return bytes(await connection.fetchval("SELECT root_check FROM parley_keys.state"))

    async def aclose(self) -> None:
        """See `KeyRows`."""
        if self._pool is not None:
            pool, self._pool = self._pool, None
            await pool.close()

    async def generation(self) -> int:
        """See `KeyRows`."""
        rows = await self._fetch("SELECT generation FROM parley_keys.state")
        return int(rows[0]["generation"])

    async def load_ids(self, workspace_id: uuid.UUID, key_ids: Sequence[uuid.UUID]) -> Snapshot:
        """See `KeyRows`."""
        return _snapshot(await self._fetch(_LOAD.format("k.id = ANY ($2)"), workspace_id, list(key_ids)))

    async def load_subjects(
        self, workspace_id: uuid.UUID, kind: KeyKind, subject_ids: Sequence[uuid.UUID]
    ) -> Snapshot:
        """See `KeyRows`."""
        query = _LOAD.format("(k.kind = $2 AND k.subject_id = ANY ($3))")
        return _snapshot(await self._fetch(query, workspace_id, kind.value, list(subject_ids)))

    async def insert_missing(self, rows: Sequence[KeyRow]) -> None:
        """See `KeyRows`."""
        await self._fetch(
            _INSERT,
            [row.id for row in rows],
            [row.workspace_id for row in rows],
            [row.kind for row in rows],
            [row.subject_id for row in rows],
            [row.wrapped for row in rows],
            clock.now(),
        )

    async def destroy_subject(
        self, workspace_id: uuid.UUID, kind: KeyKind, subject_id: uuid.UUID
    ) -> list[uuid.UUID]:
        """See `KeyRows`."""
        # The first statement locks the one row of `state`, so that unions and destructions follow one another.
        rows = await self._write(_BURY_CLOSURE, workspace_id, kind.value, subject_id, clock.now())
        return [row["id"] for row in rows if row["had_key"]]

    async def destroy_key(self, workspace_id: uuid.UUID, key_id: uuid.UUID) -> bool:
        """See `KeyRows`."""
        rows = await self._write(
            "UPDATE parley_keys.keys SET wrapped = NULL, destroyed_at = coalesce(destroyed_at, $3)"
            " WHERE workspace_id = $1 AND id = $2 AND had_key RETURNING id",
            workspace_id,
            key_id,
            clock.now(),
        )
        return bool(rows)

    async def unite(
        self, workspace_id: uuid.UUID, kind: KeyKind, from_subject: uuid.UUID, into_subject: uuid.UUID
    ) -> bool:
        """See `KeyRows`."""
        rows = await self._write(
            "INSERT INTO parley_keys.unions AS u (workspace_id, kind, into_id, from_id) SELECT $1, $2, $3, $4"
            " WHERE NOT EXISTS (SELECT 1 FROM parley_keys.keys WHERE workspace_id = $1 AND kind = $2"
            " AND subject_id = $3 AND destroyed_at IS NOT NULL)"
            " ON CONFLICT (workspace_id, kind, into_id, from_id) DO UPDATE SET from_id = u.from_id RETURNING 1",
            workspace_id,
            kind.value,
            into_subject,
            from_subject,
        )
        return bool(rows)

    async def _fetch(self, query: str, *values: Any) -> list[asyncpg.Record]:
        if self._pool is None:
            raise KeyStoreUnavailableError
        try:
            return await self._pool.fetch(query, *values)
        except _FAULTS as fault:
            log.warning("keystore.unavailable", fault=type(fault).__name__)
            raise KeyStoreUnavailableError from fault

    async def _write(self, query: str, *values: Any) -> list[asyncpg.Record]:
        if self._pool is None:
            raise KeyStoreUnavailableError
        try:
            async with self._pool.acquire() as connection, connection.transaction():
                await connection.execute(_NEXT_GENERATION)
                return await connection.fetch(query, *values)
        except _FAULTS as fault:
            log.warning("keystore.unavailable", fault=type(fault).__name__)
            raise KeyStoreUnavailableError from fault


_FAULTS = (
    OSError,
    asyncio.TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.exceptions.OperatorInterventionError,
)


def _snapshot(records: Sequence[asyncpg.Record]) -> Snapshot:
    rows = [
        KeyRow(record["id"], record["workspace_id"], record["kind"], record["subject_id"], record["wrapped"])
        for record in records
        if record["id"] is not None
    ]
    return Snapshot(int(records[0]["generation"]), rows)
