"""Key stores to test against: both places for keys, each test with one of its own."""

import os
import tempfile
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg
import pytest

from parley.core.keystore import CachedKeyStore, open_key_store
from parley.core.postgres.throwaway import ThrowawayPostgres, start_throwaway

ROOT = bytes(range(32))


OpenStore = Callable[..., Awaitable[CachedKeyStore]]
"""Opens one more handle on the test's store, as another process would."""


@pytest.fixture(scope="session")
def server() -> Iterator[ThrowawayPostgres]:
    with tempfile.TemporaryDirectory() as folder:
        running = start_throwaway(Path(folder))
        yield running
        running.stop()


@pytest.fixture(scope="session")
def make_url(server: ThrowawayPostgres) -> Callable[[], Awaitable[str]]:
    async def make() -> str:
        name = f"keys_{uuid.uuid4().hex}"
        connection = await asyncpg.connect(server.url("postgres", server.password, "postgres"))
        try:
            await connection.execute(f"CREATE DATABASE {name}")
        finally:
            await connection.close()
        return server.url("postgres", server.password, name)

    return make


@pytest.fixture(params=["sqlite", "postgres"])
async def store_address(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, str]:
    if request.param == "sqlite":
        return tmp_path / "keys", ""
    make: Callable[[], Awaitable[str]] = request.getfixturevalue("make_url")
    return tmp_path / "keys", await make()


@pytest.fixture
async def open_store(store_address: tuple[Path, str]) -> AsyncIterator[OpenStore]:
    folder, url = store_address
    async with AsyncExitStack() as stack:

        async def open_one(root: bytes = ROOT) -> CachedKeyStore:
            store = await open_key_store(root, folder=folder, url=url)
            stack.push_async_callback(store.aclose)
            return store

        yield open_one


@pytest.fixture
async def store(open_store: OpenStore) -> CachedKeyStore:
    return await open_store()


@pytest.fixture
def workspace_id() -> uuid.UUID:
    return uuid.UUID(bytes=os.urandom(16))
