"""What every test may ask for: a real PostgreSQL, the open house on it, the real server, browsers and programs.

`house` is the open resources of one process with an empty database; `client` a browser that nobody signed in;
`office` a workspace with one person of every role; `sign_in` makes browsers for people, `program` for tokens.
One server, one database and one house per test process; what a test leaves behind is emptied before the next one.
"""

import asyncio
import contextlib
import dataclasses
import socket
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import cast

import asyncpg
import pytest
import uvicorn
from fastapi import FastAPI, Request, Response
from tests.builders import Client, Office, Person, make_office, make_token, session_of

from parley.core.db.migrate import LOGIN_ROLES, upgrade_database
from parley.core.db.urls import role_url
from parley.core.log import configure_logging
from parley.core.postgres import ThrowawayPostgres, start_throwaway
from parley.core.resources import Resources
from parley.core.rootkey import load_root_key
from parley.core.settings import Settings
from parley.core.web.app import create_api, front
from parley.loaders import framer
from parley.modules.ingest.receiver import Receiver
from parley.modules.realtime.hub import Hub
from parley.modules.workspaces.types import Role
from parley.opening import open_house
from parley.routes import ROUTERS
from parley.wiring import Wiring

TEMPLATE = "parley_template"
"""The migrated database that others may be copied from: `CREATE DATABASE x TEMPLATE parley_template`."""

_EMPTY = """DO $$
DECLARE name text; filled boolean; found text[] := '{}';
BEGIN
    SET LOCAL lock_timeout = '10s';
    FOR name IN SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
        WHERE schemaname IN ('app', 'accounts', 'directory', 'ingest', 'audit', 'jobs')
    LOOP
        EXECUTE 'SELECT EXISTS (SELECT 1 FROM ' || name || ')' INTO filled;
        IF filled THEN found := found || name; END IF;
    END LOOP;
    IF found <> '{}' THEN
        EXECUTE 'TRUNCATE ' || array_to_string(found, ', ') || ' CASCADE';
    END IF;
END $$"""

