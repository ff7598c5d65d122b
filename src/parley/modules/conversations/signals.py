"""Small signals to contacts: read marks, typing, reactions. Best effort, except reactions, which are retried."""

import uuid

from parley.core.db.tx import Database, Tx
from parley.core.errors import AppError
from parley.core.jobs import JobCall, JobLaterError
from parley.core.sealing import Place, Unreadable
from parley.modules.conversations.sending import addresses_of
from parley.modules.conversations.services import Services
from parley.modules.conversations.types import Credentials, MessageKind, NotSent, Outgoing
from parley.modules.inboxes.queries import settings_of

_LAST_INBOUND = """
SELECT m.external_id, m.inbox_id, i.channel FROM app.message m
JOIN app.inbox i ON i.workspace_id = $1 AND i.id = m.inbox_id
WHERE m.workspace_id = $1 AND m.conversation_id = $2 AND m.direction = 'in' AND m.external_id IS NOT NULL
ORDER BY m.sent_at DESC, m.id DESC LIMIT 1
"""
_TARGET = """
SELECT m.external_id, m.inbox_id, m.contact_id, m.identity_id, i.channel, r.emoji FROM app.message m
JOIN app.inbox i ON i.workspace_id = $1 AND i.id = m.inbox_id
LEFT JOIN app.reaction r ON r.workspace_id = $1 AND r.message_id = m.id AND r.author_type <> 'contact'
WHERE m.workspace_id = $1 AND m.id = $2
"""
_TRIES = 5


class Signals:
    """Runs the jobs `mark_read` and `send_reaction`."""

    def __init__(self, database: Database, services: Services) -> None:
        self._database = database
        self._services = services

    async def mark_read(self, call: JobCall) -> None:
        """Tell the contact that we read, and with `is_typing` that we write. One try: a late signal would mislead."""
        async with self._database.workspace_tx(call.workspace_id) as tx:
            row = await tx.first(_LAST_INBOUND, tx.workspace_id, call.id("conversation"))
            if row is None:
                return
            credentials = await self._credentials(tx, row.inbox_id)
        if credentials is not None:
            transport = self._services.transports[row.channel]
            await transport.mark_read(
                credentials, row.external_id, is_typing=bool(call.args.get("is_typing"))
            )

    async def send_reaction(self, call: JobCall) -> None:
        """Send the reaction that stands now; one that changed meanwhile is sent as it is, once more at worst."""
        message_id = call.id("message")
        async with self._database.workspace_tx(call.workspace_id) as tx:
            row = await tx.first(_TARGET, tx.workspace_id, message_id)
            if row is None or row.external_id is None:
                return
            emoji = None
            if row.emoji is not None:
                place = Place(tx.workspace_id, "app.reaction", "emoji", message_id)
                (plain,) = await self._services.sealer.unseal_many(tx.workspace_id, [(place, row.emoji)])
                if isinstance(plain, Unreadable):
                    return
                emoji = plain.decode()
            credentials = await self._credentials(tx, row.inbox_id)
            to = await addresses_of(tx, row.contact_id, row.identity_id)
        if credentials is None:
            return
        outgoing = Outgoing(
            token=str(message_id), to=to, kind=MessageKind.TEXT, reaction=(row.external_id, emoji)
        )
        result = await self._services.transports[row.channel].send(credentials, outgoing)
        if isinstance(result, NotSent) and result.retry_after is not None and call.failures < _TRIES:
            raise JobLaterError(result.retry_after * 2**call.failures)

    async def _credentials(self, tx: Tx, inbox_id: uuid.UUID) -> Credentials | None:
        try:
            _, external_id, settings = await settings_of(tx, self._services.sealer, inbox_id)
        except AppError:
            return None
        return Credentials(inbox_id, external_id, settings)
