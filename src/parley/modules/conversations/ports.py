"""What a channel implements so that a conversation can be answered."""

import datetime as dt
from typing import Protocol

from parley.modules.conversations.types import (
    Credentials,
    FetchedMedia,
    InboundMedia,
    MediaNotFetched,
    Outgoing,
    SendResult,
    Window,
)
from parley.modules.inboxes.types import Capabilities


class Transport(Protocol):
    """The sending side of a channel. No method raises for what a vendor answers; the answer is the result."""

    channel: str

    def capabilities(self) -> Capabilities: ...

    def window(self, last_inbound_at: dt.datetime | None, now: dt.datetime) -> Window:
        """Decide from the contact's last message whether we may write now. Pure."""
        ...

    def pace(self) -> tuple[float, int]:
        """Tell how many sends per second one inbox stands, and the burst."""
        ...

    async def send(self, credentials: Credentials, outgoing: Outgoing) -> SendResult:
        """Send once. `Unknown` when the request left us and no answer came back."""
        ...

    async def fetch_media(
        self, credentials: Credentials, media: InboundMedia, max_bytes: int
    ) -> FetchedMedia | MediaNotFetched: ...

    async def mark_read(self, credentials: Credentials, external_id: str, *, is_typing: bool) -> bool:
        """Tell the contact that we read up to this message, and with `is_typing` that we are writing."""
        ...
