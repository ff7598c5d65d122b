"""Items that wait for a message go on once its id at the vendor is known."""

import uuid

from parley.core.db.tx import Tx
from parley.modules.ingest.processing import UNPARK

_MESSAGE = "SELECT inbox_id, external_id FROM app.message WHERE workspace_id = $1 AND id = $2"


async def unpark_for_message(tx: Tx, message_id: uuid.UUID) -> None:
    """Let everything go on that was parked on this message. Doing it twice changes nothing."""
    row = await tx.first(_MESSAGE, tx.workspace_id, message_id)
    if row is None or row[1] is None:
        return
    if (await tx.run(UNPARK, tx.workspace_id, row[0], [row[1]])).rowcount:
        tx.ring("items")
