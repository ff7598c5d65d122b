"""S3: from the webhook to the frame on the socket of every agent who is connected."""

import asyncio
import random
import re
import time

from bench.figures import Figure, spread
from bench.history import Past, write_past
from bench.installation import BenchError, Installation
from bench.load import open_loop
from bench.people import open_office
from bench.scenarios import Bench
from bench.sockets import listen
from bench.webhooks import message, signed, wamid, words
from parley.opening import open_house

_PEOPLE = 2_000
_RECEIVED = b'"type":"message.received"'
_NUMBER = re.compile(rb'"external_id":"wamid\.bench\.(\w+)\.(\d+)"')


async def run(bench: Bench, made: Installation) -> list[Figure]:
    """Measure on a fresh installation."""
    sizes = bench.sizes
    count = int(sizes.s3_rate * sizes.s3_seconds)
    seen: list[tuple[int, float]] = []

    def hear(text: bytes, at: float) -> None:
        if _RECEIVED in text and (found := _NUMBER.search(text)) and found[1] == b"live":
            seen.append((int(found[2]), at))

    async with open_house(made.settings, name="bench") as house:
        office = await open_office(house, sizes.s3_agents)
        connection = await made.superuser()
        await write_past(house, connection, office, Past(_PEOPLE, _PEOPLE * 5))
        await connection.close()
        agents = office.agents
        listeners = [await listen(made.port, "/api/v1/stream", hear, cookie=a.session) for a in agents]
        try:
            secret = made.settings.meta_app_secret
            await open_loop(
                made.port, _calls("warm", sizes.s3_rate * 2, secret), sizes.s3_rate, connections=8
            )
            before = made.cpu()
            answers = await open_loop(made.port, _calls("live", count, secret), sizes.s3_rate, connections=8)
            await _heard(seen, count * len(agents))
            spent = {name: 1000 * (seconds - before[name]) for name, seconds in made.cpu().items()}
        finally:
            for listener in listeners:
                listener.close()
    if not seen:
        raise BenchError("No frame has come. What the processes logged says why.")
    found = spread([(at - answers.planned[number]) * 1000 for number, at in seen])
    floor = bench.floors.broadcast
    missed = count * len(agents) - len(set(seen))
    return [
        Figure("S3", "p50_ms", found.p50, "ms", floor.p50),
        Figure("S3", "p95_ms", found.p95, "ms", floor.p95),
        Figure("S3", "p99_ms", found.p99, "ms", floor.p99),
        Figure("S3", "missed", missed, "frames"),
        *(Figure("S3", f"{name}_cpu_ms_per_message", ms / count, "ms") for name, ms in spent.items()),
    ]


async def _heard(seen: list[tuple[int, float]], wanted: int) -> None:
    for _ in range(200):
        if len(seen) >= wanted:
            return
        await asyncio.sleep(0.05)


def _calls(series: str, count: int, secret: str) -> list[bytes]:
    chance, now = random.Random(series), time.time()
    return [
        signed(message(wamid(series, n), chance.randrange(_PEOPLE), words(chance), now), secret)
        for n in range(count)
    ]
