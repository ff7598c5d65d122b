"""Where files lie: a folder of this machine, or a bucket by address. Always sealed before they come here.

Here: durable writing, reading by range, deleting, sweeping up after a crash. Not here: sealing (`core.sealed_files`),
and which row knows a file. A key is `workspace/yy/file`: two ids, and the last two digits of the file's id, so that no
folder grows huge.
"""

import asyncio
import os
import re
import time
import uuid
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator
from pathlib import Path

import obstore
import structlog
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from parley.core.errors import AppError, NotFoundError
from parley.core.ids import new_id

log = structlog.get_logger()

CHUNK = 256 * 1024
_PART = 8 * 1024 * 1024
_ID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_KEY = re.compile(f"({_ID})/([0-9a-f]{{2}})/({_ID})")
# obstore writes to `name#1` and renames; kill -9 leaves that behind.
_LEFTOVER = re.compile(r".+#\d+")


class FileMissingError(NotFoundError):
    """Nothing is stored under this key."""

    code = "file_missing"
    message = "This file is not there any more."


class StorageUnavailableError(AppError):
    """The storage did not take or give a file; nothing is half stored."""

    code = "storage_unavailable"
    status = 503
    message = "The file storage does not answer. Try again in a moment."


def new_key(workspace_id: uuid.UUID, file_id: uuid.UUID | None = None) -> str:
    """Make the key of a file, new unless `file_id` names it."""
    name = str(file_id or new_id())
    return f"{workspace_id}/{name[-2:]}/{name}"


def is_key(text: str) -> bool:
    """Tell whether a text is a key as `new_key` makes them."""
    match = _KEY.fullmatch(text)
    return match is not None and match[3].endswith(match[2])


class Storage:
    """Sealed bytes by key."""

    def __init__(self, place: Path | str) -> None:
        """`place` is a folder, made when missing, or the address of a bucket (`s3://…`, `gs://…`, `az://…`)."""
        self._folder = place if isinstance(place, Path) else None
        self._store: ObjectStore
        if isinstance(place, Path):
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._store = LocalStore(place)
        else:
            self._store = from_url(place)

    async def put(self, key: str, content: bytes | AsyncIterable[bytes]) -> int:
        """Store a file and return its size. When this returns it survives a power cut; if it fails, nothing is there.

        A failure of `content` itself is raised as it is.
        """
        counted = _Counted(content)
        source = content if isinstance(content, bytes) else counted
        try:
            await obstore.put_async(self._store, _checked(key), source, chunk_size=_PART, max_concurrency=2)
            if self._folder is not None:
                await asyncio.to_thread(_sync, self._folder, key)
        except (BaseError, OSError) as fault:
            if fault is counted.failure:
                raise
            raise _unavailable(fault) from fault
        return len(content) if isinstance(content, bytes) else counted.size

    async def size(self, key: str) -> int:
        """Tell a file's size in bytes; raises `FileMissingError`."""
        try:
            return int((await obstore.head_async(self._store, _checked(key)))["size"])
        except FileNotFoundError:
            raise FileMissingError from None
        except (BaseError, OSError) as fault:
            raise _unavailable(fault) from fault

    async def read(self, key: str, start: int = 0, end: int | None = None) -> AsyncGenerator[bytes, None]:
        """Read bytes `start` to `end` (exclusive) in chunks; a range is cut to the file. Raises `FileMissingError`."""
        try:
            if start == 0 and end is None:
                found = await obstore.get_async(self._store, _checked(key))
            else:
                # Asking for a range outside the file is an error that each storage words differently.
                size = (await obstore.head_async(self._store, _checked(key)))["size"]
                end = size if end is None else min(end, size)
                if start >= end:
                    return
                found = await obstore.get_async(self._store, key, options={"range": (start, end)})
            async for chunk in found.stream(min_chunk_size=CHUNK):
                yield bytes(chunk)
        except FileNotFoundError:
            raise FileMissingError from None
        except (BaseError, OSError) as fault:
            raise _unavailable(fault) from fault

    async def delete(self, key: str) -> None:
        """Delete a file; one that is not there is fine."""
        try:
            await obstore.delete_async(self._store, _checked(key))
        except FileNotFoundError:
            return
        except (BaseError, OSError) as fault:
            raise _unavailable(fault) from fault

    async def list_keys(self, workspace_id: uuid.UUID) -> AsyncIterator[str]:
        """List the keys of a workspace's files, in no order."""
        try:
            async for batch in obstore.list(self._store, prefix=str(workspace_id)):
                for found in batch:
                    yield found["path"]
        except (BaseError, OSError) as fault:
            raise _unavailable(fault) from fault

    async def delete_all(self, workspace_id: uuid.UUID) -> int:
        """Delete all files of a workspace and return their number."""
        keys = [key async for key in self.list_keys(workspace_id)]
        for key in keys:
            await self.delete(key)
        return len(keys)

    async def sweep(self, older_than: float = 3600.0) -> int:
        """Remove what a killed process left half written at least `older_than` seconds ago; returns the number.

        In a bucket there is nothing to do: its life-cycle rule for incomplete uploads does it.
        """
        if self._folder is None:
            return 0
        removed = await asyncio.to_thread(_sweep, self._folder, time.time() - older_than)
        if removed:
            log.info("storage.swept", removed=removed)
        return removed


class _Counted:
    """Counts what passes and remembers the source's own failure, to tell it from the storage's."""

    def __init__(self, content: AsyncIterable[bytes] | bytes) -> None:
        self._content = content
        self.size = 0
        self.failure: BaseException | None = None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if isinstance(self._content, bytes):
            return
        try:
            async for chunk in self._content:
                self.size += len(chunk)
                yield chunk
        except BaseException as fault:
            self.failure = fault
            raise


def _checked(key: str) -> str:
    if not is_key(key):
        raise ValueError("not a key of a stored file")
    return key


def _unavailable(fault: BaseException) -> StorageUnavailableError:
    log.error("storage.failed", fault=type(fault).__name__)
    return StorageUnavailableError()


def _sync(folder: Path, key: str) -> None:
    # obstore never syncs: first the content, then every folder that may have a new entry.
    path = folder / key
    for changed in (path, path.parent, path.parent.parent, folder):
        descriptor = os.open(changed, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _sweep(folder: Path, before: float) -> int:
    removed = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            path = Path(parent, name)
            if _LEFTOVER.fullmatch(name) and path.stat().st_mtime < before:
                path.unlink(missing_ok=True)
                removed += 1
    return removed
