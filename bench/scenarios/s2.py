"""S2: a burst as a number of 1,000 messages a second causes it: mostly statuses, one change per call."""

import dataclasses
import random
import time

from bench.figures import Figure
from bench.history import Past, Sent, write_past
from bench.installation import Installation
from bench.load import open_loop
from bench.people import open_office
from bench.scenarios import Bench
from bench.stored import counted_twice, drained, lost_statuses, messages, told
from bench.webhooks import message, signed, status, wamid, words
from parley.opening import open_house

_STATUSES = 0.75
_STATES = ("sent", "delivered", "read")
_NEW = 0.1


@dataclasses.dataclass(frozen=True, slots=True)
class _Call:
    """One call: the message's id, and the state it reports; no state means that the message itself arrives."""

    request: bytes
    id: str
    state: str | None


async def run(bench: Bench, made: Installation) -> list[Figure]:
    """Measure on a fresh installation."""
    sizes = bench.sizes
    count = int(sizes.s2_rate * sizes.s2_seconds)
    reported = int(count * _STATUSES / len(_STATES))
    past = Past(conversations=max(1, reported // 3), messages=max(1, reported // 3) * 5, outbound=0.65)
    async with open_house(made.settings, name="bench") as house:
        office = await open_office(house)
        connection = await made.superuser()
        try:
            sent = await write_past(house, connection, office, past)
            calls = _calls(sent[:reported], past.conversations, count, made.settings.meta_app_secret)
            before = made.cpu()
            answers = await open_loop(
                made.port, [call.request for call in calls], sizes.s2_rate, connections=128
            )
            took = await drained(connection)
            numbered = await told(connection)
            spent = {name: 1000 * (seconds - before[name]) for name, seconds in made.cpu().items()}
            acknowledged = [calls[number] for number in answers.numbers(200)]
            refused = len(answers.numbers(503))
            stored = await messages(connection, "burst")
            lost = sum(call.state is None and call.id not in stored for call in acknowledged)
            lost += await lost_statuses(connection, [(c.id, c.state) for c in acknowledged if c.state])
            doubled = sum(n - 1 for n in stored.values()) + await counted_twice(connection)
        finally:
            await connection.close()
    bench.say(
        f"S2: {len(calls)} calls in {answers.seconds:.1f} s, {refused} refused with 503, "
        f"{len(calls) - len(acknowledged) - refused} failed; numbered {numbered or -1:.1f} s after the last item"
    )
    late = sum(millis > 1000 for millis in answers.latencies())
    return [
        Figure("S2", "acked_ratio", len(acknowledged) / len(calls), ""),
        Figure("S2", "failed", len(calls) - len(acknowledged) - refused, "calls"),
        Figure("S2", "later_than_1s_ratio", late / len(calls), ""),
        Figure("S2", "lost", lost, "changes"),
        Figure("S2", "doubled", doubled, "messages"),
        Figure(
            "S2",
            "drain_s",
            float("inf") if took is None else took,
            "s",
            count / bench.floors.shared_rows_per_s,
        ),
        *(Figure("S2", f"{name}_cpu_ms_per_call", ms / len(calls), "ms") for name, ms in spent.items()),
    ]


def _calls(sent: list[Sent], people: int, count: int, secret: str) -> list[_Call]:
    """Mix messages with the statuses of each sent message, those in their order but far apart."""
    chance, now = random.Random(7), time.time()
    timed: list[tuple[float, _Call]] = []
    for one in sent:
        at = chance.random() * 0.8
        for state in _STATES:
            body = status(one.external_id, state, one.person, now)
            timed.append((at, _Call(signed(body, secret), one.external_id, state)))
            at += chance.random() * 0.1
    for n in range(count - len(timed)):
        person = people + n if chance.random() < _NEW else chance.randrange(people)
        id_ = wamid("burst", n)
        body = message(id_, person, words(chance), now)
        timed.append((chance.random(), _Call(signed(body, secret), id_, None)))
    return [call for _, call in sorted(timed, key=lambda pair: pair[0])]
