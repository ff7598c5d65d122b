"""The hub's promises: every viewer hears everything they may know, in order and once, and nobody else's."""

import asyncio
import random
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import orjson
import pytest
from tests.modules.realtime.toys import (
    ALL,
    FEW,
    Board,
    Client,
    add_tag,
    delete_tag,
    framer_of,
    keeps,
    rename_tag,
    snapshot,
    viewer_scope,
)
from tests.modules.realtime.world import PATIENCE, Workspace

from parley.core.bell import Bell
from parley.core.db.tx import Database
from parley.core.scope import Scope
from parley.modules.realtime.errors import EventsExpiredError
from parley.modules.realtime.hub import Hub
from parley.modules.realtime.relay import Relay
from parley.modules.realtime.rooms import REPLAY, Room
from parley.modules.realtime.viewers import RESYNC, STOPPING, Viewer


@pytest.fixture
def board() -> Board:
    return Board()


@pytest.fixture
async def hub(database: Database, bell: Bell, board: Board) -> AsyncIterator[Hub]:
    made = Hub(database, bell, framer_of(board))
    yield made
    await made.stop()


@asynccontextmanager
async def watching(hub: Hub, scope: Scope, client: Client) -> AsyncIterator[Viewer]:
    """Follow as a socket does: one task reads while the replay runs."""
    viewer = hub.join(scope, keeps(scope), after=client.seq)

    async def read() -> None:
        while await client.read(viewer):
            pass

    reader = asyncio.create_task(read())
    try:
        await hub.follow(viewer)
        yield viewer
    finally:
        hub.leave(viewer)
        viewer.end(STOPPING)
        await reader


