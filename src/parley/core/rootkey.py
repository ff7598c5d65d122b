"""The one secret that the operator keeps, and what is derived from it. What is sealed with it is the key store's matter.

The derivation is written on the standard library, because the supervisor needs it too and stays small.
"""

import base64
import binascii
import contextlib
import hashlib
import hmac
import os
import secrets
import tempfile
from pathlib import Path

from parley.core.errors import AppError
from parley.core.settings import Settings

SIZE = 32
_SALT = b"parley.root-key.v1"
_HASH_SIZE = 32


class RootKeyError(AppError):
    """There is no root key, or none that may be used; the message says how to make one."""

    code = "root_key_unusable"
    status = 500


class RootKey:
    """32 secret bytes from which every process derives what it needs; never shown, never stored elsewhere."""

    __slots__ = ("_secret",)

    def __init__(self, secret: bytes) -> None:
        if len(secret) != SIZE:
            raise RootKeyError(f"The root key has {len(secret)} bytes instead of {SIZE}. {_HOW_TO_MAKE}")
        self._secret = secret

    def derive(self, label: str, length: int = SIZE) -> bytes:
        """Derive `length` bytes that only this key and this label give: HKDF-SHA256 (RFC 5869), the label as info."""
        return hkdf_sha256(self._secret, _SALT, label.encode(), length)

    def database_password(self, role: str) -> str:
        """Derive the password a database role of ours signs in with."""
        return self.derive(f"database role {role}").hex()


_HOW_TO_MAKE = (
    "Make one with `openssl rand -base64 32 > FILE`, keep a copy in a safe place, and never lose both."
)


def load_root_key(settings: Settings) -> RootKey:
    """Read the root key, or raise `RootKeyError`.

    Production wants a file outside the data folder, so that a copy of the folder alone opens nothing. The demo and
    tests make a key of their own inside it.
    """
    path = settings.root_key_file
    if settings.mode != "production":
        return RootKey(_decoded(_own_key(settings.data) if path is None else path))
    if path is None:
        raise RootKeyError(
            f"PARLEY_ROOT_KEY_FILE is not set: production does not start without a root key. {_HOW_TO_MAKE}"
        )
    if path.resolve().is_relative_to(settings.data.resolve()):
        raise RootKeyError(
            f"The root key {path} lies in the data folder, where every copy of the data takes it along. Move it elsewhere."
        )
    return RootKey(_decoded(path))


def hkdf_sha256(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """Derive `length` bytes, at most 8160, as RFC 5869 says."""
    if length > 255 * _HASH_SIZE:
        raise ValueError(length)
    key = hmac.digest(salt, secret, hashlib.sha256)
    out = block = b""
    for counter in range(1, -(-length // _HASH_SIZE) + 1):
        block = hmac.digest(key, block + info + bytes([counter]), hashlib.sha256)
        out += block
    return out[:length]


def _decoded(path: Path) -> bytes:
    try:
        return base64.b64decode(path.read_bytes().strip(), validate=True)
    except OSError as error:
        raise RootKeyError(
            f"The root key cannot be read from {path}: {error.strerror}. {_HOW_TO_MAKE}"
        ) from error
    except binascii.Error as error:
        raise RootKeyError(f"{path} does not hold 32 bytes as base64. {_HOW_TO_MAKE}") from error


def _own_key(data: Path) -> Path:
    path = data / "root.key"
    if path.exists():
        return path
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=data, prefix="root.key.")  # 0600 from its first moment
    fresh = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(base64.b64encode(secrets.token_bytes(SIZE)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):  # two processes began at once: the first one's key counts
            path.hardlink_to(fresh)
    finally:
        fresh.unlink()
    return path
