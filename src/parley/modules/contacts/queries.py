"""Reads of contacts."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence

from parley.core.db.tx import Tx
from parley.core.errors import NotFoundError
from parley.core.scope import Scope
from parley.modules.contacts.types import ContactView, FirstWrote, IdentityView

_COLUMNS = """c.id, c.name, c.name_source, c.locale, c.created_source, c.created_at, c.first_wrote_at,
c.first_wrote_inbox_id, c.first_wrote_channel, c.restricted_at"""
_PAGE = f"""
SELECT {_COLUMNS} FROM app.contact c
WHERE c.workspace_id = $1 AND c.erased_at IS NULL AND ($3::text IS NULL OR c.name ILIKE $3 OR EXISTS (
    SELECT 1 FROM app.contact_identity i WHERE i.workspace_id = $1 AND i.contact_id = c.id AND i.external_id ILIKE $3))
  AND ($4::timestamptz IS NULL OR (c.created_at, c.id) < ($4, $5))
ORDER BY c.created_at DESC, c.id DESC LIMIT $2
"""  # noqa: S608 - fixed columns
_BY_IDS = f"SELECT {_COLUMNS} FROM app.contact c WHERE c.workspace_id = $1 AND c.id = ANY($2::uuid[])"  # noqa: S608
_IDENTITIES = """
SELECT contact_id, id, namespace, external_id, username, is_verified, source FROM app.contact_identity
WHERE workspace_id = $1 AND contact_id = ANY($2::uuid[]) ORDER BY created_at, id
"""


async def list_contacts(
    tx: Tx, scope: Scope, *, text: str | None, limit: int, after: tuple[dt.datetime, uuid.UUID] | None
) -> list[ContactView]:
    """List contacts, newest first, `limit + 1` at most; `text` is part of a name or an address."""
    scope.require("contacts.read")
    pattern = None
    if text:
        pattern = "%" + text.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    rows = await tx.all(
        _PAGE, tx.workspace_id, limit + 1, pattern, after[0] if after else None, after[1] if after else None
    )
    found = await load_contacts(tx, scope, [row[0] for row in rows])
    return [found[row[0]] for row in rows]


async def load_contacts(tx: Tx, scope: Scope, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, ContactView]:
    """Read these contacts' cards with their addresses; ids that are not there are not in the answer."""
    scope.require("contacts.read")
    if not ids:
        return {}
    identities: defaultdict[uuid.UUID, list[IdentityView]] = defaultdict(list)
    for row in await tx.all(_IDENTITIES, tx.workspace_id, list(ids)):
        identities[row[0]].append(_identity(row[1:]))
    rows = await tx.all(_BY_IDS, tx.workspace_id, list(ids))
    return {
        row[0]: ContactView(
            id=row[0],
            name=row[1],
            name_source=row[2],
            locale=row[3],
            created_source=row[4],
            created_at=row[5],
            first_wrote_at=row[6],
            first_wrote_via=None if row[8] is None else FirstWrote(row[7], row[8]),
            is_restricted=row[9] is not None,
            identities=tuple(identities[row[0]]),
        )
        for row in rows
    }


async def get_contact(tx: Tx, scope: Scope, contact_id: uuid.UUID) -> ContactView:
    """Read one contact's card, or raise `NotFoundError`."""
    found = await load_contacts(tx, scope, [contact_id])
    if contact_id not in found:
        raise NotFoundError
    return found[contact_id]


def _identity(row: Sequence[object]) -> IdentityView:
    id_, namespace, external_id, username, is_verified, source = row
    return IdentityView(
        id=uuid.UUID(str(id_)),
        namespace=str(namespace),
        external_id=str(external_id),
        display=_display(str(external_id), username),
        username=None if username is None else str(username),
        is_verified=bool(is_verified),
        source=str(source),
    )


def _display(external_id: str, username: object) -> str:
    # A phone number reads with a plus; an opaque id says less than the name its owner chose.
    if external_id.isdigit():
        return f"+{external_id}"
    return f"@{username}" if username else external_id
