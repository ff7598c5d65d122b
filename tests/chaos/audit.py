"""The comparison of what was promised with what is there."""

from typing import Any

from tests.chaos.fleet import PROMISE, until
from tests.chaos.shopfront import Shopfront

_OPEN = """
SELECT 'item ' || state, count(*) FROM ingest.item WHERE workspace_id = $1 AND state <> 'processed' GROUP BY state
UNION ALL SELECT 'outbox', count(*) FROM app.outbox WHERE workspace_id = $1 HAVING count(*) > 0
UNION ALL SELECT 'job ' || entrypoint || ' ' || status, count(*) FROM jobs.pgqueuer
    WHERE convert_from(payload, 'utf8')::jsonb ->> 'workspace' = $1::text GROUP BY entrypoint, status
UNION ALL SELECT 'delivery ' || state, count(*) FROM app.delivery
    WHERE workspace_id = $1 AND state IN ('queued', 'sending') GROUP BY state
"""
_MESSAGES = """
SELECT i.external_id AS phone, m.conversation_id, m.external_id FROM app.message m
JOIN app.contact_identity i ON i.workspace_id = $1 AND i.id = m.identity_id
WHERE m.workspace_id = $1 AND m.direction = 'in' ORDER BY m.sent_at, m.id
"""
_EVENTS = """
SELECT count(*) AS events, min(seq) AS first, max(seq) AS last,
       count(*) FILTER (WHERE type = 'message.received') AS received,
       count(DISTINCT ids ->> 'message') FILTER (WHERE type = 'message.received') AS distinct_received
FROM app.event WHERE workspace_id = $1
"""


async def settled(shop: Shopfront, *, seconds: float = PROMISE) -> None:
    """Wait until nothing waits any more: no item, no outbox row, no job, no message on its way out."""

    left: dict[str, Any] = {}

    async def look() -> bool:
        left.clear()
        left.update({row[0]: row[1] for row in await shop.fleet.query(_OPEN, shop.office.workspace_id)})
        return not left

    try:
        await until(look, seconds=seconds, what="everything is done")
    except AssertionError as error:
        raise AssertionError(f"{error}; still there: {left}") from None


async def nothing_lost_nothing_doubled(shop: Shopfront) -> None:
    """Require that every acknowledged message is there once, in order, and told once."""
    await settled(shop)
    by_phone: dict[str, list[str]] = {}
    conversations: dict[str, set[str]] = {}
    for row in await shop.fleet.query(_MESSAGES, shop.office.workspace_id):
        by_phone.setdefault(row["phone"], []).append(row["external_id"])
        conversations.setdefault(row["phone"], set()).add(str(row["conversation_id"]))
    assert by_phone == dict(shop.ledger.acknowledged)
    assert {len(found) for found in conversations.values()} <= {1}, "one person, one conversation"
    rows = await shop.fleet.query(
        "SELECT sum(arrived_n), count(*) FROM app.conversation WHERE workspace_id = $1",
        shop.office.workspace_id,
    )
    assert (rows[0][0], rows[0][1]) == (shop.ledger.total, len(by_phone))
    (events,) = await shop.fleet.query(_EVENTS, shop.office.workspace_id)
    assert (events["first"], events["last"]) == (1, events["events"]), "the log has a gap"
    assert events["received"] == events["distinct_received"] == shop.ledger.total


async def nothing_sent_twice(shop: Shopfront) -> None:
    """Require that Meta got each of the agent's messages at most once, and that its state says so truly.

    With statuses on their way, whatever Meta got is delivered in the end; what it did not get is `unconfirmed`.
    """
    await settled(shop)

    async def look() -> bool:
        states, arrived = await shop.states(), await shop.arrived_at_meta()
        wanted = {id_: "delivered" if arrived[id_] else "unconfirmed" for id_ in shop.ledger.sent}
        return {id_: states.get(id_) for id_ in wanted} == wanted

    arrived = await shop.arrived_at_meta()
    assert set(arrived.values()) <= {1}, "Meta got a message twice"
    assert set(arrived) <= set(shop.ledger.sent)
    await until(look, what="every state is true")
    stored = await shop.fleet.query(
        "SELECT count(*) FROM app.message WHERE workspace_id = $1 AND direction = 'out'",
        shop.office.workspace_id,
    )
    assert stored[0][0] == len(set(shop.ledger.sent)) == len(shop.ledger.sent)
