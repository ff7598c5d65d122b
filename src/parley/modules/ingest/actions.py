"""What people and the house do with items: replay, and forgetting after their time."""

import datetime as dt
import uuid

from parley.core import clock
from parley.core.db.tx import Tx
from parley.core.errors import NotFoundError
from parley.core.scope import Scope
from parley.modules.audit.actions import record
from parley.modules.ingest.errors import ItemStateError

KEEP_DAYS = 30

_REPLAY = """
UPDATE ingest.item SET state = 'waiting', starts = 0, error_code = NULL, error_message = NULL, processed_at = NULL,
       parked_on = NULL
WHERE workspace_id = $1 AND id = $2
"""
_FORGET = """
DELETE FROM ingest.item WHERE workspace_id = $1 AND received_at < $2 AND state <> 'waiting'
"""


async def replay_item(tx: Tx, scope: Scope, item_id: uuid.UUID) -> None:
    """Process an item again; what it already caused stays as it is, because everything it does is idempotent."""
    scope.require("items.replay")
    state = await tx.value(
        "SELECT state FROM ingest.item WHERE workspace_id = $1 AND id = $2 FOR UPDATE",
        tx.workspace_id,
        item_id,
    )
    if state is None:
        raise NotFoundError
    if state not in {"quarantined", "processed", "parked"}:
        raise ItemStateError
    await tx.run(_REPLAY, tx.workspace_id, item_id)
    await record(tx, scope, "item.replayed", "item", item_id)
    tx.ring("items")


async def forget_items(tx: Tx, days: int = KEEP_DAYS) -> int:
    """Delete this workspace's items whose time for replay is over; those still waiting stay."""

    result = await tx.run(_FORGET, tx.workspace_id, clock.now() - dt.timedelta(days=days))
    return int(result.rowcount)
