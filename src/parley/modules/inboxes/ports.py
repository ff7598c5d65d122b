"""What a channel implements so that an inbox can be connected, checked and disconnected."""

from collections.abc import Mapping
from typing import Protocol

from parley.modules.inboxes.types import Capabilities, CheckResult, FormField


class Connector(Protocol):
    """The connecting side of a channel. Settings are the form's values by field name, secrets included."""

    channel: str
    label: str
    app: str
    """Which vendor app signs this channel's hooks; part of the route, so that no other app can speak for it."""

    def fields(self) -> tuple[FormField, ...]:
        """List the form's fields in the order in which people fill them in."""
        ...

    def capabilities(self) -> Capabilities: ...

    def hook(self) -> Mapping[str, str] | None:
        """Tell what to enter at the vendor: `url` and `verify_token`; None when there is nothing to enter."""
        ...

    async def check(self, settings: Mapping[str, str]) -> CheckResult:
        """Ask the vendor whether these settings work, changing nothing there; never raises for a vendor's no."""
        ...

    async def connect(self, settings: Mapping[str, str]) -> CheckResult:
        """Check, then subscribe our app to the vendor's events. Problems mean that nothing is connected."""
        ...

    async def sharers(self, settings: Mapping[str, str]) -> frozenset[str] | None:
        """List the external ids that share the subscription which `connect` took; None when that cannot be said."""
        ...

    async def disconnect(self, settings: Mapping[str, str]) -> None:
        """Give back what `connect` took, when no inbox of anybody shares it any more; no answer is no error."""
        ...
