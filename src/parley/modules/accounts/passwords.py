"""Passwords: how they are hashed and checked. Where the hashes are kept is the matter of `queries` and `actions`.

`v1$` + bcrypt(base64(HMAC-SHA-384(pepper, password))), cost 12. The keyed hash makes passwords of any length fit into
bcrypt's 72 bytes without being cut (base64 of 48 bytes is 64 characters, without NUL), and a stolen database says
nothing without the root key, from which the pepper is derived. Unicode is normalised to NFKC, so that a password
typed on another keyboard is the same (RFC 8265, section 4).
"""

import asyncio
import base64
import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

import bcrypt

from parley.core.rootkey import RootKey
from parley.modules.accounts.errors import PasswordTooLongError, PasswordTooShortError, SignInSlowDownError

T = TypeVar("T")

MIN_LENGTH = 8
MAX_LENGTH = 256
COST = 12
_VERSION = "v1$"
_AT_ONCE = 2
_WAITING = 32

_threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="passwords")
_pending = 0


def check_new_password(password: str) -> None:
    """Refuse a password that is too short or too long; any characters and any mixture of them will do."""
    length = len(unicodedata.normalize("NFKC", password))
    if length < MIN_LENGTH:
        raise PasswordTooShortError(min_length=MIN_LENGTH)
    if length > MAX_LENGTH:
        raise PasswordTooLongError(max_length=MAX_LENGTH)


async def hash_password(root_key: RootKey, password: str, *, cost: int = COST) -> str:
    """Hash a new password; takes about a quarter of a second of a thread. Raises what `check_new_password` raises."""
    check_new_password(password)
    hashed = await _in_thread(bcrypt.hashpw, _keyed(root_key, password), bcrypt.gensalt(cost))
    return _VERSION + hashed.decode()


async def verify_password(root_key: RootKey, password: str, secret: str | None) -> bool:
    """Tell whether this is the password behind `secret`. Does the same work when there is no secret."""
    known = secret is not None and secret.startswith(_VERSION)
    stored = secret.removeprefix(_VERSION).encode() if secret is not None and known else _nobodys()
    keyed = _keyed(root_key, password)
    return await _in_thread(bcrypt.checkpw, keyed, stored) and known


def _keyed(root_key: RootKey, password: str) -> bytes:
    pepper = root_key.derive("password pepper")
    normal = unicodedata.normalize("NFKC", password).encode()
    return base64.b64encode(hmac.digest(pepper, normal, hashlib.sha384))


@cache
def _nobodys() -> bytes:
    return bcrypt.hashpw(base64.b64encode(secrets.token_bytes(48)), bcrypt.gensalt(COST))


async def _in_thread(work: Callable[[bytes, bytes], T], first: bytes, second: bytes) -> T:
    global _pending  # noqa: PLW0603 - one pool per process is the point
    if _pending >= _WAITING:  # whoever would wait longer than a few seconds had better come again
        raise SignInSlowDownError(retry_after=5)
    _pending += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_threads, work, first, second)
    finally:
        _pending -= 1
