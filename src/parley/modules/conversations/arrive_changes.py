"""What a contact does to a message that is there: reacts, edits, takes back; and people who change their address."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

import orjson

from parley.core import clock
from parley.core.ids import NIL, new_id
from parley.core.keystore import KeyKind
from parley.core.sealing import Place, Unreadable
from parley.modules.contacts.recognise import move_addresses
from parley.modules.conversations.arrivals import Arrival, Intake, who_wrote
from parley.modules.conversations.arrive_messages import find_messages
from parley.modules.conversations.changes import tell_changed
from parley.modules.conversations.types import AddressChanged, MessageEdited, MessageRevoked, ReactionSet

Change = ReactionSet | MessageEdited | MessageRevoked

_REACT = """
INSERT INTO app.reaction (workspace_id, message_id, author_type, author_id, emoji, at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (workspace_id, message_id, author_type, author_id)
DO UPDATE SET emoji = excluded.emoji, at = excluded.at WHERE app.reaction.at <= excluded.at
"""
_LOCK = "SELECT body, sent_at FROM app.message WHERE workspace_id = $1 AND id = $2 FOR NO KEY UPDATE"
_LAST_REACTION = """
SELECT emoji, at FROM app.reaction
WHERE workspace_id = $1 AND message_id = $2 AND author_type = $3 AND author_id = $4
"""
_LAST_EDIT = """
SELECT external_id, edited_at FROM app.message_edit
WHERE workspace_id = $1 AND message_id = $2 AND external_id IS NOT NULL
ORDER BY edited_at DESC, external_id COLLATE "C" DESC LIMIT 1
"""
_KEEP_EDIT = """
INSERT INTO app.message_edit (workspace_id, id, message_id, body, external_id, edited_at) VALUES ($1, $2, $3, $4, $5, $6)
"""
_KNOWN_EDIT = (
    "SELECT 1 FROM app.message_edit WHERE workspace_id = $1 AND message_id = $2 AND external_id = $3"
)
_EDIT = "UPDATE app.message SET body = $3, edited_at = $4 WHERE workspace_id = $1 AND id = $2"
_REVOKE = """
UPDATE app.message SET revoked_at = $3 WHERE workspace_id = $1 AND id = $2 AND revoked_at IS NULL RETURNING id
"""
_FOLLOW = """
UPDATE app.conversation SET identity_id = $4
WHERE workspace_id = $1 AND contact_id = $2 AND inbox_id = $3 AND status <> 'closed' RETURNING id
"""
_ACTIVITY = """
INSERT INTO app.activity (workspace_id, id, conversation_id, author_type, author_id, verb, data, created_at)
VALUES ($1, $2, $3, 'contact', $4, 'number_changed', '{}'::jsonb, $5)
"""


async def arrive_changes(intake: Intake, arrivals: Sequence[tuple[Arrival, Change]]) -> None:
    """Apply changes to the messages they name, the oldest first; those whose message is unknown are parked."""
    targets = await find_messages(intake, sorted({(a.inbox.id, e.target) for a, e in arrivals}))
    ready = []
    for arrival, event in sorted(arrivals, key=lambda pair: pair[1].at):
        target = targets.get((arrival.inbox.id, event.target))
        if target is None:
            intake.outcome.parked[arrival.item_id] = event.target
        else:
            ready.append((arrival, event, target))
    if not ready:
        return
    known = await who_wrote(
        intake, [(a, e.person, None if _is_echo(e) else a.moment(e.at)) for a, e, _ in ready]
    )
    for (arrival, event, target), who in zip(ready, known, strict=True):
        match event:
            case ReactionSet():
                await _react(intake, arrival, event, target, who.contact_id)
            case MessageEdited():
                await _edit(intake, arrival, event, target)
            case MessageRevoked():
                await intake.tx.value(_REVOKE, intake.tx.workspace_id, target[0], arrival.moment(event.at))
    await tell_changed(intake.tx, [(target[0], target[1]) for _, _, target in ready])


def _is_echo(event: Change) -> bool:
    return isinstance(event, ReactionSet) and event.is_echo


async def _react(
    intake: Intake, arrival: Arrival, event: ReactionSet, target: Any, contact_id: uuid.UUID
) -> None:
    tx = intake.tx
    at, message_id = arrival.moment(event.at), target[0]
    # What the business itself did on its phone has no member of ours as its author.
    author = ("system", NIL) if event.is_echo else ("contact", contact_id)
    place = Place(tx.workspace_id, "app.reaction", "emoji", message_id)
    await tx.run(_LOCK, tx.workspace_id, message_id)
    last = await tx.first(_LAST_REACTION, tx.workspace_id, message_id, *author)
    if last is not None and last.at == at and last.emoji is not None and event.emoji:
        # Two within one second of the vendor's clock: some order, but the same one whichever came first.
        (before,) = await intake.sealer.unseal_many(tx.workspace_id, [(place, last.emoji)])
        if isinstance(before, bytes) and before.decode() >= event.emoji:
            return
    elif last is not None and last.at == at and last.emoji is None:
        return
    sealed = None
    if event.emoji:
        values = [(target[2], place, event.emoji.encode())]
        (sealed,) = await intake.sealer.seal_many(tx.workspace_id, KeyKind.CONTACT, values)
    # A reaction taken back stays as a row without emoji, so that an older one arriving later cannot revive it.
    await tx.run(_REACT, tx.workspace_id, message_id, *author, sealed, at)


async def _edit(intake: Intake, arrival: Arrival, event: MessageEdited, target: Any) -> None:
    tx, message_id = intake.tx, target[0]
    row = await tx.first(_LOCK, tx.workspace_id, message_id)
    if row is None or row[0] is None:
        return
    if await tx.value(_KNOWN_EDIT, tx.workspace_id, message_id, event.external_id):
        return
    place = Place(tx.workspace_id, "app.message", "body", message_id)
    (before,) = await intake.sealer.unseal_many(tx.workspace_id, [(place, row[0])])
    if isinstance(before, Unreadable):
        return
    at = arrival.moment(event.at)
    last = await tx.first(_LAST_EDIT, tx.workspace_id, message_id)
    is_newest = last is None or (last.edited_at, last.external_id) < (at, event.external_id)
    edited = orjson.dumps({**orjson.loads(before), "text": event.text})
    # Every version is kept with its own time, the first one too; so the order of arrival does not matter.
    versions: list[tuple[uuid.UUID, bytes, str | None, dt.datetime]] = [
        (new_id(), edited, event.external_id, at)
    ]
    if last is None:
        versions.append((new_id(), before, None, row.sent_at))
    sealed_edited, *sealed = await intake.sealer.seal_many(
        tx.workspace_id,
        KeyKind.CONTACT,
        [
            (target[2], place, edited),
            *((target[2], Place(tx.workspace_id, "app.message_edit", "body", v[0]), v[1]) for v in versions),
        ],
    )
    for (version_id, _, external_id, moment), body in zip(versions, sealed, strict=True):
        await tx.run(_KEEP_EDIT, tx.workspace_id, version_id, message_id, body, external_id, moment)
    if is_newest:
        await tx.run(_EDIT, tx.workspace_id, message_id, sealed_edited, at)


async def arrive_addresses(intake: Intake, arrivals: Sequence[tuple[Arrival, AddressChanged]]) -> None:
    """Give people their new addresses; their open conversations go on there, and say so."""
    tx = intake.tx
    for arrival, event in arrivals:
        moved = await move_addresses(
            tx,
            [(a.namespace, a.external_id) for a in event.old],
            [(a.namespace, a.external_id) for a in event.new],
            source=arrival.inbox.channel,
        )
        if moved is None:
            continue
        contact_id = moved.contact_id
        intake.outcome.contacts[arrival.item_id] = contact_id
        followed = await tx.all(_FOLLOW, tx.workspace_id, contact_id, arrival.inbox.id, moved.identity_id)
        for row in followed:
            activity = new_id()
            await tx.run(_ACTIVITY, tx.workspace_id, activity, row[0], contact_id, clock.now())
            await tx.emit(
                ("activity.added", {"activity": activity, "conversation": row[0]}),
                ("conversation.changed", {"conversation": row[0]}),
            )
