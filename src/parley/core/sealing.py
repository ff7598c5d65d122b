"""Sealing: content in, ciphertext bound to its key and its place out, and back.

Here: the format of sealed values and the batch calls that find the keys. Not here: keys themselves
(`core.keystore`), sealed files (`core.sealed_files`).

A sealed value is `version(1) ‖ algorithm(1) ‖ key id(16) ‖ nonce(12) ‖ ciphertext ‖ tag(16)`: 46 bytes more than the
plaintext. Its additional data names workspace, table, column and row, so that it opens nowhere else. Nonces are
random: good for 2^32 values per key (NIST SP 800-38D 8.3), which one person's key never nears.
"""

import dataclasses
import enum
import functools
import os
import uuid
from collections.abc import Iterable, Sequence

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from parley.core.errors import AppError
from parley.core.ids import NIL
from parley.core.keystore import Key, KeyDestroyedError, KeyKind, KeyStore

log = structlog.get_logger()

VERSION = 1
AES_256_GCM = 1
OVERHEAD = 46

_HEAD = bytes((VERSION, AES_256_GCM))
_KEY_ID = slice(2, 18)
_NONCE = slice(18, 30)


class TamperedError(AppError):
    """A sealed value was altered, cut, or moved from another place, or it is none of ours."""

    code = "tampered"
    status = 500
    message = "This content was altered after it was stored, so it is not shown. Tell the operator."


class UnreadableReason(enum.StrEnum):
    """Why a sealed value stays closed."""

    KEY_DESTROYED = "key_destroyed"
    """Erased on purpose, for ever."""
    KEY_MISSING = "key_missing"
    """The key store never had this key: another workspace's, or a key store older than the content."""
    TAMPERED = "tampered"


@dataclasses.dataclass(frozen=True, slots=True)
class Unreadable:
    """Stands where a plaintext would, so that a page with one erased contact still renders."""

    reason: UnreadableReason


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value lives; it opens nowhere else. `row_id` must never change."""

    workspace_id: uuid.UUID
    table: str
    column: str
    row_id: uuid.UUID | str

    def bound(self, key_id: bytes) -> bytes:
        """Give the additional data: every part with its length, so that no two places read the same."""
        row = b"u" + self.row_id.bytes if isinstance(self.row_id, uuid.UUID) else b"s" + self.row_id.encode()
        return _prefix(self.workspace_id, self.table, self.column) + _sized(row) + key_id


def seal(key: Key, place: Place, plaintext: bytes) -> bytes:
    """Seal a value under a key for one place."""
    nonce = os.urandom(12)
    key_id = key.id.bytes
    return _HEAD + key_id + nonce + key.cipher.encrypt(nonce, plaintext, place.bound(key_id))


def unseal(key: Key, place: Place, blob: bytes) -> bytes:
    """Open a sealed value; raises `TamperedError` unless key, place and every byte are those of `seal`."""
    key_id = key.id.bytes
    if len(blob) < OVERHEAD or blob[:2] != _HEAD or blob[_KEY_ID] != key_id:
        raise TamperedError
    return decrypt(key.cipher, blob[_NONCE], blob[_NONCE.stop :], place.bound(key_id))


def key_id_of(blob: bytes) -> uuid.UUID:
    """Tell which key a value is sealed under, without opening it; raises `TamperedError` when it is none of ours."""
    if len(blob) < OVERHEAD or blob[:2] != _HEAD:
        raise TamperedError
    return uuid.UUID(bytes=blob[_KEY_ID])


def decrypt(cipher: AESGCM, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
    """Open one AES-GCM ciphertext with its tag at the end; raises `TamperedError`."""
    try:
        return cipher.decrypt(nonce, sealed, bound)
    except InvalidTag:
        raise TamperedError from None


class Sealer:
    """Seals and opens whole batches, finding the keys on the way."""

    def __init__(self, keystore: KeyStore) -> None:
        self.keystore = keystore

    async def seal_many(
        self, workspace_id: uuid.UUID, kind: KeyKind, values: Sequence[tuple[uuid.UUID, Place, bytes]]
    ) -> list[bytes]:
        """Seal `(subject_id, place, plaintext)` each under its subject's key, made and durable if it was missing.

        Raises `KeyDestroyedError`, with the ids as `subject_ids`, when any subject was erased; nothing is sealed then.
        """
        _check_places(workspace_id, (place for _, place, _ in values))
        keys = await self.keystore.ensure_many(workspace_id, kind, (subject for subject, _, _ in values))
        gone = sorted({str(subject) for subject, _, _ in values if subject not in keys})
        if gone:
            raise KeyDestroyedError(subject_ids=gone)
        return [seal(keys[subject], place, plaintext) for subject, place, plaintext in values]

    async def unseal_many(
        self, workspace_id: uuid.UUID, values: Sequence[tuple[Place, bytes]]
    ) -> list[bytes | Unreadable]:
        """Open many values in their order; what cannot be opened is an `Unreadable` with its reason.

        `workspace_id` says whose keys: the workspace of every place, or `NIL` for the installation's day keys. A
        key that was destroyed before the call, in any process, opens nothing.
        """
        _check_places(workspace_id, (place for place, _ in values))
        wanted = [_key_id_or_none(blob) for _, blob in values]
        keys = await self.keystore.find_many(workspace_id, (key_id for key_id in wanted if key_id))
        absent = {key_id for key_id in wanted if key_id and key_id not in keys}
        gone = await self.keystore.find_destroyed(workspace_id, absent) if absent else set()
        out: list[bytes | Unreadable] = []
        for (place, blob), key_id in zip(values, wanted, strict=True):
            if key_id in keys:
                out.append(_open(keys[key_id], place, blob))
            elif key_id in gone:
                out.append(Unreadable(UnreadableReason.KEY_DESTROYED))
            else:
                missing = key_id is not None
                reason = UnreadableReason.KEY_MISSING if missing else UnreadableReason.TAMPERED
                out.append(_refuse(place, reason))
        return out


def _open(key: Key, place: Place, blob: bytes) -> bytes | Unreadable:
    try:
        return unseal(key, place, blob)
    except TamperedError:
        return _refuse(place, UnreadableReason.TAMPERED)


def _refuse(place: Place, reason: UnreadableReason) -> Unreadable:
    log.error(
        "sealing.unreadable",
        reason=reason,
        workspace=str(place.workspace_id),
        table=place.table,
        column=place.column,
        row=str(place.row_id),
    )
    return Unreadable(reason)


def _key_id_or_none(blob: bytes) -> uuid.UUID | None:
    try:
        return key_id_of(blob)
    except TamperedError:
        return None


def _check_places(workspace_id: uuid.UUID, places: Iterable[Place]) -> None:
    if workspace_id != NIL and any(place.workspace_id != workspace_id for place in places):
        raise ValueError("a value is sealed under a key of its own workspace")


@functools.lru_cache(maxsize=4096)
def _prefix(workspace_id: uuid.UUID, table: str, column: str) -> bytes:
    return _sized(workspace_id.bytes) + _sized(table.encode()) + _sized(column.encode())


def _sized(part: bytes) -> bytes:
    return len(part).to_bytes(4, "big") + part
