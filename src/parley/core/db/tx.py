"""Units of work. An action gets a `Tx`, changes things, emits facts; whoever opened the Tx commits."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, TypeVar

import orjson
from sqlalchemy import Executable
from sqlalchemy.engine import CursorResult, Row
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from parley.core import clock
from parley.core.db.connection import bind_workspace, open_engine
from parley.core.ids import NIL, new_id

T = TypeVar("T")
Record = Row[*tuple[Any, ...]]

_AWAY = ("08", "53", "57P0")
_EMIT = """
INSERT INTO app.outbox (workspace_id, id, type, ids, at)
SELECT $1, * FROM unnest($2::uuid[], $3::text[], $4::jsonb[], $5::timestamptz[])
"""


class Tx:
    """One transaction of one workspace (or of none: the nil id).

    Statements are SQL with `$1` arguments, or SQLAlchemy Core. `emit` writes facts into the outbox with the change
    itself; `after_commit` rings bells, never does work that may not be lost.
    """

    __slots__ = ("_bells", "connection", "workspace_id")

    def __init__(self, connection: AsyncConnection, workspace_id: uuid.UUID) -> None:
        self.connection = connection
        self.workspace_id = workspace_id
        self._bells: set[str] = set()

    async def run(self, sql: str, *args: Any) -> CursorResult[Any]:
        """Execute one statement with `$n` arguments."""
        return await self.connection.exec_driver_sql(sql, args)

    async def all(self, sql: str, *args: Any) -> Sequence[Record]:
        """Fetch every row."""
        return (await self.connection.exec_driver_sql(sql, args)).all()

    async def first(self, sql: str, *args: Any) -> Record | None:
        """Fetch the first row, or None."""
        return (await self.connection.exec_driver_sql(sql, args)).first()

    async def value(self, sql: str, *args: Any) -> Any:
        """Fetch the first column of the first row, or None."""
        row = await self.first(sql, *args)
        return None if row is None else row[0]

    async def select(self, statement: Executable) -> Sequence[Record]:
        """Fetch every row of a Core select."""
        return (await self.connection.execute(statement)).all()

    async def emit(self, *facts: tuple[str, Mapping[str, Any]]) -> None:
        """Record facts, each `(noun.past_tense, ids)`, in this transaction. Ids and what changed; never content."""
        if not facts:
            return
        moment = clock.now()
        await self.run(
            _EMIT,
            self.workspace_id,
            [new_id() for _ in facts],
            [name for name, _ in facts],
            [orjson.dumps(ids, default=str).decode() for _, ids in facts],
            [moment] * len(facts),
        )
        self.ring("outbox")

    def ring(self, bell: str) -> None:
        """Ring this bell once, after the commit; a bell only wakes somebody up earlier."""
        self._bells.add(bell)

    @property
    def bells(self) -> frozenset[str]:
        return frozenset(self._bells)


class Database:
    """The app role's door. `ring` is called with the names of the bells after each commit."""

    def __init__(self, engine: AsyncEngine, ring: Callable[[frozenset[str]], None] = lambda _: None) -> None:
        self.engine = engine
        self.ring = ring

    @asynccontextmanager
    async def workspace_tx(self, workspace_id: uuid.UUID) -> AsyncIterator[Tx]:
        """Open a transaction that sees exactly this workspace; commits at the end, rolls back on an error."""
        async with self.engine.connect() as connection:
            await bind_workspace(connection, workspace_id)
            async with connection.begin():
                tx = Tx(connection, workspace_id)
                yield tx
        if tx.bells:
            self.ring(tx.bells)

    def installation_tx(self) -> AbstractAsyncContextManager[Tx]:
        """Open a transaction that sees no workspace: only the installation's narrow functions answer in it."""
        return self.workspace_tx(NIL)

    async def attempt(self, workspace_id: uuid.UUID, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Run a unit of work, once more if the server went away under it. `work` must have no outside effects."""
        for delay in (0.2, 1.0, 3.0):
            try:
                async with self.workspace_tx(workspace_id) as tx:
                    return await work(tx)
            except Exception as error:  # a connection that cannot be made is no error of SQLAlchemy's
                if not is_disconnect(error):
                    raise
                await asyncio.sleep(delay)
        async with self.workspace_tx(workspace_id) as tx:
            return await work(tx)

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


def is_disconnect(error: BaseException) -> bool:
    """Tell whether the database is away or cannot serve now, so that the same work may simply be tried again.

    That is: no connection, a lost one, a server that stops or starts, and one that is out of room or of connections
    (classes 08 and 53 and 57P0x of PostgreSQL's appendix A). What the work itself did wrong is none of it.
    """
    if isinstance(error, DBAPIError):
        return bool(error.connection_invalidated) or (
            error.orig is not None and is_disconnect(error.orig.__cause__ or error.orig)
        )
    if str(getattr(error, "sqlstate", None) or "").startswith(_AWAY):
        return True
    # By name, because a wrong argument is an InterfaceError's child. The other one is what a server's last words to an
    # idle connection are taken for.
    return isinstance(error, PoolTimeoutError | OSError) or type(error).__name__ in {
        "InterfaceError",
        "InternalClientError",
    }


def open_database(url: str, *, pool_size: int = 6, application_name: str = "parley") -> Database:
    """Open the app role's door at this address."""
    return Database(open_engine(url, pool_size=pool_size, application_name=application_name))
