"""Reads of items, for the admins of their workspace."""

import dataclasses
import datetime as dt
import uuid
from typing import Any

import orjson

from parley.core.db.tx import Tx
from parley.core.errors import NotFoundError
from parley.core.ids import NIL
from parley.core.scope import Scope
from parley.core.sealing import Sealer, Unreadable
from parley.modules.audit.actions import record
from parley.modules.ingest.receiver import item_place

_COLUMNS = (
    """id, inbox_id, channel, kind, state, error_code, error_message, received_at, processed_at, starts"""
)


@dataclasses.dataclass(frozen=True, slots=True)
class ItemView:
    """One event that came in, without what it says."""

    id: uuid.UUID
    inbox_id: uuid.UUID
    channel: str
    kind: str
    state: str
    error_code: str | None
    error_message: str | None
    received_at: dt.datetime
    processed_at: dt.datetime | None
    starts: int


@dataclasses.dataclass(frozen=True, slots=True)
class ItemWithPayload:
    """An item with the bytes as the vendor sent them; null once they were erased."""

    item: ItemView
    payload: Any


async def list_items(
    tx: Tx, scope: Scope, *, state: str | None, limit: int, after: uuid.UUID | None
) -> list[ItemView]:
    """List items, newest first, `limit + 1` at most."""
    scope.require("items.read")
    rows = await tx.all(
        f"""SELECT {_COLUMNS} FROM ingest.item WHERE workspace_id = $1 AND ($2::text IS NULL OR state = $2)
        AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4""",  # noqa: S608 - fixed columns
        tx.workspace_id,
        state,
        after,
        limit + 1,
    )
    return [ItemView(*row) for row in rows]


async def get_item(tx: Tx, scope: Scope, item_id: uuid.UUID) -> ItemView:
    """Read one item, or raise `NotFoundError`."""
    scope.require("items.read")
    row = await tx.first(
        f"SELECT {_COLUMNS} FROM ingest.item WHERE workspace_id = $1 AND id = $2",  # noqa: S608 - fixed columns
        tx.workspace_id,
        item_id,
    )
    if row is None:
        raise NotFoundError
    return ItemView(*row)


async def open_item(tx: Tx, sealer: Sealer, scope: Scope, item_id: uuid.UUID) -> ItemWithPayload:
    """Read one item with its payload; that somebody looked is kept in the audit trail."""
    item = await get_item(tx, scope, item_id)
    row = await tx.first(
        "SELECT payload, is_day_sealed FROM ingest.item WHERE workspace_id = $1 AND id = $2",
        tx.workspace_id,
        item_id,
    )
    if row is None:
        raise NotFoundError
    owner = NIL if row[1] else tx.workspace_id
    (plain,) = await sealer.unseal_many(owner, [(item_place(tx.workspace_id, item_id), row[0])])
    await record(tx, scope, "item.opened", "item", item_id)
    return ItemWithPayload(item, None if isinstance(plain, Unreadable) else _readable(plain))


def _readable(plain: bytes) -> Any:
    try:
        return orjson.loads(plain)
    except orjson.JSONDecodeError:
        return plain.decode("utf-8", "replace")
