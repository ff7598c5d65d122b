"""S4: lists of conversations on much data, the first page and deep ones, while messages come in."""

import asyncio
import dataclasses
import random
import time
from collections.abc import Sequence

import asyncpg

from bench.figures import Figure, percentile
from bench.history import Past, write_past
from bench.installation import BenchError, Installation
from bench.load import Answers, open_loop
from bench.people import Office, open_office
from bench.scenarios import Bench
from bench.webhooks import get, message, signed, wamid, words
from parley.core.web.cursor import encode_cursor
from parley.opening import open_house

_ROWS = 25
_PAGES = (1, 100, 1000)
_PER_SECOND = 25
_LISTS = {
    "open": ("status=open", "status = 'open'"),
    "mine": ("status=open&assignee=me", "status = 'open' AND assignee_id = $2"),
    "unassigned": ("status=open&assignee=none", "status = 'open' AND assignee_id IS NULL"),
}


@dataclasses.dataclass(frozen=True, slots=True)
class _Page:
    """One page of one list; `number` is the page it really is, at most the last one there is."""

    name: str
    wanted: int
    number: int
    path: str


async def run(bench: Bench, made: Installation, *, scenario: str = "S4") -> list[Figure]:
    """Measure on a fresh installation."""
    sizes = bench.sizes
    large = scenario == "S4L"
    conversations = sizes.s4l_conversations if large else sizes.s4_conversations
    past = Past(conversations, sizes.s4l_messages if large else sizes.s4_messages)
    async with open_house(made.settings, name="bench") as house:
        office = await open_office(house, 10)
        connection = await made.superuser()
        try:
            start = time.perf_counter()
            await write_past(house, connection, office, past)
            bench.say(
                f"{scenario}: {past.messages:,} messages written in {time.perf_counter() - start:.0f} s"
            )
            pages = [page for name in _LISTS for page in await _pages(connection, office, name)]
            floor = await _bare_query(connection, office)
        finally:
            await connection.close()
    asked = [pages[n % len(pages)] for n in range(sizes.s4_requests)]
    cookie = office.agents[0].session
    await open_loop(
        made.port, [get(made.port, page.path, cookie) for page in pages * 3], _PER_SECOND, connections=8
    )
    before = made.cpu()
    answers, _ = await asyncio.gather(
        open_loop(
            made.port, [get(made.port, page.path, cookie) for page in asked], _PER_SECOND, connections=8
        ),
        _ingest(made, sizes.s4_ingest, len(asked) / _PER_SECOND, conversations),
    )
    spent = {name: 1000 * (seconds - before[name]) for name, seconds in made.cpu().items()}
    _tell(bench, scenario, asked, answers, spent)
    return _figures(scenario, asked, answers, floor)


def _figures(scenario: str, asked: Sequence[_Page], answers: Answers, floor: float) -> list[Figure]:
    if bad := len(asked) - len(answers.numbers(200)):
        raise BenchError(f"{bad} of {len(asked)} lists were not answered with 200.")
    # The ratio compares pages of the lists that reach so deep; medians, because it is about depth, not about luck.
    deep = {page.name for page in asked if page.number == _PAGES[-1]} or {page.name for page in asked}
    first, last = (
        percentile(
            [ms for p, ms in zip(asked, answers.millis, strict=True) if p.wanted == n and p.name in deep], 0.5
        )
        for n in (_PAGES[0], _PAGES[-1])
    )
    return [
        Figure(scenario, "p50_ms", percentile(list(answers.millis), 0.5), "ms", floor),
        Figure(scenario, "p95_ms", percentile(list(answers.millis), 0.95), "ms", floor),
        Figure(scenario, "page1000_ratio", last / first, ""),
    ]


def _tell(
    bench: Bench, scenario: str, asked: Sequence[_Page], answers: Answers, spent: dict[str, float]
) -> None:
    by_page: dict[_Page, list[float]] = {}
    for page, millis in zip(asked, answers.millis, strict=True):
        by_page.setdefault(page, []).append(millis)
    for page, found in by_page.items():
        bench.say(
            f"{scenario}: {page.name:<10} page {page.number:>5,}  "
            f"p50 {percentile(found, 0.5):5.1f} ms  p95 {percentile(found, 0.95):5.1f} ms"
        )
    shares = ", ".join(f"{name} {millis / len(asked):.1f}" for name, millis in spent.items())
    bench.say(f"{scenario}: CPU ms per list, the ingest included: {shares}")
    bench.say(f"{scenario}: queries per request are not counted: the server comes without pg_stat_statements")


async def _pages(connection: asyncpg.Connection, office: Office, name: str) -> list[_Page]:
    query, condition = _LISTS[name]
    args = [office.workspace_id, *([office.agents[0].member_id] if "$2" in condition else [])]
    rows = await connection.fetch(
        f"""SELECT last_message_at, id FROM app.conversation WHERE workspace_id = $1 AND {condition}
        ORDER BY last_message_at DESC, id DESC""",
        *args,
    )
    found: list[_Page] = []
    for wanted in _PAGES:
        number = max(1, min(wanted, (len(rows) - 1) // _ROWS + 1))
        path = f"/api/v1/conversations?{query}&limit={_ROWS}"
        if number > 1:
            path += f"&cursor={encode_cursor(*rows[(number - 1) * _ROWS - 1])}"
        found.append(_Page(name, wanted, number, path))
    return found


async def _bare_query(connection: asyncpg.Connection, office: Office) -> float:
    """Measure what one page costs by the index alone: the 95th percentile in milliseconds."""
    query = await connection.prepare(
        f"""SELECT id, number, status, contact_id, last_message_at FROM app.conversation
        WHERE workspace_id = $1 AND status = 'open' ORDER BY last_message_at DESC, id DESC LIMIT {_ROWS}"""
    )
    millis: list[float] = []
    for _ in range(300):
        before = time.perf_counter()
        await query.fetch(office.workspace_id)
        millis.append((time.perf_counter() - before) * 1000)
    return percentile(millis, 0.95)


async def _ingest(made: Installation, rate: int, seconds: float, people: int) -> None:
    chance, now = random.Random(3), time.time()
    secret = made.settings.meta_app_secret
    calls = [
        signed(message(wamid("aside", n), chance.randrange(people), words(chance), now), secret)
        for n in range(int(rate * seconds))
    ]
    await open_loop(made.port, calls, rate, connections=8)
