"""Reads of inboxes. Credentials leave only through `credentials_of`, for the length of one call to the vendor."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from parley.core.db.tx import Record, Tx
from parley.core.errors import NotFoundError
from parley.core.scope import Scope
from parley.core.sealing import Place, Sealer, Unreadable
from parley.modules.inboxes.errors import InboxDisconnectedError
from parley.modules.inboxes.types import InboxRef, InboxState

_COLUMNS = """id, channel, app, name, external_id, state, state_code, state_message, display, created_at,
received_at, sent_at"""


@dataclasses.dataclass(frozen=True, slots=True)
class InboxView:
    """An inbox as members see it."""

    id: uuid.UUID
    channel: str
    name: str
    external_id: str
    state: InboxState
    state_code: str | None
    state_message: str | None
    display: Mapping[str, str]
    created_at: dt.datetime
    received_at: dt.datetime | None
    sent_at: dt.datetime | None


async def list_inboxes(tx: Tx, scope: Scope, ids: Sequence[uuid.UUID] | None = None) -> list[InboxView]:
    """List the workspace's connected inboxes by name; with `ids` only these, disconnected ones included."""
    scope.require("inboxes.read")
    chosen = "disconnected_at IS NULL" if ids is None else "id = ANY($2::uuid[])"
    args = (tx.workspace_id,) if ids is None else (tx.workspace_id, list(ids))
    rows = await tx.all(
        f"SELECT {_COLUMNS} FROM app.inbox WHERE workspace_id = $1 AND {chosen} ORDER BY name, id",  # noqa: S608
        *args,
    )
    return [_view(row) for row in rows]


async def get_inbox(tx: Tx, scope: Scope, inbox_id: uuid.UUID) -> InboxView:
    """Read one inbox, or raise `NotFoundError`."""
    found = await list_inboxes(tx, scope, [inbox_id])
    if not found:
        raise NotFoundError
    return found[0]


async def refs(tx: Tx, inbox_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, InboxRef]:
    """Read what the pipelines need of these inboxes."""
    rows = await tx.all(
        "SELECT id, channel, name, external_id, state FROM app.inbox WHERE workspace_id = $1 AND id = ANY($2::uuid[])",
        tx.workspace_id,
        list(inbox_ids),
    )
    return {
        row[0]: InboxRef(row[0], tx.workspace_id, row[1], row[2], row[3], InboxState(row[4])) for row in rows
    }


async def is_any_connected(tx: Tx, channel: str, app: str, external_ids: Iterable[str]) -> bool:
    """Tell whether any of these belongs to an inbox, of whatever workspace; says nothing about whose."""
    for external_id in external_ids:
        if await tx.value("SELECT directory.find_route($1, $2, $3)", channel, app, external_id):
            return True
    return False


async def settings_of(tx: Tx, sealer: Sealer, inbox_id: uuid.UUID) -> tuple[str, str, dict[str, str]]:
    """Unseal an inbox's settings: channel, external id, values by field. Raises when there are none any more."""
    row = await tx.first(
        "SELECT channel, external_id, settings FROM app.inbox WHERE workspace_id = $1 AND id = $2",
        tx.workspace_id,
        inbox_id,
    )
    if row is None:
        raise NotFoundError
    if row[2] is None:
        raise InboxDisconnectedError
    (opened,) = await sealer.unseal_many(
        tx.workspace_id, [(settings_place(tx.workspace_id, inbox_id), row[2])]
    )
    if isinstance(opened, Unreadable):
        raise InboxDisconnectedError
    return row[0], row[1], orjson.loads(opened)


def settings_place(workspace_id: uuid.UUID, inbox_id: uuid.UUID) -> Place:
    """Tell where an inbox's settings are sealed to."""
    return Place(workspace_id, "app.inbox", "settings", inbox_id)


def _view(row: Record) -> InboxView:
    data: Any = row._mapping  # noqa: SLF001 - the documented way to read a row by name
    return InboxView(
        data["id"],
        data["channel"],
        data["name"],
        data["external_id"],
        InboxState(data["state"]),
        data["state_code"],
        data["state_message"],
        orjson.loads(data["display"]) if isinstance(data["display"], str) else data["display"],
        data["created_at"],
        data["received_at"],
        data["sent_at"],
    )
