"""Sweeping: rows that nothing refers to, and objects that no row knows."""

import datetime as dt
import uuid
from collections.abc import Awaitable, Callable, Sequence

from parley.core import clock
from parley.core.db.tx import Tx
from parley.core.ids import NIL

UNUSED_FOR = dt.timedelta(hours=24)
"""An upload that is not sent within this time goes."""
ORPHAN_AFTER = dt.timedelta(hours=1)
"""Longer than `store.SLOWEST`: an object so old without a row will never get one."""
BATCH = 500

InUse = Callable[[Tx, Sequence[uuid.UUID]], Awaitable[set[uuid.UUID]]]
"""Tells which of these files something refers to; wiring knows who refers to files."""

_OLD = """
SELECT id FROM app.file WHERE workspace_id = $1 AND created_at < $2 AND id > $3 ORDER BY id LIMIT $4
"""
_LOCK = """
SELECT id FROM app.file WHERE workspace_id = $1 AND id = ANY($2::uuid[]) FOR UPDATE SKIP LOCKED
"""
_DELETE = "DELETE FROM app.file WHERE workspace_id = $1 AND id = ANY($2::uuid[])"
_KNOWN = "SELECT storage_key FROM app.file WHERE workspace_id = $1 AND storage_key = ANY($2::text[])"


async def sweep(tx: Tx, in_use: InUse, after: uuid.UUID = NIL) -> tuple[int, uuid.UUID | None]:
    """Delete a batch of rows older than `UNUSED_FOR` that nothing refers to.

    Returns how many went, and where the next batch begins; None when there is no more. A row that somebody is about
    to attach is left alone.
    """
    moment = clock.now() - UNUSED_FOR
    old = [row.id for row in await tx.all(_OLD, tx.workspace_id, moment, after, BATCH)]
    used = await in_use(tx, old) if old else set()
    unused = [file_id for file_id in old if file_id not in used]
    if unused:
        # Locked first, asked again then: what was attached in between is seen now, what comes later must wait.
        held = [row.id for row in await tx.all(_LOCK, tx.workspace_id, unused)]
        used = await in_use(tx, held) if held else set()
        unused = [file_id for file_id in held if file_id not in used]
        await tx.run(_DELETE, tx.workspace_id, unused)
    return len(unused), old[-1] if len(old) == BATCH else None


async def find_orphans(tx: Tx, keys: Sequence[str], *, is_old: bool = False) -> list[str]:
    """Find which of these objects of the workspace no row knows, and that are older than `ORPHAN_AFTER`.

    The keys must have been listed before the transaction began. `is_old` says that their age is known already.
    """
    old = list(keys) if is_old else [key for key in keys if _made_at(key) < clock.now() - ORPHAN_AFTER]
    if not old:
        return []
    known = {row.storage_key for row in await tx.all(_KNOWN, tx.workspace_id, old)}
    return [key for key in old if key not in known]


def _made_at(key: str) -> dt.datetime:
    # The object's own id is a UUIDv7: its first 48 bits are milliseconds (RFC 9562, section 5.7).
    object_id = uuid.UUID(key.rpartition("/")[2])
    return dt.datetime.fromtimestamp((object_id.int >> 80) / 1000, dt.UTC)
