"""Reads notes and activities whole, by their ids."""

import uuid
from collections.abc import Sequence
from typing import Any

import orjson

from parley.core.db.tx import Record, Tx
from parley.core.sealing import Place, Unreadable
from parley.modules.conversations.authors import name_authors
from parley.modules.conversations.services import Services
from parley.modules.conversations.views import ActivityView, NoteView

_NOTES = """
SELECT id, conversation_id, author_type, author_id, body, mentions, client_id, created_at FROM app.note
WHERE workspace_id = $1 AND id = ANY($2::uuid[])
"""
_ACTIVITIES = """
SELECT id, conversation_id, author_type, author_id, verb, data, created_at FROM app.activity
WHERE workspace_id = $1 AND id = ANY($2::uuid[])
"""
_NAMES = """
SELECT id, display_name FROM app.member WHERE workspace_id = $1 AND id = ANY($2::uuid[])
UNION ALL SELECT id, name FROM app.team WHERE workspace_id = $1 AND id = ANY($2::uuid[])
UNION ALL SELECT id, name FROM app.tag WHERE workspace_id = $1 AND id = ANY($2::uuid[])
"""


async def load_notes(tx: Tx, services: Services, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, NoteView]:
    """Read these notes. For members only: nothing that faces a contact may call this."""
    if not ids:
        return {}
    rows = await tx.all(_NOTES, tx.workspace_id, list(ids))
    sealed = [
        (Place(tx.workspace_id, "app.note", "body", row[0]), row[4]) for row in rows if row[4] is not None
    ]
    opened = await services.sealer.unseal_many(tx.workspace_id, sealed)
    bodies = {
        place.row_id: None if isinstance(plain, Unreadable) else plain
        for (place, _), plain in zip(sealed, opened, strict=True)
    }
    authors = await name_authors(tx, {(row[2], row[3]) for row in rows})
    return {
        row[0]: NoteView(
            id=row[0],
            conversation_id=row[1],
            author=authors[(row[2], row[3])],
            text=_text(bodies.get(row[0])),
            mentions=tuple(uuid.UUID(str(id_)) for id_ in _json(row[5])),
            client_id=row[6],
            created_at=row[7],
            is_readable=bodies.get(row[0]) is not None,
        )
        for row in rows
    }


async def load_activities(tx: Tx, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, ActivityView]:
    """Read these activities, with today's names of the members, teams and tags they are about."""
    if not ids:
        return {}
    rows = await tx.all(_ACTIVITIES, tx.workspace_id, list(ids))
    authors = await name_authors(tx, {(row[2], row[3]) for row in rows})
    named = {id_ for row in rows for id_ in _ids(_json(row[5]))}
    names = {row[0]: row[1] for row in await tx.all(_NAMES, tx.workspace_id, sorted(named))} if named else {}
    return {row[0]: _activity(row, authors[(row[2], row[3])], names) for row in rows}


def _activity(row: Record, author: Any, names: dict[uuid.UUID, str]) -> ActivityView:
    data = dict(_json(row[5]))
    for key, value in list(data.items()):
        if key.endswith("_id") and value is not None:
            data[key.removesuffix("_id") + "_name"] = names.get(uuid.UUID(value))
        if key.endswith("_ids"):
            data[key.removesuffix("_ids") + "_names"] = [names.get(uuid.UUID(v)) for v in value]
    return ActivityView(row[0], row[1], author, row[4], data, row[6])


def _ids(data: dict[str, Any]) -> list[uuid.UUID]:
    found = [uuid.UUID(v) for k, v in data.items() if k.endswith("_id") and v is not None]
    return found + [uuid.UUID(v) for k, values in data.items() if k.endswith("_ids") for v in values]


def _text(plain: bytes | None) -> str | None:
    return None if plain is None else str(orjson.loads(plain)["text"])


def _json(value: Any) -> Any:
    return orjson.loads(value) if isinstance(value, str | bytes) else value
