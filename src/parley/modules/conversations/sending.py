"""The way out: one message, one attempt at a time, in the order of its conversation.

An attempt is a committed row before the vendor is called. A worker that dies in between leaves it open; whoever picks
the job up then says that the outcome is unknown, and never sends a second time by itself.
"""

import dataclasses
import datetime as dt
import uuid
from typing import Protocol

import orjson
import structlog

from parley.core import clock
from parley.core.db.tx import Database, Record, Tx, is_disconnect
from parley.core.errors import AppError
from parley.core.ids import new_id
from parley.core.jobs import JobCall, JobLaterError
from parley.core.sealing import Place, Unreadable
from parley.modules.conversations.arrive_statuses import failure_json
from parley.modules.conversations.changes import tell_changed
from parley.modules.conversations.services import Services
from parley.modules.conversations.types import (
    MEDIA_KINDS,
    STATUS_RANK,
    Address,
    Credentials,
    DeliveryState,
    Failure,
    MessageKind,
    NotSent,
    Outgoing,
    OutgoingFile,
    SendResult,
    Sent,
    Unknown,
)
from parley.modules.files.store import FileStore
from parley.modules.inboxes.actions import note_problem, note_traffic
from parley.modules.inboxes.queries import settings_of

MAX_ATTEMPTS = 7
_WAIT_FOR_EARLIER_SECONDS = 0.15
_LONGEST_WAIT_SECONDS = 900.0

_CLAIM = """
SELECT m.id, m.conversation_id, m.inbox_id, m.contact_id, m.identity_id, m.kind, m.body, m.created_at, m.reply_to_id,
       d.state, d.attempts, i.channel, i.external_id AS inbox_external_id
FROM app.delivery d
JOIN app.message m ON m.workspace_id = $1 AND m.id = d.message_id
JOIN app.inbox i ON i.workspace_id = $1 AND i.id = m.inbox_id
WHERE d.workspace_id = $1 AND d.message_id = $2 FOR UPDATE OF d
"""
_EARLIER = """
SELECT 1 FROM app.delivery d JOIN app.message m ON m.workspace_id = $1 AND m.id = d.message_id
WHERE d.workspace_id = $1 AND d.state IN ('queued', 'sending') AND m.conversation_id = $2
  AND (m.created_at, m.id) < ($3, $4) LIMIT 1
"""
_ADDRESSES = """
SELECT namespace, external_id FROM app.contact_identity WHERE workspace_id = $1 AND contact_id = $2
ORDER BY (id = $3) DESC, created_at DESC
"""
_FILE = """
SELECT file_id, kind, media_type, is_voice FROM app.attachment
WHERE workspace_id = $1 AND message_id = $2 AND file_id IS NOT NULL ORDER BY position LIMIT 1
"""
_START = """
INSERT INTO app.attempt (workspace_id, id, message_id, n, started_at) VALUES ($1, $2, $3, $4, $5)
"""
_FINISH = """
UPDATE app.attempt SET finished_at = $3, outcome = $4, code = $5, vendor_code = $6 WHERE workspace_id = $1 AND id = $2
"""
_GIVE_UP_OPEN = """
UPDATE app.attempt SET finished_at = $3, outcome = 'unknown', code = 'worker_died'
WHERE workspace_id = $1 AND message_id = $2 AND finished_at IS NULL
"""
_MOVE = """
UPDATE app.delivery SET state = $3, rank = $4, failure = $5::jsonb, updated_at = $6,
       sent_at = CASE WHEN $3 = 'sent' THEN $6 ELSE sent_at END
WHERE workspace_id = $1 AND message_id = $2 AND rank <= $4 RETURNING state
"""
_BACK = """
UPDATE app.delivery SET state = 'queued', rank = $3, updated_at = $4
WHERE workspace_id = $1 AND message_id = $2 AND state = 'sending'
"""
_LEARN = "UPDATE app.message SET external_id = $3 WHERE workspace_id = $1 AND id = $2 AND external_id IS NULL"

DIED = Failure(
    "outcome_unknown",
    "We could not learn whether this message was sent.",
    "Ask the contact, or look at the phone, before you send it again.",
    can_retry=True,
)
UNREADABLE = Failure(
    "content_erased", "The content of this message was erased before it was sent.", "Write it again."
)
INTERRUPTED = Failure(
    "sending_failed",
    "Something went wrong here before the message could be sent.",
    "Send it again; if it stays, tell the operator.",
    can_retry=True,
)
DISCONNECTED = Failure(
    "inbox_disconnected",
    "This inbox was disconnected before the message was sent.",
    "Connect it again under Channels, then retry.",
    can_retry=True,
)

log = structlog.get_logger()


