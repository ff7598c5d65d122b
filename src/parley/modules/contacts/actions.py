"""Changes to contacts that members make."""

import uuid

from parley.core.db.tx import Tx
from parley.core.errors import NotFoundError
from parley.core.scope import Scope


async def rename_contact(tx: Tx, scope: Scope, contact_id: uuid.UUID, name: str) -> None:
    """Give a contact the name a member typed; from then on the channel's own name no longer replaces it."""
    scope.require("contacts.write")
    found = await tx.value(
        """UPDATE app.contact SET name = $3, name_source = 'member' WHERE workspace_id = $1 AND id = $2 RETURNING id""",
        tx.workspace_id,
        contact_id,
        name,
    )
    if found is None:
        raise NotFoundError
    await tx.emit(("contact.changed", {"contact": contact_id}))
