"""What members say: messages on their way out, reactions, notes. Idempotent by the client's own id."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from parley.core import clock
from parley.core.db.tx import Record, Tx
from parley.core.errors import InvalidError, NotFoundError
from parley.core.ids import new_id
from parley.core.jobs import enqueue
from parley.core.keystore import KeyKind
from parley.core.scope import Scope
from parley.core.sealing import Place
from parley.modules.conversations.actions import lock_conversation
from parley.modules.conversations.changes import tell_changed
from parley.modules.conversations.compose import (
    check_emoji,
    check_interactive,
    check_text,
    kind_of_file,
    require_something,
)
from parley.modules.conversations.errors import (
    ContactBlockedError,
    NotRetryableError,
    NotSupportedError,
    WindowClosedError,
)
from parley.modules.conversations.ports import Transport
from parley.modules.conversations.services import Services
from parley.modules.conversations.types import STATUS_RANK, DeliveryState, MessageKind
from parley.modules.files.queries import FileRef, get_file
from parley.modules.inboxes.errors import InboxDisconnectedError
from parley.modules.inboxes.queries import refs
from parley.modules.inboxes.types import InboxState

_INSERT = """
INSERT INTO app.message (workspace_id, id, conversation_id, inbox_id, contact_id, identity_id, direction, kind,
    author_type, author_id, client_id, body, reply_to_id, sent_at, created_at)
VALUES ($1, $2, $3, $4, $5, $6, 'out', $7, $8, $9, $10, $11, $12, $13, $13)
"""
_QUEUE = """
INSERT INTO app.delivery (workspace_id, message_id, inbox_id, identity_id, state, rank, updated_at)
VALUES ($1, $2, $3, $4, 'queued', $5, $6)
"""
_ANSWERED = """
UPDATE app.conversation SET last_message_id = $3, last_message_at = greatest(last_message_at, $4), waiting_since = NULL,
       answered_n = arrived_n, status = CASE WHEN status = 'closed' THEN 'closed' ELSE 'open' END, snoozed_until = NULL
WHERE workspace_id = $1 AND id = $2
"""
_ATTACH = """
INSERT INTO app.attachment (workspace_id, id, message_id, position, kind, state, detail, file_id, media_type, size, is_voice)
VALUES ($1, $2, $3, 0, $4, 'stored', $5, $6, $7, $8, $9)
"""


_LAST_FAILURE = """
SELECT d.failure->>'code' FROM app.message m JOIN app.delivery d ON d.workspace_id = $1 AND d.message_id = m.id
WHERE m.workspace_id = $1 AND m.conversation_id = $2 AND m.direction = 'out'
ORDER BY m.sent_at DESC, m.id DESC LIMIT 1
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Draft:
    """What a member wants to send. One message carries one file; the API sends several files as several messages."""

    client_id: uuid.UUID
    text: str | None = None
    file_id: uuid.UUID | None = None
    reply_to_id: uuid.UUID | None = None
    interactive: Mapping[str, Any] | None = None
    is_voice: bool = False


async def send_message(
    tx: Tx, services: Services, scope: Scope, conversation_id: uuid.UUID, draft: Draft
) -> uuid.UUID:
    """Store a message with its delivery and the job that sends it; the same client id gives the same message.

    Raises `WindowClosedError` when the channel does not let us write now, and the errors of `compose` for what it
    cannot carry. Nothing is stored then.
    """
    scope.require("messages.send")
    row = await lock_conversation(tx, scope, conversation_id)
    known = await _find_by_client(tx, "message", conversation_id, draft.client_id)
    if known is not None:
        return known
    transport = await _open_transport(tx, services, row)
    # The channel tells of a block only when it refuses; from then on we say so before anything is stored. Trying the
    # failed message again is the way to find out that the block is gone.
    if await tx.value(_LAST_FAILURE, tx.workspace_id, conversation_id) == ContactBlockedError.code:
        raise ContactBlockedError
    file = None if draft.file_id is None else await get_file(tx, services.sealer, draft.file_id)
    kind, body = _composed(transport, draft, file)
    await _check_reply(tx, conversation_id, draft.reply_to_id)
    message_id, moment = new_id(), clock.now()
    place = Place(tx.workspace_id, "app.message", "body", message_id)
    values = [(row.contact_id, place, orjson.dumps(body))]
    (sealed,) = await services.sealer.seal_many(tx.workspace_id, KeyKind.CONTACT, values)
    await tx.run(
        _INSERT,
        tx.workspace_id,
        message_id,
        conversation_id,
        row.inbox_id,
        row.contact_id,
        row.identity_id,
        kind.value,
        scope.actor.type,
        scope.actor.id,
        draft.client_id,
        sealed,
        draft.reply_to_id,
        moment,
    )
    if file is not None:
        await _attach(tx, services, row.contact_id, message_id, kind, file)
    await queue_delivery(tx, message_id, row, moment)
    await tx.run(_ANSWERED, tx.workspace_id, conversation_id, message_id, moment)
    await tx.emit(
        ("message.added", {"message": message_id, "conversation": conversation_id}),
        ("conversation.changed", {"conversation": conversation_id}),
    )
    return message_id


