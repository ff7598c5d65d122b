"""An item that ends its worker is found out; its neighbours neither share its fate nor overtake it."""

import asyncio
import datetime as dt
import uuid

import asyncpg

from parley.core import clock
from parley.core.db.urls import role_url
from parley.core.ids import NIL, new_id
from parley.core.keystore import KeyKind, day_subject
from parley.core.resources import Resources
from parley.core.sealing import seal
from parley.core.settings import Settings
from parley.modules.conversations.types import Inbound
from parley.modules.ingest.dispatch import Dispatcher
from parley.modules.ingest.processing import Processor
from parley.modules.ingest.receiver import item_place
from parley.modules.ingest.types import Split

POISON = b"poison"


class Died(BaseException):
    """Stands for the end of the process."""


class Toy:
    """A channel whose reader dies of one payload."""

    channel = "toy"

    def split(self, body: bytes) -> Split:
        raise NotImplementedError

    def parse(self, payload: bytes) -> tuple[Inbound, ...]:
        if payload == POISON:
            raise Died
        return ()


async def put_items(
    house: Resources, superuser: asyncpg.Connection, payloads: list[bytes]
) -> list[uuid.UUID]:
    workspace_id, inbox_id, now = new_id(), new_id(), clock.now()
    key = await house.keystore.get_or_create(NIL, KeyKind.DAY, day_subject(now.date()))
    ids = [new_id() for _ in payloads]
    await superuser.executemany(
        """INSERT INTO ingest.item (workspace_id, id, inbox_id, channel, kind, shard, payload, key_id, received_at)
        VALUES ($1, $2, $3, 'toy', 'message', 7, $4, $5, $6)""",
        [
            (workspace_id, id_, inbox_id, seal(key, item_place(workspace_id, id_), payload), key.id, now)
            for id_, payload in zip(ids, payloads, strict=True)
        ],
    )
    return ids


async def test_only_the_culprit_is_quarantined_and_the_order_stays(
    house: Resources, settings: Settings, superuser: asyncpg.Connection
) -> None:
    ids = await put_items(house, superuser, [b"1", b"2", b"3", POISON, b"5", b"6"])
    dispatcher = Dispatcher(
        role_url(settings, "parley_ingest"),
        Processor(house.database, house.sealer, {"toy": Toy()}),
        house.bell,
    )
    deaths = 0
    async with asyncio.timeout(20):
        while await superuser.fetchval("SELECT count(*) FROM ingest.item WHERE state = 'waiting'"):
            connection = await asyncpg.connect(role_url(settings, "parley_ingest"))
            try:
                await dispatcher._turn(connection)
            except Died:
                deaths += 1
            finally:
                await connection.close()
    rows = await superuser.fetch("SELECT id, state, error_code, processed_at FROM ingest.item ORDER BY id")
    assert [row["state"] for row in rows] == [*["processed"] * 3, "quarantined", *["processed"] * 2]
    assert rows[3]["error_code"] == "item_kills_worker"
    assert deaths == 4
    moments: list[dt.datetime] = [row["processed_at"] for row in rows]
    assert moments == sorted(moments)
    assert [row["id"] for row in rows] == ids
