"""Jobs are run, counted and kept as promised, whatever ends in the middle of them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from parley.core.db.urls import role_url
from parley.core.ids import new_id
from parley.core.jobs import JobCall, JobKind, JobLaterError, JobRunner, enqueue
from parley.core.resources import Resources
from parley.core.settings import Settings

PATIENCE = 25.0


@contextlib.asynccontextmanager
async def running(settings: Settings, *kinds: JobKind) -> AsyncIterator[JobRunner]:
    runner = JobRunner(role_url(settings, "parley_dispatch"), {kind.name: kind for kind in kinds})
    task = asyncio.create_task(runner.run())
    try:
        yield runner
    finally:
        await runner.stop(patience=0)
        await asyncio.wait_for(task, PATIENCE)


async def put(house: Resources, name: str, **args: Any) -> None:
    async with house.database.workspace_tx(new_id()) as tx:
        await enqueue(tx, name, **args)


async def until_state(superuser: asyncpg.Connection, wanted: list[str]) -> None:
    async with asyncio.timeout(PATIENCE):
        while wanted != [r[0] for r in await superuser.fetch("SELECT status::text FROM jobs.pgqueuer")]:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


@pytest.mark.parametrize(("counts", "failures"), [(False, [0, 0, 0, 0]), (True, [0, 1, 2, 3])])
async def test_a_run_that_only_waits_is_no_failure(
    house: Resources, settings: Settings, superuser: asyncpg.Connection, *, counts: bool, failures: list[int]
) -> None:
    seen: list[int] = []

    async def wait_thrice(call: JobCall) -> None:
        seen.append(call.failures)
        if len(seen) < 4:
            raise JobLaterError(0, counts=counts)

    await put(house, "wait")
    async with running(settings, JobKind("wait", wait_thrice)):
        await until_state(superuser, [])
    assert seen == failures


async def test_a_run_that_ended_with_its_worker_is_counted(
    house: Resources, settings: Settings, superuser: asyncpg.Connection
) -> None:
    seen: list[int] = []

    async def note(call: JobCall) -> None:
        seen.append(call.failures)

    await put(house, "note")
    await superuser.execute(
        "UPDATE jobs.pgqueuer SET status = 'picked', attempts = 1, heartbeat = now() - interval '1 minute'"
    )
    async with running(settings, JobKind("note", note)):
        await until_state(superuser, [])
    assert seen == [1]


async def test_a_job_that_ends_its_worker_again_and_again_is_held(
    house: Resources, settings: Settings, superuser: asyncpg.Connection
) -> None:
    seen: list[int] = []

    async def note(call: JobCall) -> None:
        seen.append(call.failures)

    await put(house, "note")
    await superuser.execute("UPDATE jobs.pgqueuer SET attempts = 6")
    async with running(settings, JobKind("note", note, max_attempts=2)):
        await until_state(superuser, ["failed"])
    assert not seen


async def test_a_failing_job_is_tried_as_often_as_said_and_held(
    house: Resources, settings: Settings, superuser: asyncpg.Connection
) -> None:
    seen: list[int] = []

    async def fail(call: JobCall) -> None:
        seen.append(call.failures)
        raise ValueError("no")

    await put(house, "fail")
    async with running(settings, JobKind("fail", fail, max_attempts=2)):
        await until_state(superuser, ["failed"])
    assert seen == [0, 1]


async def test_a_lost_connection_holds_nobody_up(
    house: Resources, settings: Settings, superuser: asyncpg.Connection
) -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()
    done: list[str] = []

    async def slow(_: JobCall) -> None:
        begun.set()
        await may_end.wait()
        done.append("slow")

    async def quick(_: JobCall) -> None:
        done.append("quick")
        may_end.set()

    await put(house, "slow")
    async with running(settings, JobKind("slow", slow), JobKind("quick", quick)), asyncio.timeout(PATIENCE):
        await begun.wait()
        cut = await superuser.fetchval(
            """SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE application_name = 'jobs' AND datname = current_database()"""
        )
        assert cut == 1
        await put(house, "quick")
        await may_end.wait()  # although the slow one still runs on what is lost
        await until_state(superuser, [])
    assert done[:2] == ["quick", "slow"]


async def test_what_is_broken_off_by_the_end_stays_in_the_queue(
    house: Resources, settings: Settings, superuser: asyncpg.Connection
) -> None:
    begun = asyncio.Event()

    async def for_ever(_: JobCall) -> None:
        begun.set()
        await asyncio.Event().wait()

    await put(house, "for_ever")
    async with running(settings, JobKind("for_ever", for_ever)), asyncio.timeout(PATIENCE):
        await begun.wait()
    await until_state(superuser, ["picked"])
