"""Messages that arrive: contacts, conversations, bodies under the contacts' keys, attachments to fetch."""

import dataclasses
import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from parley.core.ids import new_id
from parley.core.jobs import enqueue_many
from parley.core.keystore import KeyKind
from parley.core.sealing import Place
from parley.modules.contacts.types import Known
from parley.modules.conversations.arrivals import Arrival, BatchRacedError, Intake, who_wrote
from parley.modules.conversations.changes import tell_changed
from parley.modules.conversations.threads import Newcomer, ThreadKey, open_threads
from parley.modules.conversations.types import STATUS_RANK, DeliveryState, MessageArrived, MessageKind

External = tuple[uuid.UUID, str]
"""(inbox, external id)."""

FIND_MESSAGES = """
SELECT m.inbox_id, m.external_id, m.id, m.conversation_id, m.contact_id, m.direction
FROM app.message m JOIN unnest($2::uuid[], $3::text[]) AS t (inbox_id, external_id) USING (inbox_id, external_id)
WHERE m.workspace_id = $1
"""
_INSERT = """
INSERT INTO app.message (workspace_id, id, conversation_id, inbox_id, contact_id, identity_id, direction, kind,
    author_type, author_id, external_id, body, reply_to_id, reply_to_external, is_forwarded, item_id, sent_at, created_at)
SELECT $1, t.* FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::text[],
    $9::text[], $10::uuid[], $11::text[], $12::bytea[], $13::uuid[], $14::text[], $15::bool[], $16::uuid[],
    $17::timestamptz[], $18::timestamptz[]) AS t
ON CONFLICT (workspace_id, inbox_id, external_id) DO NOTHING
"""
_ATTACH = """
INSERT INTO app.attachment (workspace_id, id, message_id, position, kind, state, detail, media_type, is_voice)
SELECT $1, id, message_id, position, kind, 'pending', detail, media_type, is_voice
FROM unnest($2::uuid[], $3::uuid[], $4::int[], $5::text[], $6::bytea[], $7::text[], $8::bool[])
     AS t (id, message_id, position, kind, detail, media_type, is_voice)
"""
_TOUCH = """
UPDATE app.conversation c SET
    arrived_n = c.arrived_n + t.n,
    last_message_id = CASE WHEN c.last_message_id IS NULL OR t.last_at >= c.last_message_at
                           THEN t.last_id ELSE c.last_message_id END,
    last_message_at = greatest(c.last_message_at, t.last_at),
    last_inbound_at = greatest(c.last_inbound_at, t.last_in),
    waiting_since = least(c.waiting_since, t.first_in),
    identity_id = CASE WHEN t.identity_id IS NULL OR t.last_in < c.last_inbound_at
                       THEN c.identity_id ELSE t.identity_id END,
    status = CASE WHEN t.n > 0 AND c.status = 'snoozed' THEN 'open' ELSE c.status END,
    snoozed_until = CASE WHEN t.n > 0 THEN NULL ELSE c.snoozed_until END
FROM unnest($2::uuid[], $3::int[], $4::uuid[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[], $8::uuid[])
     AS t (id, n, last_id, last_at, last_in, first_in, identity_id)
WHERE c.workspace_id = $1 AND c.id = t.id
"""
_ANSWERS_THAT_CAME_FIRST = """
UPDATE app.message m SET reply_to_id = t.id
FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[]) AS t (id, conversation_id, external_id, sent_at)
WHERE m.workspace_id = $1 AND m.conversation_id = t.conversation_id AND m.sent_at >= t.sent_at
  AND m.reply_to_external = t.external_id AND m.reply_to_id IS NULL
RETURNING m.id, m.conversation_id
"""
_ECHO_DELIVERIES = """
INSERT INTO app.delivery (workspace_id, message_id, inbox_id, state, rank, updated_at, sent_at)
SELECT $1, id, inbox_id, 'sent', $5, at, at FROM unnest($2::uuid[], $3::uuid[], $4::timestamptz[]) AS t (id, inbox_id, at)
"""