SignIn = Callable[[Person], Awaitable[Client]]
MakeProgram = Callable[..., Awaitable[Client]]


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ThrowawayPostgres]:
    """Give a PostgreSQL server of this test process, not yet migrated."""
    server = start_throwaway(tmp_path_factory.mktemp("postgres"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def web_socket() -> Iterator[socket.socket]:
    """Hold the port on which the server will listen."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(128)
        yield listener


@pytest.fixture(scope="session")
async def settings(
    postgres: ThrowawayPostgres, web_socket: socket.socket, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    """Give the settings of this test process, with a migrated database and its template."""
    made = Settings(
        mode="test",
        data=tmp_path_factory.mktemp("data"),
        port=web_socket.getsockname()[1],
        database_url=postgres.url("postgres", postgres.password, "parley"),
        meta_app_id="parley-test-app",
        meta_app_secret="parley-test-secret",
        meta_verify_token="parley-test-verify",
        meta_graph_url="http://127.0.0.1:9",
        log_level="warning",
    )
    configure_logging(made.log_level)
    root_key = load_root_key(made)
    passwords = {role: root_key.database_password(role) for role in LOGIN_ROLES}
    await upgrade_database(made.database_url, passwords)
    connection = await asyncpg.connect(postgres.url("postgres", postgres.password, "postgres"))
    try:
        await connection.execute(f"CREATE DATABASE {TEMPLATE} TEMPLATE parley")
    finally:
        await connection.close()
    return made


@pytest.fixture(scope="session")
async def running_house(settings: Settings) -> AsyncIterator[Resources]:
    """Give the open house of this test process; ask for `house` unless the database's content is all the same."""
    async with open_house(settings, name="tests") as opened:
        yield opened


@pytest.fixture(scope="session")
async def superuser(settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    """Give a connection that no wall holds back: to look at what is really stored."""
    connection = await asyncpg.connect(settings.database_url)
    yield connection
    await connection.close()


@pytest.fixture(scope="session")
async def wiring(running_house: Resources) -> Wiring:
    """Give everything of this test process, connected."""
    return Wiring(running_house)


@pytest.fixture(scope="session")
async def receiver(settings: Settings, wiring: Wiring) -> AsyncIterator[Receiver]:
    """Give what takes in vendors' calls, as the web process runs it."""
    async with asyncpg.create_pool(role_url(settings, "parley_ingest"), min_size=1, max_size=4) as pool:
        made = wiring.receiver(pool)
        made.start()
        yield made
        await made.stop()


@pytest.fixture(scope="session")
async def hub(running_house: Resources, wiring: Wiring) -> AsyncIterator[Hub]:
    """Give what carries frames to sockets, as the web process runs it."""
    made = Hub(running_house.database, running_house.bell, framer(wiring.services, wiring.channels))
    made.start()
    yield made
    await made.stop()


@pytest.fixture(scope="session")
async def running_app(running_house: Resources, wiring: Wiring, hub: Hub) -> FastAPI:
    """Give the application of every module's routes."""
    made = create_api(running_house, ROUTERS, state={**wiring.state(), "hub": hub})
    quietly = made.exception_handlers[Exception]

    async def loudly(request: Request, error: Exception) -> Response:
        traceback.print_exception(
            error
        )  # the product never shows an error's words; whoever writes tests needs them
        return await cast(Awaitable[Response], quietly(request, error))

    made.add_exception_handler(Exception, loudly)
    return made


@pytest.fixture(scope="session")
async def running_server(
    running_app: FastAPI,
    running_house: Resources,
    wiring: Wiring,
    receiver: Receiver,
    web_socket: socket.socket,
) -> AsyncIterator[str]:
    """Serve the application as the product does, and give its address."""
    server = _Server(
        uvicorn.Config(
            front(running_app, running_house, hooks=wiring.hook(receiver)),
            lifespan="off",
            proxy_headers=False,
            server_header=False,
            log_config=None,
            ws="wsproto",
            timeout_graceful_shutdown=2,
        )
    )
    task = asyncio.create_task(server.serve(sockets=[web_socket]))
    while not server.started:
        await asyncio.sleep(0)
        assert not task.done(), "the server ended while it started"
    yield running_house.settings.base_url
    server.should_exit = True
    await task


@pytest.fixture
async def house(running_house: Resources, superuser: asyncpg.Connection) -> Resources:
    """Give the open house with an empty database."""
    await superuser.execute(_EMPTY)
    running_house.bell.ring(["routes"])  # what was routed before is gone
    return running_house


@pytest.fixture
async def app(house: Resources, running_app: FastAPI) -> FastAPI:
    """Give the application on an empty database, with nobody throttled."""
    if hasattr(running_app.state, "throttle"):
        del running_app.state.throttle
    return running_app


@pytest.fixture
async def server(app: FastAPI, running_server: str) -> str:
    """Give the address of the running server on an empty database."""
    return running_server


@pytest.fixture
async def clients(server: str) -> AsyncIterator[Callable[..., Client]]:
    """Give a maker of browsers and programs that closes them in the end."""
    async with contextlib.AsyncExitStack() as stack:

        def make(*, token: str | None = None) -> Client:
            made = Client(server, token=token)
            stack.push_async_callback(made.aclose)
            return made

        yield make


@pytest.fixture
async def client(clients: Callable[..., Client]) -> Client:
    """Give a browser that nobody signed in, with its token against forgery."""
    made = clients()
    await made.get("/me")
    return made


@pytest.fixture
async def office(house: Resources) -> Office:
    """Give a workspace with one person of every role."""
    return await make_office(house)


@pytest.fixture
async def other_office(house: Resources) -> Office:
    """Give another workspace, to attack from or to attack."""
    return await make_office(house)


@pytest.fixture
async def sign_in(house: Resources, clients: Callable[..., Client]) -> SignIn:
    """Give a maker of browsers in which a person is signed in."""

    async def make(person: Person) -> Client:
        made = clients()
        made.cookies["__Host-sid"] = await session_of(house, person)
        await made.get("/me")
        return made

    return make


@pytest.fixture
async def program(house: Resources, office: Office, clients: Callable[..., Client]) -> MakeProgram:
    """Give a maker of programs with a token of a role, of the office unless another is named."""

    async def make(role: Role | str = Role.OWNER, *, of: Office | None = None) -> Client:
        return clients(token=await make_token(house, of or office, role))

    return make


def with_settings(house: Resources, **changes: object) -> Resources:
    """Give the same house under other settings."""
    changed = dataclasses.replace(house.settings, **changes)  # type: ignore[arg-type]
    return dataclasses.replace(house, settings=changed)


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield  # Ctrl-C belongs to pytest
