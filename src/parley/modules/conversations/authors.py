"""Names of authors, for a whole page at once."""

import uuid
from collections.abc import Iterable

from parley.core.db.tx import Tx
from parley.modules.conversations.views import AuthorView

AuthorKey = tuple[str, uuid.UUID | None]

_NAMES = """
SELECT 'member', id, display_name FROM app.member WHERE workspace_id = $1 AND id = ANY($2::uuid[])
UNION ALL SELECT 'contact', id, name FROM app.contact WHERE workspace_id = $1 AND id = ANY($3::uuid[])
UNION ALL SELECT 'token', id, name FROM app.api_token WHERE workspace_id = $1 AND id = ANY($4::uuid[])
"""


async def name_authors(tx: Tx, keys: Iterable[AuthorKey]) -> dict[AuthorKey, AuthorView]:
    """Give each `(type, id)` its author with a name; one statement for all."""
    wanted = set(keys)
    by_type: dict[str, list[uuid.UUID]] = {"member": [], "contact": [], "token": []}
    for kind, id_ in wanted:
        if id_ is not None and kind in by_type:
            by_type[kind].append(id_)
    names: dict[AuthorKey, str | None] = {}
    if any(by_type.values()):
        rows = await tx.all(_NAMES, tx.workspace_id, by_type["member"], by_type["contact"], by_type["token"])
        names = {(row[0], row[1]): row[2] for row in rows}
    return {key: AuthorView(key[0], key[1], names.get(key)) for key in wanted}
