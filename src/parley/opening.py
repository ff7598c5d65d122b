"""Opens and closes what a process holds: database, key store, storage, outgoing client. Decides nothing."""

import contextlib
from collections.abc import AsyncIterator

from parley.core.bell import Bell
from parley.core.db.tx import Database, open_database
from parley.core.db.urls import role_url
from parley.core.http import OutgoingClient
from parley.core.keystore import open_key_store
from parley.core.resources import Resources
from parley.core.rootkey import load_root_key
from parley.core.sealing import Sealer
from parley.core.settings import Settings
from parley.core.storage import Storage


@contextlib.asynccontextmanager
async def open_house(
    settings: Settings, *, pool_size: int = 6, name: str = "parley"
) -> AsyncIterator[Resources]:
    """Open everything for one process; everything is closed again at the end, whatever happened."""
    root_key = load_root_key(settings)
    url = role_url(settings, "parley_app", root_key=root_key)
    database: Database = open_database(url, pool_size=pool_size, application_name=name)
    bell = Bell(url)
    database.ring = bell.ring
    keystore = await open_key_store(
        root_key.derive("key store"), folder=settings.data / "keys", url=settings.keys_url
    )
    outgoing = OutgoingClient([settings.meta_graph_url], settings.private_hosts)
    bell.start()
    try:
        yield Resources(
            settings=settings,
            root_key=root_key,
            database=database,
            bell=bell,
            keystore=keystore,
            sealer=Sealer(keystore),
            storage=Storage(settings.data / "files"),
            outgoing=outgoing,
        )
    finally:
        await bell.stop()
        await outgoing.aclose()
        await keystore.aclose()
        await database.close()
