"""How a vendor's call is taken apart before anything is known about it."""

import dataclasses


@dataclasses.dataclass(frozen=True, slots=True)
class SplitItem:
    """One event of an envelope.

    `route` is the vendor's id of the number, page or mailbox; `order_key` names the person, so that one person's
    items are processed in order; `payload` is self-contained: parsing needs nothing else.
    """

    channel: str
    route: str
    order_key: str
    kind: str
    payload: bytes


@dataclasses.dataclass(frozen=True, slots=True)
class Split:
    """What could be taken apart, and why not everything could: `fault` keeps the whole envelope as well."""

    items: tuple[SplitItem, ...]
    fault: str | None = None
