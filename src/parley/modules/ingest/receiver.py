"""The acknowledgement: a vendor's call is durable before its 200, and calls that wait together share one commit.

This is the hot path. It knows bytes, routes and a day key; what the bytes mean is for the worker.
"""

import asyncio
import dataclasses
import datetime as dt
import time
import uuid
import zlib
from collections.abc import Sequence

import asyncpg
import structlog

from parley.core import clock
from parley.core.bell import Bell
from parley.core.ids import NIL, new_id
from parley.core.keystore import Key, KeyKind, KeyStore, day_subject
from parley.core.sealing import Place, seal
from parley.modules.ingest.errors import OverloadedError
from parley.modules.ingest.ports import Intake
from parley.modules.ingest.types import SplitItem

SHARDS = 64
_ROWS_WAITING_LIMIT = 20_000
_ROWS_PER_COMMIT = 1_000
_PATIENCE_SECONDS = 8.0
_ROUTE_SECONDS = 20.0
_NO_ROUTE_SECONDS = 1.0

_ITEMS = """
INSERT INTO ingest.item (workspace_id, id, inbox_id, channel, kind, shard, payload, key_id, received_at)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::int2[], $7::bytea[], $8::uuid[],
                     $9::timestamptz[])
"""
_ENVELOPES = """
INSERT INTO ingest.envelope (id, source, fault, payload, key_id, received_at)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[], $5::uuid[], $6::timestamptz[])
"""
_ROUTE = (
    "SELECT workspace_id, inbox_id FROM directory.route WHERE channel = $1 AND app = $2 AND external_id = $3"
)

log = structlog.get_logger()

Route = tuple[uuid.UUID, uuid.UUID]
ItemRow = tuple[uuid.UUID, uuid.UUID, uuid.UUID, str, str, int, bytes, uuid.UUID, dt.datetime]
EnvelopeRow = tuple[uuid.UUID, str, str, bytes, uuid.UUID, dt.datetime]


@dataclasses.dataclass(slots=True)
class Counts:
    """What this process has taken in since it started; for operators."""

    calls: int = 0
    items: int = 0
    envelopes: int = 0
    refused: int = 0
    commits: int = 0
    bad_signatures: int = 0


@dataclasses.dataclass(slots=True)
class _Waiting:
    """The rows of one call, and who waits for them to be durable."""

    items: list[ItemRow]
    envelopes: list[EnvelopeRow]
    done: asyncio.Future[None]


