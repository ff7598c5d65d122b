"""What vendors report about our deliveries: ranks that only grow, so that any order ends in the same state."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from parley.core.ids import parse_id
from parley.modules.conversations.arrivals import Arrival, Intake
from parley.modules.conversations.arrive_messages import External, find_messages
from parley.modules.conversations.changes import tell_changed
from parley.modules.conversations.types import STATUS_RANK, DeliveryState, Failure, StatusReported

_UNANSWERED = """
SELECT a.id, m.id, m.conversation_id, m.contact_id, m.direction
FROM app.attempt a JOIN app.message m ON m.workspace_id = $1 AND m.id = a.message_id
WHERE a.workspace_id = $1 AND a.id = ANY($2::uuid[]) AND m.external_id IS NULL
  AND coalesce(a.outcome, 'unknown') = 'unknown' AND NOT EXISTS (
    SELECT 1 FROM app.attempt later WHERE later.workspace_id = $1 AND later.message_id = m.id AND later.id > a.id)
"""
_LEARN_IDS = """
UPDATE app.message m SET external_id = t.external_id FROM unnest($2::uuid[], $3::text[]) AS t (id, external_id)
WHERE m.workspace_id = $1 AND m.id = t.id AND m.external_id IS NULL
"""
_ADVANCE = """
UPDATE app.delivery d SET
    state = CASE WHEN t.rank > d.rank THEN t.state ELSE d.state END,
    failure = CASE WHEN t.rank > d.rank THEN t.failure::jsonb ELSE d.failure END,
    rank = greatest(d.rank, t.rank),
    updated_at = CASE WHEN t.rank > d.rank THEN t.at ELSE d.updated_at END,
    sent_at = least(d.sent_at, t.sent_at),
    delivered_at = least(d.delivered_at, t.delivered_at),
    read_at = least(d.read_at, t.read_at)
FROM unnest($2::uuid[], $3::text[], $4::int[], $5::text[], $6::timestamptz[], $7::timestamptz[], $8::timestamptz[],
            $9::timestamptz[]) AS t (id, state, rank, failure, at, sent_at, delivered_at, read_at)
WHERE d.workspace_id = $1 AND d.message_id = t.id AND (t.rank > d.rank OR t.sent_at < coalesce(d.sent_at, 'infinity')
      OR t.delivered_at < coalesce(d.delivered_at, 'infinity') OR t.read_at < coalesce(d.read_at, 'infinity'))
RETURNING d.message_id
"""


@dataclasses.dataclass(slots=True)
class _Report:
    """All that one batch reports about one message."""

    row: Any
    best: StatusReported
    moments: dict[DeliveryState, dt.datetime] = dataclasses.field(default_factory=dict)

    def at(self, *states: DeliveryState) -> dt.datetime | None:
        found = [self.moments[state] for state in states if state in self.moments]
        return min(found) if found else None


async def arrive_statuses(intake: Intake, arrivals: Sequence[tuple[Arrival, StatusReported]]) -> None:
    """Move deliveries on; a status whose message is not known yet is parked."""
    found: dict[External, Any] = await find_messages(
        intake, sorted({(a.inbox.id, e.external_id) for a, e in arrivals})
    )
    found |= await _by_token(
        intake, [(a, e) for a, e in arrivals if (a.inbox.id, e.external_id) not in found]
    )
    reports: dict[uuid.UUID, _Report] = {}
    for arrival, event in arrivals:
        row = found.get((arrival.inbox.id, event.external_id))
        if row is None:
            intake.outcome.parked[arrival.item_id] = event.external_id
            continue
        intake.outcome.contacts[arrival.item_id] = row[2]
        report = reports.setdefault(row[0], _Report(row, event))
        if STATUS_RANK[event.state] > STATUS_RANK[report.best.state]:
            report.best = event
        at = arrival.moment(event.at)
        report.moments[event.state] = min(at, report.moments.get(event.state, at))
    if reports:
        await _advance(intake, reports)


async def _by_token(
    intake: Intake, arrivals: Sequence[tuple[Arrival, StatusReported]]
) -> Mapping[External, Any]:
    # The vendor's answer got lost, so we never learned the id: our own token in the status tells it now. Only that
    # of the last attempt, and only if it was never answered: what became of an earlier one says nothing about a retry.
    tokens = {parse_id(e.token): (a.inbox.id, e.external_id) for a, e in arrivals if e.token}
    tokens.pop(None, None)
    if not tokens:
        return {}
    tx = intake.tx
    rows = await tx.all(_UNANSWERED, tx.workspace_id, [token for token in tokens if token])
    if rows:
        learned = [(row[1], tokens[row[0]][1]) for row in rows]
        intake.outcome.arrived += [tokens[row[0]] for row in rows]
        await tx.run(
            _LEARN_IDS, tx.workspace_id, [pair[0] for pair in learned], [pair[1] for pair in learned]
        )
    return {tokens[row[0]]: row[1:] for row in rows}


async def _advance(intake: Intake, reports: Mapping[uuid.UUID, _Report]) -> None:
    tx = intake.tx
    ordered = sorted(reports.items())
    rows = await tx.all(
        _ADVANCE,
        tx.workspace_id,
        [message_id for message_id, _ in ordered],
        [report.best.state.value for _, report in ordered],
        [STATUS_RANK[report.best.state] for _, report in ordered],
        [failure_json(report.best.failure) for _, report in ordered],
        [report.moments[report.best.state] for _, report in ordered],
        [report.at(DeliveryState.SENT) for _, report in ordered],
        [report.at(DeliveryState.DELIVERED) for _, report in ordered],
        [report.at(DeliveryState.READ, DeliveryState.PLAYED) for _, report in ordered],
    )
    changed = {row[0] for row in rows}
    await tell_changed(tx, [(id_, report.row[1]) for id_, report in ordered if id_ in changed])


def failure_json(failure: Failure | None) -> str | None:
    """Write a failure as it is kept: codes and our own sentences, never the vendor's words about content."""
    return None if failure is None else orjson.dumps(dataclasses.asdict(failure)).decode()
