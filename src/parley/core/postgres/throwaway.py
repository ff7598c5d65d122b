"""A server for tests: fast because it may lose everything. The product never starts one."""

import secrets
from collections.abc import Mapping
from pathlib import Path

from parley.core.postgres.server import EmbeddedPostgres

_RECKLESS: Mapping[str, str] = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "100",
    "autovacuum_naptime": "1d",
}


class ThrowawayPostgres(EmbeddedPostgres):
    """A server that never waits for the disk."""

    durable = False

    def __init__(self, data: Path, password: str, *, settings: Mapping[str, str] | None = None) -> None:
        super().__init__(data, password, settings={**_RECKLESS, **(settings or {})})
        self.password = password


def start_throwaway(tmp: Path, *, settings: Mapping[str, str] | None = None) -> ThrowawayPostgres:
    """Start a server below `tmp` that ends with this process; `.stop()` it when done, its folder is the caller's.

    The superuser is `postgres` with `.password`; an empty database `parley` exists. Call it from the main thread.
    """
    server = ThrowawayPostgres(tmp, secrets.token_hex(16), settings=settings)
    server.start()
    return server
