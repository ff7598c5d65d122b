"""Telling that messages have changed, and with them the rows of those conversations whose last message they are."""

import uuid
from collections.abc import Sequence

from parley.core.db.tx import Tx

_LAST_OF = """
SELECT id FROM app.conversation
WHERE workspace_id = $1 AND id = ANY($2::uuid[]) AND last_message_id = ANY($3::uuid[])
"""


async def tell_changed(tx: Tx, changed: Sequence[tuple[uuid.UUID, uuid.UUID]]) -> None:
    """Emit `message.changed` for each (message, conversation), and `conversation.changed` where a list shows it."""
    if not changed:
        return
    rows = await tx.all(
        _LAST_OF, tx.workspace_id, sorted({pair[1] for pair in changed}), [pair[0] for pair in changed]
    )
    await tx.emit(
        *(
            ("message.changed", {"message": message, "conversation": conversation})
            for message, conversation in changed
        ),
        *(("conversation.changed", {"conversation": row[0]}) for row in rows),
    )
