"""The store of wrapped keys, apart from the content database: who owns which key, and which are gone for ever.

Here: the port `KeyStore`, its cache, and the two places it can live in (a SQLite file, a PostgreSQL of its own).
Not here: sealing content with a key (`core.sealing`), and where the root key comes from (`core.rootkey`).
"""

from pathlib import Path

from parley.core.keystore.errors import (
    KeyDestroyedError,
    KeyStoreDamagedError,
    KeyStoreUnavailableError,
    WrongRootKeyError,
)
from parley.core.keystore.keys import Key, KeyKind, day_subject
from parley.core.keystore.port import KeyStore
from parley.core.keystore.postgres import PostgresKeyRows
from parley.core.keystore.sqlite import SqliteKeyRows
from parley.core.keystore.store import CachedKeyStore

__all__ = [
    "CachedKeyStore",
    "Key",
    "KeyDestroyedError",
    "KeyKind",
    "KeyStore",
    "KeyStoreDamagedError",
    "KeyStoreUnavailableError",
    "WrongRootKeyError",
    "day_subject",
    "open_key_store",
]


async def open_key_store(root_key: bytes, *, folder: Path, url: str = "") -> CachedKeyStore:
    """Open the key store, making it first when it does not exist.

    `url` names a PostgreSQL of its own (`PARLEY_KEYS_URL`); empty means `folder/keys.sqlite`, which several
    processes of one machine may use at once. Raises `WrongRootKeyError` when the store was made under another
    root key (32 bytes), `KeyStoreUnavailableError` when it cannot be reached. Close it with `aclose()`.
    """
    rows = PostgresKeyRows(url) if url else SqliteKeyRows(folder / "keys.sqlite")
    store = CachedKeyStore(rows, root_key)
    await store.open()
    return store
