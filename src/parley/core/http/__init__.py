"""The one guarded way out: every outgoing HTTP call of the house goes through `OutgoingClient`.

Here: what may be reached (`guard`), how it is reached (`dialling`), the client, the ways it fails, and the register of
purposes. Not here: what any vendor's API means.
"""

from parley.core.http.client import Answer, OutgoingClient, Response
from parley.core.http.errors import (
    OutgoingConnectError,
    OutgoingError,
    OutgoingRefusedError,
    OutgoingTimeoutError,
    OutgoingTooLargeError,
    OutgoingUnknownError,
)
from parley.core.http.guard import Guard, system_resolver
from parley.core.http.purposes import Purpose, list_purposes, register_purpose

__all__ = [
    "Answer",
    "Guard",
    "OutgoingClient",
    "OutgoingConnectError",
    "OutgoingError",
    "OutgoingRefusedError",
    "OutgoingTimeoutError",
    "OutgoingTooLargeError",
    "OutgoingUnknownError",
    "Purpose",
    "Response",
    "list_purposes",
    "register_purpose",
    "system_resolver",
]