async def queue_delivery(tx: Tx, message_id: uuid.UUID, conversation: Record, moment: dt.datetime) -> None:
    """Put a message on its way: the delivery and the job that sends it."""
    await tx.run(
        _QUEUE,
        tx.workspace_id,
        message_id,
        conversation.inbox_id,
        conversation.identity_id,
        STATUS_RANK[DeliveryState.QUEUED],
        moment,
    )
    await enqueue(tx, "send_message", priority=10, message=message_id)


async def retry_message(tx: Tx, services: Services, scope: Scope, message_id: uuid.UUID) -> None:
    """Send a failed message again, or one whose outcome is unknown: a person's decision, never ours."""
    scope.require("messages.send")
    row = await tx.first(
        """SELECT m.conversation_id, d.state FROM app.message m
        JOIN app.delivery d ON d.workspace_id = $1 AND d.message_id = m.id
        WHERE m.workspace_id = $1 AND m.id = $2 FOR UPDATE OF d""",
        tx.workspace_id,
        message_id,
    )
    if row is None:
        raise NotFoundError
    if row.state not in {DeliveryState.FAILED, DeliveryState.UNCONFIRMED}:
        raise NotRetryableError
    conversation = await lock_conversation(tx, scope, row.conversation_id)
    await _open_transport(tx, services, conversation)
    # A new try gets a new id from the vendor: statuses of the old one no longer find this message.
    await tx.run(
        "UPDATE app.message SET external_id = NULL WHERE workspace_id = $1 AND id = $2",
        tx.workspace_id,
        message_id,
    )
    await tx.run(
        """UPDATE app.delivery SET state = 'queued', rank = $3, failure = NULL, attempts = 0, updated_at = $4
        WHERE workspace_id = $1 AND message_id = $2""",
        tx.workspace_id,
        message_id,
        STATUS_RANK[DeliveryState.QUEUED],
        clock.now(),
    )
    await enqueue(tx, "send_message", priority=10, message=message_id)
    await tell_changed(tx, [(message_id, row.conversation_id)])


async def react(tx: Tx, services: Services, scope: Scope, message_id: uuid.UUID, emoji: str | None) -> None:
    """React to a message, or take the reaction back; the contact sees one reaction of the business."""
    scope.require("messages.send")
    chosen = check_emoji(emoji)
    row = await tx.first(
        "SELECT conversation_id, contact_id, external_id FROM app.message WHERE workspace_id = $1 AND id = $2",
        tx.workspace_id,
        message_id,
    )
    if row is None:
        raise NotFoundError
    conversation = await lock_conversation(tx, scope, row.conversation_id)
    transport = await _open_transport(tx, services, conversation)
    if not transport.capabilities().reactions or row.external_id is None:
        raise NotSupportedError(
            "You can react once the message has reached the channel, where the channel knows reactions."
        )
    sealed = None
    if chosen is not None:
        values = [
            (row.contact_id, Place(tx.workspace_id, "app.reaction", "emoji", message_id), chosen.encode())
        ]
        (sealed,) = await services.sealer.seal_many(tx.workspace_id, KeyKind.CONTACT, values)
    # The contact sees one reaction of the business, so a colleague's is replaced.
    await tx.run(
        """DELETE FROM app.reaction
        WHERE workspace_id = $1 AND message_id = $2 AND author_type <> 'contact'""",
        tx.workspace_id,
        message_id,
    )
    await tx.run(
        """INSERT INTO app.reaction (workspace_id, message_id, author_type, author_id, emoji, at)
        VALUES ($1, $2, $3, $4, $5, $6)""",
        tx.workspace_id,
        message_id,
        scope.actor.type,
        scope.actor.id,
        sealed,
        clock.now(),
    )
    await enqueue(tx, "send_reaction", priority=10, message=message_id)
    await tell_changed(tx, [(message_id, row.conversation_id)])


