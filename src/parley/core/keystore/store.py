"""`KeyStore` over any place for wrapped keys: hierarchy, convergence of callers, and a cache that is never stale.

Root key -> workspace key -> every other key. The cache is bounded in number and time; before any cached key is
used, the store's generation is read, so that a key destroyed by any process is unusable in every process at once.
"""

import os
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from parley.core.ids import NIL
from parley.core.keystore.errors import KeyDestroyedError, WrongRootKeyError
from parley.core.keystore.keys import SECRET_SIZE, Key, KeyKind, Owner, unwrap, wrap
from parley.core.keystore.port import KeyRow, KeyRows, Snapshot

CACHE_SECONDS = 60.0
CACHE_KEYS = 20_000

_Subject = tuple[uuid.UUID, str, uuid.UUID]


class CachedKeyStore:
    """The key store of one process; safe for any number of tasks on one event loop."""

    def __init__(
        self,
        rows: KeyRows,
        root_key: bytes,
        *,
        cache_keys: int = CACHE_KEYS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        if len(root_key) != SECRET_SIZE:
            raise ValueError("the root key has 32 bytes")
        self._rows = rows
        self._root = root_key
        self._cache = _KeyCache(cache_keys, monotonic)

    async def open(self) -> None:
        """Make the store ready, or say why it cannot be."""
        mine = HKDFExpand(SHA256(), 32, b"parley.root-check").derive(self._root)
        if await self._rows.open(mine) != mine:
            await self._rows.aclose()
            raise WrongRootKeyError

    async def aclose(self) -> None:
        """Forget every key and let go of the store."""
        self._cache.clear()
        await self._rows.aclose()

    async def generation(self) -> int:
        """See `KeyStore`."""
        return await self._rows.generation()

    async def get_or_create(self, workspace_id: uuid.UUID, kind: KeyKind, subject_id: uuid.UUID) -> Key:
        """See `KeyStore`."""
        found = await self.ensure_many(workspace_id, kind, [subject_id])
        if subject_id not in found:
            raise KeyDestroyedError(subject_id=str(subject_id))
        return found[subject_id]

    async def ensure_many(
        self, workspace_id: uuid.UUID, kind: KeyKind, subject_ids: Iterable[uuid.UUID]
    ) -> dict[uuid.UUID, Key]:
        """See `KeyStore`."""
        wanted = list(dict.fromkeys(subject_ids))
        _check_subjects(workspace_id, kind, wanted)
        self._cache.renew(await self._rows.generation())
        found = self._cache.by_subject(workspace_id, kind, wanted)
        absent = [subject for subject in wanted if subject not in found]
        if absent:
            found |= await self._load_or_make(workspace_id, kind, absent)
        return found

    async def find_many(self, workspace_id: uuid.UUID, key_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Key]:
        """See `KeyStore`."""
        wanted = list(dict.fromkeys(key_ids))
        self._cache.renew(await self._rows.generation())
        found = self._cache.by_id(workspace_id, wanted)
        absent = {key_id for key_id in wanted if key_id not in found}
        if absent:
            snapshot = await self._rows.load_ids(workspace_id, list(absent))
            found |= {key.id: key for key in self._open_rows(workspace_id, snapshot) if key.id in absent}
        return found

    async def find_destroyed(self, workspace_id: uuid.UUID, key_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
        """See `KeyStore`."""
        wanted = set(key_ids)
        snapshot = await self._rows.load_ids(workspace_id, list(wanted))
        parent = _parent_row(snapshot, workspace_id)
        all_gone = parent is not None and parent.wrapped is None
        return {row.id for row in snapshot.rows if row.id in wanted and (all_gone or row.wrapped is None)}

    async def find_living(
        self, workspace_id: uuid.UUID, kind: KeyKind, subject_ids: Iterable[uuid.UUID]
    ) -> set[uuid.UUID]:
        """See `KeyStore`."""
        wanted = set(subject_ids)
        snapshot = await self._rows.load_subjects(workspace_id, kind, list(wanted))
        return {row.subject_id for row in snapshot.rows if row.wrapped is not None} & wanted

    async def destroy_subject(
        self, workspace_id: uuid.UUID, kind: KeyKind, subject_id: uuid.UUID
    ) -> list[uuid.UUID]:
        """See `KeyStore`."""
        _check_subjects(workspace_id, kind, [subject_id])
        gone = await self._rows.destroy_subject(workspace_id, kind, subject_id)
        self._cache.clear()
        return gone

    async def destroy_key(self, workspace_id: uuid.UUID, key_id: uuid.UUID) -> bool:
        """See `KeyStore`."""
        is_gone = await self._rows.destroy_key(workspace_id, key_id)
        self._cache.clear()
        return is_gone

    async def unite(
        self, workspace_id: uuid.UUID, kind: KeyKind, from_subject: uuid.UUID, into_subject: uuid.UUID
    ) -> None:
        """See `KeyStore`."""
        if kind is KeyKind.WORKSPACE:
            raise ValueError("workspaces are not united")
        if not await self._rows.unite(workspace_id, kind, from_subject, into_subject):
            raise KeyDestroyedError(subject_id=str(into_subject))

    async def _load_or_make(
        self, workspace_id: uuid.UUID, kind: KeyKind, subjects: Sequence[uuid.UUID]
    ) -> dict[uuid.UUID, Key]:
        snapshot = await self._rows.load_subjects(workspace_id, kind, subjects)
        known = {row.subject_id for row in snapshot.rows if row.kind == kind}
        missing = [subject for subject in subjects if subject not in known]
        if missing:
            await self._make(workspace_id, kind, missing, _parent_row(snapshot, workspace_id))
            # Another process may have been faster: only what the store now says counts.
            snapshot = await self._rows.load_subjects(workspace_id, kind, subjects)
        if (parent := _parent_row(snapshot, workspace_id)) is None or parent.wrapped is None:
            raise KeyDestroyedError(workspace_id=str(workspace_id))
        wanted = set(subjects)
        keys = self._open_rows(workspace_id, snapshot)
        return {key.subject_id: key for key in keys if key.kind == kind and key.subject_id in wanted}

    async def _make(
        self, workspace_id: uuid.UUID, kind: KeyKind, subjects: Sequence[uuid.UUID], parent: KeyRow | None
    ) -> None:
        if parent is None:
            first = self._new_row(workspace_id, KeyKind.WORKSPACE, workspace_id, self._root)
            await self._rows.insert_missing([first])
            parent = _parent_row(await self._rows.load_ids(workspace_id, []), workspace_id)
        if parent is None or parent.wrapped is None or kind is KeyKind.WORKSPACE:
            return
        secret = self._unwrap(self._root, parent)
        await self._rows.insert_missing([self._new_row(workspace_id, kind, s, secret) for s in subjects])

    def _open_rows(self, workspace_id: uuid.UUID, snapshot: Snapshot) -> list[Key]:
        parent = _parent_row(snapshot, workspace_id)
        if parent is None or parent.wrapped is None:
            return []
        secret = self._unwrap(self._root, parent)
        keys: list[Key] = []
        for row in snapshot.rows:
            if row.wrapped is None:
                continue
            own = secret if row is parent else self._unwrap(secret, row)
            keys.append(Key(row.id, row.workspace_id, KeyKind(row.kind), row.subject_id, own))
        self._cache.put(snapshot.generation, keys)
        return keys

    @staticmethod
    def _new_row(workspace_id: uuid.UUID, kind: KeyKind, subject_id: uuid.UUID, parent: bytes) -> KeyRow:
        # The id says nothing about when the key was made: it travels inside every sealed value.
        key_id = uuid.uuid4()
        owner = Owner(key_id, workspace_id, kind, subject_id)
        wrapped = wrap(parent, os.urandom(SECRET_SIZE), owner)
        return KeyRow(key_id, workspace_id, kind, subject_id, wrapped)

    @staticmethod
    def _unwrap(parent: bytes, row: KeyRow) -> bytes:
        owner = Owner(row.id, row.workspace_id, row.kind, row.subject_id)
        return unwrap(parent, row.wrapped or b"", owner)


class _KeyCache:
    """Keys of the current generation, least recently used ones dropped first."""

    def __init__(self, limit: int, monotonic: Callable[[], float]) -> None:
        self._limit = limit
        self._monotonic = monotonic
        self._generation = -1
        self._keys: OrderedDict[uuid.UUID, tuple[float, Key]] = OrderedDict()
        self._subjects: dict[_Subject, uuid.UUID] = {}

    def clear(self) -> None:
        self._keys.clear()
        self._subjects.clear()

    def renew(self, generation: int) -> None:
        """Drop everything when a key was destroyed since; never go back to an older generation."""
        if generation > self._generation:
            self.clear()
            self._generation = generation

    def put(self, generation: int, keys: Iterable[Key]) -> None:
        # Rows that were read before a destruction must not enter the cache after it.
        self.renew(generation)
        if generation != self._generation:
            return
        until = self._monotonic() + CACHE_SECONDS
        for key in keys:
            self._keys[key.id] = (until, key)
            self._keys.move_to_end(key.id)
            self._subjects[key.workspace_id, key.kind, key.subject_id] = key.id
        while len(self._keys) > self._limit:
            self._drop(next(iter(self._keys)))

    def by_id(self, workspace_id: uuid.UUID, key_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Key]:
        now = self._monotonic()
        found: dict[uuid.UUID, Key] = {}
        for key_id in key_ids:
            key = self._get(key_id, now)
            if key is not None and key.workspace_id == workspace_id:
                found[key_id] = key
        return found

    def by_subject(
        self, workspace_id: uuid.UUID, kind: KeyKind, subject_ids: Iterable[uuid.UUID]
    ) -> dict[uuid.UUID, Key]:
        now = self._monotonic()
        found: dict[uuid.UUID, Key] = {}
        for subject_id in subject_ids:
            key_id = self._subjects.get((workspace_id, kind, subject_id))
            key = self._get(key_id, now) if key_id else None
            if key is not None:
                found[subject_id] = key
        return found

    def _get(self, key_id: uuid.UUID, now: float) -> Key | None:
        entry = self._keys.get(key_id)
        if entry is None:
            return None
        if entry[0] <= now:
            self._drop(key_id)
            return None
        self._keys.move_to_end(key_id)
        return entry[1]

    def _drop(self, key_id: uuid.UUID) -> None:
        _, key = self._keys.pop(key_id)
        self._subjects.pop((key.workspace_id, key.kind, key.subject_id), None)


def _parent_row(snapshot: Snapshot, workspace_id: uuid.UUID) -> KeyRow | None:
    for row in snapshot.rows:
        if row.kind == KeyKind.WORKSPACE and row.workspace_id == workspace_id:
            return row
    return None


def _check_subjects(workspace_id: uuid.UUID, kind: KeyKind, subject_ids: Sequence[uuid.UUID]) -> None:
    if kind is KeyKind.WORKSPACE and any(subject != workspace_id for subject in subject_ids):
        raise ValueError("the subject of a workspace's key is the workspace itself")
    if (kind is KeyKind.DAY) != (workspace_id == NIL) and kind is not KeyKind.WORKSPACE:
        raise ValueError("day keys, and only they, belong to the installation")
