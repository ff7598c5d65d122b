"""Reads messages whole, by their ids: bodies opened, names, files, reactions, replies, deliveries."""

import dataclasses
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from parley.core.db.tx import Record, Tx
from parley.core.sealing import Place, Unreadable
from parley.modules.conversations.authors import AuthorKey, name_authors
from parley.modules.conversations.services import Services
from parley.modules.conversations.views import (
    AttachmentView,
    AuthorView,
    DeliveryView,
    MessageView,
    ReactionView,
    ReasonView,
    ReplyView,
)

PREVIEW_LENGTH = 160

_MESSAGES = """
SELECT m.id, m.conversation_id, m.direction, m.kind, m.author_type, m.author_id, m.body, m.reply_to_id, m.external_id,
       m.client_id, m.sent_at, m.created_at, m.edited_at, m.revoked_at, m.is_forwarded,
       d.state AS delivery_state, d.failure AS delivery_failure, d.updated_at AS delivery_at
FROM app.message m LEFT JOIN app.delivery d ON d.workspace_id = m.workspace_id AND d.message_id = m.id
WHERE m.workspace_id = $1 AND m.id = ANY($2::uuid[])
"""
_REPLIES = """
SELECT m.id, m.kind, m.author_type, m.author_id, m.body FROM app.message m
WHERE m.workspace_id = $1 AND m.id = ANY($2::uuid[])
"""
_ATTACHMENTS = """
SELECT id, message_id, kind, state, reason, detail, file_id, media_type, size, is_voice FROM app.attachment
WHERE workspace_id = $1 AND message_id = ANY($2::uuid[]) ORDER BY message_id, position
"""
_REACTIONS = """
SELECT message_id, author_type, author_id, emoji FROM app.reaction
WHERE workspace_id = $1 AND message_id = ANY($2::uuid[]) AND emoji IS NOT NULL ORDER BY message_id, at
"""

_BEFORE = """
SELECT message_id, id, body FROM (
    SELECT message_id, id, body, row_number() OVER (
        PARTITION BY message_id ORDER BY (external_id IS NULL), edited_at DESC, external_id COLLATE "C" DESC) AS n
    FROM app.message_edit WHERE workspace_id = $1 AND message_id = ANY($2::uuid[])) AS versions
WHERE n = 2
"""

Body = dict[str, Any]


async def load_messages(tx: Tx, services: Services, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, MessageView]:
    """Read these messages of this workspace; ids that are not there are not in the answer."""
    if not ids:
        return {}
    rows = await tx.all(_MESSAGES, tx.workspace_id, list(ids))
    found = [row[0] for row in rows]
    replies = {r[0]: r for r in await tx.all(_REPLIES, tx.workspace_id, [r[7] for r in rows if r[7]])}
    attachments = await tx.all(_ATTACHMENTS, tx.workspace_id, found)
    reactions = await tx.all(_REACTIONS, tx.workspace_id, found)
    opened = await _open(tx, services, rows, list(replies.values()), attachments, reactions)
    authors = await name_authors(
        tx,
        [(r[4], r[5]) for r in rows]
        + [(r[2], r[3]) for r in replies.values()]
        + [(r[1], r[2]) for r in reactions],
    )
    before = await _before(tx, services, [row[0] for row in rows if row[12] is not None])
    files = _by_message(attachments, lambda r: _attachment(tx, services, r, opened))
    hearts = _by_message(reactions, lambda r: _reaction(r, opened, authors), key=0)
    quoted = {id_: _reply(row, opened, authors) for id_, row in replies.items()}
    views = {row[0]: _message(row, opened, authors, files, hearts, quoted) for row in rows}
    return views | {id_: dataclasses.replace(views[id_], text_before=text) for id_, text in before.items()}


async def _before(tx: Tx, services: Services, edited: Sequence[uuid.UUID]) -> dict[uuid.UUID, str | None]:
    if not edited:
        return {}
    rows = await tx.all(_BEFORE, tx.workspace_id, list(edited))
    opened = await services.sealer.unseal_many(
        tx.workspace_id,
        [(Place(tx.workspace_id, "app.message_edit", "body", row[1]), row[2]) for row in rows],
    )
    return {
        row[0]: None if isinstance(plain, Unreadable) else orjson.loads(plain).get("text")
        for row, plain in zip(rows, opened, strict=True)
    }


async def open_bodies(
    tx: Tx, services: Services, rows: Sequence[tuple[uuid.UUID, bytes | None]]
) -> dict[uuid.UUID, Body | None]:
    """Open message bodies: None for one that cannot be read any more."""
    sealed = [(id_, body) for id_, body in rows if body is not None]
    opened = await services.sealer.unseal_many(
        tx.workspace_id, [(Place(tx.workspace_id, "app.message", "body", id_), body) for id_, body in sealed]
    )
    out: dict[uuid.UUID, Body | None] = {id_: None for id_, _ in rows}
    for (id_, _), plain in zip(sealed, opened, strict=True):
        out[id_] = None if isinstance(plain, Unreadable) else orjson.loads(plain)
    return out


