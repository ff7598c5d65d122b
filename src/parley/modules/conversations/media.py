"""Files that contacts send: fetched from the vendor, sealed under the contact's key, stored."""

import datetime as dt
import uuid

import orjson

from parley.core import clock
from parley.core.db.tx import Database, Record, Tx
from parley.core.errors import AppError
from parley.core.jobs import JobCall, JobLaterError
from parley.core.keystore import KeyKind
from parley.core.sealing import Place, Unreadable
from parley.modules.conversations.changes import tell_changed
from parley.modules.conversations.services import Services
from parley.modules.conversations.types import (
    Credentials,
    FetchedMedia,
    InboundMedia,
    MediaNotFetched,
    MessageKind,
)
from parley.modules.files.store import FileStore
from parley.modules.inboxes.actions import note_problem
from parley.modules.inboxes.queries import settings_of

MAX_BYTES = 100 * 1024 * 1024
_TRY_FOR = dt.timedelta(hours=24)

_ATTACHMENT = """
SELECT a.id, a.message_id, a.kind, a.state, a.detail, a.is_voice, m.conversation_id, m.contact_id, m.inbox_id,
       m.created_at, i.channel
FROM app.attachment a JOIN app.message m ON m.workspace_id = $1 AND m.id = a.message_id
JOIN app.inbox i ON i.workspace_id = $1 AND i.id = m.inbox_id
WHERE a.workspace_id = $1 AND a.id = $2
"""
_STORED = """
UPDATE app.attachment SET state = 'stored', file_id = $3, media_type = $4, size = $5, reason = NULL
WHERE workspace_id = $1 AND id = $2 AND state = 'pending' RETURNING id
"""
_NOT_STORED = """
UPDATE app.attachment SET state = $3, reason = $4 WHERE workspace_id = $1 AND id = $2 AND state = 'pending' RETURNING id
"""


class MediaFetcher:
    """Runs the job `fetch_media`."""

    def __init__(self, database: Database, services: Services, files: FileStore) -> None:
        self._database = database
        self._services = services
        self._files = files

    async def fetch(self, call: JobCall) -> None:
        """Fetch one attachment; tried for a day while the vendor may still give it, then said to be failed."""
        async with self._database.workspace_tx(call.workspace_id) as tx:
            row = await tx.first(_ATTACHMENT, tx.workspace_id, call.id("attachment"))
            if row is None or row.state != "pending":
                return
            media = await self._media(tx, row)
            if media is None:
                await self._fail(tx, row, "failed", "content_erased")
                return
            try:
                _, external_id, settings = await settings_of(tx, self._services.sealer, row.inbox_id)
            except AppError as error:
                await self._fail(tx, row, "failed", error.code)
                return
        credentials = Credentials(row.inbox_id, external_id, settings)
        fetched = await self._services.transports[row.channel].fetch_media(credentials, media, MAX_BYTES)
        if isinstance(fetched, FetchedMedia):
            await self._store(call.workspace_id, row, media, fetched)
        else:
            await self._not_fetched(call, row, fetched)

    async def _media(self, tx: Tx, row: Record) -> InboundMedia | None:
        place = Place(tx.workspace_id, "app.attachment", "detail", row.id)
        (plain,) = await self._services.sealer.unseal_many(tx.workspace_id, [(place, row.detail)])
        if isinstance(plain, Unreadable):
            return None
        detail = orjson.loads(plain)
        return InboundMedia(
            MessageKind(row.kind),
            detail["reference"],
            detail["name"],
            detail["declared_type"],
            detail["sha256"],
            row.is_voice,
        )

    async def _store(
        self, workspace_id: uuid.UUID, row: Record, media: InboundMedia, fetched: FetchedMedia
    ) -> None:
        # The bytes are durable before the transaction begins: none is held open while a disk works.
        try:
            upload = await self._files.put(
                workspace_id,
                owner_kind=KeyKind.CONTACT,
                owner_id=row.contact_id,
                chunks=fetched.content,
                name=media.name or fetched.name,
                declared_type=media.declared_type or fetched.media_type,
                uploaded_by=None,
                max_bytes=MAX_BYTES,
            )
        except AppError as error:
            async with self._database.workspace_tx(workspace_id) as tx:
                await self._fail(tx, row, "refused", error.code)
            return
        ref = upload.ref
        async with self._database.workspace_tx(workspace_id) as tx:
            stored = await tx.value(_STORED, tx.workspace_id, row.id, ref.id, ref.media_type, ref.size)
            if stored is not None:
                await self._files.add(tx, upload)
                await tell_changed(tx, [(row.message_id, row.conversation_id)])
        if stored is None:
            await self._files.discard(upload)

    async def _not_fetched(self, call: JobCall, row: Record, result: MediaNotFetched) -> None:
        is_late = clock.now() - row.created_at > _TRY_FOR
        async with self._database.workspace_tx(call.workspace_id) as tx:
            if result.breaks_inbox:
                await note_problem(tx, row.inbox_id, result.failure.code, result.failure.message)
            if result.retry_after is None or is_late:
                await self._fail(tx, row, "failed", result.failure.code)
                return
        raise JobLaterError(min(900.0, result.retry_after * 2.0 ** min(call.failures, 8)))

    @staticmethod
    async def _fail(tx: Tx, row: Record, state: str, reason: str) -> None:
        if await tx.value(_NOT_STORED, tx.workspace_id, row.id, state, reason) is not None:
            await tell_changed(tx, [(row.message_id, row.conversation_id)])
