"""Wrapped keys in one SQLite file, used by several processes of one machine at once.

Writes are durable (WAL, synchronous=FULL) and run in a thread, reads in another; only the generation is read on
the event loop, on a connection of its own that never waits (3 microseconds measured, a thread hop costs 70).
A destroyed key's bytes are overwritten in place and the write-ahead log is emptied.
"""

import asyncio
import contextlib
import os
import sqlite3
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import structlog

from parley.core import clock
from parley.core.keystore.errors import KeyStoreUnavailableError
from parley.core.keystore.keys import KeyKind
from parley.core.keystore.port import KeyRow, Snapshot

log = structlog.get_logger()
T = TypeVar("T")

_BUSY_SECONDS = 10
_BATCH = 500
# Wrapped keys lie in a table that only grows at its end and whose rows never change their size, so that no page
# holding one is ever rearranged: copies of keys would survive in the gaps. So tombstones have a table of their
# own. `had_key` tells the tombstone of a key from that of a subject that never had one.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS state (
    one INTEGER PRIMARY KEY CHECK (one = 1), generation INTEGER NOT NULL, root_check BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS keys (
    n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, workspace_id BLOB NOT NULL, kind TEXT NOT NULL,
    subject_id BLOB NOT NULL, wrapped BLOB NOT NULL, had_key INTEGER NOT NULL, created_at TEXT NOT NULL,
    UNIQUE (workspace_id, kind, subject_id));
