"""The floors: what the disk, the database and the web server of this machine do when there is no product in between."""

import asyncio
import dataclasses
import os
import random
import time
from functools import partial

import asyncpg

from bench.figures import Figure, Spread, spread
from bench.installation import Installation, bare_server
from bench.load import open_loop
from bench.sockets import listen
from bench.webhooks import message, signed, wamid, words
from bench.wrk import closed_loop

_WRITERS = 16
_SHARED = 250
_SECONDS = 3.0
_PAYLOAD = 600
_TABLE = """
CREATE TABLE IF NOT EXISTS public.bench_floor (id uuid PRIMARY KEY, payload bytea NOT NULL)
"""
_ONE = "INSERT INTO public.bench_floor VALUES (gen_random_uuid(), $1)"
_MANY = "INSERT INTO public.bench_floor SELECT gen_random_uuid(), unnest($1::bytea[])"


@dataclasses.dataclass(frozen=True, slots=True)
class Floors:
    """What the figures are held against."""

    insert_ms: Spread
    inserts_per_s: float
    shared_rows_per_s: float
    hello_per_s: float
    hello: Spread
    burst: Spread
    burst_per_s: float
    broadcast: Spread

    def figures(self) -> list[Figure]:
        """Write them as lines of their own."""
        return [
            Figure("F1", "insert_p50_ms", self.insert_ms.p50, "ms"),
            Figure("F1", "insert_p99_ms", self.insert_ms.p99, "ms"),
            Figure("F1", f"inserts_{_WRITERS}_writers_per_s", self.inserts_per_s, "/s"),
            Figure("F2", "shared_rows_per_s", self.shared_rows_per_s, "/s"),
            Figure("F3", "broadcast_p50_ms", self.broadcast.p50, "ms"),
            Figure("F3", "broadcast_p95_ms", self.broadcast.p95, "ms"),
            Figure("F3", "broadcast_p99_ms", self.broadcast.p99, "ms"),
            Figure("F4", "hello_per_s", self.hello_per_s, "/s"),
            Figure("F4", "hello_p50_ms", self.hello.p50, "ms"),
            Figure("F4", "hello_p99_ms", self.hello.p99, "ms"),
            Figure("F4", "generator_at_burst_per_s", self.burst_per_s, "/s"),
            Figure("F4", "generator_at_burst_p99_ms", self.burst.p99, "ms"),
        ]


async def measure(made: Installation, *, rate: int, burst: int, sockets: int, told: int) -> Floors:
    """Measure all floors: `rate` and `burst` calls a second against bare HTTP, `told` broadcasts a second to `sockets`."""
    connection = await made.superuser()
    try:
        await connection.execute(_TABLE)
        await connection.close()
        insert, _ = await _writers(made, 1, _ONE, os.urandom(_PAYLOAD))
        _, inserts = await _writers(made, _WRITERS, _ONE, os.urandom(_PAYLOAD))
        _, shared = await _writers(made, 2, _MANY, [os.urandom(_PAYLOAD)] * _SHARED)
        connection = await made.superuser()
        await connection.execute("DROP TABLE public.bench_floor")
    finally:
        await connection.close()
    bodies = _bodies(max(rate * 5, burst * 3))
    with bare_server() as port:
        ceiling = await closed_loop(port, bodies, connections=64, seconds=_SECONDS)
        hello = await open_loop(port, bodies[: rate * 5], rate, connections=32)
        rush = await open_loop(port, bodies[: burst * 3], burst)
        broadcast = await _broadcast(port, sockets, told)
    return Floors(
        insert_ms=spread(insert),
        inserts_per_s=inserts,
        shared_rows_per_s=shared * _SHARED,
        hello_per_s=ceiling.per_second,
        hello=spread(hello.latencies()),
        burst=spread(rush.latencies()),
        burst_per_s=len(rush.numbers(200)) / rush.seconds,
        broadcast=broadcast,
    )


def _bodies(count: int) -> list[bytes]:
    chance, now = random.Random(1), time.time()
    return [signed(message(wamid("floor", n), n, words(chance), now), "secret") for n in range(count)]


async def _writers(made: Installation, count: int, sql: str, value: object) -> tuple[list[float], float]:
    """Let so many connections insert and commit for a while; gives milliseconds of each and commits a second."""
    connections = [await made.superuser() for _ in range(count)]
    millis: list[float] = []

    async def write(connection: asyncpg.Connection, until: float) -> None:
        insert = partial((await connection.prepare(sql)).fetch, value)
        while (before := time.perf_counter()) < until:
            await insert()
            millis.append((time.perf_counter() - before) * 1000)

    try:
        start = time.perf_counter()
        await asyncio.gather(*(write(each, start + _SECONDS) for each in connections))
        return millis, len(millis) / (time.perf_counter() - start)
    finally:
        for connection in connections:
            await connection.close()


async def _broadcast(port: int, sockets: int, rate: int) -> Spread:
    """Post at a steady rate what is told to every socket; from the planned moment to each socket."""
    requests = _bodies(rate * 5)
    seen: list[tuple[int, float]] = []

    def hear(text: bytes, at: float) -> None:
        start = text.find(b"wamid.bench.floor.")
        if start >= 0:
            seen.append((int(text[start + 18 : text.index(b'"', start)]), at))

    listeners = [await listen(port, "/stream", hear) for _ in range(sockets)]
    try:
        answers = await open_loop(port, requests, rate, connections=8)
        await asyncio.sleep(0.3)
    finally:
        for listener in listeners:
            listener.close()
    return spread([(at - answers.planned[number]) * 1000 for number, at in seen])
