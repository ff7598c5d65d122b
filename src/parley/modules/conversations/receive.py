"""The one door for what channels bring: a batch of one workspace, in the order of its arrival."""

from collections.abc import Sequence

from parley.core.db.tx import Tx
from parley.core.sealing import Sealer
from parley.modules.conversations.arrivals import Arrival, Intake, Outcome
from parley.modules.conversations.arrive_changes import arrive_addresses, arrive_changes
from parley.modules.conversations.arrive_messages import arrive_messages
from parley.modules.conversations.arrive_statuses import arrive_statuses
from parley.modules.conversations.types import (
    AddressChanged,
    ChannelNotice,
    MessageArrived,
    MessageEdited,
    MessageRevoked,
    ReactionSet,
    StatusReported,
)
from parley.modules.inboxes.actions import note_problem, note_traffic


async def receive(tx: Tx, sealer: Sealer, arrivals: Sequence[Arrival]) -> Outcome:
    """Apply everything that arrived: addresses, messages, changes to them, statuses, notices.

    Messages go first, so that what speaks of them in the same batch finds them. Raises `BatchRacedError` when
    another process stored one of these messages meanwhile.
    """
    intake = Intake(tx, sealer, Outcome())
    addresses = [(a, a.event) for a in arrivals if isinstance(a.event, AddressChanged)]
    messages = [(a, a.event) for a in arrivals if isinstance(a.event, MessageArrived)]
    changes = [
        (a, a.event) for a in arrivals if isinstance(a.event, ReactionSet | MessageEdited | MessageRevoked)
    ]
    statuses = [(a, a.event) for a in arrivals if isinstance(a.event, StatusReported)]
    if addresses:
        await arrive_addresses(intake, addresses)
    if messages:
        await arrive_messages(intake, messages)
    if changes:
        await arrive_changes(intake, changes)
    if statuses:
        await arrive_statuses(intake, statuses)
    for arrival in arrivals:
        if isinstance(arrival.event, ChannelNotice) and arrival.event.is_problem:
            await note_problem(tx, arrival.inbox.id, arrival.event.code, arrival.event.message)
    await note_traffic(tx, received=list(intake.outcome.arrived_at))
    return intake.outcome