@dataclasses.dataclass(slots=True)
class _New:
    """One message about to be stored."""

    id: uuid.UUID
    arrival: Arrival
    event: MessageArrived
    who: Known
    sent_at: dt.datetime
    conversation_id: uuid.UUID | None = None

    @property
    def thread(self) -> ThreadKey:
        # On channels with one thread per person the person is the thread, whichever of their addresses they use.
        return self.arrival.inbox.id, str(self.who.contact_id)


async def find_messages(intake: Intake, wanted: Sequence[External]) -> dict[External, Any]:
    """Find stored messages by inbox and external id: rows of id, conversation, contact, direction."""
    if not wanted:
        return {}
    tx = intake.tx
    rows = await tx.all(FIND_MESSAGES, tx.workspace_id, [w[0] for w in wanted], [w[1] for w in wanted])
    return {(row[0], row[1]): row[2:] for row in rows}


async def arrive_messages(intake: Intake, arrivals: Sequence[tuple[Arrival, MessageArrived]]) -> None:
    """Store the messages that are not stored yet, each exactly once, and everything that follows from them."""
    first: dict[External, tuple[Arrival, MessageArrived]] = {}
    for arrival, event in arrivals:
        first.setdefault((arrival.inbox.id, event.external_id), (arrival, event))
    stored = await find_messages(intake, list(first))
    for arrival, event in arrivals:
        row = stored.get((arrival.inbox.id, event.external_id))
        if row is not None:
            intake.outcome.contacts[arrival.item_id] = row[2]
    new = await _recognised(intake, [pair for key, pair in first.items() if key not in stored])
    if not new:
        return
    threads: dict[ThreadKey, Newcomer] = {}
    for message in new:
        threads.setdefault(
            message.thread, Newcomer(message.who.contact_id, message.who.identity_id, message.sent_at)
        )
    opened = await open_threads(intake.tx, threads)
    for message in new:
        message.conversation_id = opened[message.thread]
    await _store(intake, new)
    await _attach(intake, new)
    await _touch(intake, new)
    await _answered_before(intake, new)
    await intake.tx.emit(
        *(
            (
                "message.sent" if m.event.is_echo else "message.received",
                {
                    "message": m.id,
                    "conversation": m.conversation_id,
                    "contact": m.who.contact_id,
                    "external": True,
                },
            )
            for m in new
        ),
        *(
            ("conversation.changed", {"conversation": c})
            for c in dict.fromkeys(m.conversation_id for m in new)
        ),
    )
    intake.outcome.arrived += [(m.arrival.inbox.id, m.event.external_id) for m in new]


async def _recognised(intake: Intake, pairs: Sequence[tuple[Arrival, MessageArrived]]) -> list[_New]:
    timed = [(arrival, event, arrival.moment(event.sent_at)) for arrival, event in pairs]
    known = await who_wrote(
        intake, [(arrival, event.person, at if _is_spoken(event) else None) for arrival, event, at in timed]
    )
    return [
        _New(new_id(), arrival, event, who, at)
        for (arrival, event, at), who in zip(timed, known, strict=True)
    ]


def _is_spoken(event: MessageArrived) -> bool:
    return not event.is_echo and event.kind is not MessageKind.SYSTEM


async def _store(intake: Intake, new: Sequence[_New]) -> None:
    tx = intake.tx
    replies = await _reply_targets(intake, new)
    bodies = await intake.sealer.seal_many(
        tx.workspace_id,
        KeyKind.CONTACT,
        [
            (m.who.contact_id, Place(tx.workspace_id, "app.message", "body", m.id), body_bytes(m.event))
            for m in new
        ],
    )
    result = await tx.run(
        _INSERT,
        tx.workspace_id,
        [m.id for m in new],
        [m.conversation_id for m in new],
        [m.arrival.inbox.id for m in new],
        [m.who.contact_id for m in new],
        [m.who.identity_id for m in new],
        ["out" if m.event.is_echo else "in" for m in new],
        [m.event.kind.value for m in new],
        ["system" if m.event.is_echo else "contact" for m in new],
        [None if m.event.is_echo else m.who.contact_id for m in new],
        [m.event.external_id for m in new],
        bodies,
        [replies.get((m.arrival.inbox.id, m.event.reply_to or "")) for m in new],
        [m.event.reply_to for m in new],
        [m.event.is_forwarded for m in new],
        [m.arrival.item_id for m in new],
        [m.sent_at for m in new],
        [m.arrival.received_at for m in new],
    )
    if result.rowcount != len(new):
        raise BatchRacedError
    echoes = [m for m in new if m.event.is_echo]
    if echoes:
        await tx.run(
            _ECHO_DELIVERIES,
            tx.workspace_id,
            [m.id for m in echoes],
            [m.arrival.inbox.id for m in echoes],
            [m.sent_at for m in echoes],
            STATUS_RANK[DeliveryState.SENT],
        )


