"""The shapes in which events cross the wire. Frames are written by `frames`; here they are described."""

import datetime as dt
from typing import Any

from pydantic import BaseModel


class TicketOut(BaseModel):
    """A word that opens one's own stream for a minute: `WS /api/v1/stream?ticket=…`."""

    ticket: str
    expires_at: dt.datetime


class FrameOut(BaseModel):
    """One entry of the event log as its reader may see it."""

    prev: int
    """The number of the frame before; of the asked number for the first."""
    seq: int
    type: str
    at: dt.datetime
    ids: dict[str, Any]
    object_type: str | None
    object: dict[str, Any] | None
    gone: bool = False
    """True when the object is no longer there for its reader."""


class EventsOut(BaseModel):
    """What happened after a number. `seq` is where to go on; it may be ahead of the last frame."""

    frames: list[FrameOut]
    seq: int
