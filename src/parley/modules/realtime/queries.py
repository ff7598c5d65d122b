"""Reads of the event log."""

from parley.core.db.tx import Tx
from parley.modules.realtime.errors import EventsExpiredError
from parley.modules.realtime.types import Event, EventPage

# One statement, so that the newest number and the rows are of one moment.
_AFTER = """
SELECT newest.value, e.seq, e.id, e.type, e.ids, e.at
FROM (SELECT coalesce((SELECT value FROM app.counter WHERE workspace_id = $1 AND name = 'event'), 0) AS value) newest
LEFT JOIN LATERAL (SELECT seq, id, type, ids, at FROM app.event
                   WHERE workspace_id = $1 AND seq > $2 ORDER BY seq LIMIT $3) e ON true
ORDER BY e.seq
"""


async def events_after(tx: Tx, after: int, limit: int) -> EventPage:
    """Read at most `limit` events after a number, in order and without a gap.

    Raises `EventsExpiredError` when the next event was pruned already, or when `after` lies in the future, as it
    does after the database was restored from a backup.
    """
    rows = await tx.all(_AFTER, tx.workspace_id, after, limit)
    newest = int(rows[0].value)
    events = [
        Event(tx.workspace_id, row.seq, row.id, row.type, row.ids, row.at)
        for row in rows
        if row.seq is not None
    ]
    if after > newest or (after < newest and (not events or events[0].seq != after + 1)):
        raise EventsExpiredError
    return EventPage(events, newest)


async def newest_seq(tx: Tx) -> int:
    """Tell the number of the workspace's newest event, 0 before the first."""
    found = await tx.value(
        "SELECT value FROM app.counter WHERE workspace_id = $1 AND name = 'event'", tx.workspace_id
    )
    return int(found or 0)
