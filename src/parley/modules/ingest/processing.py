"""One batch of one workspace's items: opened, parsed, applied and marked in a single transaction.

What one item does wrong stays with that item: it goes to quarantine with its bytes, the others go on.
"""

import asyncio
import dataclasses
import uuid
from collections.abc import Mapping, Sequence

import structlog
from sqlalchemy.exc import DBAPIError

from parley.core import clock
from parley.core.db.tx import Database, Record, Tx, is_disconnect
from parley.core.errors import AppError
from parley.core.ids import NIL
from parley.core.keystore import KeyKind
from parley.core.sealing import Sealer, Unreadable, key_id_of
from parley.modules.conversations.arrivals import Arrival, BatchRacedError, Outcome
from parley.modules.conversations.receive import receive
from parley.modules.conversations.types import Inbound
from parley.modules.inboxes.queries import refs
from parley.modules.ingest.ports import Intake, UnparsableError
from parley.modules.ingest.receiver import item_place

MAX_STARTS = 5
_PAUSES = (0.0, 0.05, 0.2)
_COLLISIONS = frozenset({"40P01", "40001", "55P03"})
"""Deadlock, serialisation, lock timeout (PostgreSQL, Appendix A)."""

_TAKE = """
SELECT id, inbox_id, channel, kind, payload, key_id, is_day_sealed, received_at, starts
FROM ingest.item WHERE workspace_id = $1 AND id = ANY($2::uuid[]) AND state = 'waiting' ORDER BY id FOR UPDATE
"""
_DONE = """
UPDATE ingest.item i SET state = t.state, processed_at = $7, contact_id = t.contact_id, parked_on = t.parked_on,
       payload = coalesce(t.payload, i.payload), key_id = coalesce(t.key_id, i.key_id),
       is_day_sealed = i.is_day_sealed AND t.payload IS NULL,
       starts = CASE WHEN t.state = 'parked' THEN 0 ELSE i.starts END, error_code = NULL, error_message = NULL
FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::bytea[], $8::uuid[])
     AS t (id, state, contact_id, parked_on, payload, key_id)
WHERE i.workspace_id = $1 AND i.id = t.id
"""
_QUARANTINE = """
UPDATE ingest.item i SET state = 'quarantined', processed_at = $5, error_code = t.code, error_message = t.message
FROM unnest($2::uuid[], $3::text[], $4::text[]) AS t (id, code, message)
WHERE i.workspace_id = $1 AND i.id = t.id
"""
UNPARK = """
UPDATE ingest.item SET state = 'waiting', parked_on = NULL
WHERE workspace_id = $1 AND state = 'parked' AND inbox_id = $2 AND parked_on = ANY($3::text[])
"""
_UNPARK_KNOWN = """
UPDATE ingest.item i SET state = 'waiting', parked_on = NULL
WHERE i.workspace_id = $1 AND i.id = ANY($2::uuid[]) AND i.state = 'parked' AND EXISTS (
    SELECT 1 FROM app.message m
    WHERE m.workspace_id = $1 AND m.inbox_id = i.inbox_id AND m.external_id = i.parked_on)
"""

log = structlog.get_logger()


@dataclasses.dataclass(frozen=True, slots=True)
class _Read:
    """An item whose payload could be opened and parsed."""

    row: Record
    payload: bytes
    events: tuple[Inbound, ...]


