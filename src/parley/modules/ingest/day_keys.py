"""Day keys die when nothing needs them any more, and envelopes when their time for replay is over."""

import datetime as dt

import asyncpg
import structlog

from parley.core import clock
from parley.core.ids import NIL
from parley.core.keystore import KeyKind, KeyStore, day_subject
from parley.modules.ingest.actions import KEEP_DAYS

_GRACE_DAYS = 2
"""A call that began before midnight is committed under its day's key a little later."""
_FORGET = "DELETE FROM ingest.envelope WHERE received_at < $1"
_NEEDED = """
SELECT DISTINCT (received_at AT TIME ZONE 'UTC')::date FROM ingest.item WHERE is_day_sealed
UNION SELECT DISTINCT (received_at AT TIME ZONE 'UTC')::date FROM ingest.envelope
"""

log = structlog.get_logger()


async def retire_day_keys(url: str, keystore: KeyStore) -> int:
    """Destroy the keys of past days under which nothing is sealed any more; tell how many there were.

    `url` is where the ingest role signs in: it sees which days are needed, nothing else.
    """
    today = clock.now().date()
    connection = await asyncpg.connect(url, server_settings={"application_name": "day keys"})
    try:
        await connection.execute(_FORGET, clock.now() - dt.timedelta(days=KEEP_DAYS))
        needed = {row[0] for row in await connection.fetch(_NEEDED)}
    finally:
        await connection.close()
    days = [today - dt.timedelta(days=age) for age in range(_GRACE_DAYS, KEEP_DAYS * 3)]
    idle = {day_subject(day) for day in days if day not in needed}
    living = await keystore.find_living(NIL, KeyKind.DAY, idle)
    for subject in living:
        await keystore.destroy_subject(NIL, KeyKind.DAY, subject)
    if living:
        log.info("day_keys.retired", count=len(living))
    return len(living)