class Receiver:
    """Takes in vendors' calls for one process. `pool` signs in as the ingest role, which can insert and no more."""

    def __init__(self, pool: asyncpg.Pool, keystore: KeyStore, bell: Bell) -> None:
        self.counts = Counts()
        self._pool = pool
        self._keystore = keystore
        self._bell = bell
        self._queue: list[_Waiting] = []
        self._rows_waiting = 0
        self._wake = asyncio.Event()
        self._routes: dict[tuple[str, str, str], tuple[float, Route | None]] = {}
        self._day: tuple[dt.date, Key] | None = None
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to commit. Two flushers, so that one batch gathers while the other is written."""
        self._tasks = [asyncio.create_task(self._flush_for_ever(), name=f"flush-{n}") for n in range(2)]

    async def stop(self) -> None:
        """Stop; whoever still waits is told to call again."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for waiting in self._queue:
            if not waiting.done.done():
                waiting.done.set_exception(OverloadedError())

    async def receive(self, intake: Intake, source: str, app: str, body: bytes) -> None:
        """Return when everything in this verified call is durable; raise `OverloadedError` when that cannot be said.

        What cannot be split or routed is kept as an envelope of the installation, never given to a workspace.
        """
        if self._rows_waiting > _ROWS_WAITING_LIMIT:
            self.counts.refused += 1
            raise OverloadedError
        moment = clock.now()
        key = await self._day_key(moment)
        split = intake.split(body)
        items: list[ItemRow] = []
        envelopes: list[EnvelopeRow] = []
        for item in split.items:
            route = await self._route(item.channel, app, item.route)
            if route is None:
                envelopes.append(_envelope(source, "unrouted", item.payload, key, moment))
            else:
                items.append(_item(item, route, key, moment))
        if split.fault is not None:
            envelopes.append(_envelope(source, split.fault, body, key, moment))
        self.counts.calls += 1
        if items or envelopes:
            await self._durable(items, envelopes)
        self.counts.items += len(items)
        self.counts.envelopes += len(envelopes)
        if items:
            self._bell.ring(("items",))

    def forget_routes(self) -> None:
        """Ask the directory again from now on: an inbox was connected or disconnected."""
        self._routes.clear()

    async def _durable(self, items: list[ItemRow], envelopes: list[EnvelopeRow]) -> None:
        waiting = _Waiting(items, envelopes, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        self._rows_waiting += len(items) + len(envelopes)
        self._wake.set()
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await waiting.done
        except TimeoutError:
            self.counts.refused += 1
            raise OverloadedError from None

    async def _flush_for_ever(self) -> None:
        while True:
            await self._wake.wait()
            batch = self._take()
            if not batch:
                self._wake.clear()
                continue
            try:
                await self._write(batch)
            except (
                Exception
            ) as error:  # whatever it is: whoever waits must learn it, and the next batch must come
                log.warning("ingest.flush_failed", error=type(error).__name__, calls=len(batch))
                for waiting in batch:
                    if not waiting.done.done():
                        waiting.done.set_exception(OverloadedError())
                await asyncio.sleep(0.1)
            else:
                self.counts.commits += 1
                for waiting in batch:
                    if not waiting.done.done():
                        waiting.done.set_result(None)

    def _take(self) -> list[_Waiting]:
        rows = 0
        taken = 0
        for waiting in self._queue:
            rows += len(waiting.items) + len(waiting.envelopes)
            taken += 1
            if rows >= _ROWS_PER_COMMIT:
                break
        batch, self._queue = self._queue[:taken], self._queue[taken:]
        self._rows_waiting -= rows
        return batch

    async def _write(self, batch: Sequence[_Waiting]) -> None:
        items = [row for waiting in batch for row in waiting.items]
        envelopes = [row for waiting in batch for row in waiting.envelopes]
        async with self._pool.acquire(timeout=_PATIENCE_SECONDS) as connection:
            if items and envelopes:
                async with connection.transaction():
                    await connection.execute(_ITEMS, *zip(*items, strict=True))
                    await connection.execute(_ENVELOPES, *zip(*envelopes, strict=True))
            elif items:
                await connection.execute(_ITEMS, *zip(*items, strict=True))
            else:
                await connection.execute(_ENVELOPES, *zip(*envelopes, strict=True))

    async def _route(self, channel: str, app: str, external_id: str) -> Route | None:
        key = (channel, app, external_id)
        found = self._routes.get(key)
        now = time.monotonic()
        if found is not None and found[0] > now:
            return found[1]
        try:
            row = await self._pool.fetchrow(_ROUTE, *key, timeout=_PATIENCE_SECONDS)
        except Exception as error:
            log.warning("ingest.route_unknown", error=type(error).__name__)
            raise OverloadedError from None
        route = None if row is None else (row[0], row[1])
        if len(self._routes) > 50_000:
            self._routes.clear()
        self._routes[key] = (now + (_NO_ROUTE_SECONDS if route is None else _ROUTE_SECONDS), route)
        return route

    async def _day_key(self, moment: dt.datetime) -> Key:
        day = moment.date()
        if self._day is None or self._day[0] != day:
            key = await self._keystore.get_or_create(NIL, KeyKind.DAY, day_subject(day))
            self._day = (day, key)
        return self._day[1]


def item_place(workspace_id: uuid.UUID, item_id: uuid.UUID) -> Place:
    """Tell where an item's payload is sealed to."""
    return Place(workspace_id, "ingest.item", "payload", item_id)


def _item(item: SplitItem, route: Route, key: Key, moment: dt.datetime) -> ItemRow:
    item_id = new_id()
    shard = zlib.crc32(f"{item.route}\0{item.order_key}".encode()) % SHARDS
    payload = seal(key, item_place(route[0], item_id), item.payload)
    return (route[0], item_id, route[1], item.channel, item.kind, shard, payload, key.id, moment)


def _envelope(source: str, fault: str, body: bytes, key: Key, moment: dt.datetime) -> EnvelopeRow:
    envelope_id = new_id()
    place = Place(NIL, "ingest.envelope", "payload", envelope_id)
    return (envelope_id, source, fault, seal(key, place, body), key.id, moment)
