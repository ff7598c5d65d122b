"""What arrives from channels becomes conversations: one batch of one workspace, a fixed number of statements.

The same arrivals, doubled, late or in another order, end in the same state. What speaks of a message that is not
known yet is not applied: the caller keeps it until the message is.
"""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence

from parley.core.db.tx import Tx
from parley.core.errors import AppError
from parley.core.sealing import Sealer
from parley.modules.contacts.recognise import recognise
from parley.modules.contacts.types import Known, Writer
from parley.modules.conversations.types import Inbound, Person
from parley.modules.inboxes.types import InboxRef


@dataclasses.dataclass(frozen=True, slots=True)
class Arrival:
    """One event of a channel: by which item it came, into which inbox, when it reached us."""

    item_id: uuid.UUID
    inbox: InboxRef
    received_at: dt.datetime
    event: Inbound

    def moment(self, claimed: dt.datetime) -> dt.datetime:
        """Take the vendor's time, but never one after the arrival."""
        return min(claimed, self.received_at)


@dataclasses.dataclass(slots=True)
class Outcome:
    """What became of a batch."""

    contacts: dict[uuid.UUID, uuid.UUID] = dataclasses.field(default_factory=dict)
    """Whose each item is, where that is known."""
    parked: dict[uuid.UUID, str] = dataclasses.field(default_factory=dict)
    """Items that speak of a message not known yet, and its external id."""
    arrived: list[tuple[uuid.UUID, str]] = dataclasses.field(default_factory=list)
    """(inbox, external id) of the messages that are new: what waits for them can go on."""
    arrived_at: dict[uuid.UUID, dt.datetime] = dataclasses.field(default_factory=dict)


class BatchRacedError(AppError):
    """Another process stored one of these messages at the same moment; running the batch again settles it."""

    code = "batch_raced"
    status = 503


@dataclasses.dataclass(slots=True)
class Intake:
    """What the steps of one batch share."""

    tx: Tx
    sealer: Sealer
    outcome: Outcome


async def who_wrote(
    intake: Intake, arrivals: Sequence[tuple[Arrival, Person, dt.datetime | None]]
) -> list[Known]:
    """Find or make the contacts behind these arrivals, and note them in the outcome; no time where they did not act."""
    known = await recognise(
        intake.tx,
        [
            Writer(
                tuple((a.namespace, a.external_id) for a in person.addresses),
                person.name,
                person.username,
                arrival.inbox.id,
                arrival.inbox.channel,
                at,
            )
            for arrival, person, at in arrivals
        ],
    )
    for (arrival, _, _), who in zip(arrivals, known, strict=True):
        intake.outcome.contacts[arrival.item_id] = who.contact_id
    return known
