"""Files in and out: sealed on the way into the storage, proven genuine on the way out.

The order is what makes a crash harmless: first the key is durable, then the sealed object, then the row. An object
without a row is an orphan that `jobs` sweeps; a row without its object cannot come about.
"""

import asyncio
import dataclasses
import datetime as dt
import uuid
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator
from contextlib import aclosing

import structlog

from parley.core import clock
from parley.core.db.tx import Tx
from parley.core.errors import NotFoundError
from parley.core.ids import new_id
from parley.core.jobs import enqueue
from parley.core.keystore import Key, KeyKind
from parley.core.sealed_files import HEADER, FileSealer, key_id_of_file, plain_size
from parley.core.sealing import Place, Sealer, TamperedError, seal
from parley.core.sniff import SAMPLE
from parley.core.storage import Storage, new_key
from parley.modules.files.errors import (
    FileErasedError,
    FileTooLargeError,
    FileTooSlowError,
    FileUnreadableError,
)
from parley.modules.files.policy import accepted_type, clean_name
from parley.modules.files.queries import get_file, name_place
from parley.modules.files.types import FileRef

SLOWEST = dt.timedelta(minutes=40)
"""An upload that takes longer is given up, so that the sweep may take older objects without a row for orphans."""
DISCARD = "discard_object"
_GRACE = 60.0  # seconds in which downloads that began before may still end

