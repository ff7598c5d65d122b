"""The relay's promises: everything committed gets a number, once, without a gap, whatever dies or fails."""

import asyncio
import datetime as dt
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import orjson
import pytest
from tests.modules.realtime.conftest import MakeRelay
from tests.modules.realtime.world import Workspace, assert_gap_free, until

from parley.core import clock
from parley.core.bell import Bell
from parley.core.db.tx import Database, Tx
from parley.core.ids import new_id
from parley.core.jobs import JobCall
from parley.modules.realtime.dispatch import JOB, Dispatcher, UnknownHandlerError, handler_job
from parley.modules.realtime.errors import EventsExpiredError
from parley.modules.realtime.ports import HandlerTable
from parley.modules.realtime.queries import events_after
from parley.modules.realtime.relay import BATCH, Relay, lock_key, prune
from parley.modules.realtime.types import Event


@asynccontextmanager
async def running(*relays: Relay) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(relay.run()) for relay in relays]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def jobs_of(admin: asyncpg.Connection, workspace: Workspace) -> list[dict[str, Any]]:
    rows = await admin.fetch("SELECT payload FROM jobs.pgqueuer WHERE entrypoint = $1 ORDER BY id", JOB)
    found = [orjson.loads(row[0]) for row in rows]
    return [payload["args"] for payload in found if payload["workspace"] == str(workspace.id)]


async def test_a_fact_that_commits_later_with_a_smaller_id_still_gets_its_number(
    workspace: Workspace, database: Database, make_relay: MakeRelay
) -> None:
    relay = make_relay()
    async with database.workspace_tx(workspace.id) as slow:
        await slow.emit(("conversation.created", {"n": 1}))
        await workspace.emit(("conversation.created", {"n": 2}))
        assert await relay.drain(workspace.id) == 1
    assert await relay.drain(workspace.id) == 1
    assert [event.ids["n"] for event in await workspace.log()] == [2, 1]
    assert_gap_free(await workspace.log())
    assert await workspace.outbox() == 0


async def test_two_relays_number_what_many_writers_commit_in_any_order_once_each_and_without_a_gap(
    workspace: Workspace, database: Database, bell: Bell, make_relay: MakeRelay
) -> None:
    writers, facts = 6, 40
    ring = bell.event(f"event:{workspace.id}")

    async def write(writer: int) -> None:
        for n in range(facts):
            async with database.workspace_tx(workspace.id) as tx:
                await tx.emit(("message.added", {"writer": writer, "n": n}))
                if n % 7 == writer:  # the id is made, others overtake before the commit
                    await tx.value("SELECT pg_sleep(0.003)")

    async def all_numbered() -> bool:
        return len(await workspace.log()) >= writers * facts

    async with running(make_relay(), make_relay()):
        await asyncio.gather(*(write(writer) for writer in range(writers)))
        await until(all_numbered, ring)
    events = await workspace.log()
    assert_gap_free(events)
    told = sorted((event.ids["writer"], event.ids["n"]) for event in events)
    assert told == [(writer, n) for writer in range(writers) for n in range(facts)]
    for writer in range(writers):  # and each writer's facts in the order in which it committed them
        mine = [event.ids["n"] for event in events if event.ids["writer"] == writer]
        assert mine == sorted(mine)


async def test_a_backlog_of_more_than_one_batch_is_drained_at_once(
    workspace: Workspace, make_relay: MakeRelay
) -> None:
    await workspace.emit(*(("message.added", {"n": n}) for n in range(BATCH * 2 + 3)))
    assert await make_relay().drain(workspace.id) == BATCH * 2 + 3
    assert [event.ids["n"] for event in await workspace.log()] == list(range(BATCH * 2 + 3))


async def test_what_is_rolled_back_gets_no_number(
    workspace: Workspace, database: Database, make_relay: MakeRelay
) -> None:
    async def give_up() -> None:
        async with database.workspace_tx(workspace.id) as tx:
            await tx.emit(("conversation.created", {}))
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await give_up()
    assert await make_relay().drain(workspace.id) == 0
    assert await workspace.log() == []


async def test_while_one_relay_holds_a_workspace_another_leaves_it_alone(
    workspace: Workspace, database: Database, make_relay: MakeRelay
) -> None:
    await workspace.emit(("conversation.created", {}))
    async with database.workspace_tx(workspace.id) as holder:
        await holder.value("SELECT pg_advisory_xact_lock($1)", lock_key(workspace.id))
        assert await make_relay().drain(workspace.id) == 0
    assert await make_relay().drain(workspace.id) == 1


