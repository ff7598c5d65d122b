"""Everything that happened to a message, in order: for whoever asks "where is it?"."""

import dataclasses
import datetime as dt
import uuid
from typing import Any

from parley.core.db.tx import Tx


@dataclasses.dataclass(frozen=True, slots=True)
class LifeEvent:
    """One thing that happened; `detail` holds codes and numbers, never content."""

    at: dt.datetime
    event: str
    detail: dict[str, Any]


_MESSAGE = """
SELECT m.direction, m.sent_at, m.created_at, m.edited_at, m.revoked_at, m.item_id, m.external_id,
       d.state, d.sent_at AS d_sent, d.delivered_at, d.read_at, d.updated_at
FROM app.message m LEFT JOIN app.delivery d ON d.workspace_id = $1 AND d.message_id = m.id
WHERE m.workspace_id = $1 AND m.id = $2
"""
_ATTEMPTS = """
SELECT n, started_at, finished_at, outcome, code, vendor_code FROM app.attempt
WHERE workspace_id = $1 AND message_id = $2 ORDER BY started_at
"""


async def life_of_message(tx: Tx, message_id: uuid.UUID) -> list[LifeEvent]:
    """Tell a message's whole life: written, received, each attempt, each status, edits."""
    row = await tx.first(_MESSAGE, tx.workspace_id, message_id)
    if row is None:
        return []
    events: list[tuple[dt.datetime | None, str, dict[str, Any]]] = []
    if row.direction == "in":
        events.append((row.sent_at, "written", {}))
        events.append((row.created_at, "received", {"item": row.item_id, "external_id": row.external_id}))
    else:
        events.append((row.created_at, "queued", {}))
    for attempt in await tx.all(_ATTEMPTS, tx.workspace_id, message_id):
        events.append((attempt.started_at, "attempt_started", {"n": attempt.n}))
        detail = {
            "n": attempt.n,
            "outcome": attempt.outcome,
            "code": attempt.code,
            "vendor_code": attempt.vendor_code,
        }
        events.append((attempt.finished_at, "attempt_finished", detail))
    events.append((row.d_sent, "sent", {"external_id": row.external_id}))
    events.append((row.delivered_at, "delivered", {}))
    events.append((row.read_at, "read", {}))
    if row.state in {"failed", "unconfirmed"}:
        events.append((row.updated_at, row.state, {}))
    events.append((row.edited_at, "edited", {}))
    events.append((row.revoked_at, "revoked", {}))
    found = [LifeEvent(at, event, detail) for at, event, detail in events if at is not None]
    # Vendors tell whole seconds: within one, things happened in the order in which they can.
    return sorted(found, key=lambda life: life.at.replace(microsecond=0))