_INSERT = """
INSERT INTO app.file (workspace_id, id, storage_key, key_id, name, media_type, size, uploaded_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
_MOVE = """
UPDATE app.file SET storage_key = $3, key_id = $4, name = $5 WHERE workspace_id = $1 AND id = $2
"""
_LOCK = "SELECT uploaded_by FROM app.file WHERE workspace_id = $1 AND id = $2 FOR NO KEY UPDATE"

log = structlog.get_logger()


@dataclasses.dataclass(frozen=True, slots=True)
class Upload:
    """A sealed object in the storage that no row knows yet."""

    workspace_id: uuid.UUID
    ref: FileRef
    sealed_name: bytes | None = dataclasses.field(repr=False)
    uploaded_by: uuid.UUID | None


class FileStore:
    """Seals files into the storage and opens them again."""

    def __init__(self, storage: Storage, sealer: Sealer) -> None:
        self.storage = storage
        self.sealer = sealer

    async def save(
        self,
        tx: Tx,
        *,
        owner_kind: KeyKind,
        owner_id: uuid.UUID,
        chunks: AsyncIterable[bytes] | bytes,
        name: str | None,
        declared_type: str | None,
        uploaded_by: uuid.UUID | None,
        max_bytes: int,
    ) -> FileRef:
        """Seal a file under its owner's key, store it durably, and insert its row in this transaction.

        Raises `FileTooLargeError`, `FileTypeRefusedError`, `FileTooSlowError`, `KeyDestroyedError`; nothing is
        stored then. For a source that is slow use `put` and `add`, which hold no transaction meanwhile.
        """
        upload = await self.put(
            tx.workspace_id,
            owner_kind=owner_kind,
            owner_id=owner_id,
            chunks=chunks,
            name=name,
            declared_type=declared_type,
            uploaded_by=uploaded_by,
            max_bytes=max_bytes,
        )
        await self.add(tx, upload)
        return upload.ref

    async def put(
        self,
        workspace_id: uuid.UUID,
        *,
        owner_kind: KeyKind,
        owner_id: uuid.UUID,
        chunks: AsyncIterable[bytes] | bytes,
        name: str | None,
        declared_type: str | None,
        uploaded_by: uuid.UUID | None,
        max_bytes: int,
    ) -> Upload:
        """Seal and store a file durably; without `add` it does not exist and is swept. Raises what `save` raises."""
        key = await self.sealer.keystore.get_or_create(workspace_id, owner_kind, owner_id)
        cleaned, file_id, storage_key = clean_name(name), new_id(), new_key(workspace_id)
        incoming = _Incoming(chunks, max_bytes)
        try:
            async with asyncio.timeout(SLOWEST.total_seconds()):
                media_type = accepted_type(await incoming.sample(), declared_type, cleaned)
                sealed = FileSealer(key, _place(workspace_id, file_id)).seal_stream(incoming)
                await self.storage.put(storage_key, sealed)
        except TimeoutError:
            raise FileTooSlowError from None
        ref = FileRef(file_id, media_type, incoming.size, cleaned, storage_key, key.id)
        return Upload(workspace_id, ref, _sealed_name(key, workspace_id, file_id, cleaned), uploaded_by)

    async def add(self, tx: Tx, upload: Upload) -> None:
        """Insert the row of a stored file: from the commit on it exists."""
        if upload.workspace_id != tx.workspace_id:
            raise ValueError("a file belongs to the workspace that it was stored for")
        ref = upload.ref
        await tx.run(
            _INSERT,
            tx.workspace_id,
            ref.id,
            ref.storage_key,
            ref.key_id,
            upload.sealed_name,
            ref.media_type,
            ref.size,
            upload.uploaded_by,
            clock.now(),
        )

    async def discard(self, upload: Upload) -> None:
        """Delete a stored object for which no row was inserted."""
        await self.storage.delete(upload.ref.storage_key)

    async def read(self, tx: Tx, file_id: uuid.UUID) -> tuple[FileRef, bytes]:
        """Read a whole file into memory, every byte proven genuine. Raises what `open_range` raises."""
        ref = await get_file(tx, self.sealer, file_id)
        async with aclosing(await self.open_range(tx.workspace_id, ref)) as chunks:
            return ref, b"".join([chunk async for chunk in chunks])

    async def open_range(
        self, workspace_id: uuid.UUID, ref: FileRef, start: int = 0, end: int | None = None
    ) -> AsyncGenerator[bytes, None]:
        """Open bytes `start` to `end` (exclusive) of a file for streaming; needs no transaction.

        Raises at once `FileErasedError`, `FileUnreadableError`, `FileMissingError`, and `TamperedError` for an
        object that is not the row's or not of its size. The stream raises `TamperedError` before it would yield a
        byte that is not genuine, or end early.
        """
        key = await self._key(workspace_id, ref)
        size = await self.storage.size(ref.storage_key)
        source = _Source(self.storage, ref.storage_key)
        if plain_size(size) != ref.size or key_id_of_file(await source.header()) != key.id:
            log.error("file.tampered", workspace=str(workspace_id), file=str(ref.id))
            raise TamperedError
        sealer = FileSealer(key, _place(workspace_id, ref.id))
        return sealer.unseal_stream(source.read, size, start, end)

    async def adopt(self, tx: Tx, file_id: uuid.UUID, contact_id: uuid.UUID) -> FileRef:
        """Make a file a contact's own: sealed, with its name, under the contact's key; it dies with that key.

        A file of the workspace (uploaded before anybody knew for whom) keeps its id; its old object is deleted a
        minute after the commit. A file that already is another contact's stays theirs, and a copy with a new id is
        made: use the id that is returned. Raises what `open_range` raises, and `KeyDestroyedError`.
        """
        row = await tx.first(_LOCK, tx.workspace_id, file_id)
        if row is None:
            raise NotFoundError
        old = await get_file(tx, self.sealer, file_id)
        old_key = await self._key(tx.workspace_id, old)
        key = await self.sealer.keystore.get_or_create(tx.workspace_id, KeyKind.CONTACT, contact_id)
        if key.id == old.key_id:
            return old
        is_copy = old_key.kind is KeyKind.CONTACT
        new = dataclasses.replace(
            old,
            id=new_id() if is_copy else file_id,
            storage_key=new_key(tx.workspace_id),
            key_id=key.id,
        )
        async with aclosing(await self.open_range(tx.workspace_id, old)) as plain:
            sealed = FileSealer(key, _place(tx.workspace_id, new.id)).seal_stream(plain)
            await self.storage.put(new.storage_key, sealed)
        name = _sealed_name(key, tx.workspace_id, new.id, new.name)
        if is_copy:
            await self.add(tx, Upload(tx.workspace_id, new, name, row.uploaded_by))
            return new
        await tx.run(_MOVE, tx.workspace_id, new.id, new.storage_key, new.key_id, name)
        await enqueue(tx, DISCARD, delay=_GRACE, key=old.storage_key)
        return new

    async def _key(self, workspace_id: uuid.UUID, ref: FileRef) -> Key:
        keystore = self.sealer.keystore
        found = await keystore.find_many(workspace_id, [ref.key_id])
        if ref.key_id in found:
            return found[ref.key_id]
        if await keystore.find_destroyed(workspace_id, [ref.key_id]):
            raise FileErasedError
        log.error("file.key_missing", workspace=str(workspace_id), file=str(ref.id))
        raise FileUnreadableError


class _Incoming:
    """A source whose first bytes can be looked at before it is read, and that ends with an error at its limit."""

    def __init__(self, chunks: AsyncIterable[bytes] | bytes, max_bytes: int) -> None:
        self._chunks = _whole(chunks) if isinstance(chunks, bytes) else aiter(chunks)
        self._max_bytes = max_bytes
        self._first = b""
        self.size = 0

    async def sample(self) -> bytes:
        """Read ahead as much as it takes to tell what this is."""
        first = bytearray()
        while len(first) < SAMPLE and (chunk := await anext(self._chunks, None)) is not None:
            first += self._counted(chunk)
        self._first = bytes(first)
        return self._first[:SAMPLE]

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._first
        async for chunk in self._chunks:
            yield self._counted(chunk)

    def _counted(self, chunk: bytes) -> bytes:
        self.size += len(chunk)
        if self.size > self._max_bytes:
            raise FileTooLargeError(limit=self._max_bytes)
        return chunk


class _Source:
    """Ranges of one stored object, whose header is fetched once."""

    def __init__(self, storage: Storage, key: str) -> None:
        self._storage = storage
        self._key = key
        self._header: bytes | None = None

    async def header(self) -> bytes:
        """Fetch the sealed file's header."""
        if self._header is None:
            async with aclosing(self._storage.read(self._key, 0, HEADER)) as chunks:
                self._header = b"".join([chunk async for chunk in chunks])
        return self._header

    async def read(self, start: int, end: int) -> AsyncGenerator[bytes, None]:
        """Read a range; a `RangeReader`."""
        if (start, end) == (0, HEADER):
            yield await self.header()
            return
        async with aclosing(self._storage.read(self._key, start, end)) as chunks:
            async for chunk in chunks:
                yield chunk


async def _whole(content: bytes) -> AsyncGenerator[bytes, None]:
    yield content


def _place(workspace_id: uuid.UUID, file_id: uuid.UUID) -> Place:
    return Place(workspace_id, "app.file", "object", file_id)


def _sealed_name(key: Key, workspace_id: uuid.UUID, file_id: uuid.UUID, name: str | None) -> bytes | None:
    return None if name is None else seal(key, name_place(workspace_id, file_id), name.encode())