async def reached(client: Client, seq: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while client.seq < seq:  # noqa: ASYNC110 - the client has no bell
            await asyncio.sleep(0)


async def tags(workspace: Workspace, relay: Relay, count: int) -> list[uuid.UUID]:
    async with workspace.database.workspace_tx(workspace.id) as tx:
        made = [await add_tag(tx, f"tag {uuid.uuid4()}") for _ in range(count)]
    await relay.drain(workspace.id)
    return made


async def test_resuming_from_any_number_tells_exactly_what_came_after(
    workspace: Workspace, hub: Hub, relay: Relay
) -> None:
    await tags(workspace, relay, 5)
    for after in range(6):
        client = Client(after)
        async with watching(hub, viewer_scope(workspace.id), client):
            await reached(client, 5)
        assert client.seen == list(range(after + 1, 6))


async def test_a_long_replay_keeps_the_pace_of_its_reader(
    workspace: Workspace, database: Database, relay: Relay, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = REPLAY * 3 + 1
    await tags(workspace, relay, count)
    room = Room(workspace.id, database, framer_of(board), asyncio.Semaphore(2), lambda: 60.0)
    scope = viewer_scope(workspace.id)
    viewer = Viewer(scope, keeps(scope), after=0, limit=REPLAY)  # no more than a chunk may wait
    room.viewers.add(viewer)
    waits = asyncio.Event()
    drained = viewer.drained

    async def noted() -> None:
        waits.set()
        await drained()

    monkeypatch.setattr(viewer, "drained", noted)
    catching_up = asyncio.create_task(room.catch_up(viewer))
    client = Client(0)
    async with asyncio.timeout(PATIENCE):
        for _ in range(3):
            await waits.wait()  # with a full queue, until somebody reads
            waits.clear()
            assert viewer.ending is None
            assert await client.read(viewer)
        await catching_up
        assert await client.read(viewer)
    assert client.seen == list(range(1, count + 1))


async def test_live_viewers_of_different_rights_are_told_different_things(
    workspace: Workspace, database: Database, hub: Hub, relay: Relay
) -> None:
    for permissions in (FEW, ALL):  # whoever comes first
        start = await hub.newest(workspace.id)
        few, all_ = Client(start), Client(start)
        order = [(viewer_scope(workspace.id, FEW, "agent"), few), (viewer_scope(workspace.id), all_)]
        if permissions is ALL:
            order.reverse()
        async with watching(hub, *order[0]), watching(hub, *order[1]):
            async with database.workspace_tx(workspace.id) as tx:
                await add_tag(tx, f"secret {uuid.uuid4()}")
                await add_tag(tx, f"open {uuid.uuid4()}")
            await relay.drain(workspace.id)
            await reached(few, start + 2)
            await reached(all_, start + 2)
        assert few.seen == [start + 2]
        assert all_.seen == [start + 1, start + 2]


async def test_the_bell_alone_wakes_a_room(
    workspace: Workspace, hub: Hub, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Hub, "_pause", lambda _hub: 3600.0)
    client = Client(0)
    async with watching(hub, viewer_scope(workspace.id), client):
        for n in range(1, 4):
            await tags(workspace, relay, 1)
            await reached(client, n)


async def test_the_sweep_alone_finds_what_no_bell_told_of(
    workspace: Workspace, database: Database, relay: Relay, board: Board
) -> None:
    room = Room(workspace.id, database, framer_of(board), asyncio.Semaphore(2), lambda: 0.01)
    scope = viewer_scope(workspace.id)
    viewer = Viewer(scope, keeps(scope), after=0)
    room.viewers.add(viewer)
    await room.catch_up(viewer)
    running = asyncio.create_task(room.run())
    try:
        await tags(workspace, relay, 1)
        async with asyncio.timeout(PATIENCE):
            assert len(await viewer.take()) == 1
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_nothing_is_missed_or_told_twice_while_viewers_come_during_writes(
    workspace: Workspace, hub: Hub, relay: Relay
) -> None:
    total = 120

    async def write() -> None:
        for _ in range(total):
            await tags(workspace, relay, 1)

    writing = asyncio.create_task(write())
    clients = [Client(0) for _ in range(12)]

    async def come(client: Client, when: int) -> None:
        while await hub.newest(workspace.id) < when:
            pass
        async with watching(hub, viewer_scope(workspace.id), client):
            await reached(client, total)

    await asyncio.gather(*(come(client, n * 9) for n, client in enumerate(clients)))
    await writing
    for client in clients:
        assert client.seen == list(range(1, total + 1))


async def test_an_event_committed_between_the_replay_and_going_live_is_told(
    workspace: Workspace, hub: Hub, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tags(workspace, relay, 2)
    first = Client(2)
    late = Client(0)
    once = True
    replay = Room._replay

    async def replay_then_write(room: Room, viewer: Viewer) -> bool:
        nonlocal once
        more = await replay(room, viewer)
        if once and viewer.position == 2 and viewer.told == 2 and late.seq == 0:
            once = False
            await tags(workspace, relay, 1)
            await reached(first, 3)  # the live ones are ahead of the one who comes now
        return more

    async with watching(hub, viewer_scope(workspace.id), first):
        monkeypatch.setattr(Room, "_replay", replay_then_write)
        async with watching(hub, viewer_scope(workspace.id), late):
            await tags(workspace, relay, 1)
            await reached(late, 4)
    assert late.seen == [1, 2, 3, 4]
    assert not once


async def test_fifty_viewers_get_each_frame_once_from_one_read_and_one_serialisation(
    workspace: Workspace, hub: Hub, relay: Relay, board: Board
) -> None:
    viewers = [
        hub.join(scope, keeps(scope), after=0) for scope in (viewer_scope(workspace.id) for _ in range(50))
    ]
    for viewer in viewers:
        await hub.follow(viewer)
    made = await tags(workspace, relay, 20)
    seen = []
    for viewer in viewers:
        texts: list[str] = []
        async with asyncio.timeout(PATIENCE):
            while len(texts) < 20:
                texts.extend(await viewer.take())
        seen.append([orjson.loads(text)["seq"] for text in texts])
    assert seen == [list(range(1, 21))] * 50
    assert board.serialised == 20
    assert sorted(id_ for call in board.calls for id_ in call) == sorted(made)
    for viewer in viewers:
        hub.leave(viewer)
    assert hub.viewers == 0


async def test_a_viewer_that_does_not_read_is_sent_for_a_fresh_fetch_and_holds_nobody_up(
    workspace: Workspace, database: Database, bell: Bell, relay: Relay, board: Board
) -> None:
    room = Room(workspace.id, database, framer_of(board), asyncio.Semaphore(2), lambda: 60.0)
    scope = viewer_scope(workspace.id)
    slow, quick = (Viewer(scope, keeps(scope), after=0, limit=limit) for limit in (3, 100))
    for viewer in (slow, quick):
        room.viewers.add(viewer)
        await room.catch_up(viewer)
    await tags(workspace, relay, 4)
    assert await room.advance()
    assert slow.ending == RESYNC
    assert list(await slow.take()) == []
    assert len(await quick.take()) == 4


async def test_who_is_older_than_the_log_or_newer_than_it_is_sent_for_a_fresh_fetch(
    workspace: Workspace, database: Database, hub: Hub, relay: Relay
) -> None:
    await tags(workspace, relay, 3)
    async with database.workspace_tx(workspace.id) as tx:
        await tx.run("DELETE FROM app.event WHERE workspace_id = $1 AND seq <= 2", workspace.id)
    scope = viewer_scope(workspace.id)
    for after in (0, 1, 4):
        viewer = hub.join(scope, keeps(scope), after=after)
        await hub.follow(viewer)
        assert viewer.ending == RESYNC
        hub.leave(viewer)
        with pytest.raises(EventsExpiredError):
            await hub.page(scope, after, 10)
    page = await hub.page(scope, 2, 10)
    assert (len(page.texts), page.seq, page.newest) == (1, 3, 3)


async def test_viewers_hear_their_own_workspace_alone(workspace: Workspace, hub: Hub, relay: Relay) -> None:
    other = Workspace(uuid.uuid4(), workspace.database)
    mine, theirs = Client(0), Client(0)
    async with (
        watching(hub, viewer_scope(workspace.id), mine),
        watching(hub, viewer_scope(other.id), theirs),
    ):
        (mine_id,) = await tags(workspace, relay, 1)
        (theirs_id,) = await tags(other, relay, 1)
        # An id of the other workspace in one's own event opens nothing.
        await workspace.emit(("tag.renamed", {"tag": theirs_id}), ("tag.renamed", {"tag": mine_id}))
        await relay.drain(workspace.id)
        await reached(mine, 3)
        await reached(theirs, 1)
    assert set(mine.known) == {str(mine_id)}
    assert set(theirs.known) == {str(theirs_id)}
    assert mine.seen == [1, 3]


async def test_a_snapshot_and_its_frames_equal_a_fresh_fetch(
    workspace: Workspace, database: Database, hub: Hub, relay: Relay
) -> None:
    chance = random.Random(7)
    scopes = [viewer_scope(workspace.id), viewer_scope(workspace.id, FEW, "agent")]
    clients: list[tuple[Scope, Client]] = []
    alive: list[uuid.UUID] = []

    async def act() -> None:
        async with database.workspace_tx(workspace.id) as tx:
            kind = chance.choice(["add", "add", "rename", "hide", "delete"])
            name = f"{chance.choice(['', 'secret '])}{uuid.uuid4()}"
            if kind == "add" or not alive:
                alive.append(await add_tag(tx, name))
            elif kind == "delete":
                await delete_tag(tx, alive.pop(chance.randrange(len(alive))))
            else:
                await rename_tag(tx, chance.choice(alive), f"secret {name}" if kind == "hide" else name)

    async def begin(scope: Scope) -> None:
        after = await hub.newest(workspace.id)  # the number first, then the snapshot
        await act()
        async with database.workspace_tx(workspace.id) as tx:
            clients.append((scope, Client(after, await snapshot(tx, scope))))

    for _ in range(6):
        for scope in scopes:
            await begin(scope)
        for _ in range(10):
            await act()
        await relay.drain(workspace.id)
    newest = await hub.newest(workspace.id)
    for scope, client in clients:
        viewer = hub.join(scope, keeps(scope), after=client.seq)
        await hub.follow(viewer)
        while viewer.told > client.seq:
            assert await client.read(viewer)
        hub.leave(viewer)
        assert viewer.position == newest
        async with database.workspace_tx(workspace.id) as tx:
            assert client.known == await snapshot(tx, scope)


async def test_a_loader_that_fails_sends_its_viewers_for_a_fresh_fetch_and_the_next_ones_are_told(
    workspace: Workspace, hub: Hub, relay: Relay, board: Board
) -> None:
    scope = viewer_scope(workspace.id)
    viewer = hub.join(scope, keeps(scope), after=0)
    await hub.follow(viewer)
    board.fails = True
    await tags(workspace, relay, 1)
    async with asyncio.timeout(PATIENCE):
        assert list(await viewer.take()) == []
    assert viewer.ending == RESYNC
    board.fails = False
    client = Client(1)
    async with watching(hub, scope, client):
        await tags(workspace, relay, 1)
        await reached(client, 2)


async def test_live_viewers_go_on_after_the_database_restarted_their_connections(
    workspace: Workspace, database: Database, hub: Hub, relay: Relay
) -> None:
    client = Client(0)
    async with watching(hub, viewer_scope(workspace.id), client):
        await tags(workspace, relay, 1)
        await reached(client, 1)
        async with database.workspace_tx(workspace.id) as tx:
            await tx.value(
                "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
                " WHERE application_name = 'parley' AND pid <> pg_backend_pid()"
            )
        await database.attempt(workspace.id, lambda tx: add_tag(tx, "after"))
        await relay.drain(workspace.id)
        await reached(client, 2)
