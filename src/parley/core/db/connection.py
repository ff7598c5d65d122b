"""Connections that carry the workspace into BEGIN itself.

The workspace is set by the same round trip that begins the transaction, always, to the nil id when there is none;
so a connection can never go on with somebody else's workspace. The attribute is cleared whenever the pool takes a
connection back or gives one out.
"""

import uuid
from collections.abc import Callable
from typing import Any

import asyncpg
import orjson
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from parley.core.ids import NIL


class WorkspaceConnection(asyncpg.Connection):
    """An asyncpg connection whose BEGIN also sets `app.workspace_id` for the length of the transaction."""

    __slots__ = ("parley_workspace",)

    async def execute(self, query: str, *args: Any, timeout: float | None = None) -> str:  # noqa: ASYNC109
        if query.startswith("BEGIN") and not args:
            workspace: uuid.UUID = getattr(self, "parley_workspace", NIL)
            query = f"{query.rstrip(';')};SELECT set_config('app.workspace_id','{workspace}',true)"
        return str(await super().execute(query, *args, timeout=timeout))


def set_workspace(driver: Any, workspace_id: uuid.UUID) -> None:
    """Name the workspace of the next transaction on this connection."""
    driver.parley_workspace = uuid.UUID(int=workspace_id.int)


def open_engine(url: str, *, pool_size: int, application_name: str) -> AsyncEngine:
    """Make an engine on asyncpg with our connection class. `url` is a libpq address, also with `?host=/folder`."""
    engine = create_async_engine(
        make_url(url).set(drivername="postgresql+asyncpg"),
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=10,
        pool_reset_on_return="rollback",
        json_serializer=lambda value: orjson.dumps(value).decode(),
        json_deserializer=orjson.loads,
        connect_args={
            "connection_class": WorkspaceConnection,
            "server_settings": {"application_name": application_name},
            "prepared_statement_cache_size": 512,
        },
    )
    forget: Callable[..., None] = _forget_workspace
    event.listen(engine.sync_engine, "checkout", forget)
    event.listen(engine.sync_engine, "reset", forget)
    return engine


def _forget_workspace(dbapi_connection: Any, *_: Any) -> None:
    driver = getattr(dbapi_connection, "driver_connection", None)
    if driver is not None:
        driver.parley_workspace = NIL


async def bind_workspace(connection: AsyncConnection, workspace_id: uuid.UUID) -> None:
    """Name the workspace of the connection's next transaction; to be called before its first statement."""
    raw = await connection.get_raw_connection()
    set_workspace(raw.driver_connection, workspace_id)
