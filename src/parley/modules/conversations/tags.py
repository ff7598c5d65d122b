"""The workspace's tags."""

import uuid
from collections.abc import Sequence

from parley.core import clock
from parley.core.db.tx import Tx
from parley.core.errors import ConflictError
from parley.core.ids import new_id
from parley.core.scope import Scope
from parley.modules.conversations.views import TagView


class TagExistsError(ConflictError):
    code = "tag_exists"
    message = "A tag with this name exists already. Use that one."


async def list_tags(tx: Tx, scope: Scope, ids: Sequence[uuid.UUID] | None = None) -> list[TagView]:
    """List tags by name; with `ids` only these."""
    scope.require("tags.read")
    rows = await tx.all(
        """SELECT id, name, color FROM app.tag WHERE workspace_id = $1 AND ($2::uuid[] IS NULL OR id = ANY($2::uuid[]))
        ORDER BY lower(name), id""",
        tx.workspace_id,
        None if ids is None else list(ids),
    )
    return [TagView(row[0], row[1], row[2]) for row in rows]


async def create_tag(tx: Tx, scope: Scope, name: str, color: str) -> TagView:
    """Make a tag; raises `TagExistsError` when the name is taken."""
    scope.require("tags.manage")
    made = await tx.first(
        """INSERT INTO app.tag (workspace_id, id, name, color, created_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (workspace_id, name) DO NOTHING RETURNING id, name, color""",
        tx.workspace_id,
        new_id(),
        name,
        color,
        clock.now(),
    )
    if made is None:
        raise TagExistsError
    await tx.emit(("tag.created", {"tag": made[0]}))
    return TagView(made[0], made[1], made[2])
