"""A real PostgreSQL with the product's schema and roles, and a workspace of its own for each test."""

import dataclasses
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping

import asyncpg
import pytest
from tests.modules.realtime.world import Workspace

from parley.core.bell import Bell
from parley.core.db.migrate import LOGIN_ROLES, upgrade_database
from parley.core.db.tx import Database, open_database
from parley.core.ids import new_id
from parley.core.postgres import ThrowawayPostgres, start_throwaway


@dataclasses.dataclass(frozen=True)
class Server:
    """Where each role signs in."""

    running: ThrowawayPostgres
    passwords: Mapping[str, str]

    def url(self, role: str) -> str:
        return self.running.url(role, self.passwords[role], "parley")


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ThrowawayPostgres]:
    server = start_throwaway(tmp_path_factory.mktemp("realtime") / "pg")
    yield server
    server.stop()


@pytest.fixture(scope="session")
async def server(running: ThrowawayPostgres) -> Server:
    passwords = {role: uuid.uuid4().hex for role in LOGIN_ROLES} | {"postgres": running.password}
    made = Server(running, passwords)
    await upgrade_database(made.url("postgres"), passwords)
    return made


@pytest.fixture
async def bell(server: Server) -> AsyncIterator[Bell]:
    made = Bell(server.url("parley_app"))
    made.start()
    yield made
    await made.stop()


@pytest.fixture
async def database(server: Server, bell: Bell) -> AsyncIterator[Database]:
    made = open_database(server.url("parley_app"), application_name="test")
    made.ring = bell.ring
    yield made
    await made.close()


@pytest.fixture
async def admin(server: Server) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(server.url("postgres"))
    yield connection
    await connection.close()


@pytest.fixture
def workspace(database: Database) -> Workspace:
    return Workspace(new_id(), database)