async def _reply_targets(intake: Intake, new: Sequence[_New]) -> Mapping[External, uuid.UUID]:
    wanted = {(m.arrival.inbox.id, m.event.reply_to) for m in new if m.event.reply_to}
    inside = {(m.arrival.inbox.id, m.event.external_id): m.id for m in new}
    found = await find_messages(intake, [w for w in sorted(wanted) if w not in inside])
    return {**{key: row[0] for key, row in found.items()}, **inside}


async def _answered_before(intake: Intake, new: Sequence[_New]) -> None:
    # An answer may overtake what it answers; what is newer in the same conversation is looked through, so nearly nothing.
    rows = await intake.tx.all(
        _ANSWERS_THAT_CAME_FIRST,
        intake.tx.workspace_id,
        [m.id for m in new],
        [m.conversation_id for m in new],
        [m.event.external_id for m in new],
        [m.sent_at for m in new],
    )
    own = {m.id for m in new}
    await tell_changed(intake.tx, [(row[0], row[1]) for row in rows if row[0] not in own])


def body_bytes(event: MessageArrived) -> bytes:
    """Write what is sealed of a message: its text, the content only its kind has, and what led the person here."""
    body: dict[str, Any] = {"text": event.text}
    if event.content is not None:
        body["content"] = dict(event.content)
    if event.referral is not None:
        body["referral"] = dict(event.referral)
    return orjson.dumps(body)


async def _attach(intake: Intake, new: Sequence[_New]) -> None:
    tx = intake.tx
    rows = [(new_id(), m, n, media) for m in new for n, media in enumerate(m.event.media)]
    if not rows:
        return
    details = await intake.sealer.seal_many(
        tx.workspace_id,
        KeyKind.CONTACT,
        [
            (m.who.contact_id, Place(tx.workspace_id, "app.attachment", "detail", id_), _detail(media))
            for id_, m, _, media in rows
        ],
    )
    await tx.run(
        _ATTACH,
        tx.workspace_id,
        [id_ for id_, *_ in rows],
        [m.id for _, m, _, _ in rows],
        [n for _, _, n, _ in rows],
        [media.kind.value for *_, media in rows],
        details,
        [media.declared_type for *_, media in rows],
        [media.is_voice for *_, media in rows],
    )
    await enqueue_many(tx, "fetch_media", [{"attachment": id_} for id_, *_ in rows])


def _detail(media: Any) -> bytes:
    return orjson.dumps(
        {
            "name": media.name,
            "reference": media.reference,
            "declared_type": media.declared_type,
            "sha256": media.sha256,
        }
    )


async def _touch(intake: Intake, new: Sequence[_New]) -> None:
    by_conversation: defaultdict[uuid.UUID | None, list[_New]] = defaultdict(list)
    for message in sorted(new, key=lambda m: (m.sent_at, m.id)):
        by_conversation[message.conversation_id].append(message)
    ordered = sorted(by_conversation.items(), key=lambda pair: str(pair[0]))
    inbound = [[m for m in group if not m.event.is_echo] for _, group in ordered]
    # What the vendor says about a person is not the person writing: it opens no window and nobody waits for an answer.
    spoken = [[m for m in group if _is_spoken(m.event)] for group in inbound]
    await intake.tx.run(
        _TOUCH,
        intake.tx.workspace_id,
        [conversation for conversation, _ in ordered],
        [len(group) for group in inbound],
        [group[-1].id for _, group in ordered],
        [group[-1].sent_at for _, group in ordered],
        [group[-1].sent_at if group else None for group in spoken],
        [group[0].sent_at if group else None for group in spoken],
        [group[-1].who.identity_id if group else None for group in spoken],
    )
    for message in new:
        intake.outcome.arrived_at[message.arrival.inbox.id] = message.arrival.received_at
