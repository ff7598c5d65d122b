"""Where the demo's stories are played: one transaction, in which the story itself is vendor, queue and worker.

Everything goes through the product's own doors; what they would leave to a worker is done at once, at the story's
own time, so that nothing is left behind which a worker would send to anybody later.
"""

import contextlib
import datetime as dt
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final, TypeVar

import orjson
from pgqueuer.adapters.persistence.qb import QueryQueueBuilder
from sqlalchemy.engine import CursorResult

from parley.core.db.tx import Database, Tx
from parley.core.jobs import SETTINGS, JobCall
from parley.demo.phones import Phones
from parley.modules.conversations.ports import Transport
from parley.modules.conversations.types import (
    Credentials,
    FetchedMedia,
    InboundMedia,
    Outgoing,
    Sent,
    Window,
)
from parley.modules.inboxes.types import Capabilities

T = TypeVar("T")

_ENQUEUE: Final = QueryQueueBuilder(SETTINGS).build_enqueue_query(on_conflict="skip")


class StageTx(Tx):
    """The story's transaction: what is enqueued in it is set aside instead, as (name, call)."""

    __slots__ = ("jobs",)

    def __init__(self, tx: Tx) -> None:
        super().__init__(tx.connection, tx.workspace_id)
        self.jobs: list[tuple[str, JobCall]] = []

    async def run(self, sql: str, *args: Any) -> CursorResult[Any]:
        if sql != _ENQUEUE:
            return await super().run(sql, *args)
        for name, payload in zip(args[1], args[2], strict=True):
            content = orjson.loads(payload)
            self.jobs.append((name, JobCall(uuid.UUID(content["workspace"]), content["args"], 0)))
        return await super().run("SELECT 1 WHERE false")

    def taken_jobs(self) -> list[tuple[str, JobCall]]:
        """Take what was enqueued since."""
        taken, self.jobs = self.jobs, []
        return taken


class StageDatabase(Database):
    """A database of which the story's transaction is all there is."""

    def __init__(self, database: Database, tx: StageTx) -> None:
        super().__init__(database.engine)
        self._tx = tx

    @contextlib.asynccontextmanager
    async def workspace_tx(self, workspace_id: uuid.UUID) -> AsyncIterator[Tx]:
        assert workspace_id == self._tx.workspace_id
        yield self._tx

    async def attempt(self, workspace_id: uuid.UUID, work: Callable[[Tx], Awaitable[T]]) -> T:
        async with self.workspace_tx(workspace_id) as tx:
            return await work(tx)


class StageTransport:
    """WhatsApp as it is, with the story's phones where Meta would be."""

    def __init__(self, channel: Transport, phones: Phones) -> None:
        self.channel = channel.channel
        self._channel = channel
        self._phones = phones

    def capabilities(self) -> Capabilities:
        return self._channel.capabilities()

    def window(self, last_inbound_at: dt.datetime | None, now: dt.datetime) -> Window:
        return self._channel.window(last_inbound_at, now)

    def pace(self) -> tuple[float, int]:
        return self._channel.pace()

    async def send(self, _credentials: Credentials, outgoing: Outgoing) -> Sent:
        return Sent(self._phones.take(outgoing))

    async def fetch_media(
        self, _credentials: Credentials, media: InboundMedia, _max_bytes: int
    ) -> FetchedMedia:
        media_type, content, name = self._phones.fetch(media.reference)
        return FetchedMedia(media_type, content, name)

    async def mark_read(self, _credentials: Credentials, external_id: str, *, is_typing: bool) -> bool:
        assert not is_typing
        self._phones.read_by_shop(external_id)
        return True


class NoPace:
    """Nobody waits in a story."""

    async def acquire(self, _key: str, _rate_per_s: float, _burst: int) -> float:
        return 0.0