async def test_a_relay_killed_in_the_middle_of_a_batch_loses_and_doubles_nothing(
    workspace: Workspace, admin: asyncpg.Connection, make_relay: MakeRelay
) -> None:
    killed: list[int] = []

    async def dies_once(tx: Tx, event: Event) -> None:
        await tx.emit(("report.counted", {"of": str(event.id)}))
        if event.ids["n"] == 5 and not killed:
            pid = await tx.value("SELECT pg_backend_pid()")
            killed.append(pid)
            assert await admin.fetchval("SELECT pg_terminate_backend($1, 5000)", pid)

    await workspace.emit(*(("message.added", {"n": n}) for n in range(10)))
    relay = make_relay({"message.added": [dies_once]})
    assert await relay.drain(workspace.id) == 20
    assert killed
    events = await workspace.log()
    assert_gap_free(events)
    assert [event.ids["n"] for event in events if event.type == "message.added"] == list(range(10))
    # What the handler did is there exactly once per event as well.
    counted = [event.ids["of"] for event in events if event.type == "report.counted"]
    assert sorted(counted) == sorted(str(event.id) for event in events if event.type == "message.added")


async def test_a_relay_goes_on_after_all_its_connections_were_lost(
    workspace: Workspace,
    bell: Bell,
    admin: asyncpg.Connection,
    make_relay: MakeRelay,
) -> None:
    ring = bell.event(f"event:{workspace.id}")

    async def numbered(count: int) -> bool:
        return len(await workspace.log()) == count

    async with running(make_relay()):
        await workspace.emit(("message.added", {"n": 0}))
        await until(lambda: numbered(1), ring)
        await admin.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE usename IN ('parley_dispatch', 'parley_app') AND state = 'idle'"
        )
        await workspace.database.engine.dispose()  # the writer here is not what dies; the relay has to cope
        await workspace.emit(("message.added", {"n": 1}))
        await until(lambda: numbered(2), ring)


