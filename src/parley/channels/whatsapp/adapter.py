"""WhatsApp as the rest of the house sees it: taking in, sending, connecting. Each capability lives in its own file."""

import datetime as dt
from collections.abc import Mapping

from parley.channels.meta.graph import Graph
from parley.channels.whatsapp.capabilities import CAPABILITIES
from parley.channels.whatsapp.health import check, connect, disconnect, sharers
from parley.channels.whatsapp.media import fetch_media
from parley.channels.whatsapp.parse import parse
from parley.channels.whatsapp.send import mark_read, send
from parley.channels.whatsapp.settings import FIELDS
from parley.channels.whatsapp.split import CHANNEL, split
from parley.channels.whatsapp.window import window
from parley.core.http import OutgoingClient
from parley.modules.conversations.types import (
    Credentials,
    FetchedMedia,
    Inbound,
    InboundMedia,
    MediaNotFetched,
    Outgoing,
    SendResult,
    Window,
)
from parley.modules.inboxes.types import Capabilities, CheckResult, FormField
from parley.modules.ingest.types import Split

_PER_SECOND = 78.0
_BURST = 2


class WhatsApp:
    """The WhatsApp Cloud API through one Meta app; implements `Intake`, `Transport` and `Connector`."""

    channel = CHANNEL
    label = "WhatsApp"

    def __init__(
        self,
        client: OutgoingClient,
        *,
        graph_url: str,
        graph_version: str,
        app_id: str,
        hook_url: str,
        verify_token: str,
    ) -> None:
        self.app = app_id
        self._graph = Graph(client, graph_url, graph_version)
        self._hook = {"url": hook_url, "verify_token": verify_token}

    def split(self, body: bytes) -> Split:
        """Take a call apart; never raises."""
        return split(body)

    def parse(self, payload: bytes) -> tuple[Inbound, ...]:
        """Read one item; raises `UnparsableError` for it alone."""
        return parse(payload)

    def fields(self) -> tuple[FormField, ...]:
        """List the form's fields."""
        return FIELDS

    def capabilities(self) -> Capabilities:
        """Tell what WhatsApp can carry."""
        return CAPABILITIES

    def hook(self) -> Mapping[str, str]:
        """Tell what to enter at Meta as the callback of the app's WhatsApp product."""
        return self._hook

    def window(self, last_inbound_at: dt.datetime | None, now: dt.datetime) -> Window:
        """Decide whether free words may be sent now."""
        return window(last_inbound_at, now)

    def pace(self) -> tuple[float, int]:
        """Stay within the 80 messages in any second that a number may exchange by default."""
        return _PER_SECOND, _BURST

    async def send(self, credentials: Credentials, outgoing: Outgoing) -> SendResult:
        """Send once."""
        return await send(self._graph, credentials, outgoing)

    async def mark_read(self, credentials: Credentials, external_id: str, *, is_typing: bool) -> bool:
        """Show the contact that we read up to this message, and perhaps that we are writing."""
        return await mark_read(self._graph, credentials, external_id, is_typing=is_typing)

    async def fetch_media(
        self, credentials: Credentials, media: InboundMedia, max_bytes: int
    ) -> FetchedMedia | MediaNotFetched:
        """Fetch a file that a contact sent."""
        return await fetch_media(self._graph, credentials, media, max_bytes)

    async def check(self, settings: Mapping[str, str]) -> CheckResult:
        """Ask Meta whether these settings work."""
        return await check(self._graph, self.app, settings)

    async def connect(self, settings: Mapping[str, str]) -> CheckResult:
        """Check, then subscribe our app to the account's events."""
        return await connect(self._graph, self.app, settings)

    async def sharers(self, settings: Mapping[str, str]) -> frozenset[str] | None:
        """List the numbers of the WhatsApp Business Account, to whose events we subscribe as a whole."""
        return await sharers(self._graph, settings)

    async def disconnect(self, settings: Mapping[str, str]) -> None:
        """Unsubscribe our app; a Meta that does not answer is not an error."""
        await disconnect(self._graph, settings)