CREATE TABLE IF NOT EXISTS tombstones (n INTEGER PRIMARY KEY, destroyed_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS unions (
    workspace_id BLOB NOT NULL, kind TEXT NOT NULL, into_id BLOB NOT NULL, from_id BLOB NOT NULL,
    PRIMARY KEY (workspace_id, kind, into_id, from_id)) WITHOUT ROWID;
"""
_SELECT = (
    "SELECT g.generation, k.id, k.workspace_id, k.kind, k.subject_id, iif(t.n IS NULL, k.wrapped, NULL)"
    " FROM state g CROSS JOIN keys k LEFT JOIN tombstones t ON t.n = k.n WHERE "
)
_OWN = "k.workspace_id = ? AND k.kind = 'workspace' AND k.subject_id = ?"
# The plus signs keep the planner on the index of the ids, whatever the size of the workspace.
_BY_ID = "+k.workspace_id = ? AND k.id IN ({})"
_BY_SUBJECT = "k.workspace_id = ? AND k.kind = ? AND k.subject_id IN ({})"
_INSERT = (
    "INSERT OR IGNORE INTO keys (id, workspace_id, kind, subject_id, wrapped, had_key, created_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_CLOSURE = """
WITH RECURSIVE members (subject_id) AS (
    VALUES (?3)
    UNION SELECT u.from_id FROM unions u JOIN members m ON u.into_id = m.subject_id
    WHERE u.workspace_id = ?1 AND u.kind = ?2)
SELECT subject_id FROM members
"""


class SqliteKeyRows:
    """Implements `KeyRows` over the file at `path`; its folder is made, readable by the owner only."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="keys-write")
        self._reading = ThreadPoolExecutor(1, thread_name_prefix="keys-read")
        self._writer: sqlite3.Connection | None = None
        self._reader: sqlite3.Connection | None = None
        self._glance: sqlite3.Connection | None = None

    async def open(self, root_check: bytes) -> bytes:
        """See `KeyRows`."""
        return await self._run(self._writing, lambda: self._open(root_check))

    async def aclose(self) -> None:
        """See `KeyRows`."""
        if self._glance is not None:
            self._glance.close()
            self._glance = None
        await asyncio.to_thread(self._close)

    async def generation(self) -> int:
        """See `KeyRows`."""
        try:
            return self._read_generation(self._glance)
        except sqlite3.OperationalError:
            # Rare: another process recovers or resets the log at this moment. Wait for it off the loop.
            return await self._run(self._reading, lambda: self._read_generation(self._reader))

    async def load_ids(self, workspace_id: uuid.UUID, key_ids: Sequence[uuid.UUID]) -> Snapshot:
        """See `KeyRows`."""
        ids = [key_id.bytes for key_id in key_ids]
        return await self._run(self._reading, lambda: self._load(workspace_id, _BY_ID, (), ids))

    async def load_subjects(
        self, workspace_id: uuid.UUID, kind: KeyKind, subject_ids: Sequence[uuid.UUID]
    ) -> Snapshot:
        """See `KeyRows`."""
        ids = [subject_id.bytes for subject_id in subject_ids]
        return await self._run(
            self._reading, lambda: self._load(workspace_id, _BY_SUBJECT, (kind.value,), ids)
        )

    async def insert_missing(self, rows: Sequence[KeyRow]) -> None:
        """See `KeyRows`."""
        await self._run(self._writing, lambda: self._insert(rows))

    async def destroy_subject(
        self, workspace_id: uuid.UUID, kind: KeyKind, subject_id: uuid.UUID
    ) -> list[uuid.UUID]:
        """See `KeyRows`."""
        return await self._run(self._writing, lambda: self._destroy_subject(workspace_id, kind, subject_id))

    async def destroy_key(self, workspace_id: uuid.UUID, key_id: uuid.UUID) -> bool:
        """See `KeyRows`."""
        return await self._run(self._writing, lambda: self._destroy_key(workspace_id, key_id))

    async def unite(
        self, workspace_id: uuid.UUID, kind: KeyKind, from_subject: uuid.UUID, into_subject: uuid.UUID
    ) -> bool:
        """See `KeyRows`."""
        return await self._run(
            self._writing, lambda: self._unite(workspace_id, kind, from_subject, into_subject)
        )

    async def _run(self, executor: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(executor, work)
        except sqlite3.OperationalError as fault:
            log.warning("keystore.unavailable", fault=str(fault))
            raise KeyStoreUnavailableError from fault

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "fullfsync=ON"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    def _open(self, root_check: bytes) -> bytes:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Only ever made here, never opened and closed again: closing a second descriptor of the file would drop the
        # locks that SQLite holds in this process (sqlite.org/howtocorrupt.html, 2.2).
        with contextlib.suppress(FileExistsError):
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        self._writer = self._connect()
        self._reader = self._connect()
        with self._transaction() as writer:
            for statement in _SCHEMA.split(";"):
                writer.execute(statement)
            writer.execute("INSERT OR IGNORE INTO state VALUES (1, 0, ?)", (root_check,))
            kept: bytes = writer.execute("SELECT root_check FROM state").fetchone()[0]
        self._glance = self._connect()
        self._glance.execute("PRAGMA busy_timeout = 0")  # it must never sleep: it runs on the event loop
        _sync_folder(self._path.parent)
        return kept

    def _close(self) -> None:
        self._writing.shutdown()
        self._reading.shutdown()
        for connection in (self._reader, self._writer):
            if connection is not None:
                connection.close()
        self._reader = self._writer = None

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        writer = _opened(self._writer)
        writer.execute("BEGIN IMMEDIATE")
        try:
            yield writer
        except BaseException:
            writer.execute("ROLLBACK")
            raise
        writer.execute("COMMIT")

    @staticmethod
    def _read_generation(connection: sqlite3.Connection | None) -> int:
        row = _opened(connection).execute("SELECT generation FROM state WHERE one = 1").fetchone()
        return int(row[0])

    def _load(
        self, workspace_id: uuid.UUID, where: str, fixed: tuple[str, ...], ids: Sequence[bytes]
    ) -> Snapshot:
        reader = _opened(self._reader)
        own = workspace_id.bytes
        rows: dict[uuid.UUID, KeyRow] = {}
        generations: list[int] = []
        # One snapshot per batch; the smallest generation is the one that holds for all of them.
        for start in range(0, max(len(ids), 1), _BATCH):
            batch = ids[start : start + _BATCH]
            condition = where.format(",".join("?" * len(batch)))
            found = reader.execute(
                f"{_SELECT}{condition} UNION ALL {_SELECT}{_OWN}", (own, *fixed, *batch, own, own)
            ).fetchall()
            for generation, *columns in found:
                generations.append(generation)
                row = _row(*columns)
                rows[row.id] = row
        generation = min(generations) if generations else self._read_generation(reader)
        return Snapshot(generation, list(rows.values()))

    def _insert(self, rows: Sequence[KeyRow]) -> None:
        now = clock.now().isoformat()
        with self._transaction() as writer:
            writer.executemany(
                _INSERT,
                [
                    (r.id.bytes, r.workspace_id.bytes, r.kind, r.subject_id.bytes, r.wrapped, 1, now)
                    for r in rows
                ],
            )

    def _destroy_subject(
        self, workspace_id: uuid.UUID, kind: KeyKind, subject_id: uuid.UUID
    ) -> list[uuid.UUID]:
        scope = (workspace_id.bytes, kind.value)
        gone: list[uuid.UUID] = []
        with self._transaction() as writer:
            for (member,) in writer.execute(_CLOSURE, (*scope, subject_id.bytes)).fetchall():
                # A subject without a key gets a tombstone too, so that none can be made later.
                nothing = (uuid.uuid4().bytes, *scope, member, b"", 0, clock.now().isoformat())
                writer.execute(_INSERT, nothing)
                n, key_id, had_key = writer.execute(
                    "SELECT n, id, had_key FROM keys WHERE workspace_id = ? AND kind = ? AND subject_id = ?",
                    (*scope, member),
                ).fetchone()
                self._bury(writer, n)
                if had_key:
                    gone.append(uuid.UUID(bytes=key_id))
            writer.execute("UPDATE state SET generation = generation + 1")
        self._empty_log()
        return gone

    def _destroy_key(self, workspace_id: uuid.UUID, key_id: uuid.UUID) -> bool:
        with self._transaction() as writer:
            found = writer.execute(
                "SELECT n FROM keys WHERE workspace_id = ? AND id = ? AND had_key = 1",
                (workspace_id.bytes, key_id.bytes),
            ).fetchone()
            if found is None:
                return False
            self._bury(writer, found[0])
            writer.execute("UPDATE state SET generation = generation + 1")
        self._empty_log()
        return True

    @staticmethod
    def _bury(writer: sqlite3.Connection, n: int) -> None:
        # Zeros of the same length: the record is overwritten where it lies.
        writer.execute("UPDATE keys SET wrapped = zeroblob(length(wrapped)) WHERE n = ?", (n,))
        writer.execute("INSERT OR IGNORE INTO tombstones VALUES (?, ?)", (n, clock.now().isoformat()))

    def _unite(
        self, workspace_id: uuid.UUID, kind: KeyKind, from_subject: uuid.UUID, into_subject: uuid.UUID
    ) -> bool:
        scope = (workspace_id.bytes, kind.value, into_subject.bytes)
        with self._transaction() as writer:
            destroyed = writer.execute(
                "SELECT 1 FROM keys JOIN tombstones USING (n)"
                " WHERE workspace_id = ? AND kind = ? AND subject_id = ?",
                scope,
            ).fetchone()
            if destroyed:
                return False
            writer.execute("INSERT OR IGNORE INTO unions VALUES (?, ?, ?, ?)", (*scope, from_subject.bytes))
        return True

    def _empty_log(self) -> None:
        """Carry the overwritten pages into the file and cut the log; readers elsewhere last microseconds."""
        until = time.monotonic() + _BUSY_SECONDS
        while time.monotonic() < until:
            # TRUNCATE waits for readers by the busy timeout and still answers busy when it ran out.
            if not _opened(self._writer).execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                return
            time.sleep(0.005)
        log.warning("keystore.log_not_emptied")


def _row(id_: bytes, workspace_id: bytes, kind: str, subject_id: bytes, wrapped: bytes | None) -> KeyRow:
    return KeyRow(
        uuid.UUID(bytes=id_), uuid.UUID(bytes=workspace_id), kind, uuid.UUID(bytes=subject_id), wrapped
    )


def _opened(connection: sqlite3.Connection | None) -> sqlite3.Connection:
    if connection is None:
        raise KeyStoreUnavailableError
    return connection


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
