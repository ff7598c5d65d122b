"""Sealed files: a stream of segments that can be read from the middle. Small values: `core.sealing`.

A sealed file is `version(1) ‖ algorithm(1) ‖ key id(16) ‖ salt(32)`, then segments of 256 KiB plaintext and a tag of
16 bytes each; the last one may be shorter, and there always is one. Each file has a key of its own, derived from the
subject's key, the salt and the file's place, so the nonce can be the segment's index with an end mark, as in STREAM
(Hoang, Reyhanitabar, Rogaway, Vizár 2015). Reordering, swapping between files and truncation are all detected; a
reading of a range detects what concerns the segments it touches.
"""

import os
import uuid
from collections.abc import AsyncGenerator, AsyncIterable, Callable
from contextlib import aclosing

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from parley.core.keystore import Key
from parley.core.sealing import Place, Sealer, TamperedError, Unreadable, UnreadableReason, decrypt

SEGMENT = 256 * 1024
TAG = 16
SALT = 32
HEADER = 18 + SALT
SEALED_SEGMENT = SEGMENT + TAG

_HEAD = bytes((1, 2))

RangeReader = Callable[[int, int], AsyncGenerator[bytes, None]]
"""Reads bytes `start` to `end` (exclusive) of the sealed file, in chunks of any size."""


def sealed_size(plain_size: int) -> int:
    """Tell the size of the sealed file for a plaintext of `plain_size` bytes."""
    return HEADER + plain_size + TAG * _segments(plain_size)


def plain_size(sealed_size: int) -> int:
    """Tell the plaintext's size from the sealed file's; raises `TamperedError` for a size no sealed file has."""
    body = sealed_size - HEADER
    full, rest = divmod(body, SEALED_SEGMENT)
    if body < TAG or 0 < rest < TAG or (rest == TAG and full):
        raise TamperedError
    return body - TAG * (full + (1 if rest else 0))


def sealed_range(start: int, end: int, plain_size: int) -> tuple[int, int]:
    """Map a range of the plaintext to the whole segments of the sealed file that hold it (end exclusive)."""
    first, last = start // SEGMENT, max(end - 1, start) // SEGMENT
    return HEADER + first * SEALED_SEGMENT, min(HEADER + (last + 1) * SEALED_SEGMENT, sealed_size(plain_size))


def key_id_of_file(header: bytes) -> uuid.UUID:
    """Tell which key a file is sealed under from its first `HEADER` bytes; raises `TamperedError`."""
    if len(header) < HEADER or header[:2] != _HEAD:
        raise TamperedError
    return uuid.UUID(bytes=header[2:18])


class FileSealer:
    """Seals or opens the one file at `place` under one key."""

    def __init__(self, key: Key, place: Place) -> None:
        self._key = key
        self._place = place

    async def seal_stream(self, chunks: AsyncIterable[bytes]) -> AsyncGenerator[bytes, None]:
        """Seal a stream, holding at most one segment and one chunk in memory."""
        header = _HEAD + self._key.id.bytes + os.urandom(SALT)
        cipher = self._cipher(header)
        yield header
        waiting = bytearray()
        index = 0
        async for chunk in chunks:
            waiting += chunk
            # A full segment is held back until more follows: only then is it known not to be the last.
            while len(waiting) > SEGMENT:
                yield cipher.encrypt(_nonce(index, is_last=False), bytes(waiting[:SEGMENT]), header)
                del waiting[:SEGMENT]
                index += 1
        yield cipher.encrypt(_nonce(index, is_last=True), bytes(waiting), header)

    async def unseal_stream(
        self, source: RangeReader, size: int, start: int = 0, end: int | None = None
    ) -> AsyncGenerator[bytes, None]:
        """Open bytes `start` to `end` (exclusive) of the plaintext; `size` is that of the sealed file.

        Yields only what was proven genuine, segment by segment. Raises `TamperedError`, also when the source ends
        early; everything yielded before it was genuine. A range outside the file is cut to it.
        """
        if start < 0:
            raise ValueError("a range starts at 0 or later")
        total = plain_size(size)
        end = total if end is None else min(end, total)
        start = min(start, total)
        if start >= end and total:
            return
        header = await _read(source, 0, HEADER)
        cipher = self._cipher(header)
        sealed_start, sealed_end = sealed_range(start, end, total)
        index, last = start // SEGMENT, _segments(total) - 1
        async with aclosing(
            _regroup(source(sealed_start, sealed_end), sealed_end - sealed_start)
        ) as segments:
            async for segment in segments:
                plain = decrypt(cipher, _nonce(index, is_last=index == last), segment, header)
                offset = index * SEGMENT
                yield plain[max(start - offset, 0) : end - offset]
                index += 1

    def _cipher(self, header: bytes) -> AESGCM:
        if key_id_of_file(header) != self._key.id:
            raise TamperedError
        info = self._place.bound(header[2:18])
        return AESGCM(HKDF(SHA256(), 32, header[18:], info).derive(self._key.derive("parley.file")))


async def open_file(
    sealer: Sealer, workspace_id: uuid.UUID, place: Place, source: RangeReader
) -> FileSealer | Unreadable:
    """Find the key of a sealed file and give the sealer that opens it, or why nobody can."""
    key_id = key_id_of_file(await _read(source, 0, HEADER))
    keys = await sealer.keystore.find_many(workspace_id, [key_id])
    if key_id in keys:
        return FileSealer(keys[key_id], place)
    gone = await sealer.keystore.find_destroyed(workspace_id, [key_id])
    return Unreadable(UnreadableReason.KEY_DESTROYED if gone else UnreadableReason.KEY_MISSING)


def _segments(plain_size: int) -> int:
    return max(1, -(-plain_size // SEGMENT))


def _nonce(index: int, *, is_last: bool) -> bytes:
    return index.to_bytes(11, "big") + (b"\x01" if is_last else b"\x00")


async def _read(source: RangeReader, start: int, end: int) -> bytes:
    async with aclosing(source(start, end)) as chunks:
        return b"".join([chunk async for chunk in chunks])


async def _regroup(source: AsyncGenerator[bytes, None], size: int) -> AsyncGenerator[bytes, None]:
    """Cut a stream into sealed segments; raises `TamperedError` unless it has exactly `size` bytes."""
    waiting = bytearray()
    seen = 0
    async with aclosing(source) as chunks:
        async for chunk in chunks:
            seen += len(chunk)
            waiting += chunk
            while len(waiting) >= SEALED_SEGMENT:
                yield bytes(waiting[:SEALED_SEGMENT])
                del waiting[:SEALED_SEGMENT]
    if seen != size:
        raise TamperedError
    if waiting:
        yield bytes(waiting)
