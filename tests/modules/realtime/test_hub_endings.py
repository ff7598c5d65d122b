"""How following ends: rights that end or change, a process that stops."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Callable

import pytest
from tests.modules.realtime.toys import FEW, Board, add_tag, framer_of, keeps, viewer_scope
from tests.modules.realtime.world import PATIENCE, Workspace

from parley.core.bell import Bell
from parley.core.db.tx import Database
from parley.core.scope import Scope
from parley.modules.realtime.frames import Framer
from parley.modules.realtime.hub import Hub
from parley.modules.realtime.relay import Relay
from parley.modules.realtime.viewers import RESYNC, SIGNED_OUT, STOPPING, Viewer


@pytest.fixture
async def hub(database: Database, bell: Bell) -> AsyncIterator[Hub]:
    made = Hub(database, bell, framer_of(Board()))
    yield made
    await made.stop()


async def test_a_member_whose_rights_end_or_change_hears_no_more(
    workspace: Workspace, hub: Hub, relay: Relay
) -> None:
    scope = viewer_scope(workspace.id)
    answers: dict[str, Scope | None] = {
        "gone": None,
        "demoted": dataclasses.replace(scope, role="agent", permissions=FEW),
        "same": scope,
    }
    viewers: dict[str, Viewer] = {}

    def looking(word: str) -> Callable[[], "asyncio.Future[Scope | None]"]:
        def look() -> "asyncio.Future[Scope | None]":
            future: asyncio.Future[Scope | None] = asyncio.get_running_loop().create_future()
            future.set_result(answers[word])
            return future

        return look

    for word in answers:
        viewers[word] = hub.join(scope, looking(word), after=0)
        await hub.follow(viewers[word])
    async with workspace.database.workspace_tx(workspace.id) as tx:
        await tx.emit(("member.deactivated", {"member": scope.member_id}))
        await add_tag(tx, "blue")
    await relay.drain(workspace.id)
    async with asyncio.timeout(PATIENCE):
        taken = {word: list(await viewer.take()) for word, viewer in viewers.items()}
    assert {word: len(texts) for word, texts in taken.items()} == {"gone": 0, "demoted": 0, "same": 1}
    assert viewers["gone"].ending == SIGNED_OUT
    assert viewers["demoted"].ending == RESYNC
    assert viewers["same"].ending is None

    answers["same"] = None
    await hub.check()
    assert viewers["same"].ending == SIGNED_OUT


async def test_a_stopping_process_sends_its_viewers_elsewhere(
    workspace: Workspace, database: Database, bell: Bell
) -> None:
    hub = Hub(database, bell, Framer({}))
    scope = viewer_scope(workspace.id)
    viewer = hub.join(scope, keeps(scope), after=0)
    await hub.follow(viewer)
    await hub.stop()
    assert viewer.ending == STOPPING
    assert hub.join(scope, keeps(scope), after=0).ending == STOPPING
