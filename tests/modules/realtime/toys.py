"""A small world to tell about: notes on a board (rows of app.tag), some of them secret, one colour per member."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from parley.core.db.tx import Tx
from parley.core.ids import new_id
from parley.core.scope import Actor, Scope
from parley.modules.realtime.frames import Framer
from parley.modules.realtime.loaded import Personal
from parley.modules.realtime.ports import Loaded
from parley.modules.realtime.viewers import Revalidate, Viewer

ALL = frozenset({"tags.read", "secrets.read", "items.read"})
FEW = frozenset({"tags.read"})


def viewer_scope(workspace_id: uuid.UUID, permissions: frozenset[str] = ALL, role: str = "admin") -> Scope:
    return Scope(workspace_id, Actor("member", new_id()), permissions, new_id(), role)


class Board:
    """Loads tags; those whose name begins with `secret` only for who may read secrets. Counts what it does."""

    per_viewer = False

    def __init__(self) -> None:
        self.calls: list[tuple[uuid.UUID, ...]] = []
        self.serialised = 0
        self.fails = False

    async def load(
        self, tx: Tx, scopes: Sequence[Scope], ids: Sequence[uuid.UUID]
    ) -> Mapping[uuid.UUID, Loaded]:
        if self.fails:
            raise ValueError
        self.calls.append(tuple(ids))
        return {id_: Counted(self, value) for id_, value in (await fetch(tx, scopes[0], ids)).items()}


class Counted:
    """A loaded tag that tells its board when it is serialised."""

    def __init__(self, board: Board, value: Mapping[str, Any]) -> None:
        self.board = board
        self.value = value

    def json(self, scope: Scope) -> bytes | None:
        self.board.serialised += 1
        return orjson.dumps(self.value)


async def fetch(tx: Tx, scope: Scope, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Mapping[str, Any]]:
    rows = await tx.all(
        "SELECT id, name FROM app.tag WHERE workspace_id = $1 AND id = ANY($2::uuid[])",
        tx.workspace_id,
        list(ids),
    )
    return {
        row.id: {"id": str(row.id), "name": row.name}
        for row in rows
        if scope.may("secrets.read") or not row.name.startswith("secret")
    }


async def snapshot(tx: Tx, scope: Scope) -> dict[str, Any]:
    """Fetch everything that a viewer may see, afresh."""
    rows = await tx.all("SELECT id FROM app.tag WHERE workspace_id = $1", tx.workspace_id)
    return {str(id_): value for id_, value in (await fetch(tx, scope, [row.id for row in rows])).items()}


class PersonalBoard:
    """The same board where every viewer sees their own member id with each tag, and only members see any."""

    per_viewer = True

    async def load(
        self, tx: Tx, scopes: Sequence[Scope], ids: Sequence[uuid.UUID]
    ) -> Mapping[uuid.UUID, Loaded]:
        found = await fetch(tx, scopes[0], ids)
        return {id_: Personal(value, _own) for id_, value in found.items()}


def _own(scope: Scope) -> Mapping[str, Any] | None:
    return {"mine": str(scope.member_id)} if scope.member_id else None


def framer_of(board: Board) -> Framer:
    return Framer({"tag": board}, {"item": "items.read"})


def keeps(scope: Scope) -> Revalidate:
    """Make the look-up of rights that never change."""

    async def look() -> Scope | None:
        return scope

    return look


async def add_tag(tx: Tx, name: str) -> uuid.UUID:
    id_ = new_id()
    await tx.run(
        "INSERT INTO app.tag (workspace_id, id, name, color, created_at) VALUES ($1, $2, $3, 'gray', now())",
        tx.workspace_id,
        id_,
        name,
    )
    await tx.emit(("tag.created", {"tag": id_}))
    return id_


async def rename_tag(tx: Tx, id_: uuid.UUID, name: str) -> None:
    await tx.run(
        "UPDATE app.tag SET name = $3 WHERE workspace_id = $1 AND id = $2", tx.workspace_id, id_, name
    )
    await tx.emit(("tag.hidden" if name.startswith("secret") else "tag.renamed", {"tag": id_}))


async def delete_tag(tx: Tx, id_: uuid.UUID) -> None:
    await tx.run("DELETE FROM app.tag WHERE workspace_id = $1 AND id = $2", tx.workspace_id, id_)
    await tx.emit(("tag.deleted", {"tag": id_}))


class Client:
    """What a screen does with frames: replace or insert by id, take away what is gone, notice gaps."""

    def __init__(self, seq: int, known: dict[str, Any] | None = None) -> None:
        self.seq = seq
        self.known = known or {}
        self.seen: list[int] = []

    def apply(self, text: str) -> None:
        frame = orjson.loads(text)
        assert frame["prev"] == self.seq, "a gap"
        assert frame["seq"] > self.seq, "told twice"
        self.seq = frame["seq"]
        self.seen.append(self.seq)
        if frame["object_type"] is None:
            return
        if frame.get("gone"):
            self.known.pop(frame["ids"][frame["object_type"]], None)
        else:
            self.known[frame["object"]["id"]] = frame["object"]

    async def read(self, viewer: Viewer) -> bool:
        """Take what waits; False when the connection ended."""
        texts = await viewer.take()
        for text in texts:
            self.apply(text)
        return bool(texts)
