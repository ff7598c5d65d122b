"""S1: how long until a signed webhook is acknowledged, at a steady rate; then how many a second there can be."""

import random
import time

from bench.figures import Figure, spread
from bench.history import Past, write_past
from bench.installation import Installation
from bench.load import open_loop
from bench.people import open_office
from bench.scenarios import Bench
from bench.stored import counted_twice, drained, messages
from bench.webhooks import message, signed, wamid, words
from bench.wrk import Ceiling, closed_loop, require_wrk
from parley.opening import open_house

_KNOWN = 2_000
_NEW = 0.1
_DOUBLE = 0.01
_MOST_PER_SECOND = 14_000
_CONNECTIONS = (32, 64)


async def run(bench: Bench, made: Installation) -> list[Figure]:
    """Measure on a fresh installation."""
    require_wrk()
    sizes, floors = bench.sizes, bench.floors
    async with open_house(made.settings, name="bench") as house:
        office = await open_office(house)
        connection = await made.superuser()
        try:
            await write_past(house, connection, office, Past(_KNOWN, _KNOWN * 2))
            secret = made.settings.meta_app_secret
            await open_loop(made.port, _calls("warm", 300, secret, 1)[0], 100, connections=32)
            calls, ids = _calls("steady", int(sizes.s1_rate * sizes.s1_seconds), secret, 2)
            before = made.cpu()
            answers = await open_loop(made.port, calls, sizes.s1_rate, connections=32)
            await drained(connection)
            spent = {name: 1000 * (seconds - before[name]) for name, seconds in made.cpu().items()}
            acknowledged = {ids[number] for number in answers.numbers(200)}
            stored = await messages(connection, "steady")
            lost = len(acknowledged - stored.keys())
            doubled = sum(count - 1 for count in stored.values())
            ceilings = [await _ceiling(bench, made, connections) for connections in _CONNECTIONS]
            bench.say("S1: waiting until everything is processed")
            took = await drained(connection)
            bench.say(f"S1: the ceiling's messages were processed {took or -1:.1f} s after it ended")
            for ceiling in ceilings:
                found = await messages(connection, f"ceiling-{ceiling.connections}")
                lost += max(0, ceiling.completed - ceiling.refused - len(found))
                doubled += sum(count - 1 for count in found.values())
            doubled += await counted_twice(connection)
        finally:
            await connection.close()
    found_ms = spread(answers.latencies())
    best = max(ceiling.per_second for ceiling in ceilings)
    figures = [
        Figure("S1", "p50_ms", found_ms.p50, "ms", floors.hello.p50),
        Figure("S1", "p95_ms", found_ms.p95, "ms", floors.hello.p95),
        Figure("S1", "p99_ms", found_ms.p99, "ms", floors.hello.p99),
        Figure("S1", "ceiling_per_s", best, "/s", floors.hello_per_s),
        Figure("S1", "lost", lost, "messages"),
        Figure("S1", "doubled", doubled, "messages"),
    ]
    bad = len(calls) - len(answers.numbers(200))
    bench.say(f"S1: {len(calls)} calls, {bad} not acknowledged")
    return figures + [
        Figure("S1", f"{name}_cpu_ms_per_call", millis / len(calls), "ms") for name, millis in spent.items()
    ]


async def _ceiling(bench: Bench, made: Installation, connections: int) -> Ceiling:
    seconds = bench.sizes.ceiling_seconds
    series = f"ceiling-{connections}"
    calls, _ = _calls(series, int(_MOST_PER_SECOND * seconds), made.settings.meta_app_secret, connections, 0)
    found = await closed_loop(made.port, calls, connections=connections, seconds=seconds)
    bench.say(
        f"S1: {connections} connections: {found.per_second:,.0f}/s, p50 {found.p50_ms:.1f} ms, "
        f"p99 {found.p99_ms:.1f} ms, {found.refused} refused, {found.broken} broken"
    )
    return found


def _calls(
    series: str, count: int, secret: str, seed: int, double: float = _DOUBLE
) -> tuple[list[bytes], list[str]]:
    """Make calls of known and new people, a few of them a second time; gives the ids beside them."""
    chance, now = random.Random(seed), time.time()
    calls: list[bytes] = []
    ids: list[str] = []
    for n in range(count):
        if n > 50 and chance.random() < double:
            again = n - chance.randint(1, 50)
            calls.append(calls[again])
            ids.append(ids[again])
            continue
        person = _KNOWN + seed * 1_000_000 + n if chance.random() < _NEW else chance.randrange(_KNOWN)
        ids.append(wamid(series, n))
        calls.append(signed(message(ids[-1], person, words(chance), now), secret))
    return calls, ids
