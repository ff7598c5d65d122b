"""Which conversation something belongs to: one open conversation per thread, reopened or followed by a new one."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

from parley.core import clock
from parley.core.db.tx import Tx
from parley.core.ids import new_id

REOPEN_WITHIN = dt.timedelta(days=7)

ThreadKey = tuple[uuid.UUID, str]
"""(inbox, thread key)."""

_OPEN = """
SELECT c.id, c.inbox_id, c.thread_key FROM app.conversation c
JOIN unnest($2::uuid[], $3::text[]) AS t (inbox_id, thread_key) USING (inbox_id, thread_key)
WHERE c.workspace_id = $1 AND c.status <> 'closed'
ORDER BY c.id FOR UPDATE OF c
"""
_LAST_CLOSED = """
SELECT DISTINCT ON (c.inbox_id, c.thread_key) c.id, c.inbox_id, c.thread_key, c.closed_at
FROM app.conversation c JOIN unnest($2::uuid[], $3::text[]) AS t (inbox_id, thread_key) USING (inbox_id, thread_key)
WHERE c.workspace_id = $1 AND c.status = 'closed' AND c.contact_id = ANY($4::uuid[])
ORDER BY c.inbox_id, c.thread_key, c.last_message_at DESC, c.id DESC
"""
_REOPEN = """
UPDATE app.conversation SET status = 'open', closed_at = NULL
WHERE workspace_id = $1 AND id = ANY($2::uuid[]) AND status = 'closed' RETURNING id
"""
_CREATE = """
INSERT INTO app.conversation (workspace_id, id, number, inbox_id, contact_id, identity_id, thread_key, previous_id,
                              status, last_message_at, created_at)
SELECT $1, id, number, inbox_id, contact_id, identity_id, thread_key, previous_id, 'open', at, at
FROM unnest($2::uuid[], $3::bigint[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::uuid[], $9::timestamptz[])
     AS t (id, number, inbox_id, contact_id, identity_id, thread_key, previous_id, at)
ON CONFLICT (workspace_id, inbox_id, thread_key) WHERE status <> 'closed' AND thread_key IS NOT NULL DO NOTHING
"""
_NUMBERS = """
INSERT INTO app.counter (workspace_id, name, value) VALUES ($1, 'conversation', $2)
ON CONFLICT (workspace_id, name) DO UPDATE SET value = counter.value + excluded.value RETURNING value
"""
_ACTIVITIES = """
INSERT INTO app.activity (workspace_id, id, conversation_id, author_type, verb, data, created_at)
SELECT $1, id, conversation_id, 'system', $4, '{}'::jsonb, $5
FROM unnest($2::uuid[], $3::uuid[]) AS t (id, conversation_id)
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Newcomer:
    """Who opens a thread that has no conversation: the contact, the identity that answers go to, the time."""

    contact_id: uuid.UUID
    identity_id: uuid.UUID
    at: dt.datetime


async def open_threads(tx: Tx, threads: Mapping[ThreadKey, Newcomer]) -> dict[ThreadKey, uuid.UUID]:
    """Give each thread its open conversation, locked: the one there is, a recent one reopened, or a new one."""
    found = await _find_open(tx, list(threads))
    missing = {key: who for key, who in threads.items() if key not in found}
    if not missing:
        return found
    closed = await _find_closed(tx, missing)
    since = clock.now() - REOPEN_WITHIN
    recent = {key: row[0] for key, row in closed.items() if row[1] is not None and row[1] > since}
    if recent:
        reopened = await tx.all(_REOPEN, tx.workspace_id, sorted(recent.values()))
        await note_activities(tx, "reopened", sorted(row[0] for row in reopened))
    fresh = {key: who for key, who in missing.items() if key not in recent}
    if fresh:
        await _create(tx, fresh, {key: row[0] for key, row in closed.items()})
    found |= await _find_open(tx, list(missing))
    return found


async def note_activities(tx: Tx, verb: str, conversation_ids: Sequence[uuid.UUID]) -> None:
    """Record one fact without an author in each of these timelines."""
    ids = [new_id() for _ in conversation_ids]
    await tx.run(_ACTIVITIES, tx.workspace_id, ids, list(conversation_ids), verb, clock.now())
    await tx.emit(
        *(
            ("activity.added", {"activity": activity, "conversation": conversation})
            for activity, conversation in zip(ids, conversation_ids, strict=True)
        )
    )


async def take_numbers(tx: Tx, count: int) -> range:
    """Take the next short numbers of this workspace; the counter stays locked until the transaction ends."""
    last = await tx.value(_NUMBERS, tx.workspace_id, count)
    return range(last - count + 1, last + 1)


async def _find_open(tx: Tx, keys: Sequence[ThreadKey]) -> dict[ThreadKey, uuid.UUID]:
    rows = await tx.all(_OPEN, tx.workspace_id, [key[0] for key in keys], [key[1] for key in keys])
    return {(row[1], row[2]): row[0] for row in rows}


async def _find_closed(
    tx: Tx, missing: Mapping[ThreadKey, Newcomer]
) -> dict[ThreadKey, tuple[uuid.UUID, dt.datetime | None]]:
    rows = await tx.all(
        _LAST_CLOSED,
        tx.workspace_id,
        [key[0] for key in missing],
        [key[1] for key in missing],
        sorted({who.contact_id for who in missing.values()}),
    )
    return {(row[1], row[2]): (row[0], row[3]) for row in rows}


async def _create(
    tx: Tx, fresh: Mapping[ThreadKey, Newcomer], previous: Mapping[ThreadKey, uuid.UUID]
) -> None:
    ordered = sorted(fresh.items())
    await tx.run(
        _CREATE,
        tx.workspace_id,
        [new_id() for _ in ordered],
        list(await take_numbers(tx, len(ordered))),
        [key[0] for key, _ in ordered],
        [who.contact_id for _, who in ordered],
        [who.identity_id for _, who in ordered],
        [key[1] for key, _ in ordered],
        [previous.get(key) for key, _ in ordered],
        [who.at for _, who in ordered],
    )
