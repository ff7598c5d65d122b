"""What a channel implements so that its vendor's calls can be taken in."""

from typing import Protocol

from parley.core.errors import AppError
from parley.modules.conversations.types import Inbound
from parley.modules.ingest.types import Split


class UnparsableError(AppError):
    """This one item cannot be understood; it is quarantined with its bytes and this reason. Never holds content."""

    code = "item_unparsable"


class Intake(Protocol):
    """The receiving side of a channel: pure functions over bytes."""

    channel: str

    def split(self, body: bytes) -> Split:
        """Take a vendor's call apart; never raises, whatever the bytes are."""
        ...

    def parse(self, payload: bytes) -> tuple[Inbound, ...]:
        """Read one item's payload; raises `UnparsableError` for that item alone."""
        ...
