"""Writing the audit trail: one row per deed, in the transaction of the deed, never changed afterwards."""

import uuid
from typing import Any

import orjson

from parley.core import clock
from parley.core.db.tx import Tx
from parley.core.ids import new_id
from parley.core.scope import Scope


async def record(
    tx: Tx,
    scope: Scope,
    verb: str,
    object_type: str,
    object_id: uuid.UUID | None,
    /,
    **data: Any,
) -> None:
    """Record that the scope's actor did `verb` (`noun.past_tense`) to an object.

    `data` says what changed: ids, roles, counts, codes. Never content, names or addresses.
    """
    await tx.run(
        """INSERT INTO app.audit_entry
            (workspace_id, id, actor_type, actor_id, verb, object_type, object_id, data, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9)""",
        tx.workspace_id,
        new_id(),
        scope.actor.type,
        scope.actor.id,
        verb,
        object_type,
        object_id,
        orjson.dumps(data, default=str).decode(),
        clock.now(),
    )


async def record_installation(tx: Tx, verb: str, /, **data: Any) -> None:
    """Record a deed of the operator that belongs to no workspace."""
    await tx.run(
        "INSERT INTO audit.installation_entry (id, verb, data, at) VALUES ($1, $2, $3::jsonb, $4)",
        new_id(),
        verb,
        orjson.dumps(data, default=str).decode(),
        clock.now(),
    )
