"""What the tests of the event log stand on: a workspace's own view of its log, and waiting without guessing."""

import asyncio
import dataclasses
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from parley.core.db.tx import Database
from parley.modules.realtime.types import Event

PATIENCE = 10.0
"""After so many seconds something that should happen by itself counts as not happening."""


@dataclasses.dataclass(frozen=True)
class Workspace:
    """A workspace of a test: what it emits and what its log says."""

    id: uuid.UUID
    database: Database

    async def emit(self, *facts: tuple[str, Mapping[str, Any]]) -> None:
        async with self.database.workspace_tx(self.id) as tx:
            await tx.emit(*facts)

    async def log(self) -> list[Event]:
        async with self.database.workspace_tx(self.id) as tx:
            rows = await tx.all(
                "SELECT seq, id, type, ids, at FROM app.event WHERE workspace_id = $1 ORDER BY seq", self.id
            )
        return [Event(self.id, row.seq, row.id, row.type, row.ids, row.at) for row in rows]

    async def outbox(self) -> int:
        async with self.database.workspace_tx(self.id) as tx:
            return int(await tx.value("SELECT count(*) FROM app.outbox WHERE workspace_id = $1", self.id))


async def until(condition: Callable[[], Awaitable[bool]], ring: asyncio.Event) -> None:
    """Look whenever it rings until something is so; fail when it never is."""
    async with asyncio.timeout(PATIENCE):
        while not await condition():
            await ring.wait()
            ring.clear()


def assert_gap_free(events: list[Event]) -> None:
    """Fail unless the numbers run from 1 without a gap."""
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
