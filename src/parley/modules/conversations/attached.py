"""Which files messages hold on to, for whoever sweeps up the others."""

import uuid
from collections.abc import Sequence

from parley.core.db.tx import Tx

_IN_USE = "SELECT DISTINCT file_id FROM app.attachment WHERE workspace_id = $1 AND file_id = ANY($2::uuid[])"


async def files_in_use(tx: Tx, file_ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Tell which of these files an attachment refers to."""
    return {row[0] for row in await tx.all(_IN_USE, tx.workspace_id, list(file_ids))}