class Pacer(Protocol):
    """Makes callers wait so that no inbox sends faster than its channel stands."""

    async def acquire(self, key: str, rate_per_s: float, burst: int) -> float: ...


@dataclasses.dataclass(frozen=True, slots=True)
class _Claimed:
    """A message that is ours to send now, with everything the channel needs."""

    row: Record
    attempt_id: uuid.UUID
    credentials: Credentials
    outgoing: Outgoing


class Sender:
    """Sends queued messages through the channels."""

    def __init__(self, database: Database, services: Services, files: FileStore, pacer: Pacer) -> None:
        self._database = database
        self._services = services
        self._files = files
        self._pacer = pacer

    async def send(self, call: JobCall) -> None:
        """Run the job `send_message`: one attempt, or later when an earlier message is still under way.

        The queue gives a job up after some failures; a message is never given up in silence: it waits for the
        database as long as it takes, and fails visibly when it is our own fault again and again.
        """
        try:
            await self._send(call)
        except JobLaterError:
            raise
        except Exception as error:
            log.warning("send.interrupted", error=type(error).__name__, failures=call.failures)
            if not is_disconnect(error) and call.failures >= MAX_ATTEMPTS:
                await self._give_up(call.workspace_id, call.id("message"))
                return
            raise JobLaterError(_backoff(1.0, call.failures)) from None

    async def _give_up(self, workspace_id: uuid.UUID, message_id: uuid.UUID) -> None:
        async with self._database.workspace_tx(workspace_id) as tx:
            row = await tx.first(_CLAIM, workspace_id, message_id)
            if row is not None and row.state == DeliveryState.QUEUED:
                await self._move(tx, row, DeliveryState.FAILED, INTERRUPTED)
            elif row is not None and row.state == DeliveryState.SENDING:
                await tx.run(_GIVE_UP_OPEN, workspace_id, message_id, clock.now())
                await self._move(tx, row, DeliveryState.UNCONFIRMED, DIED)

    async def _send(self, call: JobCall) -> None:
        message_id = call.id("message")
        await self._keep_pace(call.workspace_id, message_id)
        async with self._database.workspace_tx(call.workspace_id) as tx:
            claimed = await self._claim(tx, message_id)
        if claimed is None:
            return
        result = await self._call(claimed)
        await self._database.attempt(call.workspace_id, lambda tx: self._settle(tx, claimed, result))
        if isinstance(result, NotSent) and self._may_repeat(claimed, result):
            raise JobLaterError(_backoff(result.retry_after or 1.0, claimed.row.attempts))

    async def _keep_pace(self, workspace_id: uuid.UUID, message_id: uuid.UUID) -> None:
        async with self._database.workspace_tx(workspace_id) as tx:
            row = await tx.first(
                """SELECT i.id, i.channel FROM app.message m JOIN app.inbox i ON i.workspace_id = $1 AND i.id = m.inbox_id
                WHERE m.workspace_id = $1 AND m.id = $2""",
                workspace_id,
                message_id,
            )
        if row is not None and row.channel in self._services.transports:
            rate, burst = self._services.transports[row.channel].pace()
            await self._pacer.acquire(f"inbox:{row.id}", rate, burst)

    async def _claim(self, tx: Tx, message_id: uuid.UUID) -> _Claimed | None:
        row = await tx.first(_CLAIM, tx.workspace_id, message_id)
        if row is None or row.state not in {DeliveryState.QUEUED, DeliveryState.SENDING}:
            return None
        if row.state == DeliveryState.SENDING:
            await tx.run(_GIVE_UP_OPEN, tx.workspace_id, message_id, clock.now())
            await self._move(tx, row, DeliveryState.UNCONFIRMED, DIED)
            return None
        if await tx.value(_EARLIER, tx.workspace_id, row.conversation_id, row.created_at, row.id):
            raise JobLaterError(_WAIT_FOR_EARLIER_SECONDS, counts=False)
        try:
            _, external_id, settings = await settings_of(tx, self._services.sealer, row.inbox_id)
        except AppError:
            await self._move(tx, row, DeliveryState.FAILED, DISCONNECTED)
            return None
        attempt_id = new_id()
        outgoing = await self._outgoing(tx, row, attempt_id)
        if outgoing is None:
            await self._move(tx, row, DeliveryState.FAILED, UNREADABLE)
            return None
        await tx.run(_START, tx.workspace_id, attempt_id, message_id, row.attempts + 1, clock.now())
        await tx.run(
            "UPDATE app.delivery SET attempts = attempts + 1 WHERE workspace_id = $1 AND message_id = $2",
            tx.workspace_id,
            message_id,
        )
        await self._move(tx, row, DeliveryState.SENDING, None)
        return _Claimed(row, attempt_id, Credentials(row.inbox_id, external_id, settings), outgoing)

    async def _outgoing(self, tx: Tx, row: Record, attempt_id: uuid.UUID) -> Outgoing | None:
        place = Place(tx.workspace_id, "app.message", "body", row.id)
        (plain,) = await self._services.sealer.unseal_many(tx.workspace_id, [(place, row.body)])
        if isinstance(plain, Unreadable):
            return None
        body = orjson.loads(plain)
        kind = MessageKind(row.kind)
        reply_to = None
        if row.reply_to_id is not None:
            reply_to = await tx.value(
                "SELECT external_id FROM app.message WHERE workspace_id = $1 AND id = $2",
                tx.workspace_id,
                row.reply_to_id,
            )
        try:
            file = await self._file(tx, row.id) if kind in MEDIA_KINDS else None
        except AppError:
            return None
        return Outgoing(
            token=str(attempt_id),
            to=await addresses_of(tx, row.contact_id, row.identity_id),
            kind=kind,
            text=body.get("text"),
            file=file,
            interactive=body.get("content") if kind is MessageKind.INTERACTIVE else None,
            reply_to=reply_to,
        )

    async def _file(self, tx: Tx, message_id: uuid.UUID) -> OutgoingFile | None:
        row = await tx.first(_FILE, tx.workspace_id, message_id)
        if row is None:
            return None
        ref, content = await self._files.read(tx, row.file_id)
        return OutgoingFile(
            MessageKind(row.kind), ref.name or "file", row.media_type, len(content), content, row.is_voice
        )

    async def _call(self, claimed: _Claimed) -> SendResult:
        transport = self._services.transports[claimed.row.channel]
        try:
            return await transport.send(claimed.credentials, claimed.outgoing)
        except Exception as error:
            # A channel promises not to raise. If it does, nobody knows how far it came.
            log.exception("send.raised", channel=claimed.row.channel, error=type(error).__name__)
            return Unknown(DIED)

    async def _settle(self, tx: Tx, claimed: _Claimed, result: SendResult) -> None:
        row = claimed.row
        failure = None if isinstance(result, Sent) else result.failure
        match result:
            case Sent():
                outcome = "sent"
                await tx.run(_LEARN, tx.workspace_id, row.id, result.external_id)
                await self._move(tx, row, DeliveryState.SENT, None)
                await note_traffic(tx, sent=[row.inbox_id])
                await tx.emit(
                    (
                        "message.sent",
                        {"message": row.id, "conversation": row.conversation_id, "inbox": row.inbox_id},
                    )
                )
            case Unknown():
                outcome = "unknown"
                await self._move(tx, row, DeliveryState.UNCONFIRMED, result.failure)
            case NotSent():
                outcome = "not_sent"
                if self._may_repeat(claimed, result):
                    await tx.run(
                        _BACK, tx.workspace_id, row.id, STATUS_RANK[DeliveryState.QUEUED], clock.now()
                    )
                    await tell_changed(tx, [(row.id, row.conversation_id)])
                else:
                    await self._move(tx, row, DeliveryState.FAILED, result.failure)
                if result.breaks_inbox:
                    await note_problem(
                        tx,
                        row.inbox_id,
                        result.failure.code,
                        f"{result.failure.message} {result.failure.hint}",
                    )
        code, vendor_code = (failure.code, failure.vendor_code) if failure else (None, None)
        await tx.run(_FINISH, tx.workspace_id, claimed.attempt_id, clock.now(), outcome, code, vendor_code)

    async def _move(self, tx: Tx, row: Record, state: DeliveryState, failure: Failure | None) -> None:
        moved = await tx.value(
            _MOVE,
            tx.workspace_id,
            row.id,
            state.value,
            STATUS_RANK[state],
            failure_json(failure),
            clock.now(),
        )
        if moved is not None:
            await tell_changed(tx, [(row.id, row.conversation_id)])

    @staticmethod
    def _may_repeat(claimed: _Claimed, result: NotSent) -> bool:
        is_fresh = clock.now() - claimed.row.created_at < dt.timedelta(hours=20)
        return result.retry_after is not None and claimed.row.attempts + 1 < MAX_ATTEMPTS and is_fresh


async def addresses_of(tx: Tx, contact_id: uuid.UUID, identity_id: uuid.UUID | None) -> tuple[Address, ...]:
    """List a contact's addresses, the one that answers go to first."""
    rows = await tx.all(_ADDRESSES, tx.workspace_id, contact_id, identity_id)
    return tuple(Address(row[0], row[1]) for row in rows)


def _backoff(base: float, failures: int) -> float:
    return float(min(_LONGEST_WAIT_SECONDS, max(base, base * 4.0 ** min(failures, 6))))
