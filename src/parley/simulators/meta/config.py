"""What a simulator is told once (its configuration) and what can be turned while it runs (its knobs).

No state of chats or deliveries belongs here.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

GRAPH_VERSION = "v25.0"


@dataclass(frozen=True, slots=True)
class BusinessNumber:
    """One phone number of a WhatsApp Business Account."""

    id: str = "100000000000001"
    display_phone_number: str = "+1 555 010 0001"
    verified_name: str = "Kaffee Kontor"
    waba_id: str = "200000000000001"
    country_code: str = "1"
    coexistence: bool = True
    """Also used in the phone app: edits and deletions by the customer reach the webhook."""

    @property
    def digits(self) -> str:
        return "".join(c for c in self.display_phone_number if c.isdigit())


@dataclass(frozen=True, slots=True)
class SimulatorConfig:
    """Everything fixed at start; the defaults are those of the demo."""

    port: int = 8001
    webhook_url: str = "http://127.0.0.1:8000/hooks/meta"
    app_id: str = "parley-demo-app"
    app_secret: str = "parley-demo-secret"  # noqa: S105 - the published secret of a stand-in
    verify_token: str = "parley-demo-verify"  # noqa: S105
    token: str = "parley-demo-token"  # noqa: S105
    numbers: tuple[BusinessNumber, ...] = (BusinessNumber(),)
    state_file: Path | None = None
    traffic: bool = False
    verify_on_start: bool = True
    knobs: dict[str, Any] = field(default_factory=dict)
    """Starting values for `Knobs`; a reset returns to them."""

    @property
    def public_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@dataclass(slots=True)
class Knobs:
    """What tests and tools turn while the simulator runs (`POST /_sim/knobs`)."""

    # How webhooks are delivered.
    duplicate: int = 0
    """Post every webhook this many more times after it was accepted."""
    reorder: bool = False
    """Deliver what waits in the reverse of the order in which it happened."""
    delay_ms: int = 0
    batch_max: int = 1
    batch_shape: str = "changes"
    """How a batch is packed: `changes` (in one entry), `entries`, or `items` (in one value)."""
    concurrency: int = 1
    webhook_timeout_s: float = 10.0
    retry_base_s: float = 2.0
    retry_max_s: float = 600.0
    retry_for_s: float = 7 * 86400.0
    # How the Graph API answers.
    fail_next: dict[str, Any] | None = None
    """`{"code", "http_status"?, "count"?, "message"?, "on"?}`: refuse the next calls; code null gives HTML."""
    fail_async: dict[str, Any] | None = None
    """`{"code", "count"?}`: accept the next sends, then report `failed` with this code."""
    response_delay_ms: int = 0
    drop_response: int = 0
    """Process this many sends, then cut the connection without an answer."""
    status_before_response: bool = False
    mps: int = 80
    """Messages per second and number; 0 switches the limit off."""
    pair_limit: bool = True
    allow_list: list[str] | None = None
    """Numbers a test business may write to; anything else is refused with 131030."""
    enforce_window: bool = True
    # How the phones behave.
    status_delay_ms: int = 300
    status_order: list[str] | None = None
    """Report these statuses at once and in this order, e.g. `["read", "delivered", "sent"]`."""
    skip_delivered: bool = False
    auto_read: bool = False
    unreachable: list[str] = field(default_factory=list)

    def turn(self, changes: dict[str, Any]) -> None:
        """Apply `changes` or none of them; raises ValueError naming what is unknown or of the wrong type."""
        known = {f.name: f for f in fields(self)}
        for name, value in changes.items():
            if name not in known:
                raise ValueError(f"there is no knob {name!r}; knobs are {', '.join(sorted(known))}")
            if not _fits(getattr(Knobs(), name), value, name):
                raise ValueError(f"knob {name!r} cannot be {value!r}")
        for name, value in changes.items():
            setattr(self, name, value)

    def as_dict(self) -> dict[str, Any]:
        return {f.name: getattr(self, f.name) for f in fields(self)}


_OPTIONAL: dict[str, type] = {"fail_next": dict, "fail_async": dict, "allow_list": list, "status_order": list}


def _fits(default: object, value: object, name: str) -> bool:
    if name in _OPTIONAL:
        return value is None or isinstance(value, _OPTIONAL[name])
    if isinstance(default, bool):
        return isinstance(value, bool)
    if isinstance(default, int):
        return isinstance(value, int) and value >= 0
    if isinstance(default, float):
        return isinstance(value, int | float) and value >= 0
    return isinstance(value, type(default))