class Processor:
    """Processes items with the given channels. `database` is the app's door: one workspace a transaction."""

    def __init__(self, database: Database, sealer: Sealer, intakes: Mapping[str, Intake]) -> None:
        self._database = database
        self._sealer = sealer
        self._intakes = intakes

    async def process(self, workspace_id: uuid.UUID, item_ids: Sequence[uuid.UUID]) -> None:
        """Process these items: all at once, or, when that fails, one by one so that only the culprit stays behind.

        Raises only when the database went away: then nothing has happened and the items wait.
        """
        try:
            await self._settled(workspace_id, item_ids)
        except Exception as error:
            if is_disconnect(error) or len(item_ids) == 0:
                raise
            log.warning("ingest.batch_failed", error=type(error).__name__, items=len(item_ids))
            for item_id in item_ids:
                await self._alone(workspace_id, item_id)

    async def give_up(self, workspace_id: uuid.UUID, item_ids: Sequence[uuid.UUID]) -> None:
        """Quarantine items whose processing ended its worker again and again."""
        fault = (
            "item_kills_worker",
            "Processing this item ended the worker several times. It is kept for replay.",
        )
        async with self._database.workspace_tx(workspace_id) as tx:
            await self._quarantine(tx, dict.fromkeys(item_ids, fault))

    async def _alone(self, workspace_id: uuid.UUID, item_id: uuid.UUID) -> None:
        try:
            await self._settled(workspace_id, [item_id])
        except Exception as error:
            if is_disconnect(error):
                raise
            if _is_in_the_way(error):
                return  # a lock that ran out is nobody's fault: the item waits for the next turn
            code = error.code if isinstance(error, AppError) else "processing_failed"
            async with self._database.workspace_tx(workspace_id) as tx:
                await self._quarantine(tx, {item_id: (code, _safe_message(error))})

    async def _settled(self, workspace_id: uuid.UUID, item_ids: Sequence[uuid.UUID]) -> None:
        """Run a batch, again while somebody else's transaction was in its way: running it again settles that."""
        for pause in _PAUSES:
            try:
                await self._batch(workspace_id, item_ids)
            except Exception as error:
                if not _is_in_the_way(error):
                    raise
                await asyncio.sleep(pause)
            else:
                return
        await self._batch(workspace_id, item_ids)

    async def _batch(self, workspace_id: uuid.UUID, item_ids: Sequence[uuid.UUID]) -> None:
        async with self._database.workspace_tx(workspace_id) as tx:
            rows = await tx.all(_TAKE, workspace_id, list(item_ids))
            read, faults = await self._read(tx, rows)
            inboxes = await refs(tx, sorted({item.row[1] for item in read}))
            arrivals = [
                Arrival(item.row[0], inboxes[item.row[1]], item.row[7], event)
                for item in read
                for event in item.events
            ]
            outcome = await receive(tx, self._sealer, arrivals)
            await self._mark(tx, read, outcome)
            if faults:
                await self._quarantine(tx, faults)
            await _unpark_arrived(tx, outcome)
        if outcome.parked:
            # Whoever made the message known may have looked before our commit: look once more after it.
            async with self._database.workspace_tx(workspace_id) as tx:
                if (await tx.run(_UNPARK_KNOWN, workspace_id, sorted(outcome.parked))).rowcount:
                    tx.ring("items")

    async def _read(
        self, tx: Tx, rows: Sequence[Record]
    ) -> tuple[list[_Read], dict[uuid.UUID, tuple[str, str]]]:
        faults: dict[uuid.UUID, tuple[str, str]] = {}
        read: list[_Read] = []
        for is_day in (True, False):
            group = [row for row in rows if row[6] is is_day]
            owner = NIL if is_day else tx.workspace_id
            opened = await self._sealer.unseal_many(
                owner, [(item_place(tx.workspace_id, row[0]), row[4]) for row in group]
            )
            for row, payload in zip(group, opened, strict=True):
                if isinstance(payload, Unreadable):
                    faults[row[0]] = ("item_unreadable", "The item can no longer be opened: its key is gone.")
                    continue
                try:
                    read.append(_Read(row, payload, self._intakes[row[2]].parse(payload)))
                except UnparsableError as error:
                    faults[row[0]] = (error.code, error.detail)
                except Exception as error:
                    log.warning("ingest.parse_failed", channel=row[2], error=type(error).__name__)
                    faults[row[0]] = ("item_unparsable", _safe_message(error))
        read.sort(key=lambda item: item.row[0].bytes)
        return read, faults

    async def _mark(self, tx: Tx, read: Sequence[_Read], outcome: Outcome) -> None:
        if not read:
            return
        owned = [item for item in read if item.row[6] and item.row[0] in outcome.contacts]
        blobs = await self._sealer.seal_many(
            tx.workspace_id,
            KeyKind.CONTACT,
            [(outcome.contacts[i.row[0]], item_place(tx.workspace_id, i.row[0]), i.payload) for i in owned],
        )
        sealed = {item.row[0]: blob for item, blob in zip(owned, blobs, strict=True)}
        ids = [item.row[0] for item in read]
        await tx.run(
            _DONE,
            tx.workspace_id,
            ids,
            ["parked" if id_ in outcome.parked else "processed" for id_ in ids],
            [outcome.contacts.get(id_) for id_ in ids],
            [outcome.parked.get(id_) for id_ in ids],
            [sealed.get(id_) for id_ in ids],
            clock.now(),
            [key_id_of(sealed[id_]) if id_ in sealed else None for id_ in ids],
        )

    async def _quarantine(self, tx: Tx, faults: Mapping[uuid.UUID, tuple[str, str]]) -> None:
        ids = sorted(faults)
        await tx.run(
            _QUARANTINE,
            tx.workspace_id,
            ids,
            [faults[id_][0] for id_ in ids],
            [faults[id_][1] for id_ in ids],
            clock.now(),
        )
        await tx.emit(*(("item.quarantined", {"item": id_}) for id_ in ids))


def _is_in_the_way(error: Exception) -> bool:
    if isinstance(error, BatchRacedError):
        return True
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _COLLISIONS


async def _unpark_arrived(tx: Tx, outcome: Outcome) -> None:
    by_inbox: dict[uuid.UUID, list[str]] = {}
    for inbox_id, external_id in outcome.arrived:
        by_inbox.setdefault(inbox_id, []).append(external_id)
    for inbox_id, external_ids in by_inbox.items():
        if (await tx.run(UNPARK, tx.workspace_id, inbox_id, external_ids)).rowcount:
            tx.ring("items")


def _safe_message(error: Exception) -> str:
    # The text of a foreign error may quote content; only the kind of error may be kept in the open.
    if isinstance(error, AppError):
        return error.detail
    kind = type(error.orig).__name__ if isinstance(error, DBAPIError) else type(error).__name__
    return f"Processing stopped with {kind}. The item is kept and can be replayed once the cause is mended."
