"""Tickets that open a stream for a program that can set neither cookie nor header on a WebSocket.

A ticket is signed, not stored: it names the member or token that asked for it, their workspace, and its end one
minute later. It can be shown more than once within that minute, and opens nothing but a stream of its own workspace,
under the rights that its owner has at that moment.
"""

import base64
import binascii
import dataclasses
import datetime as dt
import hashlib
import hmac
import os
import struct
import uuid

from parley.core import clock
from parley.core.rootkey import RootKey
from parley.core.scope import Actor, Scope
from parley.modules.realtime.errors import TicketError

LIFETIME = dt.timedelta(minutes=1)
_KINDS = {"member": b"m", "token": b"t"}
_BODY = struct.Struct(">c16s16sQ8s")
_VERSION = b"\x01"


@dataclasses.dataclass(frozen=True, slots=True)
class Ticket:
    """Whose stream a ticket opens."""

    workspace_id: uuid.UUID
    actor: Actor


class Tickets:
    """Writes and reads tickets with a key that every process of the installation derives alike (HMAC-SHA256)."""

    def __init__(self, root_key: RootKey) -> None:
        self._key = root_key.derive("stream tickets")

    def write(self, scope: Scope) -> tuple[str, dt.datetime]:
        """Make a ticket for a member or token, and tell when it ends."""
        kind = _KINDS.get(scope.actor.type)
        if kind is None or scope.actor.id is None:
            raise TicketError("Only members and API tokens can follow events.")
        ends = clock.now() + LIFETIME
        body = _VERSION + _BODY.pack(
            kind,
            scope.workspace_id.bytes,
            scope.actor.id.bytes,
            int(ends.timestamp() * 1000),
            os.urandom(8),
        )
        return base64.urlsafe_b64encode(body + self._mac(body)).rstrip(b"=").decode(), ends

    def read(self, text: str) -> Ticket:
        """Read a ticket; raises `TicketError` unless it is ours and still good."""
        try:
            raw = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        except (ValueError, binascii.Error):
            raise TicketError from None
        body, mac = raw[: -hashlib.sha256().digest_size], raw[-hashlib.sha256().digest_size :]
        if not hmac.compare_digest(mac, self._mac(body)) or len(body) != _BODY.size + 1:
            raise TicketError
        kind, workspace, actor, ends, _ = _BODY.unpack(body[1:])
        if body[:1] != _VERSION or ends <= clock.now().timestamp() * 1000:
            raise TicketError
        types = {letter: name for name, letter in _KINDS.items()}
        return Ticket(uuid.UUID(bytes=workspace), Actor(types[kind], uuid.UUID(bytes=actor)))

    def _mac(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, hashlib.sha256)