def preview_of(body: Body | None) -> str | None:
    """Cut what a message says to one line for a list; None when it says nothing in words."""
    if body is None:
        return None
    content = body.get("content") or {}
    text = body.get("text") or content.get("title") or content.get("body") or content.get("name")
    return " ".join(str(text).split())[:PREVIEW_LENGTH] if text else None


_Opened = Mapping[tuple[str, uuid.UUID, uuid.UUID | None], Any]


async def _open(
    tx: Tx,
    services: Services,
    rows: Sequence[Record],
    replies: Sequence[Record],
    attachments: Sequence[Record],
    reactions: Sequence[Record],
) -> _Opened:
    # One batch for everything that is sealed on this page: the key store is asked once.
    workspace = tx.workspace_id
    keys: list[tuple[str, uuid.UUID, uuid.UUID | None]] = []
    values: list[tuple[Place, bytes]] = []
    for id_, body in [(r[0], r[6]) for r in rows] + [(r[0], r[4]) for r in replies]:
        if body is not None:
            keys.append(("body", id_, None))
            values.append((Place(workspace, "app.message", "body", id_), body))
    for row in attachments:
        if row[5] is not None:
            keys.append(("detail", row[0], None))
            values.append((Place(workspace, "app.attachment", "detail", row[0]), row[5]))
    for row in reactions:
        keys.append(("emoji", row[0], row[2]))
        values.append((Place(workspace, "app.reaction", "emoji", row[0]), row[3]))
    opened = await services.sealer.unseal_many(workspace, values)
    return {
        key: None if isinstance(plain, Unreadable) else plain for key, plain in zip(keys, opened, strict=True)
    }


def _message(
    row: Record,
    opened: _Opened,
    authors: Mapping[AuthorKey, AuthorView],
    files: Mapping[uuid.UUID, tuple[AttachmentView, ...]],
    reactions: Mapping[uuid.UUID, tuple[ReactionView, ...]],
    replies: Mapping[uuid.UUID, ReplyView],
) -> MessageView:
    raw = opened.get(("body", row[0], None))
    body: Body = {} if raw is None else orjson.loads(raw)
    return MessageView(
        id=row[0],
        conversation_id=row[1],
        direction=row[2],
        kind=row[3],
        author=authors[(row[4], row[5])],
        text=body.get("text"),
        attachments=files.get(row[0], ()),
        reply_to=replies.get(row[7]) if row[7] else None,
        content=body.get("content"),
        reactions=reactions.get(row[0], ()),
        external_id=row[8],
        client_id=row[9],
        sent_at=row[10],
        created_at=row[11],
        edited_at=row[12],
        revoked_at=row[13],
        is_readable=raw is not None,
        is_forwarded=row[14],
        referral=body.get("referral"),
        delivery=None if row[15] is None else DeliveryView(row[15], _reason(row[16]), row[17]),
    )


def _reason(failure: Any) -> ReasonView | None:
    if not failure:
        return None
    data = orjson.loads(failure) if isinstance(failure, str) else failure
    return ReasonView(data["code"], data["message"], data["hint"], bool(data["can_retry"]))


def _attachment(tx: Tx, services: Services, row: Record, opened: _Opened) -> tuple[uuid.UUID, AttachmentView]:
    raw = opened.get(("detail", row[0], None))
    detail: Body = {} if raw is None else orjson.loads(raw)
    url = None
    if row[6] is not None and row[3] == "stored":
        url = services.file_urls.sign(tx.workspace_id, row[6])
    return row[1], AttachmentView(
        id=row[0],
        kind=row[2],
        name=detail.get("name"),
        media_type=row[7],
        size=row[8],
        state=row[3],
        reason=row[4],
        url=url,
        is_voice=row[9],
    )


def _reaction(
    row: Record, opened: _Opened, authors: Mapping[AuthorKey, AuthorView]
) -> tuple[uuid.UUID, ReactionView] | None:
    raw = opened.get(("emoji", row[0], row[2]))
    return None if raw is None else (row[0], ReactionView(raw.decode(), authors[(row[1], row[2])]))


def _reply(row: Record, opened: _Opened, authors: Mapping[AuthorKey, AuthorView]) -> ReplyView:
    raw = opened.get(("body", row[0], None))
    preview = None if raw is None else preview_of(orjson.loads(raw))
    return ReplyView(row[0], authors[(row[2], row[3])].name, preview, row[1])


def _by_message(rows: Sequence[Record], make: Any, *, key: int = 1) -> dict[uuid.UUID, tuple[Any, ...]]:
    grouped: defaultdict[uuid.UUID, list[Any]] = defaultdict(list)
    for row in rows:
        made = make(row)
        if made is not None:
            grouped[row[key]].append(made[1])
    return {message_id: tuple(views) for message_id, views in grouped.items()}
