"""What counts as the database being away, and what is the work's own fault."""

import asyncio

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from parley.core.db.tx import is_disconnect
from parley.core.resources import Resources


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.AdminShutdownError("terminating connection"),
        asyncpg.CrashShutdownError("terminating connection"),
        asyncpg.CannotConnectNowError("starting up"),
        asyncpg.TooManyConnectionsError("too many clients"),
        asyncpg.DiskFullError("no space left"),
        asyncpg.ConnectionDoesNotExistError("closed in the middle"),
        asyncpg.InterfaceError("connection is closed"),
        ConnectionRefusedError(),
        PoolTimeoutError(),
    ],
)
def test_the_database_is_away(error: Exception) -> None:
    assert is_disconnect(error)


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.UniqueViolationError("twice"),
        asyncpg.QueryCanceledError("too slow"),
        asyncpg.DeadlockDetectedError("deadlock"),
        asyncpg.exceptions.DataError("no such argument"),
        ValueError("no"),
    ],
)
def test_the_database_is_there(error: Exception) -> None:
    assert not is_disconnect(error)


@pytest.mark.parametrize(
    ("sql", "args", "is_away"),
    [
        ("SELECT pg_terminate_backend(pg_backend_pid())", (), True),
        ("SELECT $1::int", ("no number",), False),
        ("SELECT 1 / 0", (), False),
    ],
)
async def test_it_is_told_through_sqlalchemy(
    house: Resources, sql: str, args: tuple[object, ...], *, is_away: bool
) -> None:
    with pytest.raises(DBAPIError) as caught:
        async with house.database.installation_tx() as tx:
            await tx.all(sql, *args)
    assert is_disconnect(caught.value) is is_away


async def test_work_is_tried_again_while_the_server_starts(house: Resources) -> None:
    tries = 0

    async def work(_: object) -> str:
        nonlocal tries
        tries += 1
        await asyncio.sleep(0)
        if tries == 1:
            raise asyncpg.CannotConnectNowError("the database system is starting up")
        return "done"

    async with house.database.installation_tx() as tx:
        workspace_id = tx.workspace_id
    assert await house.database.attempt(workspace_id, work) == "done"
