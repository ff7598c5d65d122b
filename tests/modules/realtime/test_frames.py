"""What viewers are told of events: fresh objects under their rights, read once, serialised once."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import orjson
from tests.modules.realtime.toys import (
    FEW,
    Board,
    PersonalBoard,
    add_tag,
    delete_tag,
    fetch,
    framer_of,
    viewer_scope,
)
from tests.modules.realtime.world import Workspace

from parley.core.db.tx import Database
from parley.core.ids import new_id
from parley.core.scope import SYSTEM, Scope
from parley.modules.realtime.frames import Frame, Framer
from parley.modules.realtime.loaded import SharedLoader
from parley.modules.realtime.types import Event

AT = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)
Events = Callable[..., list[Event]]


def events_of(workspace: Workspace, *facts: tuple[str, Mapping[str, Any]]) -> list[Event]:
    return [
        Event(workspace.id, n, new_id(), type_, {name: str(id_) for name, id_ in ids.items()}, AT)
        for n, (type_, ids) in enumerate(facts, start=1)
    ]


def read(frame: Frame, scope: Scope, prev: int = 0) -> dict[str, Any] | None:
    text = frame.text(prev, scope)
    return None if text is None else dict(orjson.loads(text))


async def test_a_frame_says_what_happened_and_carries_the_fresh_object(
    workspace: Workspace, database: Database
) -> None:
    scope = viewer_scope(workspace.id)
    async with database.workspace_tx(workspace.id) as tx:
        tag = await add_tag(tx, "blue")
        (frame,) = await framer_of(Board()).frames(
            tx, [scope], events_of(workspace, ("tag.created", {"tag": tag}))
        )
    assert read(frame, scope, prev=41) == {
        "prev": 41,
        "seq": 1,
        "type": "tag.created",
        "at": "2026-05-01T12:00:00Z",
        "ids": {"tag": str(tag)},
        "object_type": "tag",
        "object": {"id": str(tag), "name": "blue"},
    }


async def test_who_may_not_see_the_object_is_told_nothing_unless_it_was_hidden(
    workspace: Workspace, database: Database
) -> None:
    few = viewer_scope(workspace.id, FEW, "agent")
    async with database.workspace_tx(workspace.id) as tx:
        tag = await add_tag(tx, "secret")
        events = events_of(workspace, ("tag.renamed", {"tag": tag}), ("tag.hidden", {"tag": tag}))
        told = await framer_of(Board()).frames(tx, [few], events)
        personal = await Framer({"tag": PersonalBoard()}).frames(
            tx, [dataclasses.replace(viewer_scope(workspace.id), actor=SYSTEM)], events
        )
        seen = await framer_of(Board()).frames(tx, [viewer_scope(workspace.id)], events)
    assert [frame.seq for frame in told] == [2]
    answer = read(told[0], few)
    assert answer is not None
    assert (answer["object"], answer["gone"]) == (None, True)
    system = dataclasses.replace(viewer_scope(workspace.id), actor=SYSTEM)
    assert [frame.text(0, system) is None for frame in personal] == [True, False]
    assert "gone" not in (read(seen[1], viewer_scope(workspace.id)) or {})


async def test_what_was_deleted_is_gone_and_not_looked_for(workspace: Workspace, database: Database) -> None:
    board = Board()
    async with database.workspace_tx(workspace.id) as tx:
        tag = await add_tag(tx, "blue")
        await delete_tag(tx, tag)
        events = events_of(workspace, ("tag.created", {"tag": tag}), ("tag.deleted", {"tag": tag}))
        (frame,) = await framer_of(board).frames(tx, [viewer_scope(workspace.id)], events)
        calls = len(board.calls)
        await framer_of(board).frames(tx, [viewer_scope(workspace.id)], events[1:])
    assert len(board.calls) == calls
    answer = read(frame, viewer_scope(workspace.id), prev=0)
    assert answer is not None
    assert (answer["seq"], answer["prev"], answer["object"], answer["gone"]) == (2, 0, None, True)


async def test_an_object_is_read_once_however_many_events_are_about_it(
    workspace: Workspace, database: Database
) -> None:
    board = Board()
    async with database.workspace_tx(workspace.id) as tx:
        one, two = await add_tag(tx, "one"), await add_tag(tx, "two")
        facts = [("tag.renamed", {"tag": tag}) for tag in (one, two, one, one)]
        frames = await framer_of(board).frames(tx, [viewer_scope(workspace.id)], events_of(workspace, *facts))
    assert len(frames) == 4
    assert board.calls == [(one, two)]


async def test_many_viewers_share_one_serialisation_even_after_different_gaps(
    workspace: Workspace, database: Database
) -> None:
    board = Board()
    scopes = [viewer_scope(workspace.id) for _ in range(50)]
    async with database.workspace_tx(workspace.id) as tx:
        tag = await add_tag(tx, "one")
        events = events_of(workspace, ("tag.renamed", {"tag": tag}))
        (frame,) = await framer_of(board).frames(tx, scopes, events)
    prevs = {n: orjson.loads(frame.text(n % 3, scope) or "")["prev"] for n, scope in enumerate(scopes)}
    assert all(prev == n % 3 for n, prev in prevs.items())
    assert board.serialised == 1


async def test_fields_of_the_viewers_own_are_put_into_the_shared_object(
    workspace: Workspace, database: Database
) -> None:
    one, two = viewer_scope(workspace.id), viewer_scope(workspace.id)
    async with database.workspace_tx(workspace.id) as tx:
        tag = await add_tag(tx, "one")
        (frame,) = await Framer({"tag": PersonalBoard()}).frames(
            tx, [one, two], events_of(workspace, ("tag.renamed", {"tag": tag}))
        )
    for scope in (one, two):
        answer = read(frame, scope)
        assert answer is not None
        assert answer["object"] == {"mine": str(scope.member_id), "id": str(tag), "name": "one"}


async def test_events_without_an_object_are_told_to_who_may_know_and_unlisted_ones_to_nobody(
    workspace: Workspace, database: Database
) -> None:
    events = events_of(
        workspace, ("item.quarantined", {"item": new_id()}), ("secret.thing", {"secret": new_id()})
    )
    async with database.workspace_tx(workspace.id) as tx:
        told = await framer_of(Board()).frames(tx, [viewer_scope(workspace.id)], events)
        untold = await framer_of(Board()).frames(tx, [viewer_scope(workspace.id, FEW)], events)
    assert [frame.seq for frame in told] == [1]
    answer = read(told[0], viewer_scope(workspace.id))
    assert answer is not None
    assert (answer["object_type"], answer["object"]) == (None, None)
    assert list(untold) == []


async def test_an_event_that_lacks_the_id_of_its_object_is_told_to_nobody(
    workspace: Workspace, database: Database
) -> None:
    async with database.workspace_tx(workspace.id) as tx:
        framer = Framer({"tag": SharedLoader(fetch)})
        events = events_of(workspace, ("tag.renamed", {"contact": uuid.uuid4()}))
        assert list(await framer.frames(tx, [viewer_scope(workspace.id)], events)) == []
