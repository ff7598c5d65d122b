"""What a key is, whose it may be, and how it is wrapped under its parent. No storage, no content."""

import datetime as dt
import enum
import uuid
from typing import NamedTuple, NoReturn

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from parley.core.ids import NIL
from parley.core.keystore.errors import KeyStoreDamagedError

SECRET_SIZE = 32


class KeyKind(enum.StrEnum):
    """Whose key it is. A subject has one key for ever."""

    CONTACT = "contact"
    WORKSPACE = "workspace"
    """The parent of every other key of the workspace; `subject_id` is the workspace's id."""
    MEMBER = "member"
    DAY = "day"
    """One per day of the installation, in the workspace `NIL`; `subject_id` comes from `day_subject`."""


class Key:
    """A key in the clear, for the length of one unit of work: never store, log or send it.

    It does not show its secret in `repr` and refuses to be pickled. The memory is not wiped afterwards: Python
    promises nothing there.
    """

    __slots__ = ("_cipher", "_secret", "id", "kind", "subject_id", "workspace_id")

    def __init__(
        self, key_id: uuid.UUID, workspace_id: uuid.UUID, kind: KeyKind, subject_id: uuid.UUID, secret: bytes
    ) -> None:
        if len(secret) != SECRET_SIZE:
            raise ValueError("a key has 32 bytes")
        self.id = key_id
        self.workspace_id = workspace_id
        self.kind = kind
        self.subject_id = subject_id
        self._secret = secret
        self._cipher: AESGCM | None = None

    def derive(self, label: str, length: int = 32) -> bytes:
        """Derive a secret of its own for one use (HKDF-Expand with SHA-256, RFC 5869).

        Different labels give independent secrets. Labels starting with `parley.` are the house's own.
        """
        return HKDFExpand(SHA256(), length, label.encode()).derive(self._secret)

    @property
    def cipher(self) -> AESGCM:
        """The AES-256-GCM cipher for content, under a secret derived for that use alone."""
        if self._cipher is None:
            self._cipher = AESGCM(self.derive("parley.seal"))
        return self._cipher

    def __repr__(self) -> str:
        return f"<Key {self.kind} {self.id}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Key) and other.id == self.id

    def __hash__(self) -> int:
        return hash(self.id)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is never serialised")


def day_subject(day: dt.date) -> uuid.UUID:
    """Name the subject of an installation's day key; the same on every machine."""
    return uuid.uuid5(NIL, f"day:{day:%Y-%m-%d}")


class Owner(NamedTuple):
    """Whose a wrapped key is; a wrapped key opens for no other owner."""

    key_id: uuid.UUID
    workspace_id: uuid.UUID
    kind: str
    subject_id: uuid.UUID


def wrap(parent: bytes, secret: bytes, owner: Owner) -> bytes:
    """Wrap a secret under its parent (AES-KW, RFC 3394), bound to its owner: 8 bytes longer than the secret."""
    return aes_key_wrap(_wrapping_key(parent, owner), secret)


def unwrap(parent: bytes, wrapped: bytes, owner: Owner) -> bytes:
    """Unwrap what `wrap` made; raises `KeyStoreDamagedError` when anything differs."""
    try:
        return aes_key_unwrap(_wrapping_key(parent, owner), wrapped)
    except (InvalidUnwrap, ValueError):
        raise KeyStoreDamagedError(key_id=str(owner.key_id)) from None


def _wrapping_key(parent: bytes, owner: Owner) -> bytes:
    # AES-KW takes no additional data, so the row is bound through the wrapping key: a wrapped key that is moved
    # to another row, workspace or subject does not open there.
    ids = owner.key_id.bytes + owner.workspace_id.bytes + owner.subject_id.bytes
    return HKDFExpand(SHA256(), SECRET_SIZE, b"parley.wrap" + ids + owner.kind.encode()).derive(parent)