async def add_note(
    tx: Tx,
    services: Services,
    scope: Scope,
    conversation_id: uuid.UUID,
    *,
    text: str,
    mentions: Sequence[uuid.UUID],
    client_id: uuid.UUID,
) -> uuid.UUID:
    """Write words that only members see; the same client id gives the same note."""
    scope.require("notes.write")
    row = await lock_conversation(tx, scope, conversation_id)
    known = await _find_by_client(tx, "note", conversation_id, client_id)
    if known is not None:
        return known
    cleaned = text.replace("\x00", "").strip()
    if not cleaned:
        raise InvalidError(fields={"text": "Write something."})
    members = await tx.all(
        "SELECT id FROM app.member WHERE workspace_id = $1 AND id = ANY($2::uuid[])",
        tx.workspace_id,
        list(mentions),
    )
    note_id = new_id()
    values = [
        (row.contact_id, Place(tx.workspace_id, "app.note", "body", note_id), orjson.dumps({"text": cleaned}))
    ]
    (sealed,) = await services.sealer.seal_many(tx.workspace_id, KeyKind.CONTACT, values)
    mentioned = [str(member[0]) for member in members]
    await tx.run(
        """INSERT INTO app.note (workspace_id, id, conversation_id, author_type, author_id, client_id, body, mentions,
        created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9)""",
        tx.workspace_id,
        note_id,
        conversation_id,
        scope.actor.type,
        scope.actor.id,
        client_id,
        sealed,
        orjson.dumps(mentioned).decode(),
        clock.now(),
    )
    await tx.emit(("note.added", {"note": note_id, "conversation": conversation_id, "mentions": mentioned}))
    return note_id


async def signal_typing(tx: Tx, services: Services, scope: Scope, conversation_id: uuid.UUID) -> None:
    """Tell the contact that somebody is writing, where the channel can; lossy on purpose."""
    scope.require("messages.send")
    row = await lock_conversation(tx, scope, conversation_id)
    transport = await _open_transport(tx, services, row)
    if transport.capabilities().typing:
        dedupe = f"typing:{conversation_id}"
        await enqueue(tx, "mark_read", dedupe=dedupe, conversation=conversation_id, is_typing=True)


async def _open_transport(tx: Tx, services: Services, conversation: Record) -> Transport:
    inbox = (await refs(tx, [conversation.inbox_id])).get(conversation.inbox_id)
    if inbox is None or inbox.state is InboxState.DISCONNECTED or inbox.channel not in services.transports:
        raise InboxDisconnectedError
    transport = services.transports[inbox.channel]
    window = transport.window(conversation.last_inbound_at, clock.now())
    if not window.is_open:
        raise WindowClosedError(
            window.message, reason=window.code, allowed=window.allowed.value, closes_at=window.closes_at
        )
    return transport


def _composed(transport: Transport, draft: Draft, file: FileRef | None) -> tuple[MessageKind, dict[str, Any]]:
    capabilities = transport.capabilities()
    text = check_text(capabilities, draft.text, is_caption=file is not None)
    require_something(text, 0 if file is None else 1, draft.interactive)
    if draft.interactive is not None:
        content = check_interactive(capabilities, draft.interactive)
        return MessageKind.INTERACTIVE, {"text": None, "content": content}
    if file is not None:
        kind = kind_of_file(capabilities, file.media_type, file.size, is_voice=draft.is_voice)
        return kind, {"text": text}
    return MessageKind.TEXT, {"text": text}


async def _check_reply(tx: Tx, conversation_id: uuid.UUID, reply_to_id: uuid.UUID | None) -> None:
    if reply_to_id is not None and not await tx.value(
        "SELECT 1 FROM app.message WHERE workspace_id = $1 AND id = $2 AND conversation_id = $3",
        tx.workspace_id,
        reply_to_id,
        conversation_id,
    ):
        raise InvalidError(fields={"reply_to": "This message is not part of the conversation."})


async def _find_by_client(
    tx: Tx, table: str, conversation_id: uuid.UUID, client_id: uuid.UUID
) -> uuid.UUID | None:
    found: uuid.UUID | None = await tx.value(
        f"SELECT id FROM app.{table} WHERE workspace_id = $1 AND conversation_id = $2 AND client_id = $3",  # noqa: S608
        tx.workspace_id,
        conversation_id,
        client_id,
    )
    return found


async def _attach(
    tx: Tx, services: Services, contact_id: uuid.UUID, message_id: uuid.UUID, kind: MessageKind, file: FileRef
) -> None:
    # Uploaded before anybody knew for whom: from now on the file goes when this contact's key goes.
    file = await services.files.adopt(tx, file.id, contact_id)
    attachment_id = new_id()
    place = Place(tx.workspace_id, "app.attachment", "detail", attachment_id)
    detail = [(contact_id, place, orjson.dumps({"name": file.name}))]
    (sealed,) = await services.sealer.seal_many(tx.workspace_id, KeyKind.CONTACT, detail)
    await tx.run(
        _ATTACH,
        tx.workspace_id,
        attachment_id,
        message_id,
        kind.value,
        sealed,
        file.id,
        file.media_type,
        file.size,
        kind is MessageKind.VOICE,
    )
