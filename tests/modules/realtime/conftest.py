"""A workspace of its own for each test, a relay that numbers its events, and the parts of the house they need."""

from collections.abc import Callable

import asyncpg
import pytest
from tests.modules.realtime.world import Workspace

from parley.core.bell import Bell
from parley.core.db.tx import Database
from parley.core.db.urls import role_url
from parley.core.ids import new_id
from parley.core.resources import Resources
from parley.modules.realtime.ports import HandlerTable
from parley.modules.realtime.relay import Relay

MakeRelay = Callable[..., Relay]


@pytest.fixture
def database(house: Resources) -> Database:
    return house.database


@pytest.fixture
def bell(house: Resources) -> Bell:
    return house.bell


@pytest.fixture
def admin(superuser: asyncpg.Connection) -> asyncpg.Connection:
    return superuser


@pytest.fixture
def workspace(database: Database) -> Workspace:
    return Workspace(new_id(), database)


@pytest.fixture
def make_relay(house: Resources) -> MakeRelay:
    def make(handlers: HandlerTable | None = None) -> Relay:
        url = role_url(house.settings, "parley_dispatch", root_key=house.root_key)
        return Relay(url, house.database, house.bell, handlers or {})

    return make


@pytest.fixture
def relay(make_relay: MakeRelay) -> Relay:
    return make_relay()
