"""The data of the event log. What a viewer is told of an event is `frames`' matter."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any


@dataclasses.dataclass(frozen=True, slots=True)
class Event:
    """A fact with its number in the workspace. `ids` are ids and what changed, as JSON; never content."""

    workspace_id: uuid.UUID
    seq: int
    id: uuid.UUID
    type: str
    ids: Mapping[str, Any]
    at: dt.datetime

    @property
    def noun(self) -> str:
        """Tell what the event is about: `conversation` of `conversation.assigned`."""
        return self.type.partition(".")[0]

    @property
    def verb(self) -> str:
        """Tell what happened: `assigned` of `conversation.assigned`."""
        return self.type.partition(".")[2]

    def uuid(self, name: str) -> uuid.UUID | None:
        """Read one of the ids; None when the event does not carry it."""
        value = self.ids.get(name)
        return uuid.UUID(value) if isinstance(value, str) else None


@dataclasses.dataclass(frozen=True, slots=True)
class EventPage:
    """Consecutive events after a number, and the workspace's newest number when they were read."""

    events: Sequence[Event]
    newest: int
