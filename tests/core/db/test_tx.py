"""Transactions that know their workspace: nothing leaks from one to the next, facts go with the change, bells after it."""

import asyncio
import contextlib
import random
import uuid
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from parley.core.db.tx import Database, Tx, is_disconnect, open_database
from parley.core.db.urls import role_url
from parley.core.ids import NIL, new_id
from parley.core.resources import Resources

SEEN = "SELECT current_setting('app.workspace_id', true)::uuid"


@pytest.fixture
async def narrow(house: Resources) -> AsyncIterator[Database]:
    """A door with few connections, so that every one of them is used again and again."""
    database = open_database(role_url(house.settings, "parley_app"), pool_size=3, application_name="narrow")
    yield database
    await database.close()


async def fill(house: Resources, count: int) -> list[uuid.UUID]:
    """Make workspaces that hold one row each."""
    made = [new_id() for _ in range(count)]
    for number, workspace_id in enumerate(made):
        async with house.database.workspace_tx(workspace_id) as tx:
            await tx.run(
                "INSERT INTO app.workspace (id, slug, name, region, created_at) VALUES ($1, $2, 'x', 'local', now())",
                workspace_id,
                f"w{number}",
            )
    return made


async def one_transaction(database: Database, workspace_id: uuid.UUID, mishap: int) -> None:
    """Look at a workspace, and have one of the mishaps that transactions have."""
    async with database.workspace_tx(workspace_id) as tx:
        seen = await tx.value(SEEN)
        if seen != workspace_id:
            raise AssertionError(f"{seen} instead of {workspace_id}")
        ids = [row.id for row in await tx.all("SELECT id FROM app.workspace")]
        if ids != ([] if workspace_id == NIL else [workspace_id]):
            raise AssertionError("rows of another workspace")
        if mishap == 1:
            raise RuntimeError
        if mishap == 2:
            await tx.run("SELECT 1/0")
        if mishap == 3:
            await tx.run("SELECT pg_sleep(0.003)")
        if mishap == 4:
            await tx.connection.rollback()


async def test_1500_transactions_with_errors_and_cancellations_leak_no_workspace(
    house: Resources, narrow: Database
) -> None:
    workspaces = [*await fill(house, 8), NIL]
    chance = random.Random(7)
    cancelled = failed = 0

    async def worker(numbers: list[tuple[uuid.UUID, int, float]]) -> None:
        nonlocal cancelled, failed
        for workspace_id, mishap, patience in numbers:
            try:
                async with asyncio.timeout(patience):
                    await one_transaction(narrow, workspace_id, mishap)
            except TimeoutError:
                cancelled += 1
            except (RuntimeError, DBAPIError):
                failed += 1

    plans = [
        [
            (
                chance.choice(workspaces),
                chance.choice([0, 0, 0, 1, 2, 3, 3, 4]),
                chance.choice([0.0, 0.002, 5, 5, 5]),
            )
            for _ in range(250)
        ]
        for _ in range(6)
    ]
    await asyncio.gather(*(worker(plan) for plan in plans))
    assert cancelled > 150
    assert failed > 150
    for workspace_id in workspaces:
        await one_transaction(narrow, workspace_id, 0)


async def test_outside_of_a_workspace_nothing_is_seen(house: Resources) -> None:
    await fill(house, 2)
    async with house.database.installation_tx() as tx:
        assert await tx.value(SEEN) == NIL
        assert await tx.value("SELECT count(*) FROM app.workspace") == 0


async def test_a_connection_that_nobody_bound_sees_nothing_of_who_had_it_before(
    house: Resources, narrow: Database
) -> None:
    (workspace_id,) = await fill(house, 1)
    for _ in range(3):
        async with narrow.workspace_tx(workspace_id) as tx:
            assert await tx.value("SELECT count(*) FROM app.workspace") == 1
            pid = await tx.value("SELECT pg_backend_pid()")
        async with narrow.engine.connect() as connection:
            raw: Any = (await connection.get_raw_connection()).driver_connection
            assert await raw.fetchval("SELECT current_setting('app.workspace_id', true)") == str(NIL)
            assert (await connection.exec_driver_sql("SELECT count(*) FROM app.workspace")).scalar() == 0
            assert (await connection.exec_driver_sql("SELECT pg_backend_pid()")).scalar() == pid


async def test_a_row_cannot_be_written_into_another_workspace(house: Resources) -> None:
    mine, theirs = await fill(house, 2)
    insert = "INSERT INTO app.team (workspace_id, id, name, created_at) VALUES ($1, $2, 'x', now())"
    async with house.database.workspace_tx(mine) as tx:
        with pytest.raises(DBAPIError, match="row-level security"):
            await tx.run(insert, theirs, new_id())


async def test_facts_live_and_die_with_the_change_and_bells_ring_after_it(
    house: Resources, superuser: asyncpg.Connection
) -> None:
    (workspace_id,) = await fill(house, 1)
    rung: list[tuple[frozenset[str], int]] = []
    database = Database(house.database.engine, lambda bells: rung.append((bells, len(rung))))

    with contextlib.suppress(RuntimeError):
        async with database.workspace_tx(workspace_id) as tx:
            await tx.emit(("tag.created", {"tag": new_id()}))
            raise RuntimeError
    assert rung == []
    assert await superuser.fetchval("SELECT count(*) FROM app.outbox") == 0

    async with database.workspace_tx(workspace_id) as tx:
        await tx.emit(("tag.created", {"tag": new_id()}), ("tag.created", {"tag": new_id()}))
        await tx.emit()
        assert rung == []
    assert [bells for bells, _ in rung] == [frozenset({"outbox"})]
    assert await superuser.fetchval("SELECT count(*) FROM app.outbox") == 2


async def test_a_unit_of_work_is_tried_again_when_its_connection_dies_under_it(
    house: Resources, superuser: asyncpg.Connection
) -> None:
    (workspace_id,) = await fill(house, 1)
    tries = 0

    async def work(tx: Tx) -> int:
        nonlocal tries
        tries += 1
        pid = await tx.value("SELECT pg_backend_pid()")
        if tries == 1:
            await superuser.execute("SELECT pg_terminate_backend($1)", pid)
        return int(await tx.value("SELECT count(*) FROM app.workspace"))

    assert await house.database.attempt(workspace_id, work) == 1
    assert tries == 2


async def test_what_was_wrong_with_the_work_itself_is_not_tried_again(house: Resources) -> None:
    (workspace_id,) = await fill(house, 1)
    tries = 0

    async def work(tx: Tx) -> None:
        nonlocal tries
        tries += 1
        await tx.run("SELECT 1/0")

    with pytest.raises(DBAPIError) as caught:
        await house.database.attempt(workspace_id, work)
    assert tries == 1
    assert not is_disconnect(caught.value)
    assert not isinstance(caught.value, IntegrityError)
