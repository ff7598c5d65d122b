"""The doorbell between processes: it only ever wakes somebody up earlier than a sweep would have.

Bells are rung after commits and outside of them, gathered for a moment and sent as one notification, so that no
commit of a message ever takes the server-wide lock that notifying commits share. A lost ring costs time, never data.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable, Iterable

import asyncpg
import structlog

from parley.core import clock

CHANNEL = "parley"
JOBS = "jobs"
_JOBS_CHANNEL = "ch_pgqueuer"
_JOBS_PAYLOAD = {
    "channel": _JOBS_CHANNEL,
    "operation": "insert",
    "table": "pgqueuer",
    "type": "table_changed_event",
}
_GATHER_SECONDS = 0.002
_PAYLOAD_LIMIT = 7_000
_PATIENCE_SECONDS = 10.0

log = structlog.get_logger()


class Bell:
    """One process's end of the doorbell: rings others, hears others, wakes its own listeners at once.

    Names are words like `items`, or a word and an id like `event:<workspace>`.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._pending: set[str] = set()
        self._wake = asyncio.Event()
        self._events: defaultdict[str, list[asyncio.Event]] = defaultdict(list)
        self._hearers: list[Callable[[str], None]] = []
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to carry rings; goes on through restarts of the database."""
        self._task = asyncio.create_task(self._carry(), name="bell")

    async def stop(self) -> None:
        """Let the last rings out, then stop."""
        if self._task is None:
            return
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    def ring(self, names: Iterable[str]) -> None:
        """Ring these bells: here at once, elsewhere within milliseconds."""
        for name in names:
            self._pending.add(name)
            self._hear(name)
        self._wake.set()

    def event(self, *names: str) -> asyncio.Event:
        """Make an event that is set whenever one of these bells rings; whoever waits clears it."""
        made = asyncio.Event()
        for name in names:
            self._events[name].append(made)
        return made

    def on_ring(self, hearer: Callable[[str], None]) -> None:
        """Call `hearer` with the name of every bell that rings; it must not block."""
        self._hearers.append(hearer)

    def _hear(self, name: str) -> None:
        for event in self._events.get(name, ()):
            event.set()
        for hearer in self._hearers:
            hearer(name)

    async def _carry(self) -> None:
        delay = 0.1
        while True:
            connection = None
            try:
                connection = await asyncpg.connect(
                    self._url,
                    timeout=_PATIENCE_SECONDS,
                    command_timeout=_PATIENCE_SECONDS,
                    server_settings={"application_name": "bell"},
                )
                connection.add_termination_listener(self._lost)
                await connection.add_listener(CHANNEL, self._notified)
                delay = 0.1
                self._wake_everybody()
                await self._flush_for_ever(connection)
            except Exception as error:  # whatever it was: without this loop everybody waits for sweeps
                log.warning("bell.lost", error=type(error).__name__)
                await asyncio.sleep(delay)
                delay = min(delay * 2, 5.0)
            finally:
                if connection is not None and not connection.is_closed():
                    connection.terminate()

    async def _flush_for_ever(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        while True:
            try:
                async with asyncio.timeout(5):
                    await self._wake.wait()
            except TimeoutError:
                await connection.execute("SELECT 1")  # notices a connection that died in silence
                continue
            await asyncio.sleep(_GATHER_SECONDS)
            self._wake.clear()
            names, self._pending = self._pending, set()
            try:
                if JOBS in names:
                    payload = {**_JOBS_PAYLOAD, "sent_at": clock.now().isoformat()}
                    await connection.execute("SELECT pg_notify($1, $2)", _JOBS_CHANNEL, json.dumps(payload))
                for chunk in _chunks(names - {JOBS}):
                    await connection.execute("SELECT pg_notify($1, $2)", CHANNEL, chunk)
            except BaseException:
                self._pending |= names
                self._wake.set()
                raise

    def _notified(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        for name in str(payload).split(","):
            self._hear(name)

    def _lost(self, _connection: object) -> None:
        self._wake.set()  # to find out at once, not at the next look

    def _wake_everybody(self) -> None:
        # Rings may have been missed while there was no connection.
        for events in self._events.values():
            for event in events:
                event.set()


def _chunks(names: Iterable[str]) -> Iterable[str]:
    current = ""
    for name in names:
        if current and len(current) + len(name) + 1 > _PAYLOAD_LIMIT:
            yield current
            current = ""
        current = f"{current},{name}" if current else name
    if current:
        yield current
