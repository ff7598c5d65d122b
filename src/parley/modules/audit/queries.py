"""Reading the audit trail."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

import orjson

from parley.core.db.tx import Record, Tx
from parley.core.scope import Scope
from parley.modules.audit.types import AuditEntry


async def list_entries(
    tx: Tx,
    scope: Scope,
    *,
    limit: int,
    before: tuple[dt.datetime, uuid.UUID] | None = None,
    object_id: uuid.UUID | None = None,
) -> list[AuditEntry]:
    """List at most `limit` deeds, newest first, those older than `before` where it is given."""
    scope.require("audit.read")
    at, entry_id = before or (None, None)
    rows = await tx.all(
        """SELECT id, actor_type, actor_id, verb, object_type, object_id, data, at FROM app.audit_entry
        WHERE workspace_id = $1 AND ($2::timestamptz IS NULL OR (at, id) < ($2, $3::uuid))
          AND ($4::uuid IS NULL OR object_id = $4)
        ORDER BY at DESC, id DESC LIMIT $5""",
        tx.workspace_id,
        at,
        entry_id,
        object_id,
        limit,
    )
    return [_entry(row) for row in rows]


def _entry(row: Record) -> AuditEntry:
    data: Mapping[str, Any] = orjson.loads(row.data) if isinstance(row.data, str) else row.data
    return AuditEntry(
        row.id, row.actor_type, row.actor_id, row.verb, row.object_type, row.object_id, data, row.at
    )