async def test_the_sweep_finds_what_no_bell_told_of(
    workspace: Workspace, bell: Bell, make_relay: MakeRelay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("parley.modules.realtime.relay._SWEEP_SECONDS", 0.01)
    monkeypatch.setattr("parley.modules.realtime.relay.OUTBOX", "rung by nobody")
    ring = bell.event(f"event:{workspace.id}")

    async def numbered() -> bool:
        return len(await workspace.log()) == 1

    async with running(make_relay()):
        await workspace.emit(("message.added", {"n": 0}))
        await until(numbered, ring)


async def test_handlers_run_for_their_type_for_their_noun_and_for_all(
    workspace: Workspace, make_relay: MakeRelay
) -> None:
    ran: list[tuple[str, int]] = []

    def noting(word: str) -> Callable[[Tx, Event], Awaitable[None]]:
        async def note(_tx: Tx, event: Event) -> None:
            ran.append((word, event.seq))

        note.__qualname__ = word
        return note

    await workspace.emit(("message.added", {}), ("message.edited", {}), ("contact.created", {}))
    table = {"message.added": [noting("exact")], "message.*": [noting("noun")], "*": [noting("all")]}
    await make_relay(table).drain(workspace.id)
    assert ran == [("exact", 1), ("noun", 1), ("all", 1), ("noun", 2), ("all", 2), ("all", 3)]


async def test_a_failing_handler_is_left_to_the_queue_and_holds_nothing_up(
    workspace: Workspace,
    database: Database,
    admin: asyncpg.Connection,
    make_relay: MakeRelay,
) -> None:
    is_mended = False

    async def fails_at_two(tx: Tx, event: Event) -> None:
        await tx.emit(("report.counted", {"n": event.ids["n"]}))
        if event.ids["n"] == 2 and not is_mended:
            await tx.run("SELECT 1 / 0")

    async def fine(tx: Tx, event: Event) -> None:
        await tx.emit(("rule.ran", {"n": event.ids["n"]}))

    table: HandlerTable = {"message.added": [fails_at_two, fine]}
    await workspace.emit(*(("message.added", {"n": n}) for n in range(5)))
    relay = make_relay(table)
    await relay.drain(workspace.id)
    events = await workspace.log()
    assert_gap_free(events)

    def told(type_: str, among: list[Event]) -> list[int]:
        return [event.ids["n"] for event in among if event.type == type_]

    assert told("message.added", events) == [0, 1, 2, 3, 4]
    assert told("rule.ran", events) == [0, 1, 2, 3, 4]
    assert told("report.counted", events) == [0, 1, 3, 4]

    jobs = await jobs_of(admin, workspace)
    assert len(jobs) == 1
    kind = handler_job(database, table)
    with pytest.raises(Exception, match="division by zero"):
        await kind.handler(JobCall(workspace.id, jobs[0], 0))
    is_mended = True
    await kind.handler(JobCall(workspace.id, jobs[0], 1))
    await relay.drain(workspace.id)
    assert told("report.counted", await workspace.log()) == [0, 1, 3, 4, 2]


async def test_a_handler_whose_fault_shows_only_at_the_commit_is_left_to_the_queue(
    workspace: Workspace, admin: asyncpg.Connection, make_relay: MakeRelay
) -> None:
    async def breaks_commit(tx: Tx, _event: Event) -> None:
        await tx.run("CREATE TEMP TABLE IF NOT EXISTS late (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)")
        await tx.run("INSERT INTO late VALUES (1), (1)")

    await admin.execute("GRANT TEMPORARY ON DATABASE parley TO parley_app")
    await workspace.emit(("message.added", {"n": 0}))
    await make_relay({"message.added": [breaks_commit]}).drain(workspace.id)
    assert [event.ids["n"] for event in await workspace.log()] == [0]
    assert len(await jobs_of(admin, workspace)) == 1


async def test_a_job_of_a_handler_that_is_gone_fails_instead_of_vanishing(database: Database) -> None:
    event = {"seq": 1, "id": str(new_id()), "type": "a.b", "ids": {}, "at": clock.now().isoformat()}
    with pytest.raises(UnknownHandlerError):
        await handler_job(database, {}).handler(JobCall(new_id(), {"handler": "gone", "event": event}, 0))


def test_two_handlers_of_one_name_are_refused() -> None:
    def make() -> Callable[[Tx, Event], Awaitable[None]]:
        async def handler(_tx: Tx, _event: Event) -> None: ...

        return handler

    with pytest.raises(ValueError, match="called"):
        Dispatcher({"a.b": [make()], "a.c": [make()]})


async def test_a_new_event_rings_its_workspace(
    workspace: Workspace, bell: Bell, make_relay: MakeRelay
) -> None:
    heard = bell.event(f"event:{workspace.id}")
    await workspace.emit(("message.added", {}))
    await make_relay().drain(workspace.id)
    assert heard.is_set()


async def test_pruning_forgets_the_old_beginning_and_never_leaves_a_gap(
    workspace: Workspace, database: Database, make_relay: MakeRelay
) -> None:
    relay = make_relay()
    now = clock.now()
    # The third began before the second but committed after it: by age alone it would leave a gap.
    for days in (9, 6, 8, 1):
        with clock.frozen(now - dt.timedelta(days=days)):
            await workspace.emit(("message.added", {"days": days}))
        await relay.drain(workspace.id)
    async with database.workspace_tx(workspace.id) as tx:
        assert await prune(tx) == 4
        with pytest.raises(EventsExpiredError):
            await events_after(tx, 2, 10)
        assert [event.seq for event in (await events_after(tx, 3, 10)).events] == [4]
        assert (await events_after(tx, 4, 10)).events == []
        with pytest.raises(
            EventsExpiredError
        ):  # a number from the future: the database is not the one it was
            await events_after(tx, 5, 10)
    await workspace.emit(("message.added", {}))
    await relay.drain(workspace.id)
    assert [event.seq for event in await workspace.log()] == [4, 5]


async def test_an_emptied_log_goes_on_counting_and_knows_that_it_is_empty(
    workspace: Workspace, database: Database, make_relay: MakeRelay
) -> None:
    await workspace.emit(("message.added", {}), ("message.added", {}))
    await make_relay().drain(workspace.id)
    with clock.frozen(clock.now() + dt.timedelta(days=8)):
        async with database.workspace_tx(workspace.id) as tx:
            assert await prune(tx) == 3
    async with database.workspace_tx(workspace.id) as tx:
        assert (await events_after(tx, 2, 10)).newest == 2
        with pytest.raises(EventsExpiredError):
            await events_after(tx, 1, 10)


async def test_workspaces_are_numbered_each_for_itself(
    workspace: Workspace, database: Database, bell: Bell, make_relay: MakeRelay
) -> None:
    other = Workspace(uuid.uuid4(), database)
    ring = bell.event(f"event:{workspace.id}", f"event:{other.id}")
    await workspace.emit(("message.added", {"of": "mine"}))
    await other.emit(("message.added", {"of": "theirs"}), ("message.added", {"of": "theirs"}))

    async def both() -> bool:
        return len(await workspace.log()) == 1 and len(await other.log()) == 2

    async with running(make_relay()):
        await until(both, ring)
    assert [event.ids["of"] for event in await workspace.log()] == ["mine"]
    assert_gap_free(await other.log())
